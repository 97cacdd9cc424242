"""The self-test of an RFID reader: a person holds a tag to it, and the tag must arrive whole."""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from console.domain.evidence import Evidence
from console.domain.ports import Ask, Clock, Report, TagReader
from console.domain.tags import Tag
from console.domain.words import Words, say

_DAMAGED = 3  # tags in a row: more of them tell nothing new
_HOLD = say("Hold a tag to the reader")
_HELD = say("Did you hold a tag to the reader?")


async def hold_a_tag(
    driver: TagReader, ask: Ask | None, clock: Clock, report: Report, wait: float
) -> tuple[list[Evidence], bool | None]:
    """Evidence, and whether the reader passed within `wait` seconds. The line's errors.

    Nobody who held a tag is no proof of a fault: where none comes, the person is asked.
    """
    begun = clock.seconds()
    tag = await _whole_tag(driver, report, wait)
    if tag is not None and tag.whole:
        words = say("A tag came: {kind}, {number}", kind=tag.kind, number=tag.reduced)
        seconds = f"{clock.seconds() - begun:.3f}"
        facts = {"tag_kind": tag.kind, "tag": tag.reduced, "answer_seconds": seconds}
        return [_saw(clock, begun, tag.kind, words, "rfid.read", facts)], True
    if tag is not None:
        words = say("Only tags with a wrong check sum came")
        return [_saw(clock, begun, tag.kind, words, "rfid.bad_sum")], False
    if ask is not None and await ask(_HELD):
        words = say("A tag was held to it, says the person, and none arrived")
        return [_saw(clock, begun, "none", words, "rfid.no_tag")], False
    words = say("No tag came within {seconds} s", seconds=round(wait))
    return [_saw(clock, begun, "none", words, "rfid.not_told")], None


async def _whole_tag(driver: TagReader, report: Report, wait: float) -> Tag | None:
    """The first sound tag; a damaged one where only such came; None where none came."""
    damaged: list[Tag] = []
    try:
        async with asyncio.timeout(wait), aclosing(driver.tags(lambda: report(_HOLD))) as tags:
            async for tag in tags:
                if tag.whole:
                    return tag
                damaged.append(tag)
                if len(damaged) == _DAMAGED:
                    break
    except TimeoutError:
        pass
    return damaged[-1] if damaged else None


def _saw(
    clock: Clock, begun: float, result: str, words: Words, sign: str, facts: dict[str, str] | None = None
) -> Evidence:
    seconds = round(clock.seconds() - begun, 6)
    return Evidence("rfid.tag", result, words, clock.now(), seconds, frozenset({sign}), facts or {})
