"""What is kept of checks and lights: implements `ports.History` on the database."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from console.domain.check import CheckResult, LightChange
from console.domain.words import Words
from console.storage.database import Database
from console.storage.plain import finding_row

if TYPE_CHECKING:
    from sqlalchemy import Connection

# SQLAlchemy is imported for writing alone, and on the database's thread: it takes longer than a whole check,
# and a third of what the window itself takes in memory. What the window reads is plain SQL therefore.

_CHANGES = "SELECT at, subject, light, cause FROM light_changes ORDER BY at DESC, id DESC LIMIT ?"
_LAST_CHECK = """
    SELECT started, seconds, (SELECT count(*) FROM findings WHERE check_run_id = check_runs.id)
    FROM check_runs WHERE "full" ORDER BY started DESC, id DESC LIMIT 1
"""


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
        rows = await self._database.read(_CHANGES, limit)
        return [(_instant(at), subject, light, cause) for at, subject, light, cause in rows]

    async def last_check(self) -> tuple[datetime, float, int] | None:
        """Start, seconds and number of findings of the newest full check."""
        for started, seconds, count in await self._database.read(_LAST_CHECK):
            return _instant(started), seconds, count
        return None


def _instant(text: str) -> datetime:
    """A time as `tables.Instant` keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
