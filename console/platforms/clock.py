"""The computer's two clocks."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo


class SystemClock:
    """Implements the Clock port; the wall clock is shown in `zone` (an IANA name)."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def now(self) -> datetime:
        """The wall clock, aware."""
        return datetime.now(self._zone)

    def seconds(self) -> float:
        """Monotonic seconds."""
        return time.monotonic()
