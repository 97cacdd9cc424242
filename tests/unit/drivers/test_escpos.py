"""ESC/POS bytes and meanings, as the command reference has them."""

from __future__ import annotations

import pytest

from console.drivers.codecs import escpos
from console.drivers.codecs.escpos import Kind, ReplyParser
from console.drivers.codecs.printer_states import MEANINGS, TROUBLES, meaning
from console.drivers.codecs.replies import GARBAGE, Reply

REALTIME = {
    (1, 0x08): "status.offline",
    (1, 0x20): "status.waiting_recovery",
    (1, 0x40): "status.feed_pressed",
    (1, 0x04): "status.drawer_high",
    (2, 0x04): "status.cover_open",
    (2, 0x08): "status.feeding",
    (2, 0x20): "status.paper_stop",
    (2, 0x40): "status.error",
    (3, 0x04): "status.mechanical",
    (3, 0x08): "status.cutter_error",
    (3, 0x20): "status.unrecoverable",
    (3, 0x40): "status.auto_recoverable",
    (4, 0x04): "status.paper_near_end",
    (4, 0x08): "status.paper_near_end",
    (4, 0x20): "status.paper_end",
    (4, 0x40): "status.paper_end",
}
AUTOMATIC = {
    (0, 0x04): "status.drawer_high",
    (0, 0x08): "status.offline",
    (0, 0x20): "status.cover_open",
    (0, 0x40): "status.feeding",
    (1, 0x01): "status.waiting_recovery",
    (1, 0x02): "status.feed_pressed",
    (1, 0x04): "status.mechanical",
    (1, 0x08): "status.cutter_error",
    (1, 0x20): "status.unrecoverable",
    (1, 0x40): "status.auto_recoverable",
    (2, 0x01): "status.paper_near_end",
    (2, 0x02): "status.paper_near_end",
    (2, 0x04): "status.paper_end",
    (2, 0x08): "status.paper_end",
}


def test_the_requests_are_the_manuals() -> None:
    assert [escpos.status_request(n).hex() for n in (1, 2, 3, 4)] == ["100401", "100402", "100403", "100404"]
    assert escpos.identity_request(67).hex() == "1d4943"
    assert escpos.counter_request(148).hex() == "1d6732009400"
    assert escpos.process_id_request(b"AB12").hex() == "1d28480600303041423132"
    assert escpos.ASB_ON.hex() == "1d614f"
    assert escpos.ASB_OFF.hex() == "1d6100"


@pytest.mark.parametrize(
    ("question", "sign"), [(1, "online"), (2, "no_offline_cause"), (3, "no_error"), (4, "paper_present")]
)
def test_12_is_health(question: int, sign: str) -> None:
    beside = {"status.drawer_low", "status.cover_closed"}
    assert escpos.status_signs(question, 0x12) - beside == {f"status.{sign}"}


@pytest.mark.parametrize(("place", "sign"), REALTIME.items())
def test_each_realtime_bit(place: tuple[int, int], sign: str) -> None:
    question, mask = place
    signs = escpos.status_signs(question, 0x12 | mask)
    assert sign in signs
    healthy = {"status.no_offline_cause", "status.no_error", "status.paper_present"}
    assert not signs & healthy


def test_an_offline_printer_is_not_online() -> None:
    assert "status.online" not in escpos.status_signs(1, 0x1A)
    assert "status.online" in escpos.status_signs(1, 0x16)  # an open drawer stops nothing


@pytest.mark.parametrize(("place", "sign"), AUTOMATIC.items())
def test_each_automatic_bit(place: tuple[int, int], sign: str) -> None:
    message = bytearray(b"\x10\x00\x00\x00")
    message[place[0]] |= place[1]
    assert escpos.automatic_signs(bytes(message)) ^ escpos.automatic_signs(b"\x10\x00\x00\x00") >= {sign}


def test_the_cover_is_told_whatever_else_is_wrong() -> None:
    assert "status.cover_closed" in escpos.status_signs(2, 0x12 | 0x20)
    assert "status.cover_closed" not in escpos.status_signs(2, 0x12 | 0x24)
    assert "status.cover_closed" in escpos.automatic_signs(b"\x18\x04\x00\x0f")
    assert "status.cover_closed" not in escpos.automatic_signs(b"\x38\x04\x00\x0f")


def test_an_idle_automatic_status_proves_health() -> None:
    healthy = {"status.online", "status.no_offline_cause", "status.no_error", "status.paper_present"}
    assert escpos.automatic_signs(b"\x10\x00\x00\x0f") == healthy | {
        "status.drawer_low",
        "status.cover_closed",
    }


@pytest.mark.parametrize("place", AUTOMATIC)
def test_no_automatic_bit_of_trouble_leaves_the_proof_whole(place: tuple[int, int]) -> None:
    message = bytearray(b"\x10\x00\x00\x0f")
    message[place[0]] |= place[1]
    whole = {"status.online", "status.no_offline_cause", "status.no_error", "status.paper_present"}
    harmless = {(0, 0x04), (1, 0x01), (1, 0x02)}  # the drawer, and what only goes with being offline
    assert (whole <= escpos.automatic_signs(bytes(message))) == (place in harmless)


def test_every_sign_has_words() -> None:
    every = {*REALTIME.values(), *AUTOMATIC.values(), *TROUBLES}
    assert every <= set(MEANINGS)
    assert str(meaning({"status.paper_near_end", "status.cover_open"})) == "cover open; paper nearly used up"


STREAM = (
    b"\x12"
    + b"\x11"
    + b"_SP-80\x00"
    + b"\x14\x00\x00\x0f"
    + b"\x377\x22"[:1]
    + b"\x22AB12\x00"
    + b"\x13"
    + b"OK"
    + b"\x3e"
)
EXPECTED = [
    Reply(Kind.REALTIME, b"\x12"),
    Reply(Kind.BLOCK, b"SP-80"),
    Reply(Kind.AUTOMATIC, b"\x14\x00\x00\x0f"),
    Reply(Kind.PROCESS_ID, b"AB12"),
    Reply(GARBAGE, b"O"),
    Reply(GARBAGE, b"K"),
    Reply(Kind.REALTIME, b"\x3e"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 100])
def test_a_stream_reads_the_same_at_every_split(size: int) -> None:
    parser = ReplyParser()
    replies = [reply for at in range(0, len(STREAM), size) for reply in parser.feed(STREAM[at : at + size])]
    assert replies == EXPECTED


def test_a_broken_automatic_status_does_not_swallow_the_next_answer() -> None:
    assert list(ReplyParser().feed(b"\x10\x00\x12")) == [
        Reply(GARBAGE, b"\x10\x00"),
        Reply(Kind.REALTIME, b"\x12"),
    ]


def test_a_block_without_end_is_given_up() -> None:
    parser = ReplyParser()
    replies = list(parser.feed(b"_" + b"x" * 1000))
    assert replies[0].kind == GARBAGE
    assert len(parser.pending) <= 128


def test_announced_bytes_are_taken_as_they_are() -> None:
    parser = ReplyParser()
    parser.expect(Kind.RAW)
    assert list(parser.feed(b"\x12\x12")) == [Reply(Kind.RAW, b"\x12"), Reply(Kind.REALTIME, b"\x12")]
