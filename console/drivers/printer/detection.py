"""Finds out which language a printer speaks, by questions that harm no printer (`codecs.queries`)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock
from console.domain.words import Words, say
from console.drivers.codecs.queries import BY_LANGUAGE, NAMES, QUERIES, Query, spoken
from console.drivers.codecs.replies import Reply
from console.drivers.observed import observed
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.language import Language

QUERY_SECONDS = 0.5  # how long each question may go unanswered
AGAIN_SECONDS = 300.0  # until what might be taken for text is asked again where nobody answered
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
    """The query that was answered, if one was; what was heard; the languages asked for, and left unasked."""

    query: Query | None
    heard: bytes
    asked: Sequence[str]
    unasked: Sequence[str] = ()


class Wary:
    """Whether a line may be asked what some printer might take for text: a new one, or one long silent.

    `other` tells whether it is known by another way that no label printer stands there.
    """

    def __init__(self, other: Callable[[], Awaitable[bool]] | None = None) -> None:
        self.other = other
        self.forget()

    def forget(self) -> None:
        """Another printer may be there."""
        self._silent_at = float("-inf")  # the loop's seconds

    def understood(self) -> None:
        """Its language is known: it is never asked so again."""
        self._silent_at = float("inf")

    @property
    def new(self) -> bool:
        """Whether it was not asked so a short while ago, and is not known."""
        return asyncio.get_running_loop().time() - self._silent_at > AGAIN_SECONDS

    async def may_ask(self) -> bool:
        """Whether it is safe; it is taken to be silent from now on, until `forget` or `understood`."""
        if not self.new:
            return False
        self._silent_at = asyncio.get_running_loop().time()
        return self.other is None or not await self.other()


async def find_language(
    line: Conversation, wary: Wary, seconds: float = QUERY_SECONDS, without: Collection[str] = ()
) -> Found:
    """Ask on a line that hears with `AnyParser`, within `seconds` a query; the transport's errors.

    Nothing is asked in the languages `without`; whatever comes is recognised all the same.
    """
    heard, asked, unasked, excluded = b"", list[str](), list[str](), set[str]()
    safe: bool | None = None  # to ask what some printer might take for text
    for query in QUERIES:
        if query.language in without:
            continue
        if query.prints_on:
            if safe is None:
                safe = not query.prints_on - excluded and await wary.may_ask()
            if heard or not safe:
                unasked.append(query.language)
                continue
        asked.append(query.language)
        before = heard
        await line.write(query.request)
        heard = await _more(line, heard, seconds, query)
        if query.signed or not query.known(heard):
            answered = BY_LANGUAGE.get(spoken(heard) or "")
        else:
            answered = await _confirmed(line, query, heard, seconds)
        if answered is not None:
            if answered.prints_on:
                wary.forget()
            else:
                wary.understood()
            await line.write(answered.afterwards)
            return Found(answered, heard, asked)
        if heard == before and query.answered_always:
            excluded.add(query.language)
    if safe and heard:
        wary.forget()  # something answers, if not so that it is understood
    return Found(None, heard, asked, unasked)


async def _more(line: Conversation, heard: bytes, seconds: float, query: Query | None = None) -> bytes:
    """`heard` and what comes within `seconds`, until it is an answer in any language, or to `query`."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + seconds
    while (left := ends - loop.time()) > 0:
        reply = await line.next(_ANYTHING, seconds=left)
        if reply is not None:
            heard = (heard + reply.data)[:_LONGEST]
            if spoken(heard) not in (None, "text") or (query and query.known(heard)):
                break
    return heard


async def _confirmed(line: Conversation, query: Query, answer: bytes, seconds: float) -> Query | None:
    """Whose `answer` it is, that has no signature: one to `query`, a late one to an earlier query, or noise.

    It is asked again and has to be answered as before. Where `answer` might be another language's as well,
    that one is asked first and has to be silent; two answers then, for more than one may be late.
    """
    other = BY_LANGUAGE.get(spoken(answer) or "")
    if other is not None:
        await line.write(other.request)
        if await _more(line, b"", 2 * seconds):
            return other
    for _ in range(2 if other else 1):
        await line.write(query.request)
        if not query.known(await _more(line, b"", seconds)):
            return other
    return query


_LONGEST = 256  # bytes that are kept of what a chatterer says


async def look_or_listen(line: Conversation, language: Language, clock: Clock, wary: Wary) -> list[Evidence]:
    """The look of `language`; where it makes no sense, whether the printer speaks another one instead."""
    seen = await language.look(line)
    signs = signs_of(seen)
    misunderstood = signs & _MISUNDERSTOOD
    if not misunderstood:
        if any(sign.startswith("status.") for sign in signs):
            wary.understood()
        else:
            wary.forget()  # the line broke: another printer may be there when it is back
        return seen
    began = clock.seconds()
    line.turn_to(AnyParser())
    seconds = min(QUERY_SECONDS, language.answer_seconds)
    silent = misunderstood == {"status.silent"}
    if not silent:
        wary.understood()  # what answers, in whatever way, is no label printer
    found = await find_language(line, wary, seconds, without={language.name})
    line.turn_to(language.parser())
    if found.query is None and silent and language.name == "star":
        return [observed(clock, began, PROBE, "no answer", _unasked(found), frozenset()), *seen]
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
    asked = _listed(found.asked)
    if found.heard:
        words = say("What the printer answered is no language known here; asked: {asked}", asked=asked)
        signs = {"status.unrecognised", "status.garbage"}
    else:
        words = say("The printer answered nothing, whatever language it was asked in: {asked}", asked=asked)
        signs = {"status.unrecognised", "status.silent"}
    if found.unasked:
        words = say("{what}. {more}", what=words, more=_unasked(found))
    return observed(clock, began, PROBE, _result(found), words, traits | signs)


def _listed(languages: Sequence[str]) -> Words:
    listed = NAMES[languages[0]]
    for each in languages[1:]:
        listed = say("{first}, {second}", first=listed, second=NAMES[each])
    return listed


def _unasked(found: Found) -> Words:
    return say(
        "Not asked this time: {languages}. Another kind of printer might print these questions, so they are"
        " put seldom, and only where nothing speaks against it; if it is one of these, write it into the"
        ' profile, for example protocol = "{example}"',
        languages=_listed(found.unasked),
        example=found.unasked[-1],
    )


def _result(found: Found) -> str:
    heard = found.heard[:16].hex(" ") or "no answer"
    return f"{found.query.language}, {found.query.sure}: {heard}" if found.query else heard


_SURE: dict[str, Words] = {
    "documented": say("its papers say so"),
    "probed": say("it answered in it when asked"),
    "guess": say("that is a guess"),
}
