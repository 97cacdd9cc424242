"""The command `replay`: what was said, as a table, and what the self-test comes to today."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from console.cli import Entrances
from console.cli.commands import print_json, print_selftest, selftest_code
from console.cli.output import put
from console.domain.lights import Light, exit_code
from console.domain.recording import Event, What
from console.domain.words import Words, say, say_many
from console.services.documents import replay_document
from console.services.language import Language
from console.services.options import Options
from console.services.replay import Replayed

_BYTES = 16  # a row of the table
_DEPARTURES = 5  # the first ones explain the rest
_COLUMNS = 60  # characters of meaning
_ARROWS = {What.SENT: "→", What.HEARD: "←", What.LOST: "✗"}


def replay(parsed: argparse.Namespace, options: Options, entrances: Entrances) -> int:
    """Run a recorded self-test again; its exit code, or 3 where it departs from the recording."""
    replayed = entrances.replay(options, parsed.file)
    if parsed.json:
        print_json(replay_document(replayed))
    else:
        _print(replayed)
    if replayed.departures:
        return exit_code(Light.UNKNOWN)
    return selftest_code(replayed.result) if replayed.result else 0


def _print(replayed: Replayed) -> None:
    language, recording = replayed.language, replayed.exchange.recording
    header, text = recording.header, language.text
    put(f"{header.subject}  {header.address}  {header.started.isoformat(timespec='seconds')}")
    for event, meaning in zip(recording.events, replayed.exchange.meanings, strict=True):
        for line in _rows(event, meaning, language):
            put(line)
    if not recording.whole:
        put(text(say("The recording breaks off here: its last line is not whole.")))
    for each in replayed.departures[:_DEPARTURES]:
        put(f"✗ {each.at:.3f} s: {text(each.words)}")
    if (more := len(replayed.departures) - _DEPARTURES) > 0:
        put(text(say_many("✗ and {count} more departure", "✗ and {count} more departures", more)))
    if replayed.departures:
        put(text(say("The replay departs from the recording; from there on nobody knows the answers.")))
    if replayed.result is not None:
        print_selftest(replayed.result, language, header.subject)
    put(text(_compared(replayed)))


def _rows(event: Event, meaning: Sequence[Words], language: Language) -> Iterator[str]:
    """Time, direction, bytes in hex, meaning; further rows where they do not fit."""
    pieces = [event.data[at : at + _BYTES].hex(" ") for at in range(0, len(event.data), _BYTES)]
    start = f"{event.at:10.6f} {_ARROWS.get(event.what, '·')}"
    for piece, words in zip_longest(pieces or [""], _lines(meaning, language), fillvalue=""):
        yield f"{start} {piece:{3 * _BYTES - 1}}  {words}".rstrip()
        start = " " * 12


def _lines(meaning: Sequence[Words], language: Language) -> Iterator[str]:
    """Several statements on few lines, none broken."""
    line: list[Words] = []
    for words in meaning:
        if line and len(language.join([*line, words])) > _COLUMNS:
            yield language.join(line)
            line = []
        line.append(words)
    yield language.join(line)


def _compared(replayed: Replayed) -> Words:
    if replayed.exchange.recording.header.level is None:
        return say("This is a recording of talk without a self-test; there is no verdict to compare.")
    match replayed.same:
        case True:
            return say("The same verdict as when it was recorded.")
        case False:
            return say("Another verdict than when it was recorded.")
        case None if replayed.result is None:
            return say("The replay did not come to its end; there is no verdict to compare.")
        case None:
            return say("The recorded self-test did not come to its end; there is no verdict to compare with.")
