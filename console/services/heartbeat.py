"""Measures how long the loop was ever held up."""

from __future__ import annotations

import asyncio
import logging
import time

BEAT = 0.2  # seconds between two beats: often enough to meet a stall, seldom enough to cost nothing
NOTED = 0.25  # a stall that a person feels

log = logging.getLogger(__name__)


class Heartbeat:
    """Beats on the loop; `longest` is the longest stall so far in seconds."""

    def __init__(self, beat: float = BEAT) -> None:
        self.longest = 0.0
        self._beat_seconds = beat
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin on the running loop."""
        self._task = asyncio.create_task(self._beat(), name="heartbeat")

    async def stop(self) -> None:
        """Stop beating; `longest` stays."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _beat(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(self._beat_seconds)
            stall = time.monotonic() - before - self._beat_seconds
            self.longest = max(self.longest, stall)
            if stall > NOTED:
                log.warning("the window was held up for %.2f s", stall)
