"""Keeps the lights alive: one poller a subject, faster while something is wrong, and one listener."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import aclosing, suppress

from console.domain.lights import Light
from console.domain.ports import Pusher
from console.domain.subjects import Subject
from console.services.check import CheckService, Failed

CALM = 15.0  # seconds between two looks at a subject that is well
ALERT = 4.0  # and at one that is not


class Monitor:
    """Asks every subject again and again until it is stopped; findings go to the board.

    `failed` takes what should not have been raised.
    """

    def __init__(
        self,
        check: CheckService,
        subjects: Sequence[Subject],
        failed: Failed,
        calm: float = CALM,
        alert: float = ALERT,
    ) -> None:
        self._check = check
        self._subjects = subjects
        self._failed = failed
        self._calm = calm
        self._alert = alert
        self._tasks: list[asyncio.Task[None]] = []
        self._wakes: dict[Subject, asyncio.Event] = {each: asyncio.Event() for each in subjects}

    def look_now(self, subjects: Sequence[Subject]) -> None:
        """Look at these at once instead of when their time comes; at others than the monitor's, never."""
        for each in subjects:
            if each in self._wakes:
                self._wakes[each].set()

    def start(self) -> None:
        """Begin on the running loop; the first look at every subject happens at once."""
        for each in self._subjects:
            self._tasks.append(asyncio.create_task(self._watch(each), name=f"watch {each}"))
            if (pusher := self._check.pusher(each)) is not None:
                self._tasks.append(asyncio.create_task(self._listen(each, pusher), name=f"hear {each}"))

    async def stop(self) -> None:
        """Stop and wait until every device is let go."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def _watch(self, subject: Subject) -> None:
        while True:
            self._wakes[subject].clear()
            light = await self._look(subject)
            if light is Light.OFF:
                return
            with suppress(TimeoutError):
                async with asyncio.timeout(self._calm if light is Light.OK else self._alert):
                    await self._wakes[subject].wait()

    async def _listen(self, subject: Subject, pusher: Pusher) -> None:
        try:
            async with aclosing(pusher.pushes()) as pushes:
                async for evidence in pushes:
                    self._check.take(subject, evidence)
        except Exception as error:  # noqa: BLE001 - nobody awaits this task: its end would stay unheard
            self._failed(error, f"listening to {subject}")

    async def _look(self, subject: Subject) -> Light:
        try:
            return (await self._check.examine(subject)).light
        except Exception as error:  # noqa: BLE001 - a poller that died would leave its light green for ever
            self._failed(error, f"watching {subject}")
            return Light.UNKNOWN
