"""What is kept of checks and lights: implements `ports.History` on the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from console.domain.check import CheckResult, LightChange
from console.domain.words import Words
from console.storage.database import Database
from console.storage.plain import finding_row

if TYPE_CHECKING:
    from sqlalchemy import Connection

# SQLAlchemy is imported on the database's thread alone: it takes longer than a whole check.


class CheckHistory:
    """Every call waits until the disk has it; TillkeeperError when it cannot. Times come back in UTC."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self) -> Words | None:
        """Open the database now; what a person must be told of it. TillkeeperError when it cannot be used."""
        return await self._database.open()

    async def close(self) -> None:
        """Finish what was begun and let go of the file; bounded."""
        await self._database.close()

    async def add_check(self, result: CheckResult) -> None:
        """Keep a check with its findings and evidence, all of it or nothing."""

        def insert(connection: Connection) -> None:
            from sqlalchemy import insert

            from console.storage.tables import check_runs, findings

            run = insert(check_runs).values(
                store=result.store,
                started=result.started,
                seconds=result.seconds,
                full=result.full,
                overall=result.overall.value,
            )
            (number,) = connection.execute(run).inserted_primary_key or (None,)
            rows = [{"check_run_id": number, **finding_row(each)} for each in result.findings]
            if rows:
                connection.execute(insert(findings), rows)

        await self._database.run(insert)

    async def add_change(self, change: LightChange) -> None:
        """Keep a change of a light."""

        def insert(connection: Connection) -> None:
            from sqlalchemy import insert

            from console.storage.tables import light_changes

            previous = None if change.previous is None else change.previous.value
            row = insert(light_changes).values(at=change.at, previous=previous, **finding_row(change.finding))
            connection.execute(row)

        await self._database.run(insert)

    async def changes(self, limit: int) -> Sequence[tuple[datetime, str, str, str | None]]:
        """The newest changes, newest first: when, subject, light, cause."""

        def select(connection: Connection) -> Sequence[tuple[datetime, str, str, str | None]]:
            from sqlalchemy import select

            from console.storage.tables import light_changes

            kept = light_changes.c
            newest = select(kept.at, kept.subject, kept.light, kept.cause)
            rows = connection.execute(newest.order_by(kept.at.desc(), kept.id.desc()).limit(limit))
            return [(at, subject, light, cause) for at, subject, light, cause in rows]

        return await self._database.run(select)

    async def last_check(self) -> tuple[datetime, float, int] | None:
        """Start, seconds and number of findings of the newest full check."""

        def select(connection: Connection) -> tuple[datetime, float, int] | None:
            from sqlalchemy import func, select

            from console.storage.tables import check_runs, findings

            runs = check_runs.c
            count = select(func.count()).where(findings.c.check_run_id == runs.id).scalar_subquery()
            newest = (
                select(runs.started, runs.seconds, count)
                .where(runs.full)
                .order_by(runs.started.desc(), runs.id.desc())
            )
            row = connection.execute(newest.limit(1)).first()
            return None if row is None else (row[0], row[1], row[2])

        return await self._database.run(select)
