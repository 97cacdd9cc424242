"""The self-test of a customer display: it shows two lines and then every dot, and a person looks."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Ask, Clock, DisplayDriver, Report
from console.domain.words import Words, say

SHOWN_SECONDS = 3.0  # each picture, where nobody is asked
_CLEAR_SECONDS = 1.0

_UNTOLD = ("display.not_told", say("Nobody said what the display shows"))
_PASSED = {"display.seen": True, "display.not_told": None}  # whatever else was seen is a failure


async def show_through(
    driver: DisplayDriver, ask: Ask | None, clock: Clock, report: Report, code: str
) -> tuple[list[Evidence], bool | None]:
    """Evidence, and whether the display passed, which only a person can say. The line's errors.

    The display is left empty, also when the test is cancelled.
    """
    begun = clock.seconds()
    try:
        sign, words = await _shown(driver, ask, report, code)
    finally:
        with suppress(TillkeeperError, TimeoutError):
            async with asyncio.timeout(_CLEAR_SECONDS):
                await driver.clear()
    seconds = round(clock.seconds() - begun, 6)
    seen = Evidence("display.looked_at", "", words, clock.now(), seconds, frozenset({sign}))
    return [seen], _PASSED.get(sign, False)


async def _shown(driver: DisplayDriver, ask: Ask | None, report: Report, code: str) -> tuple[str, Words]:
    """The sign of what the person saw, and its words."""
    upper, lower = ("收银守护 测试" if driver.chinese else "Tillkeeper test"), code
    report(say("Showing two lines: {upper} / {lower}", upper=upper, lower=lower))
    await driver.show(upper, lower)
    right = await _answer(
        ask, say('Does the display show "{upper}" and below it "{lower}"?', upper=upper, lower=lower)
    )
    if right is False:
        if await _answer(ask, say("Does it show anything else instead?")):
            return "display.garbled", say("The display shows something else than was sent")
        return "display.not_seen", say("The display shows nothing")
    report(say("Lighting every dot"))
    await driver.light_all()
    lit = await _answer(ask, say("Are all dots of both lines lit?"))
    if lit is False:
        return "display.dead_dots", say("Dots of the display stay dark")
    if right and lit:
        return "display.seen", say("The person saw both lines and every dot")
    return _UNTOLD


async def _answer(ask: Ask | None, question: Words) -> bool | None:
    """The person's answer; where there is nobody, the picture stands for a moment all the same."""
    if ask is not None:
        return await ask(question)
    await asyncio.sleep(SHOWN_SECONDS)
    return None
