"""The speed of a serial printer, found by asking it at the usual ones.

The question is DLE EOT 1 (Epson TM ESC/POS command reference), which prints nothing; what a printer makes of
it at a wrong speed is a character or two in its buffer, so the rounds are kept few.
"""

from __future__ import annotations

import asyncio

from console.domain.addresses import Address
from console.domain.errors import TillkeeperError
from console.domain.ports import Heard, Lost, Transport
from console.domain.words import say
from console.drivers.codecs.escpos import Kind, ReplyParser, status_request
from console.drivers.told import Fact, Told
from console.drivers.transports.serial import BAUD, SerialTransport

SPEEDS = (9600, 19200, 38400, 57600, 115200, 4800)
_ANSWER_SECONDS = 0.25  # at one speed
_FACT = "serial.speed"


def at(address: Address, told: Told | None = None) -> Transport:
    """The way to `serial:///dev/ttyUSB0?baud=19200`, or with `baud=auto` at the speed that is found."""
    if address.option("baud", "") == "auto":
        return FoundSpeed(address, {} if told is None else told)
    return SerialTransport.at(address)


class FoundSpeed:
    """One opening at the speed at which the printer answers; at the usual one where it answers at none.

    The speed found is kept in `told`, so that the next opening asks there first.
    """

    def __init__(self, address: Address, told: Told) -> None:
        self._address = address
        self._told = told
        self._line: SerialTransport | None = None
        self._heard: Heard | None = None  # whoever opened, once the speed is settled
        self._answer = b""
        self._news = asyncio.Event()

    async def open(self, heard: Heard, lost: Lost) -> None:
        """Ask at each speed and stay at the one that answers; Unreachable, Busy, Denied or Timeout."""
        known = int(self._told[_FACT].result) if _FACT in self._told else SPEEDS[0]
        order = (known, *(speed for speed in SPEEDS if speed != known))
        for speed in order:
            self._line = SerialTransport.at(self._address, speed)
            await self._line.open(self._take_in, lost)
            if await self._answers() and await self._answers():  # noise may look like an answer, once
                words = say("The printer answers at {speed} baud", speed=speed)
                self._told[_FACT] = Fact(str(speed), words, frozenset({"speed.found"}))
                break
            self._line.drop()  # a question that nobody has heard need not go out
            await self._line.close()
        else:
            self._told.pop(_FACT, None)
            self._line = SerialTransport.at(self._address, order[0])
            await self._line.open(self._take_in, lost)
        self._heard = heard

    async def write(self, data: bytes) -> None:
        """As of the serial transport."""
        if self._line is not None:
            await self._line.write(data)

    def drop(self) -> None:
        """As of the serial transport."""
        if self._line is not None:
            self._line.drop()

    async def close(self) -> None:
        """As of the serial transport."""
        if self._line is not None:
            await self._line.close()

    def _take_in(self, data: bytes) -> None:
        if self._heard is not None:
            self._heard(data)
        else:
            self._answer += data
            self._news.set()

    async def _answers(self) -> bool:
        """Whether a status byte, and nothing else, comes back in time."""
        self._answer = b""
        self._news.clear()
        if self._line is None:
            return False
        await self._line.write(status_request(1))
        try:
            async with asyncio.timeout(_ANSWER_SECONDS):
                await self._news.wait()
        except TimeoutError:
            return False
        return [reply.kind for reply in ReplyParser().feed(self._answer)] == [Kind.REALTIME]


async def look_for_speed(address: Address, told: Told) -> None:
    """Where a printer is not understood at the address's speed: tell in `told` at which one it answers."""
    wrong = address.number("baud", BAUD)
    found: Told = {}
    line = FoundSpeed(address, found)
    try:
        await line.open(_ignore, _ignore)
    except TillkeeperError:
        return
    finally:
        await line.close()
    if _FACT not in found:
        words = say("The printer answers at none of the usual speeds")
        told[_FACT] = Fact("none", words, frozenset({"speed.none"}))
    elif (speed := int(found[_FACT].result)) != wrong:
        words = say(
            "The printer answers at {speed} baud, and the address says {wrong}; write baud={speed}",
            speed=speed,
            wrong=wrong,
        )
        told[_FACT] = Fact(str(speed), words, frozenset({"speed.other"}))


def _ignore(_: object) -> None:
    pass
