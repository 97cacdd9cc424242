"""An entry tried before it is saved: the light it would show."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.errors import TillkeeperError
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.profile import Entry
from console.domain.subjects import Subject
from console.domain.words import say
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Label, Note
from console.ui.widgets.light import LightShape
from console.ui.widgets.subject_list import verdict


class Trial(QWidget):
    """A “Try it” button and the answer beside it; `entry` gives what to try, None when it is not yet right.

    `spawn` runs the question for as long as somebody waits for it.
    """

    def __init__(
        self,
        context: Context,
        entry: Callable[[], tuple[Subject, Entry] | None],
        spawn: Callable[[Coroutine[Any, Any, Any], str], object],
    ) -> None:
        super().__init__()
        self._context = context
        self._spawn = spawn
        self._entry = entry
        self._asked = 0  # only the newest question may answer
        theme = context.theme
        self._button = Button(context.text(say("Try it")), icon=icon("plug", theme.text, 22))
        self._button.clicked.connect(self._press)
        self._shape = LightShape(Light.UNKNOWN, 28, theme, context.console.language.light(Light.UNKNOWN))
        self._verdict = Label(strong=True)
        self._explain = Note()
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._verdict)
        words.addWidget(self._explain)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._button)
        row.addWidget(self._shape)
        row.addLayout(words, 1)
        self.forget()

    def forget(self) -> None:
        """The entry has changed: what was tried no longer counts."""
        self._asked += 1
        self._shape.hide()
        self._verdict.hide()
        self._explain.setText(self._context.text(say("Asks the device now, before anything is saved.")))

    def _press(self) -> None:
        given = self._entry()
        if given is None:
            return
        self.forget()
        self._explain.setText(self._context.text(say("Asking…")))
        self._button.setEnabled(False)
        self._spawn(self._run(*given, self._asked), "try entry")

    async def _run(self, subject: Subject, entry: Entry, asked: int) -> None:
        console = self._context.console
        try:
            finding = await console.check.ask(subject, console.examiner(subject, entry))
        except TillkeeperError as error:
            self._button.setEnabled(True)
            if asked == self._asked:
                self._explain.setText(self._context.text(error.words))
            return
        self._button.setEnabled(True)
        if asked == self._asked:
            self._show(finding)

    def _show(self, finding: Finding) -> None:
        language = self._context.console.language
        self._shape.set_light(finding.light, language.light(finding.light))
        self._shape.show()
        self._verdict.setText(verdict(finding, language))
        self._verdict.set_tone(finding.light.value)
        self._verdict.show()
        explain = self._context.text(finding.evidence[-1].meaning) if finding.evidence else ""
        if finding.cause is not None:
            explain = language.cause(finding.cause).explain
        self._explain.setText(explain)
