"""What all RFID readers have in common: tags that came prove them, and their numbers are told reduced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.tags import Tag
from console.domain.words import say
from console.drivers.observed import observed

FRESH = timedelta(hours=12)  # a tag of yesterday proves nothing about this morning


class LastTag:
    """Remembers when a tag was last read, in this program's run, and what is told of it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._seen: tuple[float, Tag] | None = None
        self._count = 0

    def saw(self, tag: Tag) -> None:
        """It was read just now."""
        if tag.whole:
            self._count += 1
            self._seen = (self._clock.seconds(), tag)

    def totals(self) -> Mapping[str, int]:
        """How many were read (UnifiedPOS name)."""
        return {"TagReadCount": self._count}

    def told(self) -> Evidence | None:
        """How long ago a tag was read; None where none was for a long time."""
        if self._seen is None:
            return None
        now = self._clock.seconds()
        age = round(now - self._seen[0])
        if age > FRESH.total_seconds():
            return None
        words = say("A tag was read {seconds} s ago", seconds=age)
        return observed(self._clock, now, "rfid.tags", f"{age} s ago", words, {"rfid.read"})
