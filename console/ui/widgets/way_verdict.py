"""What is wrong on the way to a backend, in plain words, and what to do about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.words import Words, say
from console.services.handover import handover
from console.services.sentences import title_of
from console.services.times import clock_time, duration, exact
from console.services.way import Stop
from console.services.worked import Worked
from console.services.worked_text import worked_lines
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.advice import Advice
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card, Tinted
from console.ui.widgets.labels import Body, Label, Note, Verdict
from console.ui.widgets.light import LightShape

TROUBLE = (Light.FAULT, Light.ATTENTION)
MOST = 3  # further possible causes that are named


class WayVerdict(Card):
    """Verdict, explanation, what else it may be, and advice."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        self._finding: Finding | None = None
        language = context.console.language
        self.light = LightShape(Light.UNKNOWN, 28, context.theme, language.light(Light.UNKNOWN))
        self.title = Verdict()
        self._since = Note()
        self._explain = Body()
        self._others = Tinted(Light.ATTENTION.value)
        self._others_text = Body()
        self._test = Body()
        self.advice = Advice(context)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.light, 0, Qt.AlignmentFlag.AlignTop)
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self.title)
        titles.addWidget(self._since)
        head.addLayout(titles, 1)
        words = self._context.text(say("These cannot be told apart from here"))
        self._others.column.setSpacing(4)
        self._others.column.addWidget(Label(words, "attention", strong=True))
        self._others.column.addWidget(self._others_text)
        self._others.column.addWidget(self._test)
        self.column.setContentsMargins(20, 16, 20, 16)
        self.column.setSpacing(12)
        self.column.addLayout(head)
        for widget in (self._explain, self._others, self.advice):
            self.column.addWidget(widget)
        self.column.addStretch(1)

    def show_finding(self, finding: Finding, name: str, stops: Sequence[Stop]) -> None:
        """Tell about `finding`; `name` is the backend's, `stops` are the way to it."""
        language, text = self._context.console.language, self._context.text
        self._finding = finding
        self.light.set_light(finding.light, language.light(finding.light))
        self.light.setAccessibleDescription(self._context.name(finding.subject))
        title, explain = self._told(finding, name, stops)
        self.title.setText(title)
        self._explain.setText(explain)
        self._explain.setVisible(bool(explain))
        others = [language.cause(each.cause).title for each in finding.candidates[1 : MOST + 1]]
        self._others.setVisible(finding.distinguish is not None and bool(others))
        first = title_of(finding, language)
        self._others_text.setText("\n".join(f"· {each}" for each in (first, *others)))
        if finding.distinguish is not None:
            test = language.test(finding.distinguish)
            self._test.setText(text(say("What would tell: {test}", test=test)))
        self.advice.show_finding(finding, finding.cause if finding.light in TROUBLE else None)
        self.show_age()

    def _told(self, finding: Finding, name: str, stops: Sequence[Stop]) -> tuple[str, str]:
        language, text = self._context.console.language, self._context.text
        if finding.light is Light.OK:
            words = say("The whole way to {name} holds", name=name) if name else say("Your network works")
            seen = [rung.evidence for stop in stops for rung in stop.rungs if rung.evidence is not None]
            return text(words), self._listed(say("What was seen:"), seen)
        if finding.cause is not None:
            cause = language.cause(finding.cause)
            return cause.title, cause.explain
        if not finding.evidence:
            return text(say("Waiting for the first answer")), ""
        return text(say("It cannot be told yet")), self._listed(
            say("What was seen so far:"), finding.evidence
        )

    def _listed(self, words: Words, evidence: Sequence[Evidence]) -> str:
        seen = (f"· {self._context.text(each.meaning)}" for each in evidence)
        return "\n".join((self._context.text(words), *seen))

    def show_age(self) -> None:
        """Count on how long this lasts."""
        finding = self._finding
        since = self._context.console.board.since(finding.subject) if finding else None
        self._since.setVisible(since is not None)
        if since is None:
            return
        now, language = self._context.now(), self._context.console.language
        words = say(
            "Since {time} · {duration}",
            time=clock_time(since, now, language),
            duration=duration((now - since).total_seconds(), language),
        )
        self._since.setText(self._context.text(words))
        self._since.setToolTip(exact(since))


class WaysOn(QWidget):
    """What a person can do from here, always in sight: the checklist, a text for others, the evidence."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._finding: Finding | None = None
        self._worked: Worked | None = None
        text, theme = context.text, context.theme
        self.checklist = Button(
            text(say("Open emergency steps")), "primary", icon("siren", theme.on("primary"), 22)
        )
        self.copy = Button(text(say("Text for the provider")), icon=icon("copy", theme.text, 22))
        self.copy.setToolTip(text(say("Copies what was seen, with times; paste it into a message")))
        self.copy.clicked.connect(self._copy_note)
        self.fold = Button(text(say("Technical details")))
        self.fold.setCheckable(True)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setSpacing(12)
        for button in (self.checklist, self.copy, self.fold):
            self._row.addWidget(button, 1)

    def set_wide(self, wide: bool) -> None:
        """Beside each other, or below each other on a narrow screen."""
        directions = QBoxLayout.Direction
        self._row.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._row.setContentsMargins(*((24, 8, 20, 12) if wide else (0, 0, 0, 0)))

    def show_finding(self, finding: Finding, offered: bool, worked: Worked | None) -> None:
        """`offered` says that there is a checklist for `finding`; `worked` goes into the text."""
        self._finding = finding
        self._worked = worked
        self.checklist.setVisible(offered)
        self.setVisible(offered or bool(finding.evidence))

    def _copy_note(self) -> None:
        if self._finding is None:
            return
        console = self._context.console
        note = handover(
            console.profile.store.name, self._context.name(self._finding.subject), self._finding,
            console.board.since(self._finding.subject), self._context.now(), console.language,
        )  # fmt: skip
        changed = worked_lines(self._worked, self._context.now(), console.language) if self._worked else []
        QGuiApplication.clipboard().setText("\n".join((note, *changed)))
        self.copy.setText(self._context.text(say("Copied")))
