"""The self-test of a scale: a person puts something on it and takes it off, and the weight must follow."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from console.domain.evidence import Evidence
from console.domain.ports import Ask, Clock, Report, ScaleDriver
from console.domain.weighing import Weighing
from console.domain.words import Words, say


@dataclass(frozen=True, slots=True)
class _Step:
    """What the person does, how the scale shows it, and what it means if they did and it does not."""

    words: Words
    shows: Callable[[Weighing], bool]
    question: Words  # whether the person did it, when the scale does not show it
    sign: str
    meaning: Words


def _empty(weighing: Weighing) -> bool:
    return weighing.settled and weighing.weight == 0


def _loaded(weighing: Weighing) -> bool:
    return weighing.settled and weighing.weight is not None and weighing.weight > 0


_IS_EMPTY = say("Is the scale empty now?")
_NOT_ZERO = say("It is empty and does not show zero")
STEPS = (
    _Step(say("Take everything off the scale"), _empty, _IS_EMPTY, "scale.not_zero", _NOT_ZERO),
    _Step(
        say("Put something on the scale and let go"),
        _loaded,
        say("Does something lie on the scale now?"),
        "scale.stuck",
        say("Something lies on it, and the weight does not change"),
    ),
    _Step(say("Take it off again"), _empty, _IS_EMPTY, "scale.not_zero", _NOT_ZERO),
)


async def load_and_unload(
    driver: ScaleDriver, ask: Ask | None, clock: Clock, report: Report, wait: float
) -> tuple[list[Evidence], bool | None]:
    """Evidence, and whether the scale passed; `wait` seconds are given for each step. The line's errors.

    Where a step is not seen in time, the person is asked whether they did it: nobody is no proof of a fault.
    """
    begun, heaviest = clock.seconds(), Weighing("")
    async with aclosing(driver.weighings()) as weighings:
        for step in STEPS:
            last, seen = await _follow(weighings, step, report, wait)
            if not seen:
                did = await ask(step.question) if ask else None
                return [_unseen(step, last, did, clock, begun, wait)], False if did else None
            if last.weight is not None and (heaviest.weight is None or last.weight > heaviest.weight):
                heaviest = last
    meaning = say("The scale showed {weight} and zero again", weight=heaviest.shown)
    facts = {
        "weight": str(heaviest.weight),
        "unit": heaviest.unit,
        "answer_seconds": f"{heaviest.seconds:.3f}",
    }
    return [_evidence(clock, begun, heaviest.shown, meaning, {"scale.followed", "scale.weight"}, facts)], True


async def _follow(
    weighings: AsyncGenerator[Weighing, None], step: _Step, report: Report, wait: float
) -> tuple[Weighing, bool]:
    """The last weighing of a step, and whether it showed what was to be done."""
    last, told = Weighing(""), ""
    report(step.words)
    try:
        async with asyncio.timeout(wait):
            async for last in weighings:
                if step.shows(last):
                    return last, True
                if last.settled and last.shown != told:
                    told = last.shown
                    report(say("{step} (now: {weight})", step=step.words, weight=told))
    except TimeoutError:
        pass
    return last, False


def _unseen(
    step: _Step, last: Weighing, did: bool | None, clock: Clock, begun: float, wait: float
) -> Evidence:
    if not did:
        words = say("Nothing was seen of this within {seconds} s: {step}", step=step.words, seconds=int(wait))
        return _evidence(clock, begun, last.shown, words, {"scale.not_tried"})
    if last.trouble or last.stable is False:  # which explains why there is no weight
        troubles = {"overload": "scale.overload", "under_zero": "scale.under_zero"}
        sign = troubles.get(last.trouble, "scale.unstable")
        return _evidence(clock, begun, last.shown, step.meaning, {sign})
    return _evidence(clock, begun, last.shown, step.meaning, {step.sign})


def _evidence(
    clock: Clock,
    begun: float,
    result: str,
    meaning: Words,
    signs: set[str],
    facts: dict[str, str] | None = None,
) -> Evidence:
    seconds = round(clock.seconds() - begun, 6)
    return Evidence("scale.load", result, meaning, clock.now(), seconds, frozenset(signs), facts or {})
