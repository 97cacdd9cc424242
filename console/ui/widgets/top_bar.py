"""The bar that never scrolls away: the store's light and sentence, the clock, the language, Emergency."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.lights import Light
from console.domain.words import Words, say
from console.ui.icons import icon
from console.ui.theme import Theme
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Elided, Heading, Note
from console.ui.widgets.light import LightShape

HEIGHT = 64
NARROW = 720  # px; below, the clock gives its place to the sentence
NARROWEST = 480  # px; below, the language's button does too


class TopBar(QFrame):
    """Shows what it is given; `demo` is a button that is hidden until a demo store is open."""

    def __init__(
        self, theme: Theme, text: Callable[[Words], str], emergency: QAction, language: QAction
    ) -> None:
        super().__init__()
        self.setObjectName("topbar")
        self.setFixedHeight(HEIGHT)
        self.light = LightShape(Light.UNKNOWN, 28, theme, "")
        self.sentence = Elided("", "sentence")
        self.detail = Elided("", "note", "soft")
        self.demo = Button(text(say("Demo")), icon=icon("flask-conical", theme.text, 22))
        self.demo.hide()
        self.language = Button("中 / EN")
        self.language.setAccessibleName(language.text())
        self.language.setToolTip(language.text())
        self.language.clicked.connect(language.trigger)
        self.emergency = Button(f"{emergency.text()}  F1", "danger", icon("siren", theme.on("danger"), 22))
        self.emergency.setAccessibleName(emergency.text())
        self.emergency.clicked.connect(emergency.trigger)
        self._time, self._day = Heading("", wrap=False), Note("", wrap=False)
        self._clock = _stacked(self._time, self._day, Qt.AlignmentFlag.AlignRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 0, 16, 0)
        row.setSpacing(12)
        row.addWidget(self.light)
        row.addWidget(_stacked(self.sentence, self.detail), 1)
        row.addWidget(self._clock)
        for button in (self.demo, self.language, self.emergency):
            row.addWidget(button)

    def show_store(self, light: Light, word: str, sentence: str, detail: str) -> None:
        """The overall light, its sentence, and what stands in small print beneath."""
        self.light.set_light(light, word)
        self.light.setAccessibleDescription(sentence)
        self.sentence.setText(sentence)
        self.sentence.setAccessibleName(sentence)
        self.detail.setText(detail)
        self._fit()

    def show_clock(self, now: datetime, day: str) -> None:
        """The time of day and the date in the person's language."""
        self._time.setText(f"{now:%H:%M}")
        self._day.setText(day)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """On a narrow screen the sentence matters more than the clock."""
        super().resizeEvent(event)
        self._clock.setVisible(self.width() >= NARROW)
        self.language.setVisible(self.width() >= NARROWEST)  # it is in Settings as well
        self._fit()

    def _fit(self) -> None:
        """A sentence too long for one line takes the place of the small print as well."""
        one_line = self.sentence.sizeHint().width() <= self.sentence.width()
        self.sentence.set_lines(1 if one_line else 2)
        self.detail.setVisible(one_line)
        self.sentence.setToolTip(self.detail.text())


def _stacked(upper: QWidget, lower: QWidget, align: Qt.AlignmentFlag | None = None) -> QWidget:
    stack = QWidget()
    column = QVBoxLayout(stack)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    column.addStretch()
    for widget in (upper, lower):
        if align is None:
            column.addWidget(widget)
        else:
            column.addWidget(widget, 0, align)
    column.addStretch()
    return stack
