"""ZPL bytes and meanings, as the programming guide's tables have them."""

from __future__ import annotations

import pytest

from console.drivers.codecs import zpl
from console.drivers.codecs.printer_states import MEANINGS
from console.drivers.codecs.replies import GARBAGE, Reply
from console.drivers.codecs.zpl import Kind, ReplyParser

HEALTH = {
    "status.online", "status.no_offline_cause", "status.no_error", "status.paper_present",
    "status.cover_closed",
}  # fmt: skip
FIRST = "030,0,0,0320,000,0,0,0,000,0,0,0"
SECOND = "000,0,0,0,1,2,6,0,00000000,1,000"
FLAGS = {  # string, field from 0: sign
    (0, 1): "paper_end",
    (0, 2): "paused",
    (0, 5): "printing",
    (0, 7): "printing",
    (0, 9): "unrecoverable",
    (0, 10): "auto_recoverable",
    (0, 11): "auto_recoverable",
    (1, 2): "cover_open",
    (1, 3): "ribbon_end",
    (1, 7): "label_waiting",
}
ERRORS = {
    0: "paper_end", 1: "ribbon_end", 2: "cover_open", 3: "cutter_error", 4: "auto_recoverable",
    5: "auto_recoverable", 6: "mechanical", 7: "unrecoverable", 8: "unrecoverable", 9: "unrecoverable",
    10: "error", 11: "error", 12: "label_jam", 13: "mechanical", 14: "label_jam", 15: "label_jam",
    16: "paused", 17: "mechanical", 18: "gap_not_found", 19: "gap_not_found", 20: "error", 40: "error",
}  # fmt: skip
WARNINGS = {0: "calibration_needed", 1: "head_dirty", 2: "head_worn", 3: "paper_near_end"}


def host_status(first: str = FIRST, second: str = SECOND) -> bytes:
    return f"\x02{first}\x03\r\n\x02{second}\x03\r\n\x021234,0\x03\r\n".encode()


def extended(errors: int = 0, warnings: int = 0) -> bytes:
    lines = (
        f"   {name}:         {int(bits > 0)} {bits >> 32:08X} {bits & 0xFFFFFFFF:08X}\r\n"
        for name, bits in (("ERRORS", errors), ("WARNINGS", warnings))
    )
    return f"\x02\r\nPRINTER STATUS\r\n{''.join(lines)}\r\n\x03".encode()


def only(data: bytes, kind: Kind) -> bytes:
    (reply,) = ReplyParser().feed(data)
    assert reply.kind == kind
    return reply.data


def test_a_healthy_printer() -> None:
    assert zpl.status_signs(only(host_status(), Kind.STATUS)) == HEALTH
    assert zpl.error_signs(only(extended(), Kind.ERRORS)) == HEALTH


@pytest.mark.parametrize(("string", "at"), FLAGS)
def test_each_flag_of_host_status(string: int, at: int) -> None:
    parts = [FIRST.split(","), SECOND.split(",")]
    parts[string][at] = "1"
    signs = zpl.status_signs(only(host_status(*map(",".join, parts)), Kind.STATUS))
    sign = f"status.{FLAGS[string, at]}"
    assert signs - HEALTH == {sign}
    assert (signs >= HEALTH) == (sign == "status.printing")
    assert sign in MEANINGS


@pytest.mark.parametrize(("string", "at", "value"), [(0, 4, "002"), (1, 8, "00000001")])
def test_work_that_is_left_means_printing(string: int, at: int, value: str) -> None:
    parts = [FIRST.split(","), SECOND.split(",")]
    parts[string][at] = value
    assert "status.printing" in zpl.status_signs(only(host_status(*map(",".join, parts)), Kind.STATUS))


@pytest.mark.parametrize("bit", ERRORS)
def test_each_error_bit(bit: int) -> None:
    signs = zpl.error_signs(only(extended(1 << bit), Kind.ERRORS))
    assert signs - HEALTH == {f"status.{ERRORS[bit]}"}
    assert ("status.cover_closed" in signs) == (ERRORS[bit] != "cover_open")
    assert ("status.paper_present" in signs) == (ERRORS[bit] != "paper_end")
    assert "status.online" not in signs


@pytest.mark.parametrize("bit", range(12))
def test_each_warning_bit(bit: int) -> None:
    signs = zpl.error_signs(only(extended(0, 1 << bit), Kind.ERRORS))
    assert signs == HEALTH | ({f"status.{WARNINGS[bit]}"} if bit in WARNINGS else set())


def test_an_error_flag_without_a_bit_is_an_error() -> None:
    assert "status.error" in zpl.error_signs(extended().replace(b"ERRORS:         0", b"ERRORS:         1"))


def test_identity_serial_and_odometer() -> None:
    answer = only(b"\x02ZD421-203dpi ZPL,V93.21.17Z,8,8192KB\x03\r\n", Kind.IDENTITY)
    assert zpl.identity(answer) == ("ZD421-203dpi ZPL", "V93.21.17Z", "8", "8192KB")
    assert zpl.serial_number(b"SERIAL NUMBER\r\n   D2J1234567") == "D2J1234567"
    assert zpl.serial_number(b"?") is None
    assert zpl.head_travel(b'PRINT METERS\r\n TOTAL NONRESETTABLE:      100 "\r\n') == 254
    assert zpl.head_travel(b"PRINT METERS\r\n TOTAL NONRESETTABLE:      100 cm\r\n") == 100
    assert zpl.head_travel(b"") is None


@pytest.mark.parametrize("whole", [host_status(), extended(5, 8)])
def test_answers_come_whole_however_they_were_split(whole: bytes) -> None:
    expected = list(ReplyParser().feed(whole))
    for cut in range(len(whole) + 1):
        parser = ReplyParser()
        assert [*parser.feed(whole[:cut]), *parser.feed(whole[cut:])] == expected


def test_a_broken_off_status_is_pending_and_then_forgotten() -> None:
    parser = ReplyParser()
    assert list(parser.feed(host_status()[:50])) == []
    assert parser.pending
    parser.expect(Kind.STATUS)
    assert [reply.kind for reply in parser.feed(host_status())] == [Kind.STATUS]


def test_what_stands_outside_frames_is_garbage() -> None:
    assert list(ReplyParser().feed(b"\xa7\r\n\x11")) == [Reply(GARBAGE, b"\xa7")]
