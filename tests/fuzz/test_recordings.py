"""Ten thousand damaged recordings: each is read, or refused in one line that names file and line."""

from __future__ import annotations

import asyncio
import json
import re
from random import Random
from typing import Any

from console.app.playback import played
from console.domain.errors import BadInput, TillkeeperError
from console.domain.recording import Recording
from console.drivers.codecs.escpos_words import read
from console.drivers.readings import explain
from console.services.language import Language
from console.services.options import Options
from console.storage.recording import parse_recording
from console.storage.recording_lines import event_from, event_line, fields_of
from tests.recorded import EVENTS, HEADER, RECORDING, content

INPUTS = 10_000
REPLAYED = 150
ODD: tuple[Any, ...] = (
    None, True, -1, 0, 1e308, 2**70, "", "x", "10 04", "{a}", [], [1], {}, {"say": "{x}", "with": {"x": {}}},
    "2026-13-01T00:00:00+00:00", "\u2028", "keyboard:",
)  # fmt: skip


def damaged(chance: Random) -> bytes:
    """Bytes changed, or values of other kinds put in their places."""
    if chance.random() < 0.5:
        data = bytearray(RECORDING)
        for _ in range(chance.randrange(1, 3)):
            at = chance.randrange(len(data))
            match chance.randrange(4):
                case 0:
                    data[at] = chance.randrange(256)
                case 1:
                    del data[at : at + chance.randrange(30)]
                case 2:
                    data[at:at] = data[: chance.randrange(40)]
                case _:
                    data[at:at] = chance.choice((b"\n", b"{", b'"', b"\\", b"\x00", b"}\n{"))
        return bytes(data)
    lines = json.loads(json.dumps([HEADER, *EVENTS]))
    for _ in range(chance.randrange(1, 3)):
        line = chance.choice(lines)
        line[chance.choice([*line, "line", "during", "words"])] = chance.choice(ODD)
    return content(lines[0], *lines[1:])


def read_or_refused(data: bytes) -> Recording | BadInput:
    try:
        return parse_recording(data, "it.jsonl")
    except BadInput as error:
        return error


def test_damaged_recordings_are_read_or_refused_in_one_line() -> None:
    chance, language = Random(9), Language("zh_CN")
    read_at_all = 0
    for _ in range(INPUTS):
        recording = read_or_refused(damaged(chance))
        if isinstance(recording, BadInput):
            assert re.fullmatch(r"it\.jsonl, line \d+: .+", str(recording)), str(recording)
            assert language.text(recording.words)
            continue
        read_at_all += 1
        for event, meaning in zip(
            recording.events, explain("printer", "escpos", recording.events), strict=True
        ):
            assert event_from(fields_of(event_line(event).encode()), event.row) == event
            assert isinstance(language.join(meaning), str)
    assert INPUTS // 20 < read_at_all < INPUTS


def test_whatever_could_be_read_can_be_replayed() -> None:
    chance, replayed = Random(10), 0
    while replayed < REPLAYED:
        try:
            recording = parse_recording(damaged(chance), "it.jsonl")
            played(recording, Options(language="en"))
        except TillkeeperError:
            continue
        replayed += 1


def test_any_bytes_have_a_meaning_however_they_are_cut() -> None:
    chance = Random(11)
    telling = b"\x10\x04\x14\x1b\x1c\x1d@()*LkvVgIaH08\x00\x01\x03\x0a\x12\x16\x5f\x37\x22"
    for _ in range(INPUTS):
        pieces = [
            (
                chance.random() < 0.7,
                bytes(
                    chance.choice(telling) if chance.random() < 0.7 else chance.randrange(256)
                    for _ in range(chance.randrange(1, 12))
                ),
            )
            for _ in range(chance.randrange(1, 5))
        ]
        meanings = list(read(pieces))
        assert len(meanings) == len(pieces)
        assert all(meaning for (sent, _), meaning in zip(pieces, meanings, strict=True) if sent)


def test_the_loop_of_a_replay_is_left_closed() -> None:
    played(parse_recording(RECORDING, "it.jsonl"), Options(language="en"))
    assert asyncio._get_running_loop() is None
