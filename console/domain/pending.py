"""Sales that the till has not uploaded yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PendingSales:
    """How many files of unsynced sales wait, and since when (aware); None where none waits."""

    count: int
    oldest: datetime | None = None
