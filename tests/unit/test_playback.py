"""Playing a recording back: what ends it, and how its time goes."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import pytest

from console.app.playback import played
from console.platforms.quick_loop import QuickLoop
from console.services.options import Options
from console.storage.recording import parse_recording
from tests.recorded import EVENTS, HEADER, RECORDING, content


class Patient:
    """A driver that waits for what never comes."""

    async def examine(self) -> Any:
        await asyncio.get_running_loop().create_future()


def test_a_program_that_waits_for_ever_ends_as_a_departure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.app.playback.open_driver", lambda *_: Patient())
    again = played(parse_recording(RECORDING, "it.jsonl"), Options(language="en"))
    assert again.result is None
    assert [str(each.words) for each in again.departures] == [
        "This program waits for something that the recording does not hold"
    ]


def test_the_language_is_the_store_s_unless_another_is_asked_for() -> None:
    recording = parse_recording(RECORDING, "it.jsonl")
    assert played(recording, Options()).language.code == "en"
    assert played(recording, Options(language="zh_CN")).language.code == "zh_CN"


def test_a_newer_verdict_than_that_of_then_is_told() -> None:
    events = [*EVENTS[:-1], {**EVENTS[-1], "cause": "printer.no_answer"}]
    assert played(parse_recording(RECORDING, "it.jsonl"), Options()).same is True
    assert played(parse_recording(content(HEADER, *events), "it.jsonl"), Options()).same is False


def test_the_loop_s_time_jumps_to_each_timer_in_turn_and_never_before_it() -> None:
    woken: list[tuple[float, float]] = []

    async def wait(seconds: float) -> None:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await asyncio.sleep(seconds)
        woken.append((seconds, loop.time() - began))

    async def work() -> None:
        async with asyncio.TaskGroup() as group:
            for seconds in (3600.0, 0.1, 15.0, 1e-4, 1 / 3):
                group.create_task(wait(seconds))

    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        runner.run(work())
    assert [seconds for seconds, _ in woken] == [1e-4, 0.1, 1 / 3, 15.0, 3600.0]
    assert all(seconds <= waited < seconds + 1e-4 for seconds, waited in woken)


def test_another_thread_still_wakes_the_loop() -> None:
    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        assert runner.run(asyncio.to_thread(lambda: 7)) == 7


def test_no_timer_runs_out_while_a_thread_works() -> None:
    go = threading.Event()

    async def work() -> str:
        beside = asyncio.create_task(asyncio.to_thread(go.wait, 10))
        await asyncio.sleep(0)  # the thread has begun
        asyncio.get_running_loop().call_soon(go.set)
        async with asyncio.timeout(3600):
            return "done" if await beside else "never"

    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        assert runner.run(work()) == "done"


def test_a_thread_that_fails_tells_who_waits_for_it() -> None:
    with asyncio.Runner(loop_factory=QuickLoop) as runner, pytest.raises(ZeroDivisionError):
        runner.run(asyncio.to_thread(lambda: 1 // 0))
