"""Learning a drawer's contact by two presses: it is closed now, it is open now."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from console.domain.drawer import LEVEL_WORDS, Lesson
from console.domain.errors import TillkeeperError
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.drawer_sense import behind, change_of
from console.ui.context import Context
from console.ui.dialogs.entry import remember
from console.ui.dialogs.sheet import Sheet
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body, Label

_OPEN = say(
    "Now open the drawer, with its key or by the button below. Keep your hands away from it when it springs"
    ' open. Press "It is open now" when you see it open.'
)


class DrawerSenseDialog(Sheet):
    """Two looks at the contact, and what they taught. `saved` carries the new StoreProfile."""

    saved = Signal(object)

    def __init__(self, context: Context, subject: Subject, parent: QWidget | None) -> None:
        name = context.name(subject)
        super().__init__(
            context, parent, context.text(say("Learn the contact of {name}", name=name)), "banknote"
        )
        self.resize(560, 360)
        self._subject = subject
        self._sense = context.console.drawer(subject)
        self._stuck = False  # there is no file to save in
        self._step = Body(context.text(say("Step {number} of 2", number=1)), "soft")
        self._words = Label(context.text(say("Close the drawer. Its contact is then read.")), strong=True)
        self._told = Body()
        for part in (self._step, self._words, self._told):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self._cancel = Button(self.text(say("Cancel")))
        self._cancel.clicked.connect(self.reject)
        self._pulse = Button(
            self.text(say("Open {name} now", name=name)), icon=icon("power", context.theme.text, 22)
        )
        self._pulse.clicked.connect(lambda: self._work(self._open(), "open the drawer"))
        self._pulse.hide()
        self._next = Button(self.text(say("The drawer is closed now")), "primary")
        self._do: Callable[[], None] = lambda: self._work(self._closed(), "drawer closed")
        self._next.clicked.connect(lambda: self._do())
        self.buttons.addWidget(self._cancel)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self._pulse)
        self.buttons.addWidget(self._next)

    def _work(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self.complain(None)
        self._next.setEnabled(False)
        self._pulse.setEnabled(False)
        self.spawn(self._guarded(work), name)

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except TillkeeperError as error:
            self.complain(error.words)
        finally:
            if isValid(self):  # closed and deleted, where all is done
                self._next.setEnabled(not self._stuck)
                self._pulse.setEnabled(True)

    async def _closed(self) -> None:
        level = await self._sense.look("closed")
        if level is None:
            self.complain(say("The printer did not tell its drawer contact: see to the printer first"))
            return
        self._step.setText(self.text(say("Step {number} of 2", number=2)))
        self._words.setText(self.text(_OPEN))
        self._told.setText(self.text(say("Closed: the contact is {level}", level=LEVEL_WORDS[level])))
        self._pulse.show()
        self._next.rename(self.text(say("It is open now")))
        self._do = lambda: self._work(self._opened(), "drawer open")

    async def _open(self) -> None:
        if not await self._sense.open():
            self.complain(
                say("The pulse was sent, and the contact did not change. Did it open? If not, use its key.")
            )

    async def _opened(self) -> None:
        await self._sense.look("open")
        lesson = self._sense.lesson
        if lesson is None or lesson.sense is None:
            self.complain(say("The printer did not tell its drawer contact: see to the printer first"))
            return
        self._show(lesson)

    def _show(self, lesson: Lesson) -> None:
        self._step.hide()
        self._pulse.hide()
        self._words.setText(self.text(lesson.words))
        console = self.context.console
        if lesson.sense == behind(console.profile, self._subject).drawer_sense:
            self._told.setText(self.text(say("The profile says the same already: nothing to change.")))
            self._next.rename(self.text(say("Close")))
            self._do = self.accept
            return
        if lesson.sure:
            self._told.setText(self.text(say('This goes into the profile; Settings offers "Undo".')))
            self._next.rename(self.text(say("Save")))
        else:
            self._told.setText(self.text(_NOTHING_WIRED))
            self._next.rename(self.text(say("Nothing is wired: save that")))
        self._stuck = console.editor is None
        if self._stuck:
            self.complain(say("This is the demo store: it has no file to save in."))
        self._do = lambda: self._work(self._save(lesson), "save the drawer's contact")

    async def _save(self, lesson: Lesson) -> None:
        console = self.context.console
        if console.editor is None or lesson.sense is None:
            return
        printer, keys = change_of(console.profile, self._subject, lesson.sense)
        profile = await asyncio.to_thread(console.editor.replace, printer, keys)
        remember(self.context, f"changed\t{self.context.name(printer)}")
        self.saved.emit(profile)
        self.accept()


_NOTHING_WIRED = say(
    "If the drawer has a contact, see whether its cable is the one for this printer, and learn again. If it"
    " has none, save that: whether it is open is then not watched."
)
