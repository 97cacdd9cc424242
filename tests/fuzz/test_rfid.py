"""Any bytes from an RFID reader: nothing breaks, nothing grows, no split matters, no number is kept."""

from __future__ import annotations

from random import Random

from console.domain.tags import Tag
from console.drivers.codecs.rfid import ASK_INFO, LONGEST, POLL, TagStream, framed
from console.drivers.codecs.till_words import read_rfid
from console.drivers.rfid.keyboard import typed_tag
from console.drivers.rfid.veil import keepable_tags
from console.simulators.rfid import PROTOCOLS, TAGS, RfidSimulator
from tests.client_end import ClientEnd

INPUTS = 10_000
NUMBER, EPC = b"3C00CE754C", bytes.fromhex("30751FEB705C5904E3D50D70")
TAG = framed(0x22, b"\xc9\x34\x00" + EPC + b"\x3a\x76", 2)
FRAMES = [
    b"\x023C00CE754CCB\x03", b"\x023C00CE754CCB\r\n\x03", b"\x023C00CE754C00\x03", b"\x02",
    b"\x02\x02", b"\x03", TAG, TAG[:-4],
    bytes.fromhex("BB01FF000115167E"), bytes.fromhex("BB010300070156322E332E31547E"), b"\xbb", b"\xbb\x02",
    b"\xbb\x02\x22\xff\xff", b"\xbb\x01\x03\x00\x00\x04\x7e", b"\x7e", b"3C00CE", b"\r\n", *ASK_INFO, POLL,
]  # fmt: skip


def made(chance: Random) -> bytes:
    return b"".join(
        chance.choice(FRAMES) if chance.random() < 0.8 else chance.randbytes(chance.randrange(6))
        for _ in range(chance.randrange(10))
    )


def test_what_is_said_ignores_splits_and_stays_bounded() -> None:
    chance, tags = Random(1), 0
    for _ in range(INPUTS):
        data = made(chance)
        whole, single = TagStream(), TagStream()
        said = whole.feed(data)
        assert said == [each for at in range(len(data)) for each in single.feed(data[at : at + 1])], data
        assert (whole.strange, whole.half) == (single.strange, single.half)
        assert len(whole._rest) <= LONGEST
        tags += sum(isinstance(each, Tag) and each.whole for each in said)
    assert tags > INPUTS / 2  # the depths were reached


def test_a_tag_is_found_behind_any_garbage() -> None:
    chance = Random(2)
    for _ in range(INPUTS):
        stream = TagStream()
        stream.feed(made(chance) + b"\x00" * LONGEST)
        (tag,) = stream.feed(FRAMES[0])
        assert isinstance(tag, Tag)
        assert tag.number == NUMBER.decode()


def test_what_is_kept_has_the_same_length_and_verdict_and_no_number() -> None:
    chance = Random(3)
    for _ in range(INPUTS):
        data = made(chance)
        kept = keepable_tags(data, None)
        assert len(kept) == len(data)
        assert NUMBER[:-2] not in kept
        assert EPC[:-1] not in kept
        before, after = TagStream(), TagStream()
        said, again = before.feed(data), after.feed(kept)
        assert [_verdict(each) for each in said] == [_verdict(each) for each in again], data
        assert keepable_tags(kept, None) == kept


def _verdict(said: object) -> object:
    return (said.kind, len(said.number), said.number[-2:], said.whole) if isinstance(said, Tag) else said


def test_whatever_was_said_can_be_read_and_holds_no_whole_number() -> None:
    chance = Random(4)
    for _ in range(INPUTS // 2):
        pieces = [(chance.random() < 0.3, made(chance)) for _ in range(3)]
        told = " ".join(str(each) for words in read_rfid(pieces) for each in words)
        assert NUMBER.decode() not in told
        assert EPC.hex().upper() not in told


def test_any_typed_text_is_a_tag_or_none() -> None:
    chance = Random(5)
    for _ in range(INPUTS):
        text = "".join(chr(chance.randrange(0x30, 0x67)) for _ in range(chance.randrange(20)))
        tag = typed_tag(text)
        assert tag is None or tag.reduced.endswith(text.upper()[-2:])


async def test_a_reader_answers_after_any_garbage() -> None:
    chance = Random(6)
    for _ in range(INPUTS // 4):
        reader = RfidSimulator.pty(protocol=chance.choice(PROTOCOLS))
        client = ClientEnd()
        reader.received(client, made(chance))
        client.heard = b""
        for _ in range(9):  # what began before must have come to its end
            reader.received(client, ASK_INFO[0])
        assert (b"M100" in client.heard) == (reader.protocol == "m100")
        assert TAGS[reader.protocol]
