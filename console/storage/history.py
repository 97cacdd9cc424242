"""What is kept of checks and lights: implements `ports.History` on the database."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from console.domain.check import CheckResult, LightChange
from console.domain.words import Words
from console.storage.database import Database
from console.storage.plain import finding_row, instant, instant_text

_ADD_CHECK = """
    INSERT INTO check_runs (store, started, seconds, "full", overall)
    VALUES (:store, :started, :seconds, :full, :overall)
"""
_ADD_FINDING = """
    INSERT INTO findings
    (check_run_id, subject, light, cause, blocked_by, distinguish, candidates, evidence)
    VALUES (:check_run_id, :subject, :light, :cause, :blocked_by, :distinguish, :candidates, :evidence)
"""
_ADD_CHANGE = """
    INSERT INTO light_changes
    (at, previous, subject, light, cause, blocked_by, distinguish, candidates, evidence)
    VALUES (:at, :previous, :subject, :light, :cause, :blocked_by, :distinguish, :candidates, :evidence)
"""
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
        run = {
            "store": result.store,
            "started": instant_text(result.started),
            "seconds": result.seconds,
            "full": result.full,
            "overall": result.overall.value,
        }

        def insert(file: sqlite3.Connection) -> None:
            number = file.execute(_ADD_CHECK, run).lastrowid
            rows = [{"check_run_id": number, **finding_row(each)} for each in result.findings]
            file.executemany(_ADD_FINDING, rows)

        await self._database.run(insert)

    async def add_change(self, change: LightChange) -> None:
        """Keep a change of a light."""
        row = {
            "at": instant_text(change.at),
            "previous": None if change.previous is None else change.previous.value,
        }
        await self._database.run(
            lambda file: file.execute(_ADD_CHANGE, {**row, **finding_row(change.finding)})
        )

    async def changes(self, limit: int) -> Sequence[tuple[datetime, str, str, str | None]]:
        """The newest changes, newest first: when, subject, light, cause."""
        rows = await self._database.read(_CHANGES, limit)
        return [(instant(at), subject, light, cause) for at, subject, light, cause in rows]

    async def last_check(self) -> tuple[datetime, float, int] | None:
        """Start, seconds and number of findings of the newest full check."""
        for started, seconds, count in await self._database.read(_LAST_CHECK):
            return instant(started), seconds, count
        return None
