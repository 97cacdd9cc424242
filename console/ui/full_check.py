"""The one full check that may run at a time; it goes on while pages are built anew."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from console.domain.check import CheckResult
from console.services.check import CheckService
from console.services.jobs import Job, Step


class FullCheck(QObject):
    """`changed` when it begins, goes on or ends; `finished` carries the CheckResult unless cancelled."""

    changed = Signal()
    finished = Signal(object)

    def __init__(self, check: CheckService, report: Callable[[BaseException, str], None]) -> None:
        super().__init__()
        self._check = check
        self._report = report
        self._job: Job[CheckResult] | None = None
        self._follower: asyncio.Task[None] | None = None
        self.last: CheckResult | None = None  # since the program started

    @property
    def step(self) -> Step | None:
        """How far the running check is; None while none runs."""
        return self._job.step if self._job else None

    def start(self) -> None:
        """Begin, unless one is running. Needs a running loop."""
        if self._job is None:
            self._job = self._check.start()
            self._follower = asyncio.ensure_future(self._follow(self._job))
            self._follower.add_done_callback(self._ended)
            self.changed.emit()

    def cancel(self) -> None:
        """Stop the running check; devices are let go of within moments."""
        if self._job is not None:
            self._job.cancel()

    async def close(self) -> None:
        """Stop, and wait until nothing runs."""
        self.cancel()
        if self._follower is not None:
            await asyncio.gather(self._follower, return_exceptions=True)

    async def _follow(self, job: Job[CheckResult]) -> None:
        async for _ in job.steps():
            self.changed.emit()
        self.last = await job.result()
        self.finished.emit(self.last)

    def _ended(self, follower: asyncio.Task[None]) -> None:
        self._job = None
        if not follower.cancelled() and (error := follower.exception()) is not None:
            self._report(error, "full check")
        self.changed.emit()
