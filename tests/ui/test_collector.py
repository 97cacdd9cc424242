"""Dead cycles die on the window's thread."""

from __future__ import annotations

import asyncio
import gc
import threading
import weakref

from console.ui.collector import Collector
from tests.ui.conftest import Until


class Circle:
    """Holds itself alive until somebody searches for dead cycles, and notes on which thread it died."""

    def __init__(self, died_on: list[int]) -> None:
        self.itself = self
        weakref.finalize(self, lambda: died_on.append(threading.get_ident()))


def allocate_much() -> list[list[object]]:
    """What makes the interpreter search by itself, on the thread that does it."""
    return [[] for _ in range(20_000)]


async def test_cycles_die_here_even_when_other_threads_allocate(until: Until) -> None:
    collector = Collector()
    died_on: list[int] = []
    try:
        Circle(died_on)
        kept = await asyncio.to_thread(allocate_much)
        assert died_on == []
        await until(lambda: died_on)
        assert died_on == [threading.get_ident()]
        assert kept
    finally:
        collector.stop()
    assert gc.isenabled()
