"""An RFID reader on a serial port: one that sends each tag by itself, or one that is asked.

With `protocol = "auto"` it is asked who it is, unless a receipt printer turns out to be there, which would
print the question; a reader that sends by itself does not heed it, and is believed when a tag comes. Nothing
that is sent changes a reader or a tag.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Transport
from console.domain.tags import Tag
from console.domain.words import say
from console.drivers.codecs.escpos import Kind, ReplyParser, status_request
from console.drivers.codecs.rfid import ASK_INFO, POLL, Said, TagStream, Told
from console.drivers.observed import observed, trouble_seen
from console.drivers.rfid.reader import LastTag

ANSWER_SECONDS = 1.0
_POLL_SECONDS = 0.25  # between two looks for a tag
_PRINTER_SECONDS = 0.3  # in which a printer tells its state
_FIRST_BYTES = 8  # that tell a printer's answer
_KEPT_BYTES = 4096  # of what is no reader's answer, before it counts as such


class _Line:
    """The open port, and what was said on it."""

    def __init__(self, transport: Transport, clock: Clock) -> None:
        self._transport = transport
        self._clock = clock
        self._news: asyncio.Queue[bytes | TillkeeperError] = asyncio.Queue()
        self._stream = TagStream()
        self._said: list[Said] = []
        self.heard = 0  # bytes
        self._first = b""  # of them

    async def open(self) -> None:
        await self._transport.open(self._news.put_nowait, self._news.put_nowait)

    async def ask(self, question: bytes) -> None:
        await self._transport.write(question)

    async def printer(self, seconds: float) -> bool:
        """Whether a receipt printer answers; it prints nothing of this question."""
        await self.ask(status_request(1))
        self._said += [said] if (said := await self.next(seconds)) else []
        return [reply.kind for reply in ReplyParser().feed(self._first)] == [Kind.REALTIME]

    @property
    def garbage(self) -> bool:
        return self._stream.strange

    @property
    def half(self) -> bool:
        return self._stream.half

    async def next(self, seconds: float) -> Said | None:
        """What was said next, within `seconds`; None for nothing. The line's errors."""
        ends = self._clock.seconds() + seconds
        while not self._said and (left := ends - self._clock.seconds()) > 0:
            try:
                async with asyncio.timeout(left):
                    data = await self._news.get()
            except TimeoutError:
                return None
            if isinstance(data, TillkeeperError):
                raise data
            self.heard += len(data)
            self._first = (self._first + data)[:_FIRST_BYTES]
            self._said += self._stream.feed(data)
            if self._stream.strange and self.heard > _KEPT_BYTES:
                return None
        return self._said.pop(0) if self._said and seconds > 0 else None


class SerialTagReader:
    """Implements `ports.TagReader`; the port is held only while asking or waiting for tags."""

    def __init__(
        self,
        connect: Callable[[], Transport],
        clock: Clock,
        protocol: str = "auto",
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._protocol = protocol
        self._answer_seconds = answer_seconds
        self._turn = asyncio.Lock()
        self._waiting = False
        self._sure = False  # that nothing but a reader that answers is there
        self._answered: Sequence[Evidence] = ()  # what the last look showed; it keeps its age
        self._last = LastTag(clock)

    async def examine(self) -> Sequence[Evidence]:
        """Who is there; what came last while `tags()` holds the port."""
        if not self._waiting:
            async with self._turn:
                self._answered = [await self._look(self._clock.seconds())]
        tag = self._last.told()
        return [*self._answered, tag] if tag else self._answered

    async def _look(self, began: float) -> Evidence:
        try:
            async with self._line() as line:
                return await self._who(began, line)
        except TillkeeperError as trouble:
            return trouble_seen(self._clock, began, "rfid.line", trouble)

    async def _who(self, began: float, line: _Line) -> Evidence:
        told: dict[str, str] = {}
        tag: Tag | None = None
        asks = self._protocol == "m100" or self._sure
        if self._protocol == "auto" and not self._sure:
            asks = not await line.printer(_PRINTER_SECONDS)
        for question in ASK_INFO if asks else ():
            await line.ask(question)
            ends = self._clock.seconds() + self._answer_seconds
            said = await line.next(self._answer_seconds)
            while said is not None and not isinstance(said, Told):
                tag = said if isinstance(said, Tag) else tag
                said = await line.next(ends - self._clock.seconds())  # a tag may be sent without end
            if said is None:
                break  # the rest is not worth the wait
            told[said.name] = said.text
        if told:
            self._sure = True
            words = say("The reader says who it is: {name}", name=" ".join(told.values()) or "?")
            seen = observed(self._clock, began, "rfid.asked", "answered", words, {"rfid.identified"})
            return replace(seen, facts=told)
        return self._silent(began, line, tag)

    def _silent(self, began: float, line: _Line, tag: Tag | None) -> Evidence:
        if tag is not None:
            self._last.saw(tag)
            sign = "rfid.read" if tag.whole else "rfid.bad_sum"
            words = say("A tag came in: {kind} {number}", kind=tag.kind, number=tag.reduced)
            return observed(self._clock, began, "rfid.asked", tag.kind, words, {sign})
        if line.garbage:  # it may be a person's number at another speed: its length is all that is kept
            words = say("What came back is no RFID reader's answer: speed, protocol or device differ")
            return observed(self._clock, began, "rfid.asked", f"{line.heard} bytes", words, {"rfid.garbage"})
        if line.half:
            words = say("The reader's answer broke off in its middle")
            return observed(
                self._clock, began, "rfid.asked", f"{line.heard} bytes", words, {"rfid.half_answer"}
            )
        if self._protocol == "m100":
            words = say("The port opens, but the reader does not answer")
            return observed(self._clock, began, "rfid.asked", "no answer", words, {"rfid.silent"})
        words = say("The port opens; such a reader tells nothing until a tag is held to it")
        return observed(self._clock, began, "rfid.port", "open", words, {"rfid.untold"})

    async def totals(self) -> Mapping[str, int]:
        """How many tags were read since the program started."""
        return self._last.totals()

    async def tags(self, listening: Callable[[], None]) -> AsyncGenerator[Tag, None]:
        """Each tag as it is read, until closed; the line's errors. Asked readers are asked all the while."""
        self._waiting = True  # before waiting for the turn, so that nobody waits behind this
        try:
            async with self._turn, self._line() as line:
                listening()
                while True:
                    if self._protocol == "m100" or self._sure:
                        await line.ask(POLL)
                    ends = self._clock.seconds() + _POLL_SECONDS
                    while (left := ends - self._clock.seconds()) > 0:
                        if isinstance(said := await line.next(left), Tag):
                            self._last.saw(said)
                            yield said
        finally:
            self._waiting = False

    @asynccontextmanager
    async def _line(self) -> AsyncGenerator[_Line, None]:
        transport = self._connect()
        line = _Line(transport, self._clock)
        try:
            await line.open()
            yield line
        finally:
            await transport.close()
