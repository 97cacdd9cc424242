"""Work beside the loop: a thread each at a time, and no more of them than work needs."""

from __future__ import annotations

import asyncio
import threading

import pytest

from console.platforms import threads
from console.platforms.threads import begin, in_thread
from tests.waiting import until


async def test_one_after_the_other_takes_the_same_thread() -> None:
    await in_thread(threading.get_ident)
    before = set(threading.enumerate())
    for _ in range(20):
        await until(lambda: threads._waiting)  # somebody is free
        assert await in_thread(threading.current_thread) in before


async def test_many_at_once_have_a_thread_each_and_few_stay() -> None:
    count = 5 * threads._MOST
    gate = threading.Barrier(count)
    async with asyncio.timeout(60):
        numbers = await asyncio.gather(*(in_thread(gate.wait) for _ in range(count)))
    assert sorted(numbers) == list(range(count))  # all of them stood at the gate together

    def left() -> list[threading.Thread]:
        return [each for each in threading.enumerate() if "gate" in each.name or "Barrier" in each.name]

    await until(lambda: not left())
    assert len(threads._waiting) <= 2 * threads._MOST


async def test_a_trouble_is_raised_where_it_is_awaited_and_its_thread_serves_on() -> None:
    def fail() -> None:
        raise LookupError("gone")

    for _ in range(3):
        with pytest.raises(LookupError, match="gone"):
            await in_thread(fail)
    assert await in_thread(lambda: 7) == 7


async def test_a_thread_bears_the_name_of_its_work() -> None:
    named, done = [], threading.Event()

    def work() -> None:
        named.append(threading.current_thread().name)
        done.set()

    begin("serial COM3", work)
    await until(done.is_set)
    assert named == ["serial COM3"]
