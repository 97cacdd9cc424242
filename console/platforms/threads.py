"""Blocking questions beside the loop."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_T = TypeVar("_T")

_MOST = 12  # threads that wait for work
_Inbox = SimpleQueue[tuple[str, Callable[[], None]]]
_waiting: deque[_Inbox] = deque()


def begin(name: str, work: Callable[[], None]) -> None:
    """Do `work`, which raises nothing, in a thread for itself: one that waits for work, or a new one.

    To begin a thread the loop must wait for its first breath, a millisecond while others are busy.
    """
    try:
        inbox = _waiting.pop()
    except IndexError:
        inbox = SimpleQueue()
        threading.Thread(target=_serve, args=(inbox,), daemon=True).start()
    inbox.put((name, work))


def _serve(inbox: _Inbox) -> None:
    me = threading.current_thread()
    while True:
        me.name, work = inbox.get()
        work()
        del work  # and what it holds, while nobody knows when there is more to do
        if len(_waiting) >= _MOST:
            return
        me.name = "waits for work"
        _waiting.append(inbox)


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

    begin(f"ask {function.__qualname__}", work)
    return await future
