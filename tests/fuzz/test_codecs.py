"""Any bytes to every parser of the drivers: nothing breaks, nothing grows, no split matters."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from console.drivers.codecs import escpos, queries, star
from console.drivers.codecs.escpos import Kind, ReplyParser
from console.drivers.codecs.replies import Parser, Reply
from console.drivers.codecs.scan import ScanSplitter
from console.drivers.codecs.wedge import Wedge

INPUTS = 10_000
# Bytes that mean something come often, so that the depths are reached.
TELLING = b"\x10\x12\x14\x16\x11\x13_7\x22\x00\x0f\r\n\t0AZ"


STARRY = b"\x23\x06\x0f\x02\x25\x86\x00\x00\x00\x08\x20\x1b#*,\x1d)I\n\x00\x11\x13\x10"


def inputs(seed: int, telling: bytes = TELLING) -> list[bytes]:
    chance = Random(seed)
    return [
        bytes(
            chance.choice(telling) if chance.random() < 0.6 else chance.randrange(256) for _ in range(length)
        )
        for length in (chance.randrange(40) for _ in range(INPUTS))
    ]


def replies(parser: Parser, pieces: list[bytes]) -> list[Reply]:
    return [reply for piece in pieces for reply in parser.feed(piece)]


def test_replies_lose_no_byte_and_ignore_splits() -> None:
    for data in inputs(1):
        parser, other = ReplyParser(), ReplyParser()
        found = replies(parser, [data])
        assert found == replies(other, [data[at : at + 1] for at in range(len(data))])
        assert len(parser.pending) <= 128
        frame: dict[str, int] = {Kind.BLOCK: 2, Kind.PROCESS_ID: 3}
        kept = sum(len(reply.data) + frame.get(reply.kind, 0) for reply in found) + len(parser.pending)
        assert kept == len(data) - data.count(0x11) - data.count(0x13)
        for reply in found:
            if reply.kind is Kind.REALTIME:
                assert all(escpos.status_signs(question, reply.data[0]) for question in escpos.QUESTIONS)
            elif reply.kind is Kind.AUTOMATIC:
                assert escpos.automatic_signs(reply.data)


def test_after_any_garbage_an_answer_is_heard_again() -> None:
    for data in inputs(2):
        parser = ReplyParser()
        replies(parser, [data])
        # An unfinished block may take the first for its own; it ends at the first 00 or at its limit.
        assert Kind.REALTIME in [reply.kind for reply in replies(parser, [b"\x00\x12"])]


def test_star_replies_lose_no_byte_and_ignore_splits() -> None:
    kinds = set()
    for data in inputs(7, STARRY):
        parser, other = star.ReplyParser(), star.ReplyParser()
        found = replies(parser, [data])
        assert found == replies(other, [data[at : at + 1] for at in range(len(data))])
        assert len(parser.pending) <= 600
        frame: dict[str, int] = {star.Kind.VERSION: 6, star.Kind.INFORMATION: 6}
        kept = sum(len(reply.data) + frame.get(reply.kind, 0) for reply in found) + len(parser.pending)
        assert kept == len(data) - data.count(0x11) - data.count(0x13)
        for reply in found:
            kinds.add(reply.kind)
            if reply.kind is star.Kind.STATUS:
                assert star.status_signs(reply.data)
                assert star.counter(reply.data) in {None, *range(32)}
            elif reply.kind is star.Kind.VERSION:
                assert star.named_version(reply.data)
    assert kinds >= {star.Kind.STATUS, "garbage"}


def test_after_any_garbage_a_star_status_is_heard_again() -> None:
    for data in inputs(8, STARRY):
        parser = star.ReplyParser()
        replies(parser, [data, 600 * b"\xff"])  # an unfinished text or data ends at its limit
        status = bytes.fromhex("230600000000000000")
        assert replies(parser, [status])[-1] == Reply(star.Kind.STATUS, status)


def test_whoever_speaks_has_a_name() -> None:
    assert {queries.spoken(data) for data in inputs(3)} <= {None, *queries.NAMES}


def test_scans_ignore_splits_and_stay_bounded() -> None:
    for data in inputs(4):
        whole, single = ScanSplitter(), ScanSplitter()
        found = whole.feed(data, 1.0) + whole.flush(9.0)
        apart = [
            piece for at in range(len(data)) for piece in single.feed(data[at : at + 1], 1.0)
        ] + single.flush(9.0)
        assert found == apart
        assert all(piece.text and len(piece.text) <= 8192 for piece in found)
        assert whole.deadline is None


def test_keys_at_any_rhythm_are_codes_or_forgotten() -> None:
    chance = Random(5)
    for data in inputs(6):
        wedge, at, typed = Wedge(), 0.0, ""
        for byte in data:
            at += chance.choice((0.0, 0.005, 0.02, 0.05, 0.09, 0.3))
            typed += chr(byte)
            for piece in wedge.type(chr(byte), at):
                assert piece.text in typed
                assert piece.began <= piece.ended <= at
        wedge.flush(at + 1)
        assert wedge.deadline is None


@settings(max_examples=500)
@given(st.lists(st.binary(max_size=300), max_size=8), st.booleans())
def test_replies_to_hypothesis(pieces: list[bytes], raw: bool) -> None:
    parser = ReplyParser()
    parser.expect(Kind.RAW if raw else None)
    found = replies(parser, pieces)
    assert len(parser.pending) <= 128
    assert sum(reply.kind is Kind.RAW for reply in found) == (raw and any(pieces))
