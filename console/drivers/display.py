"""A customer display on a serial port: it takes what it is sent and answers nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Transport
from console.domain.words import say
from console.drivers.codecs import display
from console.drivers.observed import observed, trouble_seen


class SerialDisplay:
    """Implements `ports.DisplayDriver`; `chinese` says whether its model has Chinese characters (GBK)."""

    def __init__(
        self, connect: Callable[[], Transport], clock: Clock, protocol: str = "cd5220", chinese: bool = False
    ) -> None:
        self.chinese = chinese
        self._connect = connect
        self._clock = clock
        self._protocol = protocol
        self._turn = asyncio.Lock()

    async def examine(self) -> Sequence[Evidence]:
        """Whether its port opens; nothing is sent, because that would wipe what the customer reads."""
        began = self._clock.seconds()
        try:
            await self._sent(b"")
        except TillkeeperError as trouble:
            return [trouble_seen(self._clock, began, "display.line", trouble)]
        words = say("The port opens; whether the display shows anything, only a person can see")
        return [observed(self._clock, began, "display.port", "open", words, {"display.untold"})]

    async def show(self, upper: str, lower: str) -> None:
        """Both lines, cut after 20 columns; the line's errors."""
        await self._sent(display.lines(self._protocol, upper, lower, self.chinese))

    async def light_all(self) -> None:
        """Every dot; the line's errors."""
        await self._sent(display.all_dots(self._protocol))

    async def clear(self) -> None:
        """Nothing; the line's errors."""
        await self._sent(display.clear(self._protocol))

    async def _sent(self, data: bytes) -> None:
        """Open the port, hand `data` over and let go."""
        lost: list[TillkeeperError] = []
        async with self._turn:
            transport = self._connect()
            try:
                await transport.open(lambda _: None, lost.append)
                if data:
                    await transport.write(data)
            finally:
                await transport.close()
        if lost:
            raise lost[0]
