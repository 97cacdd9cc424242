"""From evidence to a light: one finding for each subject."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from console.domain.diagnosis import Candidate, DiagnosisTable
from console.domain.evidence import Evidence, signs_of
from console.domain.lights import Light, loudest
from console.domain.subjects import Subject


@dataclass(frozen=True, slots=True)
class Finding:
    """What is known about one subject now.

    `candidates` are ranked, the first is the cause; `distinguish` names the test that would tell
    the leading ones apart; `blocked_by` is the broken parent that explains this subject.
    """

    subject: Subject
    light: Light
    candidates: tuple[Candidate, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    distinguish: str | None = None
    blocked_by: Subject | None = None

    @property
    def cause(self) -> str | None:
        """The code of the first candidate; None when all is well or nothing is known."""
        return self.candidates[0].cause if self.candidates else None

    @property
    def newest(self) -> datetime | None:
        """When the newest evidence came in; None without evidence."""
        return max((each.at for each in self.evidence), default=None)

    def fact(self, name: str) -> str | None:
        """The latest value that evidence holds under `name`."""
        return next((each.facts[name] for each in reversed(self.evidence) if name in each.facts), None)


def judge(subject: Subject, evidence: Iterable[Evidence], table: DiagnosisTable) -> Finding:
    """The finding that `evidence` allows: OK needs proof, anything unexplained is UNKNOWN."""
    gathered = tuple(evidence)
    signs = signs_of(gathered)
    candidates = table.candidates(subject.kind, signs)
    if candidates:
        light = loudest(table.light(each.cause) for each in table.leading(candidates, signs))
    else:
        light = Light.OK if table.proves_ok(subject.kind, signs) else Light.UNKNOWN
    return Finding(subject, light, candidates, gathered, table.distinguish(candidates, signs))


def switched_off(subject: Subject) -> Finding:
    """The finding of a subject that the profile has disabled."""
    return Finding(subject, Light.OFF)


def silence_children(
    findings: Iterable[Finding], parent_of: Callable[[Subject], Subject | None], table: DiagnosisTable
) -> tuple[Finding, ...]:
    """The same findings, where a broken parent explains its children.

    A child that works is left alone whatever its parent shows; a silenced child is UNKNOWN with its
    parent's cause, and its own evidence is kept.
    """
    by_subject: Mapping[Subject, Finding] = {each.subject: each for each in findings}

    def silenced(child: Finding) -> Finding:
        if child.light in (Light.OK, Light.OFF):
            return child
        parent = by_subject.get(parent_of(child.subject) or child.subject, child)
        if parent is child or parent.light is not Light.FAULT:
            return child
        if parent.cause is None or not table.blocks(parent.cause, child.subject.kind):
            return child
        return replace(
            child,
            light=Light.UNKNOWN,
            candidates=parent.candidates[:1],
            distinguish=None,
            blocked_by=parent.subject,
        )

    return tuple(silenced(each) for each in by_subject.values())
