"""One thing to do against a cause, and how the device itself shows that it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from console.domain.evidence import signs_of
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.recovery import Recovery


@dataclass(frozen=True, slots=True)
class AdviceStep:
    """One action, in a person's words.

    `until` are sets of signs: each proves that the step is done. `restart` means restarting the till, its
    program or the computer. `press` is what the console can do itself where the device allows it; `doctor`
    that the scanner doctor shows how.
    """

    text: str
    until: tuple[frozenset[str], ...] = ()
    restart: bool = False
    press: Recovery | None = None
    doctor: bool = False

    @classmethod
    def of(cls, row: str | Mapping[str, object]) -> AdviceStep:
        """A step as the knowledge writes it: a text, or a table of these fields; or ValueError."""
        if isinstance(row, str):
            return cls(row)
        if unknown := row.keys() - {"text", "until", "restart", "press", "doctor"}:
            raise ValueError(unknown)
        until, press = row.get("until", ()), row.get("press")
        if not isinstance(until, (list, tuple)):
            raise ValueError(until)
        return cls(
            str(row["text"]),
            tuple(frozenset(each) for each in until),
            bool(row.get("restart")),
            Recovery(str(press)) if press else None,
            bool(row.get("doctor")),
        )

    def proven(self, finding: Finding) -> bool:
        """Whether what is known now shows that the step is done; nothing is proven while nothing is known."""
        signs = signs_of(finding.evidence)
        known = finding.light not in (Light.UNKNOWN, Light.OFF)
        return known and any(each <= signs for each in self.until)
