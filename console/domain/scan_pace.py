"""How fast a code came in, as this computer got its characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

SLOW_SECONDS = 0.05  # a usual delay from which a person waits; most scanners stay at 10 ms
_LEAST_CHARACTERS = 6  # fewer tell nothing of a scanner's usual delay


@dataclass(frozen=True, slots=True)
class Pace:
    """Delays between neighbouring characters in seconds; what came in one piece has none between."""

    characters: int
    seconds: float  # from the first character to the last
    shortest: float
    median: float
    longest: float

    @classmethod
    def of(cls, times: Sequence[float]) -> Pace | None:
        """The pace of characters that came at `times`; None where they tell none."""
        gaps = [max(0.0, later - earlier) for earlier, later in pairwise(times)]
        if not gaps:
            return None
        return cls(len(times), sum(gaps), min(gaps), median(gaps), max(gaps))

    @property
    def slow(self) -> bool:
        """Whether a person has to wait for each code."""
        return self.characters >= _LEAST_CHARACTERS and self.median >= SLOW_SECONDS

    def figures(self) -> Mapping[str, int]:
        """The same as whole numbers under the names that scripts read; no speed where no time went by."""
        delays = {"Shortest": self.shortest, "Median": self.median, "Longest": self.longest}
        told = {f"{name}KeyDelayMicroseconds": round(seconds * 1_000_000) for name, seconds in delays.items()}
        if self.seconds:
            told["CharactersPerSecond"] = round((self.characters - 1) / self.seconds)
        return told
