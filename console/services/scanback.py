"""Waiting for a printed code to come back through a scanner of the store: each proves the other."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from contextvars import Context
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import ScannerDriver
from console.domain.scan import Scan, compare
from console.domain.subjects import Subject
from console.services.resumed import resumed
from console.services.roster import Roster

ECHO_WAIT = 0.7  # seconds in which a second arrival is the same pull of the trigger
_READY_WAIT = 2.0  # seconds that a scanner's port may take to open before the page goes out without it

# The printed code was read whole, whatever the scanner did around it.
_WHOLE = frozenset({"scan.matches", "scan.double", "scan.case_swapped", "scan.layout", "scan.prefix"})
_BESIDE = frozenset({"scan.slow", "scanner.scanned"})


@dataclass(frozen=True, slots=True)
class CameBack:
    """Which scanner read the code, and what the scan showed of it."""

    scanner: Subject
    evidence: Evidence

    @property
    def signs(self) -> str:
        """What the scan showed, separated by spaces."""
        return " ".join(sorted(self.evidence.signs - {"scanner.scanned"}))


class ScanBack:
    """An async context that listens on every scanner that can be heard; other codes pass unnoticed.

    `keys` says whether the keys of a scanner that types arrive here at all.
    """

    def __init__(self, roster: Roster, code: str, keys: bool) -> None:
        self._code = code
        self._scanners = {
            subject: examiner
            for subject, examiner in roster.examiners.items()
            if subject.kind == "scanner"
            and isinstance(examiner, ScannerDriver)
            and (keys or not hasattr(examiner, "typed"))
        }
        self._ready: asyncio.Queue[bool] = asyncio.Queue()
        self._scans: asyncio.Queue[tuple[Subject, Scan]] = asyncio.Queue()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        """Listen before anything is printed; a scanner that another program holds is not heard."""
        for subject, driver in self._scanners.items():
            # In a context of its own: what is said with the scanner is no part of the printer's recording.
            task = asyncio.create_task(
                self._listen(subject, driver), name=f"scan back {subject}", context=Context()
            )
            self._tasks.add(task)
        try:
            async with asyncio.timeout(_READY_WAIT):
                for _ in self._scanners:
                    await self._ready.get()
        except TimeoutError:
            pass
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let every scanner go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def listening(self) -> bool:
        """Whether any scanner is heard."""
        return any(not task.done() for task in self._tasks)

    async def came(self, seconds: float, skip: asyncio.Event) -> CameBack | None:
        """The scan of the code; None after `seconds`, or when `skip` is set."""
        found, skipped = asyncio.create_task(self._found()), asyncio.create_task(skip.wait())
        try:
            await asyncio.wait({found, skipped}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            return found.result() if found.done() else None
        finally:
            found.cancel()
            skipped.cancel()

    async def _found(self) -> CameBack:
        while True:
            subject, scan = await self._scans.get()
            if not compare(self._code, scan, scan.suffix).signs - _BESIDE <= _WHOLE:
                continue  # somebody sells meanwhile
            scan = await with_its_echo(scan, self._next_of(subject))
            return CameBack(subject, compare(self._code, scan, self._scanners[subject].suffix))

    def _next_of(self, subject: Subject) -> Callable[[], Awaitable[Scan]]:
        async def following() -> Scan:
            while (pair := await self._scans.get())[0] != subject:
                pass
            return pair[1]

        return following

    async def _listen(self, subject: Subject, driver: ScannerDriver) -> None:
        try:
            heard = resumed(driver, lambda: self._ready.put_nowait(True), lambda: None)
            async with aclosing(heard) as scans:
                async for scan in scans:
                    self._scans.put_nowait((subject, scan))
        except TillkeeperError:
            self._ready.put_nowait(False)  # the scanner's own light tells why


async def with_its_echo(first: Scan, following: Callable[[], Awaitable[Scan]]) -> Scan:
    """`first`; where the same code follows at once, both as one: a double read."""
    try:
        async with asyncio.timeout(ECHO_WAIT):
            second = await following()
    except TimeoutError:
        return first
    return replace(first, text=first.text * 2) if second.text == first.text else first
