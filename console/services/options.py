"""What a person said at the start."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Options:
    """Which store, and in which language; None takes the profile's or the system's."""

    demo: bool = False
    profile: Path | None = None
    language: str | None = None
    lenient: bool = False  # a broken profile is told, and its last good copy used, instead of refused
