"""What scanners on a line have in common: one owner of the line, and codes as they come in on it."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Protocol

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Transport
from console.domain.scan import Scan
from console.domain.words import say
from console.drivers.codecs.scan import Piece
from console.drivers.observed import observed, trouble_seen

Heard = asyncio.Queue[bytes | TillkeeperError]  # what came, and last the loss of the line


class CodeReader(Protocol):
    """Makes codes of what comes in on a line."""

    @property
    def deadline(self) -> float | None:
        """When to call `flush` if nothing more comes, in monotonic seconds; None when nothing waits."""

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """The codes that `data`, heard at `now`, completes."""

    def flush(self, now: float) -> list[Piece]:
        """The code that silence until `now` has ended, if any."""


class LineScanner(ABC):
    """Implements `ports.ScannerDriver`; the line is held only while asking or listening."""

    def __init__(self, connect: Callable[[], Transport], clock: Clock, suffix: str) -> None:
        self.suffix = suffix
        self._connect = connect
        self._clock = clock
        self._turn = asyncio.Lock()
        self._listening = False
        self._scanned_at: float | None = None
        self._answered: Sequence[Evidence] = ()  # what the last question showed; it keeps its age

    @abstractmethod
    def _reader(self) -> CodeReader:
        """What makes codes of this line's bytes, for one opening."""

    async def _begin(self, transport: Transport) -> None:
        """What has to be done before listening; the line's errors."""
        return

    @abstractmethod
    async def _who(self, began: float) -> Evidence:
        """Who is there, asked on a line of its own since `began`; the line's errors."""

    async def examine(self) -> Sequence[Evidence]:
        """Asks who is there, unless `scans()` holds the line: then it tells what it knows so far."""
        began = self._clock.seconds()
        if self._listening:
            return [*self._answered, self._heard_so_far(began)]
        async with self._turn:
            try:
                answer = await self._who(began)
                self._answered = [answer]
            except TillkeeperError as trouble:
                return [trouble_seen(self._clock, began, "scanner.line", trouble)]
        # One that answers no questions has proved itself by a scan all the same.
        return [answer] if self._scanned_at is None else [answer, self._heard_so_far(began)]

    async def scans(self, listening: Callable[[], None]) -> AsyncGenerator[Scan, None]:
        """Each code as it arrives, until closed; Unreachable, Busy or Denied when the line is lost."""
        self._listening = True  # before waiting for the turn, so that nobody waits behind this
        try:
            async with self._turn, self._line() as (transport, heard):
                await self._begin(transport)
                reader = self._reader()
                listening()
                while True:
                    for piece in await self._next_pieces(reader, heard):
                        self._scanned_at = piece.ended
                        yield piece.scan(self._clock)
        finally:
            self._listening = False

    async def _next_pieces(self, reader: CodeReader, heard: Heard) -> list[Piece]:
        """The codes that the next bytes complete, or the silence after the last ones."""
        ends = reader.deadline
        try:
            async with asyncio.timeout(None if ends is None else max(0.0, ends - self._clock.seconds())):
                data = await heard.get()
        except TimeoutError:
            return reader.flush(self._clock.seconds())
        if isinstance(data, TillkeeperError):
            raise data
        return reader.feed(data, self._clock.seconds())

    @asynccontextmanager
    async def _line(self) -> AsyncGenerator[tuple[Transport, Heard], None]:
        """The open line, with everything heard on it."""
        heard: Heard = asyncio.Queue()
        transport = self._connect()
        try:
            await transport.open(heard.put_nowait, heard.put_nowait)
            yield transport, heard
        finally:
            await transport.close()

    def _heard_so_far(self, began: float) -> Evidence:
        if self._scanned_at is None:
            words, result, sign = say("Listening for codes; none came yet"), "none yet", "scanner.not_seen"
        else:
            age = round(began - self._scanned_at)
            words, result, sign = (
                say("A code arrived {seconds} s ago", seconds=age),
                f"{age} s ago",
                "scanner.scanned",
            )
        return observed(self._clock, began, "scanner.scans", result, words, {sign})
