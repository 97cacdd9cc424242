"""Blocking questions beside the loop."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")


async def in_thread(function: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """What `function` returns or raises, called in a thread of its own.

    Not the loop's own pool: its few workers would make two hundred silent backends wait for each
    other, and the program's end would wait for them. A cancelled caller leaves the thread to its bound.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[_T] = loop.create_future()

    def settle(result: _T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # None only where _T holds it

    def work() -> None:
        result, error = None, None
        try:
            result = function(*args, **kwargs)
        except Exception as raised:  # noqa: BLE001 - it is raised again where it is awaited
            error = raised
        with suppress(RuntimeError):  # the loop has gone, and with it who asked
            loop.call_soon_threadsafe(settle, result, error)

    threading.Thread(target=work, name=f"ask {function.__qualname__}", daemon=True).start()
    return await future
