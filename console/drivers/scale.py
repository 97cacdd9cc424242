"""A scale on a serial port: one that is asked for its weight, or one that sends it without end.

With `protocol = "auto"` it is listened to first, then asked by ENQ, which no printer prints, and then by `W`
CR, unless a receipt printer turns out to be there, which would print it. Only a port that the profile calls a
scale is asked at all.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from console.domain.errors import TillkeeperError, Timeout
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Transport
from console.domain.weighing import Weighing
from console.domain.words import Words, say
from console.drivers.codecs.escpos import Kind, ReplyParser, status_request
from console.drivers.codecs.scale import (
    ACK,
    ASK_TOLEDO,
    ASK_TOLEDO_EVEN,
    DC1,
    ENQ,
    WeightReader,
    broken_off,
    nothing_said,
    seven_bits,
)
from console.drivers.observed import observed, trouble_seen

ANSWER_SECONDS = 1.0
LISTEN_SECONDS = 1.2  # in which a streaming scale sends at least one weighing
SETTLE_SECONDS = 3.0  # that a look gives a weight to come to rest
_STATUS_SECONDS = 0.3  # in which a printer tells its state
_PAUSE = 0.1  # between two questions
_ENQUIRIES = 3  # a scale may say that it is not ready yet
_KEPT_BYTES = 4096  # for telling what was heard instead of a weight

_TROUBLES = {
    "overload": ("scale.overload", say("More lies on the scale than it can weigh")),
    "under_zero": ("scale.under_zero", say("The scale shows less than zero")),
}


class _Line:
    """The open port, and what was heard on it."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._news: asyncio.Queue[bytes | TillkeeperError] = asyncio.Queue()
        self._found: list[Weighing] = []
        self._reader = WeightReader()
        self.heard = b""  # the last of it
        self._answer = b""  # since the last question
        self._since = clock.seconds()

    async def open(self) -> None:
        await self._transport.open(self._news.put_nowait, self._news.put_nowait)

    async def ask(self, question: bytes) -> None:
        """Send; what was heard before answers nothing."""
        self._answer = b""
        self._found.clear()
        self._since = self._clock.seconds()
        await self._transport.write(question)

    async def weighing(self, seconds: float) -> Weighing | None:
        """The newest weighing, as soon as there is one; None after `seconds`. The line's errors."""
        await self._until(lambda: bool(self._found), seconds)
        if not self._found:
            return None
        newest, now = self._found[-1], self._clock.seconds()
        took, self._since = now - self._since, now
        self._found.clear()
        return replace(newest, seconds=round(took, 6))

    async def ready(self, seconds: float) -> bool:
        """Whether ACK comes."""
        await self._until(lambda: ACK in self._answer, seconds)
        return ACK in self._answer

    async def printer(self, seconds: float) -> bool:
        """Whether a receipt printer answers."""
        await self._until(lambda: bool(self._answer), seconds)
        return [reply.kind for reply in ReplyParser().feed(self._answer)] == [Kind.REALTIME]

    async def _until(self, condition: Callable[[], bool], seconds: float) -> None:
        ends = self._clock.seconds() + seconds
        while not condition() and (left := ends - self._clock.seconds()) > 0:
            try:
                async with asyncio.timeout(left):
                    data = await self._news.get()
            except TimeoutError:
                return
            if isinstance(data, TillkeeperError):
                raise data
            self.heard = (self.heard + data)[-_KEPT_BYTES:]
            self._answer = (self._answer + data)[-_KEPT_BYTES:]
            self._found += self._reader.feed(data)


class SerialScale:
    """Implements `ports.ScaleDriver`; the port is held only while asking or watching."""

    def __init__(
        self,
        connect: Callable[[], Transport],
        clock: Clock,
        protocol: str = "auto",
        answer_seconds: float = ANSWER_SECONDS,
        settle_seconds: float = SETTLE_SECONDS,
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._answer_seconds = answer_seconds
        self._settle_seconds = settle_seconds
        self._turn = asyncio.Lock()
        self._watching = False
        self._seen: Sequence[Evidence] = ()  # what was shown last; it keeps its age
        ways = {"stream": self._listen, "cas": self._enquire, "toledo": self._request}
        self._ways = list(ways.values()) if protocol == "auto" else [ways[protocol]]
        self._sure = protocol != "auto"  # that nothing but a scale of this dialect is there

    async def examine(self) -> Sequence[Evidence]:
        """Asks for the weight and lets it settle; what came last while `weighings()` holds the port."""
        if self._watching:
            return self._seen
        async with self._turn:
            self._seen = [await self._look(self._clock.seconds())]
            return self._seen

    async def _look(self, began: float) -> Evidence:
        try:
            async with self._line() as line:
                weighing = await self._first(line)
                ends = self._clock.seconds() + self._settle_seconds
                while weighing and not weighing.settled and self._clock.seconds() < ends:
                    weighing = await self._next(line) or weighing
                return self._told(began, weighing) if weighing else self._untold(began, line)
        except TillkeeperError as trouble:
            return trouble_seen(self._clock, began, "scale.line", trouble)

    async def weighings(self) -> AsyncGenerator[Weighing, None]:
        """Each weighing until closed; Timeout when the scale falls silent, else the line's errors."""
        self._watching = True  # before waiting for the turn, so that nobody waits behind this
        try:
            async with self._turn, self._line() as line:
                weighing = await self._first(line)
                while weighing:
                    self._seen = [self._told(self._clock.seconds(), weighing)]
                    yield weighing
                    weighing = await self._next(line)
                raise Timeout(say("The scale fell silent"), "scale.silent")
        finally:
            self._watching = False

    @asynccontextmanager
    async def _line(self) -> AsyncGenerator[_Line, None]:
        transport = self._connect()
        line = _Line(transport, self._clock)
        try:
            await line.open()
            yield line
        finally:
            await transport.close()

    async def _first(self, line: _Line) -> Weighing | None:
        """The first answer in any way; the way that led to it is the first one tomorrow."""
        for way in tuple(self._ways):
            weighing = await way(line)
            if weighing is not None:
                self._ways.remove(way)
                self._ways.insert(0, way)
                return weighing
        return None

    async def _next(self, line: _Line) -> Weighing | None:
        way: Callable[[_Line], Awaitable[Weighing | None]] = self._ways[0]
        if way != self._listen:
            await asyncio.sleep(_PAUSE)
        return await way(line)

    async def _listen(self, line: _Line) -> Weighing | None:
        return await line.weighing(max(LISTEN_SECONDS, self._answer_seconds))

    async def _request(self, line: _Line) -> Weighing | None:
        if not self._sure:
            await line.ask(status_request(1))
            if await line.printer(_STATUS_SECONDS):
                return None
        await line.ask(ASK_TOLEDO)
        weighing = await line.weighing(self._answer_seconds)
        if weighing is None and nothing_said(line.heard):  # most of them are delivered with parity
            await line.ask(ASK_TOLEDO_EVEN)
            weighing = await line.weighing(self._answer_seconds)
        self._sure = self._sure or weighing is not None
        return weighing

    async def _enquire(self, line: _Line) -> Weighing | None:
        for _ in range(_ENQUIRIES):
            await line.ask(ENQ)
            if await line.ready(self._answer_seconds / _ENQUIRIES):
                await line.ask(DC1)
                return await line.weighing(self._answer_seconds)
        return None

    def _told(self, began: float, weighing: Weighing) -> Evidence:
        facts = {"answer_seconds": f"{weighing.seconds:.3f}", "dialect": weighing.dialect}
        if weighing.weight is not None:
            facts |= {"weight": str(weighing.weight), "unit": weighing.unit}
        signs, words = _meaning(weighing)
        seen = observed(self._clock, began, "scale.asked", weighing.shown, words, signs)
        return replace(seen, facts=facts)

    def _untold(self, began: float, line: _Line) -> Evidence:
        heard = line.heard
        if nothing_said(heard):
            words, sign = say("The port opens, but the scale does not answer"), "scale.silent"
        elif broken_off(heard):
            words, sign = say("The scale's answer broke off in its middle"), "scale.half_answer"
        elif WeightReader().feed(seven_bits(heard)):
            words = say("The scale sends seven bits with parity; add bits=7&parity=even to its address")
            sign = "scale.seven_bits"
        else:
            words = say("What came back is no scale's answer: speed, protocol or device differ")
            sign = "scale.garbage"
        # It may be somebody's payment code, from a scanner on this port: its length is all that is kept.
        result = f"{len(heard)} bytes" if heard else "no answer"
        return observed(self._clock, began, "scale.asked", result, words, {sign})


def _meaning(weighing: Weighing) -> tuple[set[str], Words]:
    if weighing.trouble:
        sign, words = _TROUBLES[weighing.trouble]
        return {sign}, words
    if weighing.stable is False:
        return {"scale.unstable"}, say("The weight does not come to rest")
    if weighing.weight is None:
        return {"scale.untold"}, say("The scale answers, but tells no weight")
    if weighing.net:
        return {"scale.weight"}, say("The scale shows {weight} net of its tare", weight=weighing.shown)
    return {"scale.weight"}, say("The scale shows {weight}", weight=weighing.shown)
