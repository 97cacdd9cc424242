"""How often one cash drawer was opened: today, yesterday and in a week."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout
from shiboken6 import isValid

from console.domain.errors import TillkeeperError
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.drawer_sense import behind
from console.services.drawer_watch import WatchedDrawer
from console.services.opens_text import honest, opens_rows
from console.ui.context import Context
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Heading, Note


class OpensCard(Card):
    """Reads what was counted; `read` brings it up to date."""

    def __init__(self, context: Context, subject: Subject, drawer: WatchedDrawer) -> None:
        super().__init__(context.theme)
        self._context = context
        self._subject = subject
        self._drawer = drawer
        self._reading = False
        self._values = [Body() for _ in range(3)]
        self._trouble = Note()
        self._trouble.hide()
        self.column.setSpacing(12)
        self.column.addWidget(Heading(context.text(say("Opens of the drawer"))))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for line, (name, _) in enumerate(opens_rows({}, context.now().date())):
            grid.addWidget(Note(context.text(name), wrap=False), line, 0, Qt.AlignmentFlag.AlignTop)
            self._values[line].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(self._values[line], line, 1)
        self.column.addLayout(grid)
        self.column.addWidget(self._trouble)
        for words in honest(behind(context.console.profile, subject).hold):
            self.column.addWidget(Note(context.text(words)))

    def read(self) -> None:
        """Ask what was counted."""
        if not self._reading:
            self._reading = True
            self._context.spawn(self._fill(), f"opens of {self._subject}")

    async def _fill(self) -> None:
        try:
            days = await self._drawer.opens()
        except TillkeeperError as error:
            if isValid(self):
                reason = error.words
                self._trouble.setText(self._context.text(say("Opens are not kept: {reason}", reason=reason)))
                self._trouble.show()
            return
        finally:
            self._reading = False
        if isValid(self):  # the page may have been rebuilt meanwhile
            self._trouble.hide()
            rows = opens_rows(days, self._context.now().date())
            for value, (_, words) in zip(self._values, rows, strict=True):
                value.setText(self._context.text(words))
