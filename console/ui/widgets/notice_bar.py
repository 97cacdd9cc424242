"""What happened at the start and must be told once, above the page until it is put away."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout

from console.domain.words import Words, say
from console.ui.widgets.button import Button
from console.ui.widgets.card import Tinted
from console.ui.widgets.labels import Body


class NoticeBar(Tinted):
    """Shows the first of `notices`; putting it away takes it out of the list.

    `lasting` stays as long as its cause: it only lets the others go first.
    """

    def __init__(
        self, notices: list[Words], text: Callable[[Words], str], lasting: Words | None = None
    ) -> None:
        super().__init__("attention")
        self._notices = notices
        self._lasting = lasting
        self._text = text
        self.told = Body()
        self.put_away = Button(text(say("Understood")))
        self.put_away.clicked.connect(self._next)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.told, 1)
        row.addWidget(self.put_away)
        self.column.setContentsMargins(16, 8, 8, 8)
        self.column.addLayout(row)
        self._show()

    def _next(self) -> None:
        told = self._notices.pop(0)
        if told == self._lasting:
            self._notices.append(told)
        self._show()

    def _show(self) -> None:
        if self._notices:
            self.told.setText(self._text(self._notices[0]))
            self.put_away.setVisible(self._notices != [self._lasting])
        else:
            self.hide()
