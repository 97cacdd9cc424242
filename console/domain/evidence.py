"""What was asked, what came back, when and how long it took."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from console.domain.words import Words


@dataclass(frozen=True, slots=True)
class Evidence:
    """One question and its answer.

    `probe` is the dotted name of the question (`escpos.dle_eot.4`), `result` the answer as short
    technical text (hex, status, errno name), `signs` the names under which the diagnosis table knows
    what it shows, `facts` values worth keeping (addresses, versions, days left).
    `at` is aware, `seconds` is the time the answer took.
    """

    probe: str
    result: str
    meaning: Words
    at: datetime
    seconds: float
    signs: frozenset[str] = frozenset()
    facts: Mapping[str, str] = field(default_factory=dict)


def signs_of(evidence: Iterable[Evidence]) -> frozenset[str]:
    """Every sign that any piece of `evidence` shows."""
    return frozenset().union(*(each.signs for each in evidence))
