"""TSPL bytes and meanings, as the manuals' tables have them."""

from __future__ import annotations

import pytest

from console.drivers.codecs import tspl
from console.drivers.codecs.printer_states import MEANINGS, TROUBLES
from console.drivers.codecs.replies import GARBAGE, Reply
from console.drivers.codecs.tspl import Kind, ReplyParser

HEALTH = {
    "status.online", "status.no_offline_cause", "status.no_error", "status.paper_present",
    "status.cover_closed",
}  # fmt: skip
LISTED = {  # the manual's list of answers to ESC ! ?
    0x00: set(),
    0x01: {"cover_open"},
    0x02: {"label_jam"},
    0x03: {"label_jam", "cover_open"},
    0x04: {"paper_end"},
    0x05: {"paper_end", "cover_open"},
    0x08: {"ribbon_end"},
    0x09: {"ribbon_end", "cover_open"},
    0x0A: {"ribbon_end", "label_jam"},
    0x0B: {"ribbon_end", "label_jam", "cover_open"},
    0x0C: {"ribbon_end", "paper_end"},
    0x0D: {"ribbon_end", "paper_end", "cover_open"},
    0x10: {"paused"},
    0x20: {"printing"},
    0x40: {"cover_open"},
    0x80: {"error"},
}
MESSAGES = {
    "@": set(), "`": {"paused"}, "B": {"printing"}, "C": {"printing"}, "E": {"error"}, "F": {"printing"},
    "K": {"paused"}, "L": {"label_waiting"}, "P": {"printing"}, "W": {"printing"},
}  # fmt: skip
BITS = {
    "@A@@": "paper_near_end",
    "@B@@": "ribbon_near_end",
    "@H@@": "printing",
    "@@A@": "auto_recoverable",
    "@@B@": "auto_recoverable",
    "@@D@": "mechanical",
    "@@H@": "cutter_error",
    "@@P@": "error",
    "@@@A": "paper_end",
    "@@@B": "label_jam",
    "@@@D": "ribbon_end",
    "@@@H": "mechanical",
    "@@@`": "cover_open",
}


def named(signs: set[str]) -> set[str]:
    return {f"status.{sign}" for sign in signs}


def replies(parser: ReplyParser, data: bytes) -> list[Reply]:
    return list(parser.feed(data))


def test_the_requests_are_the_manuals() -> None:
    assert tspl.STATUS.hex() == "1b213f"
    assert tspl.DETAILED_STATUS.hex() == "1b2153"
    assert (tspl.MODEL, tspl.MILEAGE) == (b"~!T\r\n", b"~!@\r\n")
    assert tspl.setting_request("VERSION") == b'OUT GETSETTING$("SYSTEM","INFORMATION","VERSION")\r\n'


@pytest.mark.parametrize("value", LISTED)
def test_each_listed_byte_means_what_the_manual_says(value: int) -> None:
    signs = tspl.status_signs(value)
    assert tspl.is_status(value)
    assert signs - HEALTH == named(LISTED[value])
    assert (signs >= HEALTH) == (value in (0x00, 0x20))
    assert bool(signs & TROUBLES) == (value not in (0x00, 0x20))


def test_what_the_list_leaves_out_is_no_status() -> None:
    assert not any(tspl.is_status(value) for value in (0x06, 0x07, 0x0E, 0x0F, 0x30, 0x60, 0xA0, 0xFF))


@pytest.mark.parametrize("message", MESSAGES)
def test_each_message_of_the_frame(message: str) -> None:
    signs = tspl.detailed_signs(f"{message}@@@".encode())
    assert signs - HEALTH == named(MESSAGES[message])
    assert (signs >= HEALTH) == (MESSAGES[message] <= {"printing"})


@pytest.mark.parametrize("answer", BITS)
def test_each_bit_of_the_frame(answer: str) -> None:
    sign = f"status.{BITS[answer]}"
    assert tspl.detailed_signs(answer.encode()) - HEALTH == {sign}
    assert sign in MEANINGS


@pytest.mark.parametrize("answer", ["z@@@", "@@`@", "@@@P"])
def test_what_no_table_names_is_an_error(answer: str) -> None:
    assert "status.error" in tspl.detailed_signs(answer.encode())


def test_an_error_message_gives_way_to_what_it_is() -> None:
    assert tspl.detailed_signs(b"E@@A") == {"status.paper_end", "status.cover_closed"}
    assert tspl.detailed_signs(b"E@@`") == {"status.cover_open", "status.paper_present"}


@pytest.mark.parametrize(
    ("kind", "data", "answer"),
    [
        (Kind.STATUS, b"\x02", b"\x02"),
        (Kind.DETAILED, b"\x02@A@@\x03\r\n", b"@A@@"),
        (Kind.LINE, b"TTP-244\r", b"TTP-244"),
        (Kind.LINE, b"123\r\n", b"123"),
    ],
)
def test_answers_come_whole_however_they_were_split(kind: Kind, data: bytes, answer: bytes) -> None:
    for cut in range(len(data) + 1):
        parser = ReplyParser()
        parser.expect(kind)
        assert replies(parser, data[:cut]) + replies(parser, data[cut:]) == [Reply(kind, answer)]


def test_half_a_frame_is_pending_and_forgotten_at_the_next_question() -> None:
    parser = ReplyParser()
    parser.expect(Kind.DETAILED)
    assert replies(parser, b"\x02@@") == []
    parser.expect(None)
    assert parser.pending == b"\x02@@"
    parser.expect(Kind.STATUS)
    assert parser.pending == b""


def test_what_comes_unasked_is_heard() -> None:
    assert replies(ReplyParser(), b"\x00\xff\r\n") == [Reply(Kind.STATUS, b"\x00"), Reply(GARBAGE, b"\xff")]
