"""The history's database: SQLite, embedded, all of it on one thread of its own."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

from console.domain.errors import Busy, TillkeeperError
from console.domain.words import Words, say
from console.platforms.files import resource
from console.storage.files import put_aside, write_refused

_log = logging.getLogger(__name__)
T = TypeVar("T")

REVISIONS = (
    "0001",
    "0002",
)  # as in migrations/versions, oldest first; known here so that alembic is not needed
_BUSY = 5.0  # seconds to wait for another process that writes
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")
_TIGHT = 1 << 16  # bytes free below which an input/output error is a full disk


class Database:
    """The database in `path`, opened at its first use.

    `note` tells a person what became of a damaged file, None when all is well. A trouble (disk full,
    read-only, made by a newer version) is a TillkeeperError of the call; the next call tries again.
    """

    def __init__(self, path: Path) -> None:
        self.note: Words | None = None
        self._path = path
        self._file: sqlite3.Connection | None = None
        self._closed = False
        self._thread = ThreadPoolExecutor(1, "database")

    async def open(self) -> Words | None:
        """Open, check and bring up to date; returns `note`."""
        await self._on_thread(self._opened)
        return self.note

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What `work` returns, done on the database's thread in one transaction."""
        return await self._on_thread(lambda: self._in_transaction(self._opened(), work))

    async def read(self, query: str, *values: object) -> list[Any]:
        """The rows of one SELECT."""
        return await self._on_thread(lambda: self._rows(query, values))

    async def close(self, timeout: float = 5.0) -> None:
        """Finish what was begun and let go of the file; waits at most `timeout` seconds."""
        if self._closed:
            return
        self._closed = True
        closed = asyncio.get_running_loop().run_in_executor(self._thread, self._dispose)
        self._thread.shutdown(wait=False)
        done, _ = await asyncio.wait([closed], timeout=timeout)
        if not done:
            _log.warning("the database was still busy after %s s", timeout)

    async def _on_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _rows(self, query: str, values: Sequence[object]) -> list[Any]:
        file = self._opened()
        try:
            return file.execute(query, values).fetchall()
        except sqlite3.Error as error:
            raise _refusal(self._path, error) from error

    def _in_transaction(self, file: sqlite3.Connection, work: Callable[[sqlite3.Connection], T]) -> T:
        try:
            file.execute("BEGIN IMMEDIATE")
            try:
                done = work(file)
                file.execute("COMMIT")
            finally:
                if file.in_transaction:
                    file.execute("ROLLBACK")
        except sqlite3.Error as error:
            raise _refusal(self._path, error) from error
        return done

    def _opened(self) -> sqlite3.Connection:
        if self._file is None:
            revision = self._revision()
            if revision is not None and revision not in REVISIONS:
                raise TillkeeperError(
                    say(
                        "{path} was made by a newer version (schema {revision}) and is left as it is;"
                        " update this program, or choose another folder with TILLKEEPER_HOME",
                        path=str(self._path),
                        revision=revision or "?",
                    ),
                    "newer_database",
                )
            file = self._connect()
            try:
                if revision is None:
                    self._in_transaction(file, _begin)
                elif revision != REVISIONS[-1]:
                    self._upgrade(file)
            except BaseException:
                file.close()
                raise
            self._file = file
        return self._file

    def _revision(self) -> str | None:
        """The schema's version in a healthy file, None for a new one, "" for another program's.

        A damaged file is put aside, and counts as a new one.
        """
        if not self._path.exists():
            return None
        try:
            with closing(
                sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", _BUSY, uri=True)
            ) as file:
                if file.execute("PRAGMA quick_check(1)").fetchone() == ("ok",):
                    return _recorded_revision(file)
        except sqlite3.Error as error:
            if not _is_damage(error):
                raise _refusal(self._path, error) from error
        self._put_aside()
        return None

    def _put_aside(self) -> None:
        aside = put_aside(self._path)
        for companion in ("-wal", "-shm"):  # what is in them may help to save something from the damaged file
            left = self._path.with_name(self._path.name + companion)
            try:
                left.rename(aside.with_name(aside.name + companion))
            except FileNotFoundError:
                continue
            except OSError as error:
                raise write_refused(left, error) from error
        self.note = say(
            "The history in {path} was damaged. It is kept as {aside}, and a new one was begun."
            " The store's set-up and the emergency plan are not touched.",
            path=str(self._path),
            aside=aside.name,
        )

    def _connect(self) -> sqlite3.Connection:
        with suppress(OSError):  # what is wrong with the place shows when it is used
            self._path.touch(mode=0o600, exist_ok=True)
        file: sqlite3.Connection | None = None
        try:
            # No level: else the library begins transactions too late for CREATE TABLE.
            file = sqlite3.connect(self._path, _BUSY, isolation_level=None)
            for pragma in _PRAGMAS:
                file.execute(f"PRAGMA {pragma}")
            # Whoever cannot write is told now, not when there is something to keep.
            file.executescript("BEGIN IMMEDIATE; COMMIT")
        except sqlite3.Error as error:
            if file is not None:
                file.close()
            raise _refusal(self._path, error) from error
        return file

    def _upgrade(self, file: sqlite3.Connection) -> None:
        from sqlalchemy.exc import DBAPIError

        try:
            upgrade(file)
        except DBAPIError as error:
            raise _refusal(self._path, error.orig) from error

    def _dispose(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None


def _begin(file: sqlite3.Connection) -> None:
    """Make every table in a new file at once: the steps that lead there would cost each start a library."""
    if _recorded_revision(file) is None:  # else another process was first
        for statement in resource("schema.sql").read_text("utf-8").split(";\n"):
            file.execute(statement)


def upgrade(file: sqlite3.Connection) -> None:
    """Bring an older file's tables up to date in one transaction; DBAPIError where it cannot be."""
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import Connection, StaticPool, create_engine, event

    engine = create_engine("sqlite+pysqlite://", poolclass=StaticPool, creator=lambda: file)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    config = Config()
    place = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", place.replace("%", "%%"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _recorded_revision(file: sqlite3.Connection) -> str | None:
    tables = {name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" in tables:
        row = file.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else ""
    return "" if tables else None


def _is_damage(error: BaseException | None) -> bool:
    return _code(error) in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _code(error: BaseException | None) -> int:
    """SQLite's primary result code (sqlite.org/rescode.html)."""
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)) & 0xFF


def _is_read_only(folder: Path) -> bool:
    """True for a disk that takes no writing at all; SQLite only says that it cannot open its file."""
    with suppress(OSError, AttributeError):  # Windows has no statvfs
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    return False


def _refusal(path: Path, error: BaseException | None) -> TillkeeperError:
    """What to tell a person when SQLite cannot do its work."""
    code = _code(error)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return Busy(say("another program holds {path}; close it and try again", path=str(path)))
    if _is_damage(error):
        return TillkeeperError(
            say(
                "{path} is damaged; start this program again: it keeps the file and begins a new one",
                path=str(path),
            ),
            "damaged_database",
        )
    if code == sqlite3.SQLITE_IOERR and shutil.disk_usage(path.parent).free < _TIGHT:
        code = sqlite3.SQLITE_FULL
    if code == sqlite3.SQLITE_CANTOPEN and _is_read_only(path.parent):
        code = sqlite3.SQLITE_READONLY
    reasons = {
        sqlite3.SQLITE_FULL: errno.ENOSPC,
        sqlite3.SQLITE_READONLY: errno.EROFS,
        sqlite3.SQLITE_CANTOPEN: errno.EACCES,
        sqlite3.SQLITE_PERM: errno.EACCES,
    }
    return write_refused(path, OSError(reasons.get(code, 0), str(error)))
