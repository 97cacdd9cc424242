"""Finds out which language a printer speaks, by questions that harm no printer (`codecs.queries`)."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock
from console.domain.words import Words, say
from console.drivers.codecs.queries import NAMES, QUERIES, Query, spoken
from console.drivers.codecs.replies import Reply
from console.drivers.observed import observed
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.language import Language

QUERY_SECONDS = 0.5  # how long each question may go unanswered
PROBE = "printer.language"
_ANYTHING = "anything"
# What a printer makes of a look that is meant for another language.
_MISUNDERSTOOD = frozenset({"status.silent", "status.garbage", "status.half_reply", "status.wrong_protocol"})


class AnyParser:
    """Hands on every byte as it comes, for as long as nobody knows the language."""

    pending = b""

    def expect(self, kind: str | None) -> None:
        """Nothing is expected."""

    def feed(self, data: bytes) -> Iterator[Reply]:
        """All of `data`."""
        yield Reply(_ANYTHING, data)


@dataclass(frozen=True, slots=True)
class Found:
    """The query that was answered, if one was; what was heard; the languages that were asked for."""

    query: Query | None
    heard: bytes
    asked: Sequence[str]


async def find_language(
    line: Conversation, seconds: float = QUERY_SECONDS, without: Collection[str] = ()
) -> Found:
    """Ask on a line that hears with `AnyParser`, within `seconds` a query; the transport's errors.

    Nothing is asked in the languages `without`; whatever comes is recognised all the same.
    """
    heard, asked, excluded = b"", list[str](), set[str]()
    for query in QUERIES:
        if query.language in without or query.prints_on - excluded:
            continue
        asked.append(query.language)
        before = heard
        await line.write(query.request)
        heard = await _more(line, heard, seconds)
        language = spoken(heard)
        if answered := next((each for each in QUERIES if each.language == language), None):
            return Found(answered, heard, asked)
        if heard == before and query.answered_always:
            excluded.add(query.language)
    return Found(None, heard, asked)


async def _more(line: Conversation, heard: bytes, seconds: float) -> bytes:
    """`heard` and what comes within `seconds`, until it is an answer."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    while (left := ends - loop.time()) > 0:
        reply = await line.next(_ANYTHING, seconds=left)
        if reply is not None:
            heard = (heard + reply.data)[:_LONGEST]
            if spoken(heard) not in (None, "text"):
                break
    return heard


_LONGEST = 256  # bytes that are kept of what a chatterer says


async def look_or_listen(line: Conversation, language: Language, clock: Clock) -> list[Evidence]:
    """The look of `language`; where it makes no sense, whether the printer speaks another one instead."""
    seen = await language.look(line)
    if not signs_of(seen) & _MISUNDERSTOOD:
        return seen
    began = clock.seconds()
    line.turn_to(AnyParser())
    seconds = min(QUERY_SECONDS, language.answer_seconds)
    found = await find_language(line, seconds, without={language.name})
    line.turn_to(language.parser())
    if found.query is None or found.query.language == language.name:
        return seen
    words = say(
        "The printer speaks {heard}, not {language} as set",
        heard=NAMES[found.query.language],
        language=NAMES[language.name],
    )
    traits = frozenset(sign for sign in signs_of(seen) if not sign.startswith("status."))
    return [observed(clock, began, PROBE, _result(found), words, traits | {"status.wrong_protocol"})]


def found_seen(clock: Clock, began: float, found: Found, traits: frozenset[str]) -> Evidence:
    """What was found out, how sure it is, or that it was not found out, as evidence."""
    if found.query is not None:
        words = say(
            "The printer speaks {language}; {sure}",
            language=NAMES[found.query.language],
            sure=_SURE[found.query.sure],
        )
        return observed(clock, began, PROBE, _result(found), words, traits)
    asked = NAMES[found.asked[0]]
    for each in found.asked[1:]:
        asked = say("{first}, {second}", first=asked, second=NAMES[each])
    if found.heard:
        words = say("What the printer answered is no language known here; asked: {asked}", asked=asked)
        signs = {"status.unrecognised", "status.garbage"}
    else:
        words = say("The printer answered nothing, whatever language it was asked in: {asked}", asked=asked)
        signs = {"status.unrecognised", "status.silent"}
    return observed(clock, began, PROBE, _result(found), words, traits | signs)


def _result(found: Found) -> str:
    heard = found.heard[:16].hex(" ") or "no answer"
    return f"{found.query.language}, {found.query.sure}: {heard}" if found.query else heard


_SURE: dict[str, Words] = {
    "documented": say("its papers say so"),
    "probed": say("it answered in it when asked"),
    "guess": say("that is a guess"),
}
