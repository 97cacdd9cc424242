"""Printers' counters and scanners' figures over time: implements `ports.CounterBook` on the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from console.domain.paper import ROLL
from console.domain.subjects import Subject
from console.domain.wear import Reading
from console.storage.database import Database

if TYPE_CHECKING:
    from sqlalchemy import Connection

# SQLAlchemy is imported on the database's thread alone: it takes longer than a whole check.


class Readings:
    """Every call waits until the disk has it; TillkeeperError when it cannot. Times come back in UTC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_readings(self, subject: Subject, readings: Sequence[Reading]) -> None:
        """Keep what a printer told, in this order, all of it or nothing."""
        rows = [
            {
                "subject": str(subject),
                "serial": each.serial[:64],
                "name": each.name[:64],
                "value": each.value,
                "at": each.at,
            }
            for each in readings
        ]

        def insert(connection: Connection) -> None:
            from sqlalchemy import insert

            from console.storage import tables

            for row in rows:  # one by one, so that ids keep the order
                connection.execute(insert(tables.readings).values(row))

        await self._database.run(insert)

    async def readings(self, subject: Subject, recent: datetime) -> Sequence[Reading]:
        """Everything kept, oldest first; of each day before `recent` only the last of each name."""

        def select(connection: Connection) -> Sequence[Reading]:
            from sqlalchemy import func, or_, select

            from console.storage import tables

            kept = tables.readings.c
            own = kept.subject == str(subject)
            last = select(func.max(kept.id)).where(own).group_by(kept.name, func.date(kept.at))
            wanted = or_(kept.at >= recent, kept.name == ROLL, kept.id.in_(last))
            rows = select(kept.at, kept.name, kept.value, kept.serial).where(own, wanted).order_by(kept.id)
            return [Reading(*row) for row in connection.execute(rows)]

        return await self._database.run(select)
