"""When keys were pressed, by the system's own stamps: the window may have been busy when they came."""

from __future__ import annotations

from collections.abc import Callable

_LATEST = 5.0  # seconds that a key may have waited; stamps that say more belong to another clock


class KeyTimes:
    """Turns stamps in milliseconds into monotonic seconds; later ones never come out earlier."""

    def __init__(self, now: Callable[[], float]) -> None:
        self._now = now
        self._ahead: float | None = None  # of our clock before the stamps', by the least late key so far
        self._last = 0.0

    def of(self, stamp: int) -> float:
        """The second at which the event with this stamp happened; now, where it has none (0)."""
        now = self._now()
        at = now
        if stamp:
            ahead = now - stamp / 1000
            if self._ahead is None or not 0 <= ahead - self._ahead <= _LATEST:
                self._ahead = ahead
            at = stamp / 1000 + self._ahead
        self._last = max(at, min(self._last, now))
        return self._last
