"""How a probe writes down what it saw, and how long it may still look."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that was put; made by `ask`, ended by `saw`."""

    clock: Clock
    probe: str
    at: datetime
    begun: float

    @property
    def seconds(self) -> float:
        """Seconds since it was put."""
        return self.clock.seconds() - self.begun

    def saw(self, result: str, meaning: Words, *signs: str, **facts: str) -> Evidence:
        """The answer as evidence."""
        return Evidence(self.probe, result, meaning, self.at, self.seconds, frozenset(signs), facts)


def ask(clock: Clock, probe: str) -> Asked:
    """Put the question `probe` now."""
    return Asked(clock, probe, clock.now(), clock.seconds())


def countdown(clock: Clock, total: float) -> Callable[[float], float]:
    """A function of a wish in seconds: as much of it as is left of `total`, never less than 0.05."""
    end = clock.seconds() + total
    return lambda wish: max(0.05, min(wish, end - clock.seconds()))
