"""A scanner on a serial port or USB-CDC.

Asks with a Honeywell menu command (user guides, "Serial Programming Commands"): SYN M CR, tag, ".";
the answer repeats the tag and puts ACK, ENQ or NAK in front of the final mark. Any of these is proof
that a scanner is there and awake; others stay silent and prove themselves by a scan only.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Transport
from console.domain.words import say
from console.drivers.codecs.scan import ScanSplitter
from console.drivers.observed import observed
from console.drivers.scanner.line import LineScanner

ANSWER_SECONDS = 1.0
QUERY = b"\x16M\rREVINF."
ANSWER = re.compile(rb"REVINF([\x20-\x7e\r\n\t]{0,2000})[\x05\x06\x15][.!]")
_KEPT_BYTES = 4096


class SerialScanner(LineScanner):
    """Implements `ports.ScannerDriver`; the port is held only while asking or listening."""

    def __init__(
        self,
        connect: Callable[[], Transport],
        clock: Clock,
        suffix: str = "enter",
        answer_seconds: float = ANSWER_SECONDS,
    ) -> None:
        super().__init__(connect, clock, suffix)
        self._answer_seconds = answer_seconds

    def _reader(self) -> ScanSplitter:
        return ScanSplitter()

    async def _who(self, began: float) -> Evidence:
        return self._judged(began, await self._asked())

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
