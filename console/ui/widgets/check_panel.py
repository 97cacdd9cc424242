"""The heading of the lights, with the full check: its button, its progress, its cancel."""

from __future__ import annotations

from functools import reduce

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from console.domain.words import Words, say
from console.services.jobs import Step
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Elided, Heading


class CheckPanel(QWidget):
    """Shows the store's one full check, whoever began it."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        text, theme = context.text, context.theme
        self._heading = Heading(text(say("Devices and connections")), wrap=False)
        self._doing = Elided("", "note", "soft")
        self._progress = QProgressBar()
        self._progress.setTextVisible(False)
        self._progress.setAccessibleName(text(say("Full check")))
        self.start = Button(text(say("Full check")), "primary", icon("stethoscope", theme.on("primary"), 22))
        self.start.setToolTip("F5")
        self.start.clicked.connect(context.full_check.start)
        self.cancel = Button(text(say("Cancel")), icon=icon("x", theme.text, 22))
        self.cancel.clicked.connect(context.full_check.cancel)
        self._lay_out()
        context.full_check.changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addStretch()
        for widget in (self._heading, self._doing, self._progress):
            words.addWidget(widget)
        words.addStretch()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(self.start)
        row.addWidget(self.cancel)

    def _show(self) -> None:
        step = self._context.full_check.step
        had_focus = self.start.hasFocus() or self.cancel.hasFocus()
        self.start.setVisible(step is None)
        for widget in (self._doing, self._progress, self.cancel):
            widget.setVisible(step is not None)
        self._heading.setVisible(step is None)
        if had_focus:
            (self.cancel if step else self.start).setFocus()
        if step is not None:
            self._progress.setRange(0, step.total)
            self._progress.setValue(step.done)
            self._doing.setText(self._in_words(step))

    def _in_words(self, step: Step) -> str:
        return self._context.text(
            say("{done} of {total} · {doing}", done=step.done, total=step.total, doing=self._doing_now(step))
        )

    def _doing_now(self, step: Step) -> Words:
        if not step.waiting:
            return step.doing
        return say("Waiting for {names}", names=reduce(self._joined, map(self._context.name, step.waiting)))

    def _joined(self, first: str, then: str) -> str:
        return self._context.text(say("{first}, {then}", first=first, then=then))
