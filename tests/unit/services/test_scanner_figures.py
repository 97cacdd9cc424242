"""A scanner's figures over time, on the real database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from console.domain.errors import TillkeeperError
from console.domain.subjects import Subject
from console.domain.words import say
from console.platforms.clock import SystemClock
from console.services.scanner_figures import ScannerFigures, curve, latest
from console.storage.counters import Readings
from console.storage.database import Database
from tests.ui.store import MemoryBook

COUNTER, OTHER = Subject("scanner", "counter"), Subject("scanner", "other")
CLOCK = SystemClock("Asia/Shanghai")


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(tmp_path / "history.db")
    yield made
    await made.close()


def counts(good: int, double: int = 0, missed: int = 0, **more: int) -> dict[str, int]:
    return {"GoodScanCount": good, "DoubleReadCount": double, "MissedReadCount": missed, **more}


async def test_counts_go_on_where_the_last_run_of_the_program_ended(database: Database) -> None:
    first = ScannerFigures(Readings(database), CLOCK)
    await first.keep(COUNTER, {}, counts(1))
    await first.keep(COUNTER, {}, counts(2, 1))
    second = ScannerFigures(Readings(database), CLOCK)  # the program was started again, and counts anew
    await second.keep(COUNTER, {}, counts(1, missed=1))
    kept = await second.history(COUNTER)
    assert latest(kept) == counts(3, 1, 1)
    assert curve(kept, "GoodScanCount") == (1, 2, 3)


async def test_each_scanner_has_its_own_curve(database: Database) -> None:
    figures = ScannerFigures(Readings(database), CLOCK)
    for speed in (95, 102, 99):
        await figures.keep(COUNTER, {}, counts(1, CharactersPerSecond=speed))
    await figures.add(OTHER, {"CharactersPerSecond": 7})
    assert curve(await figures.history(COUNTER), "CharactersPerSecond") == (95, 102, 99)
    assert curve(await figures.history(COUNTER), "CharactersPerSecond", most=2) == (102, 99)
    assert curve(await figures.history(OTHER), "CharactersPerSecond") == (7,)


async def test_what_is_no_scanner_or_told_nothing_is_not_kept(database: Database) -> None:
    figures = ScannerFigures(Readings(database), CLOCK)
    await figures.keep(Subject("printer", "front"), {}, counts(1))
    await figures.keep(COUNTER, {}, {})
    assert list(await figures.history(Subject("printer", "front"))) == []
    assert list(await figures.history(COUNTER)) == []


async def test_a_disk_that_refuses_is_told_and_stops_nothing() -> None:
    book = MemoryBook()
    figures = ScannerFigures(book, CLOCK)
    book.trouble = TillkeeperError(say("the disk is full"), "disk_full")
    await figures.keep(COUNTER, {}, counts(1))
    assert str(figures.note) == "the disk is full"
    assert list(await figures.history(COUNTER)) == []
    book.trouble = None
    await figures.add(COUNTER, counts(2))
    assert figures.note is None
