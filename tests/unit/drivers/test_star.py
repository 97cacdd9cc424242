"""Star bytes and meanings, as the Line Mode and StarPRNT command specifications have them."""

from __future__ import annotations

import pytest

from console.drivers.codecs import star
from console.drivers.codecs.printer_states import MEANINGS
from console.drivers.codecs.replies import GARBAGE, Reply
from console.drivers.codecs.star import Kind, ReplyParser

HEALTHY = bytes.fromhex("230600000000000000")
BITS = {
    (2, 0x04): "status.drawer_high",
    (2, 0x08): "status.offline",
    (2, 0x20): "status.cover_open",
    (2, 0x40): "status.waiting_recovery",
    (3, 0x04): "status.mechanical",
    (3, 0x08): "status.cutter_error",
    (3, 0x20): "status.unrecoverable",
    (3, 0x40): "status.auto_recoverable",
    (4, 0x02): "status.cover_open",
    (4, 0x04): "status.mechanical",
    (4, 0x08): "status.mark_missing",
    (4, 0x20): "status.command_error",
    (4, 0x40): "status.overflow",
    (5, 0x02): "status.paper_near_end",
    (5, 0x04): "status.paper_near_end",
    (5, 0x08): "status.paper_end",
}
QUIET = [(2, 0x02), (5, 0x20), (6, 0x02), (6, 0x04), (6, 0x20), (7, 0x02), (7, 0x40), (8, 0x02)]
LENGTHS = {7: 0x0F, 8: 0x21, 9: 0x23, 10: 0x25, 11: 0x27, 12: 0x29, 13: 0x2B, 14: 0x2D, 15: 0x2F}
VERSIONS = {1: 0x02, 2: 0x04, 3: 0x06, 7: 0x0E, 8: 0x20, 9: 0x22, 10: 0x24, 16: 0x40, 30: 0x6C, 31: 0x6E}


def with_bit(place: tuple[int, int]) -> bytes:
    message = bytearray(HEALTHY)
    message[place[0]] |= place[1]
    return bytes(message)


def test_the_requests_are_the_manuals() -> None:
    assert star.STATUS_REQUEST.hex() == "1b0601"
    assert star.VERSION_REQUEST.hex() == "1b232a0a00"
    assert star.INFORMATION_REQUEST.hex() == "1b1d2949010031"
    assert (star.ASB_ON.hex(), star.ASB_OFF.hex()) == ("1b1e6101", "1b1e6100")
    assert (star.RESET_COUNTER.hex(), star.COUNT.hex()) == ("1b1e4500", "17")
    assert star.pulse_width(20, 20).hex() == "1b071414"


def test_zeros_are_health() -> None:
    assert star.status_signs(HEALTHY) == {
        "status.online",
        "status.cover_closed",
        "status.no_offline_cause",
        "status.no_error",
        "status.paper_present",
        "status.drawer_low",
    }


@pytest.mark.parametrize(("place", "sign"), BITS.items())
def test_each_bit(place: tuple[int, int], sign: str) -> None:
    signs = star.status_signs(with_bit(place))
    assert sign in signs
    assert sign in MEANINGS
    assert sign not in star.status_signs(HEALTHY)
    if sign not in {"status.drawer_high", "status.command_error"}:  # neither keeps it from printing
        assert len(signs & star.status_signs(HEALTHY)) < 6


@pytest.mark.parametrize("place", QUIET)
def test_bits_that_are_neither_trouble_nor_health(place: tuple[int, int]) -> None:
    assert star.status_signs(with_bit(place)) == star.status_signs(HEALTHY)


@pytest.mark.parametrize(("length", "header"), LENGTHS.items())
def test_the_first_header_is_the_length(length: int, header: int) -> None:
    assert star.status_length(header) == length
    (reply,) = ReplyParser().feed(bytes((header, 0x06)) + bytes(length - 2))
    assert (reply.kind, len(reply.data)) == (Kind.STATUS, length)


@pytest.mark.parametrize("byte", [0x01, 0x0D, 0x11, 0x13, 0x12, 0x10, 0x5F, 0x8F, 0x00])
def test_other_bytes_begin_no_status(byte: int) -> None:
    assert star.status_length(byte) == 0


@pytest.mark.parametrize(("version", "header"), VERSIONS.items())
def test_the_second_header_is_the_version(version: int, header: int) -> None:
    assert star.version(bytes((0x23, header)) + bytes(7)) == version


@pytest.mark.parametrize("behind", [b"\0\0", b"\0\x08" + b"02:B\0\1\x10;", b"\x08\0" + b"02:B\0\1\x10;"])
def test_a_network_interface_adds_a_length_and_data(behind: bytes) -> None:
    message = bytes.fromhex("238a280000000002 00") + behind
    assert list(ReplyParser().feed(message + HEALTHY)) == [
        Reply(Kind.STATUS, message),
        Reply(Kind.STATUS, HEALTHY),
    ]
    assert star.version(message) == 5
    assert star.counter(message) == 1
    assert "status.cover_open" in star.status_signs(message)


def test_a_length_beyond_the_limit_is_garbage() -> None:
    message = bytes.fromhex("238a000000000000 00 0303")
    assert list(ReplyParser().feed(message + HEALTHY)) == [
        Reply(GARBAGE, message),
        Reply(Kind.STATUS, HEALTHY),
    ]


@pytest.mark.parametrize(
    ("count", "byte"), [(0, 0x00), (1, 0x02), (7, 0x0E), (8, 0x20), (16, 0x40), (31, 0x6E)]
)
def test_the_etb_counter_has_five_bits(count: int, byte: int) -> None:
    assert star.counter(HEALTHY[:7] + bytes((byte, 0))) == count


def test_a_short_status_has_no_counter() -> None:
    assert star.counter(bytes.fromhex("0f020000000000")) is None
    assert star.counter(bytes.fromhex("0f820000000000" + "0000")) is None  # a length is no counter


STREAM = (
    b"\x11"
    + HEALTHY
    + b"\x1b#*,TSP654IIVer2.1\n\x00"
    + b"OK"
    + bytes.fromhex("0f02200000000013")
    + b"\x1b\x1d)I\x01\x001PrSrN=2581018070600001,\n\x00"
    + b"\x10"
)
EXPECTED = [
    Reply(Kind.STATUS, HEALTHY),
    Reply(Kind.VERSION, b"TSP654IIVer2.1"),
    Reply(GARBAGE, b"O"),
    Reply(GARBAGE, b"K"),
    Reply(Kind.STATUS, bytes.fromhex("0f022000000000")),
    Reply(Kind.INFORMATION, b"\x01\x001PrSrN=2581018070600001,"),
    Reply(GARBAGE, b"\x10"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_a_stream_reads_the_same_at_every_split(size: int) -> None:
    parser = ReplyParser()
    replies = [reply for at in range(0, len(STREAM), size) for reply in parser.feed(STREAM[at : at + size])]
    assert replies == EXPECTED


def test_a_broken_status_does_not_swallow_the_next() -> None:
    assert list(ReplyParser().feed(HEALTHY[:5] + HEALTHY)) == [
        Reply(GARBAGE, HEALTHY[:5]),
        Reply(Kind.STATUS, HEALTHY),
    ]


def test_a_text_without_end_is_given_up() -> None:
    parser = ReplyParser()
    replies = list(parser.feed(b"\x1b#*," + b"x" * 1000))
    assert replies[0].kind == GARBAGE
    assert len(parser.pending) <= 128


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b"HSP7000 Ver. 1.0", ("HSP7000", "1.0")),  # as the manual has it
        (b"TSP654IIVer2.1", ("TSP654II", "2.1")),
        (b"MCP31", ("MCP31", "")),
        (b"", ("", "")),
    ],
)
def test_the_version_names_model_and_firmware(text: bytes, named: tuple[str, str]) -> None:
    assert star.named_version(text) == named


def test_the_serial_number_stands_behind_its_tag() -> None:
    assert star.serial_number(b"\x01\x001PrSrN=2581018070600001,DkMdl=,") == "2581018070600001"
    assert star.serial_number(b"\x01\x001DkMdl=,") == ""
