"""A printer whose line is held: it tells changes unasked, and whoever looks or prints shares the line.

The simulators serve one client at a time, as most real printers do: a second connection would hang.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Any

import pytest

from console.domain.evidence import Evidence, signs_of
from console.domain.lights import Light
from console.domain.ports import Pusher
from console.drivers.printer.driver import Turn
from tests.contract.families import benches

pytestmark = pytest.mark.parametrize("bench", benches(lambda family: family.pushes), indirect=True)
Pushes = AsyncGenerator[Sequence[Evidence], None]


async def following(pushes: Pushes, seconds: float = 10.0) -> Sequence[Evidence]:
    async with asyncio.timeout(seconds):
        return await anext(pushes)


async def settled(pushes: Pushes, true: Callable[[Sequence[Evidence]], bool]) -> None:
    """Follow the pushes until one is as it should be: several bits may change one after the other."""
    while not true(await following(pushes)):
        pass


def verdict(judged: Any, seen: Sequence[Evidence]) -> tuple[Light, str | None]:
    finding = judged("printer", seen)
    return finding.light, finding.cause


async def test_a_change_is_told_without_being_asked_for(bench: Any, judged: Any) -> None:
    driver = bench.driver(hold=True)
    assert isinstance(driver, Pusher)
    async with aclosing(driver.pushes()) as pushes:
        assert judged("printer", await following(pushes)).light is Light.OK
        for fault in bench.family.stopping:
            bench.sim.set_fault(fault)
            while verdict(judged, await following(pushes)) != bench.family.states[fault]:
                pass
            bench.sim.set_fault(fault, False)
            await settled(pushes, lambda seen: judged("printer", seen).light is Light.OK)


async def test_one_that_stands_still_when_it_is_taken_tells_when_it_goes_on(bench: Any, judged: Any) -> None:
    """It reads the request to tell only then: a line given up meanwhile would never hear of it."""
    turn = Turn()
    bench.sim.set_fault("cover_open")
    async with aclosing(bench.driver(hold=True, turn=turn).pushes()) as pushes:
        assert verdict(judged, await following(pushes)) == bench.family.states["cover_open"]
        held = turn.held
        assert held is not None
        bench.sim.set_fault("cover_open", False)
        await settled(pushes, lambda seen: judged("printer", seen).light is Light.OK)
        assert turn.held is held


async def test_looks_and_pages_use_the_held_line(bench: Any, judged: Any, page: Any) -> None:
    turn = Turn()
    driver, other = bench.driver(hold=True, turn=turn), bench.driver(turn=turn)
    async with aclosing(driver.pushes()) as pushes:
        await following(pushes)
        held = turn.held
        assert held is not None
        (proof, _), seen, (identity, _) = await asyncio.gather(
            driver.print_test_page(page, lambda words: None), other.examine(), other.identify()
        )
        assert proof.grade is bench.family.best
        assert judged("printer", seen).light is Light.OK
        assert identity
        assert turn.held is held
        bench.sim.set_fault("cover_open")  # the page began with a reset; the pushes go on all the same
        await settled(pushes, lambda seen: judged("printer", seen).cause == "printer.cover_open")


async def test_a_line_that_breaks_is_told_and_taken_anew(bench: Any, judged: Any) -> None:
    async with aclosing(bench.driver(hold=True).pushes()) as pushes:
        await following(pushes)
        await bench.sim.unplug()
        await settled(pushes, lambda seen: judged("printer", seen).light in (Light.FAULT, Light.UNKNOWN))
        await bench.sim.plug_in()
        await settled(pushes, lambda seen: judged("printer", seen).light is Light.OK)
        bench.sim.set_fault("cover_open")
        await settled(pushes, lambda seen: judged("printer", seen).cause == "printer.cover_open")


async def test_a_line_that_owes_an_answer_is_given_up(bench: Any, judged: Any) -> None:
    """The late answer comes on a line that nobody listens to any more, so it misleads nobody."""
    turn = Turn()
    driver = bench.driver(answer_seconds=0.15, hold=True, turn=turn)
    async with aclosing(driver.pushes()) as pushes:
        await following(pushes)
        held = turn.held
        bench.sim.set_fault("mute")
        assert judged("printer", await driver.examine()).light is Light.UNKNOWN
        assert turn.held is not held
        bench.sim.set_fault("mute", False)
        await settled(pushes, lambda seen: judged("printer", seen).light is Light.OK)


async def test_what_is_not_to_be_held_is_not(bench: Any) -> None:
    assert [each async for each in bench.driver().pushes()] == []
    assert not bench.sim.connected


async def test_the_end_lets_the_line_go(bench: Any, judged: Any) -> None:
    turn = Turn()
    async with aclosing(bench.driver(hold=True, turn=turn).pushes()) as pushes:
        await following(pushes)
    assert turn.held is None
    seen = await bench.driver().examine()
    assert judged("printer", seen).light is Light.OK
    assert signs_of(seen)
