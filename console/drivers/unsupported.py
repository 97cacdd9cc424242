"""What stands in for a device that nothing here can speak to."""

from __future__ import annotations

from collections.abc import Sequence

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words
from console.drivers.observed import observed


class UnsupportedDevice:
    """Examines nothing; its light stays unknown, and `meaning` says what would be supported."""

    def __init__(self, clock: Clock, what: str, meaning: Words) -> None:
        self._clock = clock
        self._what = what
        self._meaning = meaning

    async def examine(self) -> Sequence[Evidence]:
        """One piece of evidence with the sign `unsupported`."""
        return [
            observed(self._clock, self._clock.seconds(), "driver", self._what, self._meaning, {"unsupported"})
        ]
