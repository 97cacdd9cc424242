"""Telling a keyboard scanner from a person by the rhythm of the keys.

Most scanners send a key every 10 ms or so, some slow ones an even 80 to 100 ms; no person types either way.
"""

from __future__ import annotations

from itertools import pairwise

from console.drivers.codecs.scan import IDLE_SECONDS, Piece, pace_of

FAST_SECONDS = 0.03  # a scanner's usual gap stays below this
SPLIT_SECONDS = 0.04  # a longer gap parts a person's keys from a scanner's; between fast keys it is a stutter
_STUTTER_SECONDS = 0.1  # that one or two keys of a code may stand apart from the others
LEAST_KEYS = 3
_SLOW_GAP = 0.11
_SLOW_JITTER = 0.02  # a person's gaps differ by far more
_SLOW_LEAST_KEYS = 6
_LONGEST = 8192
_SUFFIXES = {"\r": "enter", "\n": "enter", "\t": "tab"}  # a keyboard has one Enter key


class Wedge:
    """Takes keys with their time and gives the codes among them; what a person types is forgotten."""

    def __init__(self) -> None:
        self._keys: list[tuple[str, float]] = []
        self._composed = False

    @property
    def deadline(self) -> float | None:
        """When to call `flush` if no key follows, in monotonic seconds; None when nothing waits."""
        return self._keys[-1][1] + IDLE_SECONDS if self._keys else None

    def type(self, character: str, at: float) -> list[Piece]:
        """The codes that this key at `at` monotonic seconds completes."""
        found = self.flush(at)
        if character in _SUFFIXES:
            return found + self._ended(_SUFFIXES[character], at)
        self._keys.append((character, at))
        if len(self._keys) >= _LONGEST:
            found += self._ended("none", at)
        return found

    def compose(self, text: str, at: float) -> list[Piece]:
        """The codes that `text` completes, handed over by an input method at `at` in one piece."""
        found = self.flush(at)
        self._composed = True
        for character in text:
            found += self.type(character, at)
        return found

    def flush(self, now: float) -> list[Piece]:
        """The code that silence until `now` has ended, if any."""
        if self.deadline is None or now < self.deadline:
            return []
        return self._ended("none", self._keys[-1][1])

    def _ended(self, suffix: str, at: float) -> list[Piece]:
        keys, self._keys = self._keys, []
        composed, self._composed = self._composed, False
        code = _scanned(keys)
        if not code:
            return []
        pace = pace_of([time for _, time in code])
        return [Piece("".join(key for key, _ in code), suffix, code[0][1], at, pace, composed=composed)]


def _scanned(keys: list[tuple[str, float]]) -> list[tuple[str, float]]:
    """The keys at the end that a scanner sent; empty when a person typed them."""
    gaps = [later - earlier for (_, earlier), (_, later) in pairwise(keys)]
    starts = [0, *(index + 1 for index, gap in enumerate(gaps) if gap > SPLIT_SECONDS), len(keys)]
    first = None
    for start, end in reversed(list(pairwise(starts))):
        if _fast(gaps[start : end - 1]):
            first = start
        elif end - start >= LEAST_KEYS or max(gaps[max(0, start - 1) : end], default=0.0) > _STUTTER_SECONDS:
            break
    if first is not None:
        return keys[first:]
    even = len(keys) >= _SLOW_LEAST_KEYS and max(gaps) <= _SLOW_GAP and max(gaps) - min(gaps) <= _SLOW_JITTER
    return keys if even else []


def _fast(gaps: list[float]) -> bool:
    """Whether keys with these gaps between them come from a scanner."""
    return len(gaps) >= LEAST_KEYS - 1 and sorted(gaps)[len(gaps) // 2] < FAST_SECONDS
