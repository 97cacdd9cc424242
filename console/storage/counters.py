"""Printers' counters and scanners' figures over time: implements `ports.CounterBook` on the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from console.domain.paper import ROLL
from console.domain.subjects import Subject
from console.domain.wear import Reading
from console.storage.database import Database
from console.storage.plain import instant, instant_text

_ADD = "INSERT INTO readings (subject, serial, name, value, at) VALUES (?, ?, ?, ?, ?)"
_KEPT = """
    SELECT at, name, value, serial FROM readings
    WHERE subject = ?1 AND (
        at >= ?2 OR name = ?3
        OR id IN (SELECT max(id) FROM readings WHERE subject = ?1 GROUP BY name, date(at))
    )
    ORDER BY id
"""


class Readings:
    """Every call waits until the disk has it; TillkeeperError when it cannot. Times come back in UTC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_readings(self, subject: Subject, readings: Sequence[Reading]) -> None:
        """Keep what a printer told, in this order, all of it or nothing."""
        rows = [
            (str(subject), each.serial[:64], each.name[:64], each.value, instant_text(each.at))
            for each in readings
        ]
        await self._database.run(lambda file: file.executemany(_ADD, rows))

    async def readings(self, subject: Subject, recent: datetime) -> Sequence[Reading]:
        """Everything kept, oldest first; of each day before `recent` only the last of each name."""
        rows = await self._database.read(_KEPT, str(subject), instant_text(recent), ROLL)
        return [Reading(instant(at), *rest) for at, *rest in rows]
