"""One press prints a code: a button for each printer of the store, and what became of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.domain.errors import TillkeeperError
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.code_sheet import CodeSheet
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Note

_MOST = 3  # printers that are offered; a shop's counter has no more


class PrintCodes(QWidget):
    """`sheet` makes the page when it is asked for; hidden in a store without a printer."""

    def __init__(self, context: Context, sheet: Callable[[], CodeSheet]) -> None:
        super().__init__()
        self._context = context
        self._sheet = sheet
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._buttons = [self._button(each) for each in context.console.trials.printers[:_MOST]]
        for each in self._buttons:
            row.addWidget(each)
        row.addStretch(1)
        self._note = Note()
        self._note.hide()
        column.addLayout(row)
        column.addWidget(self._note)
        self.setVisible(bool(self._buttons))

    def _button(self, printer: Subject) -> Button:
        words = say("Print it on: {name}", name=self._context.name(printer))
        press = Button(self._context.text(words), icon=icon("printer", self._context.theme.text, 22))
        press.clicked.connect(lambda: self._context.spawn(self._print(printer), f"codes on {printer}"))
        return press

    async def _print(self, printer: Subject) -> None:
        """Once at a time; what the printer confirmed, or why nothing came out, stands beneath."""
        for each in self._buttons:
            each.setEnabled(False)
        try:
            self._say(say("Printing on {name}…", name=self._context.name(printer)))
            job = self._context.console.trials.print(printer, self._sheet())
            proof = await job.result()
            name = self._context.name(printer)
            failed = proof.grade is Grade.E
            words = say("{name}: {reason}", name=name, reason=proof.reason)
            self._say(words if failed else say("{name} has the code. Scan it from the paper.", name=name))
        except TillkeeperError as error:
            self._say(error.words)
        finally:
            if isValid(self):
                for each in self._buttons:
                    each.setEnabled(True)

    def _say(self, words: Words) -> None:
        if isValid(self):  # the test may be over before the printer is
            self._note.setText(self._context.text(words))
            self._note.show()
