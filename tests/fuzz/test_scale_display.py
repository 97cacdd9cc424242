"""Any bytes from a scale or to a display: nothing breaks, nothing grows, no split matters."""

from __future__ import annotations

from random import Random

from console.drivers.codecs import display
from console.drivers.codecs.scale import LONGEST, WeightReader, broken_off, nothing_said, seven_bits
from console.drivers.codecs.till_words import read_display, read_scale
from console.simulators.display import HEIGHT, WIDTH, DisplaySimulator
from console.simulators.scale import PROTOCOLS, ScaleSimulator
from tests.client_end import ClientEnd

INPUTS = 10_000
FRAMES = [
    b"\x02 1.234\r", b"\x02?\x61\r", b"\x01\x02S 01.234kg\x65\x03\x04", b"ST,GS,+0123.45kg\r\n",
    b"OL,+9999999E+19\r\n", b"\x02+00200021B\x03", b"\x02", b"\x03", b"\r", b"\r\n", b"ST,", b"\x01\x02S",
    b"\x02?", b"N", b"\x06", b"+", b"kg", b".", b"\x02+0020002",
]  # fmt: skip
COMMANDS = [
    b"\x0c", b"\x18", b"\x1bQA", b"\x1bQB", b"\r", b"\n", b"\x1b=\x02", b"\x1b=\x01", b"\x1b@", b"\x1bl",
    b"\x1f$", b"\x01\x02", b"\x1f", b"\x1b", b"\x1c&", b"\x1c.", "应收".encode("gbk"), b"total",
    b"\x1b&\x01~~\x05", b"\xff" * 5, b"\x1b%\x01",
    b"\x81", b"\x08", b"\x09", b"\x0b", b"\x1bW",
]  # fmt: skip


def made(chance: Random, parts: list[bytes]) -> bytes:
    return b"".join(
        chance.choice(parts) if chance.random() < 0.8 else chance.randbytes(chance.randrange(6))
        for _ in range(chance.randrange(10))
    )


def test_weighings_ignore_splits_and_stay_bounded() -> None:
    chance, told = Random(1), 0
    for _ in range(INPUTS):
        data = made(chance, FRAMES)
        whole, single = WeightReader(), WeightReader()
        found = whole.feed(data)
        assert found == [each for at in range(len(data)) for each in single.feed(data[at : at + 1])], data
        assert len(whole._rest) <= LONGEST
        assert all(each.shown and each.trouble in ("", "overload", "under_zero") for each in found)
        assert nothing_said(data) <= (not found)
        assert isinstance(broken_off(seven_bits(data)), bool)
        told += len(found)
    assert told > INPUTS / 2  # the depths were reached


def test_a_weight_is_found_behind_any_garbage() -> None:
    chance = Random(2)
    for _ in range(INPUTS):
        reader = WeightReader()
        reader.feed(made(chance, FRAMES) + b"\x00" * LONGEST)
        (found,) = reader.feed(b"ST,GS,+0123.45kg\r\n")
        assert found.shown == "123.45 kg"


def test_whatever_was_said_can_be_read() -> None:
    chance = Random(3)
    for _ in range(INPUTS):
        pieces = [(chance.random() < 0.5, made(chance, FRAMES + COMMANDS)) for _ in range(2)]
        for read in (read_scale, read_display):
            assert all(str(each) for words in read(pieces) for each in words)


def test_a_display_shows_what_it_is_told_after_any_garbage() -> None:
    chance = Random(4)
    for number in range(INPUTS):
        protocol = chance.choice(["cd5220", "escpos"])
        glass = DisplaySimulator.pty(protocol=protocol)
        data = made(chance, COMMANDS)
        cut = chance.randrange(len(data) + 1)
        glass.received(ClientEnd(), data[:cut])
        glass.received(ClientEnd(), data[cut:])
        assert [len(row) for row in glass._cells] == [WIDTH] * HEIGHT
        glass.lost(ClientEnd())  # the line was let go: a half command is over
        glass._spoken_to, glass._own_shown = True, False
        glass.received(ClientEnd(), display.lines(protocol, "应收 12.50", f"TK{number}", chinese=True))
        assert glass.lines == ("应收 12.50", f"TK{number}"), data


def test_text_for_a_display_never_becomes_a_command() -> None:
    chance = Random(5)
    for _ in range(INPUTS):
        text = "".join(chr(chance.randrange(0x3000)) for _ in range(chance.randrange(30)))
        line = display.fitted(text, chinese=chance.random() < 0.5)
        assert len(line) <= 20
        assert all(byte >= 0x20 for byte in line)


async def test_a_scale_answers_after_any_garbage() -> None:
    chance = Random(6)
    questions = {"toledo": b"W\r", "cas": b"\x05\x11"}
    for _ in range(INPUTS):
        scale = ScaleSimulator.pty(protocol=chance.choice(PROTOCOLS[:2]))
        scale.received(ClientEnd(), made(chance, FRAMES + COMMANDS))
        client = ClientEnd()
        scale.received(client, questions[scale.protocol])
        (weighing,) = WeightReader().feed(client.heard)
        assert weighing.weight == 0
