"""A scanner on USB that speaks HID POS: it says what it is, and sends each code with its AIM identifier."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from console.domain.errors import ProtocolError, TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Transport
from console.domain.words import say
from console.drivers.codecs.hid_pos import ReportReader, read_descriptor
from console.drivers.observed import observed
from console.drivers.scanner.line import LineScanner
from console.drivers.told import Told

_DESCRIPTOR_SECONDS = 1.0


class HidScanner(LineScanner):
    """Implements `ports.ScannerDriver`; reports end codes by themselves, so `suffix` is not used."""

    def __init__(
        self, connect: Callable[[], Transport], clock: Clock, suffix: str = "none", told: Told | None = None
    ) -> None:
        super().__init__(connect, clock, "none")
        self._told = {} if told is None else told

    def _reader(self) -> ReportReader:
        return ReportReader()

    async def _who(self, began: float) -> Evidence:
        """A scanner by its own description; whether it reads, only a scan tells."""
        async with self._line() as (_, heard):
            try:
                async with asyncio.timeout(_DESCRIPTOR_SECONDS):
                    data = await heard.get()
            except TimeoutError:
                raise ProtocolError(say("The scanner did not describe itself"), "scanner.garbage") from None
        if isinstance(data, TillkeeperError):
            raise data
        result = f"HID POS, reports of {read_descriptor(data).size} bytes"
        words = say("It describes itself as a barcode scanner")
        found = observed(self._clock, began, "scanner.descriptor", result, words, {"scanner.identified"})
        product = self._told.get("usb.product")
        return replace(found, facts=product.fields) if product else found
