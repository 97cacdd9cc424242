"""The result of one full check."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.domain.findings import Finding
from console.domain.lights import Light, loudest


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One finding a subject; `started` is aware, `seconds` the duration of the whole check.

    `full` is False for a check of only some subjects.
    """

    store: str
    started: datetime
    seconds: float
    findings: tuple[Finding, ...]
    full: bool = True

    @property
    def overall(self) -> Light:
        """The loudest light of all findings."""
        return loudest(finding.light for finding in self.findings)


@dataclass(frozen=True, slots=True)
class LightChange:
    """A subject's light became another one; `previous` is None for its first known light."""

    at: datetime
    finding: Finding
    previous: Light | None
