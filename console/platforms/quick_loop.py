"""A loop for work that waits for nobody: where all wait for a time, that time has come."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

T = TypeVar("T")

_LATE = 1e-6  # seconds; real timers are late too, and programs rely on their being never early


class QuickLoop(asyncio.SelectorEventLoop):
    """Its time begins at 0 and jumps to the next timer; a minute's wait is over at once."""

    def __init__(self) -> None:
        self._elapsed = 0.0
        self._in_threads = 0
        super().__init__(_Jumping(self))

    def time(self) -> float:
        """Seconds since the loop's beginning, as its timers see them."""
        return self._elapsed

    def jump(self, seconds: float) -> None:
        """Let so much time pass."""
        self._elapsed += seconds + _LATE

    def run_in_executor(
        self, executor: Executor | None, func: Callable[..., T], *args: object
    ) -> asyncio.Future[T]:
        """As ever; but no timer runs out before the thread is done, which works in real time."""
        future = super().run_in_executor(executor, func, *args)
        self._in_threads += 1
        future.add_done_callback(self._thread_done)
        return future

    @property
    def waits_for_threads(self) -> bool:
        """Whether a thread still works for this loop; it wakes the loop when it is done."""
        return self._in_threads > 0

    def _thread_done(self, _: asyncio.Future[T]) -> None:
        self._in_threads -= 1


class _Jumping(selectors.SelectSelector):
    """Waits where no timer is set, or a thread works: then another thread may still wake the loop."""

    def __init__(self, loop: QuickLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; else the time goes on by `timeout` seconds."""
        if timeout and self._loop.waits_for_threads:
            timeout = None
        ready = super().select(None if timeout is None else 0)
        if not ready and timeout:
            self._loop.jump(timeout)
        return ready
