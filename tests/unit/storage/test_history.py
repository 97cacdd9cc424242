"""A check is kept whole, in no language, with times that mean the same everywhere."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from console.domain.check import CheckResult, LightChange
from console.domain.diagnosis import Candidate
from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.ports import History
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say, say_many
from console.storage.database import Database
from console.storage.history import CheckHistory

SHANGHAI = timezone(timedelta(hours=8))
AT = datetime(2026, 11, 22, 9, 30, 0, 250_000, SHANGHAI)
FRONT = Finding(
    Subject("printer", "前台"),
    Light.FAULT,
    (Candidate("printer.paper_out", 0.98), Candidate("printer.offline", 0.1)),
    (
        Evidence(
            "escpos.dle_eot.4", "7e",
            say("{what} after {count}", what=say_many("{count} page", "{count} pages", 3), count=2),
            AT, 0.004, frozenset({"b", "a"}), {"model": "TM"},
        ),
    ),
    "printer.cover",
    NETWORK,
)  # fmt: skip
CHECK = CheckResult("人民路店", AT, 1.84, (FRONT, Finding(NETWORK, Light.OK)))


@pytest.fixture
async def history(tmp_path: Path) -> AsyncIterator[History]:
    database = Database(tmp_path / "history.db")
    yield CheckHistory(database)
    await database.close()


async def test_nothing_yet(history: History) -> None:
    assert await history.last_check() is None
    assert list(await history.changes(10)) == []


async def test_the_newest_check(history: History) -> None:
    await history.add_check(CHECK)
    await history.add_check(replace(CHECK, started=AT - timedelta(days=1), findings=()))
    assert await history.last_check() == (AT, 1.84, 2)


async def test_a_check_of_some_subjects_is_no_full_check(history: History) -> None:
    await history.add_check(CHECK)
    await history.add_check(replace(CHECK, started=AT + timedelta(minutes=5), full=False))
    last = await history.last_check()
    assert last is not None
    assert last[0] == CHECK.started


async def test_the_newest_changes_first(history: History) -> None:
    for minutes, light in ((5, Light.OK), (0, Light.FAULT), (9, Light.UNKNOWN)):
        finding = replace(FRONT, light=light, candidates=() if light is Light.OK else FRONT.candidates)
        await history.add_change(LightChange(AT + timedelta(minutes=minutes), finding, None))
    assert list(await history.changes(2)) == [
        (AT + timedelta(minutes=9), "printer:前台", "unknown", "printer.paper_out"),
        (AT + timedelta(minutes=5), "printer:前台", "ok", None),
    ]
    assert {at.utcoffset() for at, *_ in await history.changes(3)} == {timedelta(0)}


async def test_what_stands_in_the_file(history: History, tmp_path: Path) -> None:
    await history.add_check(CHECK)
    with closing(sqlite3.connect(tmp_path / "history.db")) as file:
        file.row_factory = sqlite3.Row
        run = dict(file.execute("SELECT * FROM check_runs").fetchone())
        first, second = map(dict, file.execute("SELECT * FROM findings ORDER BY id"))
    assert run == {
        "id": 1, "store": "人民路店", "started": "2026-11-22 01:30:00.250000", "seconds": 1.84,
        "full": 1, "overall": "fault",
    }  # fmt: skip
    evidence = json.loads(first.pop("evidence"))
    assert evidence == [
        {
            "probe": "escpos.dle_eot.4", "result": "7e", "seconds": 0.004, "signs": ["a", "b"],
            "facts": {"model": "TM"}, "at": "2026-11-22T09:30:00.250000+08:00",
            "meaning": {
                "text": "{what} after {count}",
                "values": {
                    "what": {"text": "{count} page", "values": {"count": 3}, "many": "{count} pages"},
                    "count": 2,
                },
            },
        }
    ]  # fmt: skip
    assert json.loads(first.pop("candidates"))[0] == {"cause": "printer.paper_out", "weight": 0.98}
    assert first == {
        "id": 1, "check_run_id": 1, "subject": "printer:前台", "light": "fault", "cause": "printer.paper_out",
        "blocked_by": "network", "distinguish": "printer.cover",
    }  # fmt: skip
    assert (second["subject"], second["cause"], second["blocked_by"]) == ("network", None, None)


async def test_times_without_microseconds_or_in_utc(history: History) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    await history.add_change(LightChange(at, FRONT, Light.OK))
    assert (await history.changes(1))[0][0] == at
