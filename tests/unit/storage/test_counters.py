"""Readings come back in the order of keeping, old days thinned out, and troubles as TillkeeperError."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from console.domain.errors import TillkeeperError
from console.domain.models import CUTS, LINES
from console.domain.paper import ROLL
from console.domain.ports import CounterBook
from console.domain.subjects import Subject
from console.domain.wear import LARGEST, Reading
from console.storage.counters import Readings
from console.storage.database import Database

FRONT, KITCHEN = Subject("printer", "前台"), Subject("printer", "kitchen")
NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[CounterBook]:
    database = Database(tmp_path / "history.db")
    yield Readings(database)
    await database.close()


async def test_in_the_order_of_keeping_whatever_the_clock_said(book: CounterBook) -> None:
    first, second = Reading(NOW, LINES, 10, "A1"), Reading(NOW - HOUR, LINES, 20, "A1")
    await book.add_readings(FRONT, [first, Reading(NOW, CUTS, LARGEST)])
    await book.add_readings(FRONT, [second])
    await book.add_readings(KITCHEN, [Reading(NOW, LINES, 7)])
    assert await book.readings(FRONT, NOW - HOUR) == [first, Reading(NOW, CUTS, LARGEST), second]
    assert await book.readings(KITCHEN, NOW - HOUR) == [Reading(NOW, LINES, 7)]


async def test_old_days_keep_their_last_reading_and_every_roll(book: CounterBook) -> None:
    old = NOW - timedelta(days=60)
    kept = [Reading(old + n * HOUR, LINES, n) for n in range(3)]
    roll = Reading(old, ROLL, 1)
    await book.add_readings(FRONT, [*kept, roll, Reading(old, ROLL, 2), Reading(NOW, LINES, 9)])
    told = await book.readings(FRONT, NOW - timedelta(days=35))
    assert told == [kept[-1], roll, Reading(old, ROLL, 2), Reading(NOW, LINES, 9)]


async def test_a_place_that_takes_no_database_is_a_known_trouble(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    database = Database(tmp_path / "history.db")
    with pytest.raises(TillkeeperError):
        await Readings(database).readings(FRONT, NOW)
    await database.close()
