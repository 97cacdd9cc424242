"""A scanner on a serial port or USB-CDC.

Asks with a Honeywell menu command (user guides, "Serial Programming Commands"): SYN M CR, tag, ".";
the answer repeats the tag and puts ACK, ENQ or NAK in front of the final mark. Any of these is proof
that a scanner is there and awake; others stay silent and prove themselves by a scan only.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Transport
from console.domain.scan import Scan
from console.domain.words import say
from console.drivers.codecs.scan import Piece, ScanSplitter
from console.drivers.observed import observed, trouble_seen

ANSWER_SECONDS = 1.0
QUERY = b"\x16M\rREVINF."
ANSWER = re.compile(rb"REVINF([\x20-\x7e\r\n\t]{0,2000})[\x05\x06\x15][.!]")
_KEPT_BYTES = 4096

Heard = asyncio.Queue[bytes | TillkeeperError]  # what came, and last the loss of the line


class SerialScanner:
    """Implements `ports.ScannerDriver`; the port is held only while asking or listening."""

    def __init__(
        self,
        connect: Callable[[], Transport],
        clock: Clock,
        suffix: str = "enter",
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        self.suffix = suffix
        self._connect = connect
        self._clock = clock
        self._answer_seconds = answer_seconds
        self._turn = asyncio.Lock()
        self._listening = False
        self._scanned_at: float | None = None
        self._answered: Sequence[Evidence] = ()  # what the last question showed; it keeps its age

    async def examine(self) -> Sequence[Evidence]:
        """Asks who is there, unless `scans()` holds the port: then it tells what it knows so far."""
        began = self._clock.seconds()
        if self._listening:
            return [*self._answered, self._heard_so_far(began)]
        async with self._turn:
            try:
                answer = self._judged(began, await self._asked())
                self._answered = [answer]
            except TillkeeperError as trouble:
                return [trouble_seen(self._clock, began, "scanner.line", trouble)]
        # One that answers no questions has proved itself by a scan all the same.
        return [answer] if self._scanned_at is None else [answer, self._heard_so_far(began)]

    async def scans(self, listening: Callable[[], None]) -> AsyncGenerator[Scan, None]:
        """Each code as it arrives, until closed; Unreachable, Busy or Denied when the port is lost."""
        self._listening = True  # before waiting for the turn, so that nobody waits behind this
        try:
            async with self._turn, self._line() as (_, heard):
                splitter = ScanSplitter()
                listening()
                while True:
                    for piece in await self._next_pieces(splitter, heard):
                        self._scanned_at = piece.ended
                        yield piece.scan(self._clock)
        finally:
            self._listening = False

    async def _next_pieces(self, splitter: ScanSplitter, heard: Heard) -> list[Piece]:
        """The codes that the next bytes complete, or the silence after the last ones."""
        ends = splitter.deadline
        try:
            async with asyncio.timeout(None if ends is None else max(0.0, ends - self._clock.seconds())):
                data = await heard.get()
        except TimeoutError:
            return splitter.flush(self._clock.seconds())
        if isinstance(data, TillkeeperError):
            raise data
        return splitter.feed(data, self._clock.seconds())

    @asynccontextmanager
    async def _line(self) -> AsyncGenerator[tuple[Transport, Heard], None]:
        """The open port, with everything heard on it."""
        heard: Heard = asyncio.Queue()
        transport = self._connect()
        try:
            await transport.open(heard.put_nowait, heard.put_nowait)
            yield transport, heard
        finally:
            await transport.close()

    async def _asked(self) -> bytes:
        """What came back for the query, as far as it came in time."""
        answer = b""
        async with self._line() as (transport, heard):
            await transport.write(QUERY)
            try:
                async with asyncio.timeout(self._answer_seconds):
                    while not ANSWER.search(answer) and len(answer) < _KEPT_BYTES:
                        data = await heard.get()
                        if isinstance(data, TillkeeperError):
                            raise data
                        answer += data
            except TimeoutError:
                pass
        return answer

    def _judged(self, began: float, answer: bytes) -> Evidence:
        if found := ANSWER.search(answer):
            told = " ".join(found[1].decode("ascii").split())[:80]
            words, result, sign = say("The scanner answered"), told or "acknowledged", "scanner.identified"
        elif answer:  # it may be somebody's payment code: its length is all that is kept
            words = say("What came back is no scanner's answer; check the port's speed")
            result, sign = f"{len(answer)} bytes", "scanner.garbage"
        else:
            words = say("The port opens, but the scanner does not answer questions; scan any code to be sure")
            result, sign = "no answer", "scanner.silent"
        return observed(self._clock, began, "scanner.revinf", result, words, {sign})

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
