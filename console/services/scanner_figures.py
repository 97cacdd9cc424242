"""What was measured of each scanner, over time: pace, good and bad reads, and its eye chart's scores."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import timedelta

from console.domain.errors import TillkeeperError
from console.domain.ports import Clock, CounterBook
from console.domain.subjects import Subject
from console.domain.wear import Reading
from console.domain.words import Words
from console.services.scan_test import DOUBLE, GOOD, MISSED

COUNTS = (GOOD, DOUBLE, MISSED)
_WHOLE = timedelta(days=400)  # that are read back in full; of each day before that the last of each

log = logging.getLogger(__name__)


class ScannerFigures:
    """Keeps figures beside the printers' counters. `note` says why none can be kept or read back."""

    def __init__(self, book: CounterBook, clock: Clock) -> None:
        self._book = book
        self._clock = clock
        self._counted: dict[tuple[Subject, str], int] = {}  # since the program started
        self.note: Words | None = None

    async def keep(self, subject: Subject, identity: Mapping[str, str], counters: Mapping[str, int]) -> None:
        """Keep what a self-test told; its counts since the program started go on top of the earlier ones."""
        if subject.kind != "scanner" or not counters:
            return
        before = latest(await self.history(subject))
        figures = dict(counters)
        for name in COUNTS:
            if name in figures:
                grown = counters[name] - self._counted.get((subject, name), 0)
                self._counted[subject, name] = counters[name]
                figures[name] = before.get(name, 0) + grown
        await self.add(subject, figures)

    async def add(self, subject: Subject, figures: Mapping[str, int]) -> None:
        """Keep what was measured just now, under the names that scripts read."""
        now = self._clock.now()
        try:
            await self._book.add_readings(
                subject, [Reading(now, name, value) for name, value in figures.items()]
            )
            self.note = None
        except TillkeeperError as error:
            self._failed("writing", error)

    async def history(self, subject: Subject) -> Sequence[Reading]:
        """Everything kept of a scanner, oldest first; nothing where it cannot be read."""
        try:
            kept = await self._book.readings(subject, self._clock.now() - _WHOLE)
        except TillkeeperError as error:
            self._failed("reading", error)
            return ()
        self.note = None
        return kept

    def _failed(self, doing: str, error: TillkeeperError) -> None:
        if self.note is None:
            log.warning("%s a scanner's figures failed: %s", doing, error)
        self.note = error.words


def latest(kept: Sequence[Reading]) -> dict[str, int]:
    """The newest value of each name."""
    return {each.name: each.value for each in kept}


def curve(kept: Sequence[Reading], name: str, most: int = 60) -> tuple[int, ...]:
    """The values of one name, oldest first, the newest `most` of them."""
    return tuple(each.value for each in kept if each.name == name)[-most:]
