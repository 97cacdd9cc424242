"""Where the printed pattern breaks: the person taps the place, then says how it looks."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.breaks import Breaks, Look, tapped
from console.domain.head import Head
from console.domain.words import Words, say
from console.services.head_text import LOOKS, all_places
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body, Label, Note
from console.ui.widgets.pattern import DrawnPattern
from console.ui.widgets.rows import Choice
from console.ui.widgets.scroll import Scroll

_NOTES: dict[Look, Words] = {
    Look.LINE: say("Also through text and codes, always at the same place. A dead dot, or dirt on one dot."),
    Look.PATCH: say("Not on the whole page, or with soft edges. Dirt, most of the time."),
    Look.CLEANED: say("Cleaned with alcohol, printed again, and the line is at the same place."),
}


class BreaksPanel(QStackedWidget):
    """Two steps; `ready` says whether the person may go on from the present one."""

    ready = Signal(bool)

    def __init__(self, context: Context, head: Head) -> None:
        super().__init__()
        self._context = context
        self._head = head
        self.pattern = DrawnPattern(context, head)
        self._told = Label(strong=True)
        self._undo = Button(context.text(say("Undo")), icon=icon("undo-2", context.theme.text, 22))
        self._clear = Button(context.text(say("Clear")), icon=icon("trash-2", context.theme.text, 22))
        self._undo.clicked.connect(self.pattern.undo)
        self._clear.clicked.connect(self.pattern.clear)
        self._looks = {
            look: Choice(context.theme, context.text(words), context.text(_NOTES[look]))
            for look, words in LOOKS.items()
        }
        self.addWidget(self._places())
        self.addWidget(self._choices())
        self.pattern.marked.connect(self._show_marks)
        self._show_marks()

    @property
    def at_end(self) -> bool:
        """Whether the present step is the last."""
        return self.currentIndex() == self.count() - 1

    def begin(self) -> None:
        """The pattern takes the keys."""
        self.pattern.setFocus()
        self._show_marks()

    def forward(self) -> Breaks | None:
        """To the next step; the whole answer at the last one."""
        if self.at_end:
            look = next(look for look, row in self._looks.items() if row.isChecked())
            return Breaks(tapped(self.pattern.columns, self._head), look)
        self.setCurrentIndex(1)
        self._looks[Look.LINE].setFocus()
        return None

    def back(self) -> bool:
        """To the step before; False at the first one."""
        if self.currentIndex() == 0:
            return False
        self.setCurrentIndex(0)
        self.pattern.setFocus()
        return True

    def _places(self) -> QWidget:
        text = self._context.text
        area = Scroll()
        words = say("Look at the slanting lines on the paper. Tap each place where one of them is broken.")
        area.column.addWidget(Body(text(words)))
        area.column.addWidget(self.pattern)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._told, 1)
        row.addWidget(self._undo)
        row.addWidget(self._clear)
        area.column.addLayout(row)
        keys = say("Keys: arrows move the marker, up and down by one line; Enter marks, Delete takes away.")
        area.column.addWidget(Note(text(keys)))
        area.column.addStretch(1)
        return area

    def _choices(self) -> QWidget:
        area = QWidget()
        column = QVBoxLayout(area)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Body(self._context.text(say("How does it look on the paper?")), tone="soft"))
        for row in self._looks.values():
            column.addWidget(row)
        self._looks[Look.LINE].setChecked(True)
        column.addStretch(1)
        return area

    def _show_marks(self) -> None:
        columns = self.pattern.columns
        nothing = say("Nothing marked yet. The numbers are those on the paper.")
        words = all_places(self._head, tapped(columns, self._head)) if columns else nothing
        self._told.setText(self._context.text(words))
        self._undo.setEnabled(self.pattern.can_undo)
        self._clear.setEnabled(bool(columns))
        self.ready.emit(bool(columns))
