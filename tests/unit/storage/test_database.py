"""The history outlives pulled plugs, full disks and damage, and leaves newer files alone."""

from __future__ import annotations

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.domain.check import LightChange
from console.domain.errors import Busy, TillkeeperError
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import Subject
from console.storage.database import REVISIONS, Database
from console.storage.history import CheckHistory

CHANGE = LightChange(
    datetime(2026, 11, 22, 1, 30, tzinfo=UTC), Finding(Subject("printer", "front"), Light.OK), None
)


async def kept(path: Path) -> int:
    """How many changes a freshly opened database in `path` holds."""
    database = Database(path)
    assert await database.open() is None
    found = len(await CheckHistory(database).changes(10_000))
    await database.close()
    return found


async def keep_one(path: Path) -> None:
    database = Database(path)
    await CheckHistory(database).add_change(CHANGE)
    await database.close()


async def test_the_file_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "history.db")
    assert await database.open() is None
    asked = ("journal_mode", "synchronous", "foreign_keys")
    found = await database.run(lambda c: [c.execute(f"PRAGMA {name}").fetchone()[0] for name in asked])
    assert found == ["wal", 2, 1]
    await database.close()


async def test_all_work_is_done_on_one_thread_which_is_not_the_loops(tmp_path: Path) -> None:
    database = Database(tmp_path / "history.db")
    threads = await asyncio.gather(*(database.run(lambda _: threading.current_thread()) for _ in range(5)))
    assert len(set(threads)) == 1
    assert threads[0] is not threading.current_thread()
    await database.close()


async def test_a_failed_transaction_leaves_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "history.db")

    def fail(connection: Any) -> None:
        connection.execute("DELETE FROM alembic_version")
        raise KeyError

    with pytest.raises(KeyError):
        await database.run(fail)
    assert await database.read("SELECT * FROM alembic_version") == [(REVISIONS[-1],)]
    await database.close()


@pytest.mark.parametrize("present", [False, True])
def test_a_file_is_begun_written_and_read_without_sqlalchemy(tmp_path: Path, present: bool) -> None:
    if present:
        asyncio.run(keep_one(tmp_path / "history.db"))
    script = (
        f"{WRITER.rpartition('async def')[0]}\n"
        "from console.domain.wear import Reading; from console.storage.counters import Readings\n"
        "async def main():\n"
        "    database, now = Database(Path(sys.argv[1])), datetime(2026, 11, 24, tzinfo=UTC)\n"
        "    history, finding = CheckHistory(database), Finding(Subject('printer', 'front'), Light.OK)\n"
        "    await history.add_check(CheckResult('shop', now, 1.5, (finding,)))\n"
        "    await history.add_change(LightChange(now, finding, None))\n"
        "    await Readings(database).add_readings(finding.subject, [Reading(now, 'Lines', 7)])\n"
        "    print(len(await history.changes(9)), await history.last_check() == (now, 1.5, 1))\n"
        "    print(await Readings(database).readings(finding.subject, now) == [Reading(now, 'Lines', 7)])\n"
        "    print({'alembic', 'sqlalchemy'} & set(sys.modules))\n"
        "    await database.close()\n"
        "asyncio.run(main())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "history.db")]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout
    assert told == f"{1 + present} True\nTrue\nset()\n"


def test_two_programs_begin_the_same_file_at_once(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys; from pathlib import Path; from console.storage.database import Database\n"
        "sys.stdin.readline(); print(asyncio.run(Database(Path(sys.argv[1])).open()))"
    )
    for number in range(4):
        command = [sys.executable, "-c", script, str(tmp_path / f"{number}.db")]
        programs = [
            subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            for _ in range(4)
        ]
        for each in programs:
            assert each.stdin
            each.stdin.write("now\n")
            each.stdin.flush()
        assert [each.communicate(timeout=60)[0] for each in programs] == ["None\n"] * 4


@pytest.mark.parametrize("version", ["9999", None, "another program"])
async def test_a_newer_or_foreign_file_is_refused_and_left_alone(tmp_path: Path, version: str | None) -> None:
    path = tmp_path / "history.db"
    await keep_one(path)
    with closing(sqlite3.connect(path)) as file, file:
        if version == "another program":
            file.execute("DROP TABLE alembic_version")
        elif version is None:
            file.execute("DELETE FROM alembic_version")
        else:
            file.execute("UPDATE alembic_version SET version_num = ?", (version,))
    before = path.read_bytes()
    database = Database(path)
    for call in (database.open(), CheckHistory(database).add_change(CHANGE)):
        with pytest.raises(
            TillkeeperError, match=r"newer version .* left as it is; update this program"
        ) as told:
            await call
        assert told.value.sign == "newer_database"
    await database.close()
    assert path.read_bytes() == before
    assert not damaged_copies(tmp_path)


def damaged_copies(folder: Path) -> list[Path]:
    """Databases put aside, without their write-ahead logs."""
    return [each for each in folder.glob("*.damaged*") if not each.name.endswith(("-wal", "-shm"))]


def _no_database(path: Path) -> None:
    path.write_bytes(b"this is no database, but it is long enough to look like one" * 20)


def _torn(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096:12288] = random.Random(1).randbytes(8192)
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [_no_database, _torn, _scribbled])
async def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(tmp_path: Path, damage: Any) -> None:
    path = tmp_path / "history.db"
    await keep_one(path)
    damage(path)
    damaged = path.read_bytes()
    database = Database(path)
    note = await database.open()
    (aside,) = damaged_copies(tmp_path)
    assert aside.read_bytes() == damaged
    assert aside.name in str(note)
    await CheckHistory(database).add_change(CHANGE)
    await database.close()
    assert await kept(path) == 1


async def test_damage_that_shows_while_open_is_told(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    before = Database(path)
    await asyncio.gather(*(CheckHistory(before).add_change(CHANGE) for _ in range(300)))
    await before.close()
    database = Database(path)
    await database.open()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + bytes(random.Random(1).randbytes(len(content) - 4096)))
    with pytest.raises(TillkeeperError, match="is damaged; start this program again") as told:
        await CheckHistory(database).changes(1000)
    assert told.value.sign == "damaged_database"
    await database.close()


async def test_a_full_disk_is_told_and_forgotten_when_there_is_room(disk: Any) -> None:
    path = disk.place / "history.db"
    database = Database(path)
    history = CheckHistory(database)
    await history.add_change(CHANGE)
    ballast = disk.fill()
    written = 1

    async def write_until_refused() -> None:
        nonlocal written
        for _ in range(1000):
            await history.add_change(CHANGE)
            written += 1

    with pytest.raises(TillkeeperError, match="the disk is full; free some space") as told:
        await write_until_refused()
    assert told.value.sign == "disk_full"
    ballast.unlink()
    await history.add_change(CHANGE)
    await database.close()
    assert await kept(path) == written + 1


async def test_a_disk_that_is_full_from_the_start(disk: Any) -> None:
    database = Database(disk.place / "history.db")
    ballast = disk.fill()
    with pytest.raises(TillkeeperError, match="the disk is full"):
        await database.open()
    ballast.unlink()
    assert await database.open() is None
    await CheckHistory(database).add_change(CHANGE)
    await database.close()


async def test_a_read_only_disk_is_told_and_forgotten_when_it_can_be_written(disk: Any) -> None:
    path = disk.place / "history.db"
    await keep_one(path)
    disk.remount("ro")
    database = Database(path)
    with pytest.raises(TillkeeperError, match=r"history\.db cannot be written"):
        await CheckHistory(database).add_change(CHANGE)
    disk.remount("rw")
    await CheckHistory(database).add_change(CHANGE)
    await database.close()
    assert await kept(path) == 2


async def test_another_writer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.storage.database._BUSY", 0.1)
    path = tmp_path / "history.db"
    await keep_one(path)
    database = Database(path)
    await database.open()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Busy, match="another program holds"):
            await CheckHistory(database).add_change(CHANGE)
    await CheckHistory(database).add_change(CHANGE)
    await database.close()


async def test_closing_waits_for_what_was_begun_but_not_for_ever(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    database = Database(path)
    await database.open()
    writes = [asyncio.ensure_future(CheckHistory(database).add_change(CHANGE)) for _ in range(5)]
    await asyncio.sleep(0)
    await database.close()
    await asyncio.gather(*writes)
    assert await kept(path) == 5

    stuck, release = Database(path), threading.Event()
    work = asyncio.ensure_future(stuck.run(lambda _: release.wait(30)))
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await stuck.close(timeout=0.05)
    release.set()
    assert await work


WRITER = """
import asyncio, sys
from pathlib import Path
from datetime import UTC, datetime
from console.domain.check import CheckResult, LightChange
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import Subject
from console.storage.database import Database
from console.storage.history import CheckHistory

async def main():
    database = Database(Path(sys.argv[1]))
    assert await database.open() is None
    history = CheckHistory(database)
    now = datetime.now(UTC)
    for number in range(100_000):
        finding = Finding(Subject("printer", f"{sys.argv[2]}-{number}"), Light.OK)
        await history.add_change(LightChange(now, finding, None))
        print(number, flush=True)

asyncio.run(main())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
async def test_a_pulled_plug_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    path = tmp_path / "history.db"
    chance = random.Random()
    acknowledged: set[str] = set()
    for run in range(5):
        acknowledged |= await asyncio.to_thread(write_and_be_killed, path, run, chance)
        database = Database(path)
        assert await database.open() is None
        there = {subject for _, subject, _, _ in await CheckHistory(database).changes(100_000)}
        await database.close()
        assert acknowledged <= there
        assert len(acknowledged) > run


def write_and_be_killed(path: Path, run: int, chance: random.Random) -> set[str]:
    """Subjects of the changes that a process had acknowledged when it was killed in the midst of others."""
    command = [sys.executable, "-c", WRITER, str(path), str(run)]
    stop_after = chance.randrange(1, 40)
    acknowledged = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        watchdog = threading.Timer(60, writer.kill)
        watchdog.start()
        for line in writer.stdout:
            acknowledged.append(f"printer:{run}-{line.strip()}")
            if len(acknowledged) == stop_after:
                threading.Timer(chance.random() / 20, writer.send_signal, (signal.SIGKILL,)).start()
        watchdog.cancel()
    assert writer.returncode == -signal.SIGKILL
    return set(acknowledged)
