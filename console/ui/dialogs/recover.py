"""Getting a printer going again from here: what it may cost is read first, then pressed."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from console.domain.errors import TillkeeperError
from console.domain.recovery import PRICE, Recovery
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.repair import outcome
from console.ui.context import Context
from console.ui.dialogs.sheet import Sheet
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Tinted
from console.ui.widgets.labels import Body

_PRESS = {Recovery.RESUME: say("Go on printing"), Recovery.CLEAR: say("Throw it away")}
_FIRST = say("Take out what was stuck, put paper in and close the cover before you press.")


class RecoverDialog(Sheet):
    """Says the price, does it at a press, and tells what the printer says afterwards."""

    def __init__(self, context: Context, subject: Subject, how: Recovery, parent: QWidget | None) -> None:
        name = context.name(subject)
        on, away = (
            say("Let {name} go on printing", name=name),
            say("Throw away what waits in {name}", name=name),
        )
        title = on if how is Recovery.RESUME else away
        super().__init__(context, parent, context.text(title), "printer")
        self.resize(560, 380)
        self._subject = subject
        self._how = how
        price = Tinted("attention")
        price.column.addWidget(Body(self.text(PRICE[how]), strong=True))
        self.body.addWidget(Body(self.text(_FIRST)))
        self.body.addWidget(price)
        self.body.addStretch(1)
        self._cancel = Button(self.text(say("Cancel")))
        self._cancel.clicked.connect(self.reject)
        name_of_icon = "play" if how is Recovery.RESUME else "trash-2"
        self.press = Button(
            self.text(_PRESS[how]), "primary", icon(name_of_icon, context.theme.on("primary"), 22)
        )
        self.press.clicked.connect(self._go)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self._cancel)
        self.buttons.addWidget(self.press)
        self._cancel.setFocus()  # a scanner's Enter must not press for a person

    def _go(self) -> None:
        self.complain(None)
        self.press.setEnabled(False)
        self.press.rename(self.text(say("Telling the printer…")))
        self.spawn(self._carry_out(), f"{self._how} {self._subject}")

    async def _carry_out(self) -> None:
        try:
            finding = await self.context.console.repair.carry_out(self._subject, self._how)
        except TillkeeperError as error:
            self._end()
            self.complain(error.words)
        else:
            light, words = outcome(finding, self.context.console.language)
            result = Tinted(light.value)
            result.column.addWidget(Body(self.text(words), strong=True))
            self.body.insertWidget(self.body.count() - 1, result)
            self._end()

    def _end(self) -> None:
        self.press.hide()
        self._cancel.rename(self.text(say("Close")))
        self._cancel.setFocus()
