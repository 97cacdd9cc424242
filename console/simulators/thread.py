"""One background thread with its own event loop that hosts several simulators.

So a window's loop does not carry them, and a test can drive them from blocking code.
"""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from types import TracebackType
from typing import Any, Self, TypeVar, overload

from console.simulators.base import Simulator

_T = TypeVar("_T")
_S = TypeVar("_S", bound=Simulator)

BOUND = 10.0  # seconds that a call may take


class SimulatorThread:
    """Start it, `host` simulators, `call` their methods from any other thread, stop it."""

    def __init__(self, name: str = "simulators") -> None:
        self._hosted: list[Simulator] = []
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.close()

    def start(self) -> Self:
        """Start the thread, once."""
        self._loop = asyncio.new_event_loop()
        self._thread.start()
        return self

    def host(self, simulator: _S, timeout: float = BOUND) -> _S:
        """Open a simulator in the thread and close it at the end; OSError where it cannot be opened."""
        self.call(simulator.open, timeout=timeout)
        self._hosted.append(simulator)
        return simulator

    def submit(self, function: Callable[..., Any], *args: Any) -> Future[Any]:
        """Run a function or coroutine function in the thread; a future for its result, without waiting."""

        async def run() -> Any:
            result = function(*args)
            return await result if inspect.isawaitable(result) else result

        return asyncio.run_coroutine_threadsafe(run(), self._loop)

    @overload
    def call(self, function: Callable[..., Awaitable[_T]], *args: Any, timeout: float = BOUND) -> _T: ...
    @overload
    def call(self, function: Callable[..., _T], *args: Any, timeout: float = BOUND) -> _T: ...
    def call(self, function: Callable[..., Any], *args: Any, timeout: float = BOUND) -> Any:
        """The same, and wait for the result, from another thread; TimeoutError after `timeout` seconds."""
        future = self.submit(function, *args)
        try:
            return future.result(timeout)
        finally:
            future.cancel()

    def stop(self, timeout: float = BOUND) -> None:
        """Close every simulator and end the thread, within about `timeout` seconds; harmless when stopped."""
        if not self._thread.is_alive():
            return
        try:
            self.call(self._close_all, timeout=timeout)
        finally:
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout)

    async def _close_all(self) -> None:
        while self._hosted:
            await self._hosted.pop().close()
        rest = asyncio.all_tasks() - {asyncio.current_task()}
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self._loop.shutdown_default_executor()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
