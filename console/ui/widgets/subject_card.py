"""One device or connection on the Today page: light, cause, what was seen, its age, and the way on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import DEVICE_KINDS
from console.domain.words import Words, say
from console.services.sentences import title_of
from console.services.times import ago, duration, exact
from console.ui.context import Context
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Elided
from console.ui.widgets.light import LightShape

TROUBLE = (Light.FAULT, Light.ATTENTION)

# Who said it, by the first part of the probe's name.
_SOURCES = {
    **dict.fromkeys(("escpos", "star"), say("reported by the printer")),
    "scanner": say("reported by the scanner"),
    "selftest": say("self-test"),
    "dns": say("asked the name server"),
    "tls": say("connected for a test"),
    "tcp": say("connected for a test"),
    "http": say("connected for a test"),
}


class SubjectCard(Card):
    """Shows one finding; `opened` is emitted when the person wants to go on to it."""

    opened = Signal()

    def __init__(self, context: Context, finding: Finding) -> None:
        super().__init__(context.theme, finding.light)
        self._context = context
        self._finding = finding
        self._light = LightShape(
            finding.light, 28, context.theme, context.console.language.light(finding.light)
        )
        self._name = Elided("", "heading", lines=2)
        self._state = Elided("", strong=True, lines=2)
        self._seen = Elided("", lines=2)
        self._age = Elided("", "note", "soft", lines=2, ground=context.theme.surface)
        self._button = Button("")
        self._button.setMinimumWidth(88)
        self._button.clicked.connect(self.opened)
        self.column.setContentsMargins(20, 10, 10, 10)
        self.column.setSpacing(2)
        self._lay_out()
        self.show_finding(finding)

    def _lay_out(self) -> None:
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self._name)
        titles.addWidget(self._state)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self._light, 0, Qt.AlignmentFlag.AlignVCenter)
        head.addLayout(titles, 1)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self._age, 1, Qt.AlignmentFlag.AlignVCenter)
        foot.addWidget(self._button)
        self.column.addLayout(head)
        self.column.addWidget(self._seen)
        self.column.addStretch()
        self.column.addLayout(foot)

    def show_finding(self, finding: Finding) -> None:
        """Show what is known now."""
        self._finding = finding
        context, language = self._context, self._context.console.language
        name, word = context.name(finding.subject), language.light(finding.light)
        title = title_of(finding, language)
        self.set_light(finding.light)
        self._light.set_light(finding.light, word)
        self._light.setAccessibleDescription(name)
        self._name.setText(name)
        self._state.setText(word if title == word else f"{word} · {title}")
        self._state.set_tone(finding.light.value)
        self._seen.setText(self._what_was_seen())
        way_on = context.text(_way_on(finding))
        self._button.setText(way_on)
        self._button.setAccessibleName(f"{way_on}: {name}")
        self.show_age()

    def show_age(self) -> None:
        """Count the ages on: of the newest evidence, and of the trouble."""
        newest = self._finding.newest
        if newest is None:
            self._age.setText("–")
            return
        now, language = self._context.now(), self._context.console.language
        parts = [ago(newest, now, language)]
        since = self._context.console.board.since(self._finding.subject)
        if self._finding.light in TROUBLE and since is not None:
            lasts = duration((now - since).total_seconds(), language)
            parts.append(self._context.text(say("for {duration}", duration=lasts)))
        elif source := self._source():
            parts.append(self._context.text(source))
        self._age.setText(" · ".join(parts))
        self._age.setToolTip(exact(newest))

    def _what_was_seen(self) -> str:
        finding, text = self._finding, self._context.text
        if finding.light is Light.OFF:
            return text(say("It can be switched on again in Settings"))
        if finding.blocked_by is not None:
            parent = self._context.name(finding.blocked_by)
            return text(say("Nothing to do here: first {parent}", parent=parent))
        if finding.cause is not None:
            return self._context.console.language.cause(finding.cause).explain
        if finding.evidence:
            return text(max(finding.evidence, key=lambda each: each.at).meaning)
        return text(say("Waiting for its first answer"))

    def _source(self) -> Words | None:
        newest = max(self._finding.evidence, key=lambda each: each.at)
        return _SOURCES.get(newest.probe.split(".")[0])


def _way_on(finding: Finding) -> Words:
    if finding.light is Light.OFF:
        return say("Settings")
    if finding.light in TROUBLE:
        return say("Fix")
    return say("Test") if finding.subject.kind in ("printer", "scanner") else say("View")


def page_of(finding: Finding) -> str:
    """The page that leads on from a finding."""
    if finding.light is Light.OFF:
        return "settings"
    return "devices" if finding.subject.kind in DEVICE_KINDS else "network"
