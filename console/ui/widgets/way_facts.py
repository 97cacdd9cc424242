"""The few values about the network that a provider asks for, each with its age."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.words import Words, say, say_many
from console.services.times import ago, exact
from console.services.worked import Worked
from console.services.worked_text import worked_lines
from console.ui.context import Context
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Heading, Note

NAMES = {
    "address": say("Own address"),
    "router": say("Router"),
    "dns": say("DNS server"),
    "backend": say("Backend address"),
    "certificate": say("Certificate"),
}


class WayFacts(Card):
    """One line a value; “–” for what nobody has told yet."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        self._values: dict[str, Body] = {}
        self._ages: dict[str, Note] = {}
        self._times: dict[str, datetime] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for line, (key, name) in enumerate(NAMES.items()):
            self._values[key], self._ages[key] = Body("–"), Note(wrap=False)
            self._values[key].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            label = Note(context.text(name))
            label.setFixedWidth(86)
            grid.addWidget(label, line, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._values[key], line, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(self._ages[key], line, 2, Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignRight)
        self._changed = Body()
        self.column.addWidget(Heading(context.text(say("Your connection"))))
        self.column.addLayout(grid)
        self.column.addWidget(self._changed)
        self._changed.hide()

    def show_findings(self, network: Finding, backend: Finding | None) -> None:
        """Take the values out of the evidence."""
        known = _known(network, backend)
        for key, value in self._values.items():
            words, at = known.get(key, (None, None))
            value.setText(self._context.text(words) if words else "–")
            if at is None:
                self._times.pop(key, None)
            else:
                self._times[key] = at
        self.show_ages()

    def show_worked(self, worked: Worked | None) -> None:
        """What is different since it last worked; nothing while it works, or where it never did."""
        self._changed.setVisible(worked is not None)
        if worked is None:
            return
        lines = worked_lines(worked, self._context.now(), self._context.console.language)
        self._changed.setText("\n".join(lines))
        self._changed.set_tone("attention" if worked.changed else "soft")

    def show_ages(self) -> None:
        """Count on."""
        now, language = self._context.now(), self._context.console.language
        for key, note in self._ages.items():
            at = self._times.get(key)
            note.setText(ago(at, now, language) if at else "")
            note.setToolTip(exact(at) if at else "")


def _known(network: Finding, backend: Finding | None) -> dict[str, tuple[Words, datetime]]:
    known: dict[str, tuple[Words, datetime]] = {}
    for each in (*network.evidence, *(backend.evidence if backend else ())):
        for key, words in _values(each):
            known[key] = words, each.at
    return known


def _values(evidence: Evidence) -> list[tuple[str, Words]]:
    kind, _, detail = evidence.probe.partition(".")
    facts = evidence.facts
    if kind == "address" and "address" in facts:
        return [("address", _plain(facts["address"]))]
    if kind == "tcp" and "address" in facts:
        return [("backend", _plain(facts["address"]))]
    if "gateway" in facts:
        return [("router", _plain(facts["gateway"]))]
    if "days_left" in facts:
        days = int(facts["days_left"])
        return [("certificate", say_many("{count} day left", "{count} days left", days))]
    if kind == "dns" and detail[:1].isdigit():
        return [("dns", _plain(detail))]
    return []


def _plain(value: str) -> Words:
    return say("{value}", value=value)
