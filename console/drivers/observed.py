"""How drivers write evidence down."""

from __future__ import annotations

from collections.abc import Collection

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words


def observed(
    clock: Clock,
    began: float,
    probe: str,
    result: str,
    meaning: Words,
    signs: Collection[str],
) -> Evidence:
    """One piece of evidence about a question put at `began` monotonic seconds and settled now."""
    return Evidence(
        probe=probe,
        result=result,
        meaning=meaning,
        at=clock.now(),
        seconds=round(clock.seconds() - began, 6),
        signs=frozenset(signs),
    )


def trouble_seen(clock: Clock, began: float, probe: str, trouble: TillkeeperError) -> Evidence:
    """A question that failed, as evidence."""
    return observed(clock, began, probe, trouble.sign, trouble.words, {trouble.sign})
