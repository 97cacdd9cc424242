"""Paper that ends soon, for the page that is looked at every morning."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.subjects import Subject
from console.domain.words import say
from console.services.wear_text import SOON, paper_line
from console.ui.context import Context
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Heading, Label


class PaperCard(Card):
    """One line a printer whose paper ends within two hours; hidden where none does."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        self._rows = QWidget()
        self.column.addWidget(Heading(context.text(say("Have a new roll ready"))))
        self.column.addWidget(self._rows)
        self.hide()

    async def read(self) -> None:
        """Ask what was kept of every printer."""
        context, rows = self._context, QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        for printer in context.console.profile.printer:
            subject = Subject("printer", printer.name)
            told = (await context.console.wear.wear(subject)).lasts
            if printer.enabled and told is not None and told.until - context.now() <= SOON:
                column.addWidget(Label(context.name(subject), strong=True))
                words = paper_line(told, context.now(), context.console.language)
                column.addWidget(Body(context.text(words)))
        self.column.replaceWidget(self._rows, rows)
        self._rows.deleteLater()
        self._rows = rows
        self.setVisible(column.count() > 0)
