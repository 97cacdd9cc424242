"""Advice as a checklist: a person ticks steps, and all of them tick themselves when the light clears."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.lights import Light
from console.domain.words import say
from console.services.times import clock_time
from console.ui.context import Context
from console.ui.widgets.labels import Label
from console.ui.widgets.restart_guard import RestartGuard
from console.ui.widgets.rows import Step


class Advice(QWidget):
    """The steps against one cause; hidden where there are none."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._cause: str | None = None
        self._heading = Label(tone="soft", strong=True)
        self._steps: list[Step] = []
        self._guard = RestartGuard(context, self)
        self._guard.told.connect(self._tell)
        self._told: Step | None = None  # among the steps, what the guard says
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self._heading)
        self.hide()

    def show_cause(self, light: Light, cause: str | None) -> None:
        """Show what to do about `cause`; a light that became OK ticks what stood here."""
        if cause is None and light is Light.OK and self._steps:
            self._tick_all()
        elif cause != self._cause or (cause is None and self._steps):
            self._replace(cause)
        self._cause = cause

    def _replace(self, cause: str | None) -> None:
        for step in self._steps:
            self._column.removeWidget(step)
            step.deleteLater()
        text = self._context.console.language.cause(cause) if cause else None
        self._steps = [Step(self._context.theme, each) for each in (text.advice if text else ())]
        self._guard.stop()
        self._told = None
        if text and text.restart is not None and self._context.console.unsynced.known:
            self._told = Step(self._context.theme, "")
            self._steps.insert(text.restart, self._told)
            self._guard.switch(on=True)
        for step in self._steps:
            self._column.addWidget(step)
        self._heading.setText(self._context.text(say("What to do")))
        self._heading.set_tone("soft")
        self.setVisible(bool(self._steps))

    def _tell(self, sentence: str) -> None:
        if self._told is not None:
            self._told.setText(sentence)
            self._told.updateGeometry()

    def _tick_all(self) -> None:
        if self._cause is None:  # ticked before
            return
        self._guard.stop()
        now = self._context.now()
        time = clock_time(now, now, self._context.console.language)
        self._heading.setText(self._context.text(say("Solved at {time}", time=time)))
        self._heading.set_tone("ok")
        for step in self._steps:
            step.setChecked(True)
            step.setEnabled(False)
