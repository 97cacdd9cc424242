"""What a line knows of a device besides the device's own answers, such as the speed that was found."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from types import MappingProxyType
from typing import NamedTuple

from console.domain.evidence import Evidence, signs_of
from console.domain.head import Head
from console.domain.ports import Clock, PushingPrinter, Report, TestPage
from console.domain.recovery import Recovery
from console.domain.selftest import Proof
from console.domain.words import Words
from console.drivers.observed import observed


class Fact(NamedTuple):
    """One thing known; it becomes evidence under the name of its probe."""

    result: str
    meaning: Words
    signs: frozenset[str]
    fields: Mapping[str, str] = MappingProxyType({})  # the parts of the result, where it has parts


_STRANGE = (".silent", ".garbage", ".half_reply", ".wrong_protocol")
_IDENTITY = {"MFG": "ManufacturerName", "MDL": "ModelName", "SN": "SerialNumber"}  # IEEE 1284 to UnifiedPOS

Told = dict[str, Fact]  # by probe; shared by all openings of one line


class WithTold:
    """A printer's driver (implements `ports.PrinterDriver`) that adds what its line has `told`.

    Signs of the line count only where the printer itself is not understood: its own answers are better.
    `look` may then ask further on the line, once until the printer is understood again; `turn` is its queue.
    """

    def __init__(
        self,
        printer: PushingPrinter,
        told: Told,
        clock: Clock,
        turn: asyncio.Lock,
        look: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._printer = printer
        self._told = told
        self._clock = clock
        self._turn = turn
        self._look = look
        self._looked = False

    async def examine(self) -> Sequence[Evidence]:
        """What the printer shows, then what the line does."""
        began = self._clock.seconds()
        seen = await self._printer.examine()
        strange = any(sign.endswith(_STRANGE) for sign in signs_of(seen))
        if strange and self._look is not None and not self._looked:
            self._looked = True
            async with self._turn:
                await self._look()
        elif not strange and self._looked:
            self._looked = False
            self._told.clear()
        return [
            *seen,
            *(
                observed(self._clock, began, probe, fact.result, fact.meaning, fact.signs if strange else ())
                for probe, fact in self._told.items()
            ),
        ]

    async def identify(self) -> tuple[Mapping[str, str], Mapping[str, int]]:
        """The printer's own words; where it has none, those of the USB device."""
        identity, counters = await self._printer.identify()
        if not identity and "usb.device_id" in self._told:
            fields = self._told["usb.device_id"].fields
            identity = {name: fields[key] for key, name in _IDENTITY.items() if key in fields}
        return identity, counters

    async def print_test_page(self, page: TestPage, report: Report) -> tuple[Proof, Sequence[Evidence]]:
        """As the printer's driver does."""
        return await self._printer.print_test_page(page, report)

    def can_recover(self, how: Recovery, signs: frozenset[str]) -> bool:
        """As the printer's driver does."""
        return self._printer.can_recover(how, signs)

    async def recover(self, how: Recovery) -> Sequence[Evidence]:
        """As the printer's driver does."""
        return await self._printer.recover(how)

    def head(self) -> Head | None:
        """As the printer's driver does."""
        return self._printer.head()

    async def kick(self, pin: int) -> None:
        """As the printer's driver does."""
        await self._printer.kick(pin)

    async def pushes(self) -> AsyncGenerator[Sequence[Evidence], None]:
        """As the printer's driver does."""
        async with aclosing(self._printer.pushes()) as pushes:
            async for evidence in pushes:
                yield evidence
