"""What a self-test of one device tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from console.domain.breaks import Breaks
from console.domain.findings import Finding
from console.domain.head import Head
from console.domain.words import Words

FIGURES = (
    "weight",
    "unit",
    "answer_seconds",
    "tag_kind",
    "tag",
)  # facts in evidence that are the result of a measurement

# Facts in evidence that say who a device is (UnifiedPOS names, and ours for what has none there).
IDENTITY = ("ManufacturerName", "ModelName", "SerialNumber", "FirmwareRevision", "HardwareAddress")


class Level(StrEnum):
    """How far a self-test goes (UnifiedPOS CheckHealth)."""

    INTERNAL = "internal"  # is it connected and healthy; prints and moves nothing
    EXTERNAL = "external"  # makes it do its job
    INTERACTIVE = "interactive"  # asks the person what only a person can see


class Grade(StrEnum):
    """How strong the evidence is that a page was printed."""

    A_PLUS = "A+"  # the printed code was scanned back
    A = "A"  # the printer echoed a process ID after printing
    B = "B"  # healthy before and after, counters moved
    C = "C"  # healthy before and after
    D = "D"  # bytes were accepted
    E = "E"  # nothing known


@dataclass(frozen=True, slots=True)
class Proof:
    """A grade and the reason for it."""

    grade: Grade
    reason: Words


@dataclass(frozen=True, slots=True)
class SelftestResult:
    """`passed` is None where nobody and nothing could tell; `seconds` is the whole duration.

    `head` is the print head whose pattern stood on the printed page, `breaks` where a person saw it break.
    """

    finding: Finding
    level: Level
    passed: bool | None
    seconds: float
    proof: Proof | None = None
    identity: Mapping[str, str] = field(default_factory=dict)
    counters: Mapping[str, int] = field(default_factory=dict)
    head: Head | None = None
    breaks: Breaks | None = None
    code: str = ""  # the printed one-time code

    @property
    def figures(self) -> Mapping[str, str]:
        """What the device measured, by its name in FIGURES; seconds as a decimal number."""
        told = {name: self.finding.fact(name) for name in FIGURES}
        return {name: value for name, value in told.items() if value}
