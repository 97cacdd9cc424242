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
        """Runs `func` on the spot: a thread would work in real time, past which the timers jump."""
        future: asyncio.Future[T] = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - whoever awaits it gets it
            future.set_exception(error)
        return future


class _Jumping(selectors.SelectSelector):
    """Waits only where no timer is set: then another thread may still wake the loop."""

    def __init__(self, loop: QuickLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        """What is ready now; else the time goes on by `timeout` seconds."""
        ready = super().select(None if timeout is None else 0)
        if not ready and timeout:
            self._loop.jump(timeout)
        return ready
