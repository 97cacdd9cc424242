"""A scanner that types: it is known by the rhythm of its keys, which the window passes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.scan import Scan
from console.domain.words import say
from console.drivers.codecs.scan import Piece
from console.drivers.codecs.wedge import Wedge
from console.drivers.observed import observed

_QUEUED_SECONDS = 0.01


class KeyboardScanner:
    """Implements `ports.ScannerDriver`; `typed` is called for each key that reaches the window."""

    def __init__(self, clock: Clock, suffix: str = "enter") -> None:
        self.suffix = suffix
        self._clock = clock
        self._wedge = Wedge()
        self._seen_at: float | None = None
        self._held = False
        self._listeners: set[asyncio.Queue[Scan | None]] = set()

    def typed(self, text: str, at_seconds: float) -> None:
        """One key (Enter as CR) at `at_seconds` of the clock's monotonic time.

        Several characters are what an input method hands over at once, none that it holds keys back.
        """
        self._held = not text
        if self._held:
            return
        take = self._wedge.type if len(text) == 1 else self._wedge.compose
        self._take(take(text, at_seconds))
        for listener in self._listeners:
            listener.put_nowait(None)  # wakes it to wait for the end of this code

    async def examine(self) -> Sequence[Evidence]:
        """Whether a scan was seen since the start, and how long ago; no keys are asked for."""
        began = self._clock.seconds()
        self._take(self._wedge.flush(began))
        if self._held:
            words = say("An input method holds back what was typed, until Space is pressed")
            return [observed(self._clock, began, "scanner.keys", "held", words, {"scan.ime"})]
        if self._seen_at is None:
            words = say("No scan has been seen since the program started; scan any code to be sure")
            return [observed(self._clock, began, "scanner.keys", "none", words, {"scanner.not_seen"})]
        age = round(began - self._seen_at)
        words = say("A code arrived {seconds} s ago", seconds=age)
        return [observed(self._clock, began, "scanner.keys", f"{age} s ago", words, {"scanner.scanned"})]

    async def scans(self, listening: Callable[[], None]) -> AsyncGenerator[Scan, None]:
        """Each code as it is typed, until closed."""
        queue: asyncio.Queue[Scan | None] = asyncio.Queue()
        self._listeners.add(queue)
        listening()
        try:
            while True:
                ends = self._wedge.deadline
                try:
                    async with asyncio.timeout(
                        None if ends is None else max(0.0, ends - self._clock.seconds())
                    ):
                        code = await queue.get()
                except TimeoutError:
                    await asyncio.sleep(_QUEUED_SECONDS)  # keys that came while the loop was busy come first
                    self._take(self._wedge.flush(self._clock.seconds()))
                else:
                    if code is not None:
                        yield code
        finally:
            self._listeners.discard(queue)
            self._held = False  # no more keys are passed on, so nobody can tell

    def _take(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            self._seen_at = piece.ended
            for listener in self._listeners:
                listener.put_nowait(piece.scan(self._clock))
