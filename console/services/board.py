"""The lights of the store as they are now: one writer a subject, many listeners."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from console.domain.check import LightChange
from console.domain.diagnosis import DiagnosisTable
from console.domain.findings import Finding, silence_children
from console.domain.lights import Light, loudest
from console.domain.ports import Clock
from console.domain.subjects import Subject

Listener = Callable[[LightChange], None]


class Board:
    """Keeps the newest finding of every subject; broken parents silence their children.

    Listeners hear every new finding as a LightChange (its `previous` equals its light when only the
    evidence is newer). Runs on one loop; not thread-safe.
    """

    def __init__(
        self,
        subjects: Iterable[Subject],
        parent_of: Callable[[Subject], Subject | None],
        table: DiagnosisTable,
        clock: Clock,
    ) -> None:
        self._parent_of = parent_of
        self._table = table
        self._clock = clock
        self._heard: dict[Subject, Finding] = {}
        self._shown = {subject: Finding(subject, Light.UNKNOWN) for subject in subjects}
        self._since: dict[Subject, datetime] = {}
        self._listeners: list[Listener] = []

    @property
    def findings(self) -> tuple[Finding, ...]:
        """One finding a subject, in the profile's order; UNKNOWN without evidence before the first."""
        return tuple(self._shown.values())

    @property
    def overall(self) -> Light:
        """The loudest light."""
        return loudest(finding.light for finding in self.findings)

    def finding(self, subject: Subject) -> Finding:
        """The newest finding of one subject; KeyError for a subject the store does not have."""
        return self._shown[subject]

    def since(self, subject: Subject) -> datetime | None:
        """When the subject's light became what it is; None before its first evidence."""
        return self._since.get(subject)

    def put(self, *findings: Finding) -> None:
        """Take new findings and tell the listeners what they change."""
        self._heard |= {finding.subject: finding for finding in findings}
        fresh = {finding.subject for finding in findings}
        for finding in silence_children(self._heard.values(), self._parent_of, self._table):
            if finding.subject in fresh or finding != self._shown[finding.subject]:
                self._show(finding)

    def _show(self, finding: Finding) -> None:
        subject = finding.subject
        known = subject in self._since
        previous = self._shown[subject].light if known else None
        self._shown[subject] = finding
        now = self._clock.now()
        if previous is not finding.light:
            self._since[subject] = now
        for listener in tuple(self._listeners):
            listener(LightChange(now, finding, previous))

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` at every new finding; the result unsubscribes."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)
