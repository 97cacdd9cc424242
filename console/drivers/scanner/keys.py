"""A scanner that types and is known as one keyboard among others: whatever that one types is a code.

What is tested here is the scanner. What an input method, Caps Lock of another keyboard or the system's layout
make of its keys on their way to the till is seen only by a scanner at `keyboard:`, in the window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from console.domain.evidence import Evidence
from console.domain.ports import Clock, Transport
from console.domain.words import say
from console.drivers.codecs.scan import ScanSplitter
from console.drivers.observed import observed
from console.drivers.scanner.line import LineScanner
from console.drivers.told import Told
from console.drivers.transports.keyboard import GRAB


class KeysScanner(LineScanner):
    """Implements `ports.ScannerDriver`; its keys are taken from everybody else while codes are waited for."""

    def __init__(
        self,
        connect: Callable[[], Transport],
        clock: Clock,
        suffix: str = "enter",
        told: Told | None = None,
    ) -> None:
        super().__init__(connect, clock, suffix)
        self._told = {} if told is None else told

    def _reader(self) -> ScanSplitter:
        return ScanSplitter(one_enter=True)

    async def _begin(self, transport: Transport) -> None:
        """The code and its Enter must press nothing in the window that shows it."""
        await transport.write(GRAB)

    async def _who(self, began: float) -> Evidence:
        """The system knows it, and lets us read it; whether it reads, only a scan tells."""
        async with self._line():
            pass
        words = say("It is plugged in, and this program may read its keys")
        found = observed(self._clock, began, "scanner.keyboard", "readable", words, {"scanner.identified"})
        device = self._told.get("input.device")
        return replace(found, facts=device.fields) if device else found
