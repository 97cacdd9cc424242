"""An RFID reader that types: known by the rhythm of its keys, and its numbers by their shape.

Most such readers are set to ten decimal digits (of 32 bits), others to eight, ten or fourteen hexadecimal
ones. Of these, digits alone may be an article's number, which a scanner at the same counter types as fast.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.tags import Tag
from console.domain.words import say
from console.drivers.codecs.scan import Piece
from console.drivers.codecs.wedge import Wedge
from console.drivers.observed import observed
from console.drivers.rfid.reader import LastTag

_DECIMAL = re.compile(r"[0-9]{10}")
_HEXADECIMAL = re.compile(r"(?=.*[A-F])(?:[0-9A-F]{8}|[0-9A-F]{10}|[0-9A-F]{14})", re.IGNORECASE)
_LARGEST = 2**32  # a tag's number as ten decimal digits stays below


def typed_tag(text: str) -> Tag | None:
    """The tag whose number was typed; None for anything that may be something else."""
    if _DECIMAL.fullmatch(text) and int(text) < _LARGEST:
        return Tag(text, "10D")
    return Tag(text.upper(), f"{len(text)}H") if _HEXADECIMAL.fullmatch(text) else None


class KeyboardTagReader:
    """Implements `ports.TagReader`; `typed` is called for each key that reaches the window."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wedge = Wedge()
        self._last = LastTag(clock)
        self._listeners: set[asyncio.Queue[Tag | None]] = set()

    def typed(self, text: str, at_seconds: float) -> None:
        """One key (Enter as CR) at `at_seconds` of the clock's monotonic time."""
        for character in text:
            self._take(self._wedge.type(character, at_seconds))
        for listener in self._listeners:
            listener.put_nowait(None)  # wakes it to wait for the end of this number

    async def examine(self) -> Sequence[Evidence]:
        """Whether a tag was read since the start, and how long ago; no keys are asked for."""
        began = self._clock.seconds()
        self._take(self._wedge.flush(began))
        if told := self._last.told():
            return [told]
        words = say("No tag has been seen since the program started; hold any tag to it to be sure")
        return [observed(self._clock, began, "rfid.keys", "none", words, {"rfid.untold"})]

    async def totals(self) -> Mapping[str, int]:
        """How many tags were read since the program started."""
        return self._last.totals()

    async def tags(self, listening: Callable[[], None]) -> AsyncGenerator[Tag, None]:
        """Each tag as its number is typed, until closed."""
        queue: asyncio.Queue[Tag | None] = asyncio.Queue()
        self._listeners.add(queue)
        listening()
        try:
            while True:
                ends = self._wedge.deadline
                left = None if ends is None else max(0.0, ends - self._clock.seconds())
                try:
                    async with asyncio.timeout(left):
                        tag = await queue.get()
                except TimeoutError:
                    self._take(self._wedge.flush(self._clock.seconds()))
                else:
                    if tag is not None:
                        yield tag
        finally:
            self._listeners.discard(queue)

    def _take(self, pieces: Sequence[Piece]) -> None:
        for piece in pieces:
            if tag := typed_tag(piece.text):
                self._last.saw(tag)
                for listener in self._listeners:
                    listener.put_nowait(tag)
