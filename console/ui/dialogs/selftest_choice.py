"""How far a self-test goes, and what will happen at each level."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.selftest import Level
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.ui.context import Context
from console.ui.widgets.labels import Body
from console.ui.widgets.rows import Choice

Offered = tuple[Level, Words, Words]

_LEVELS: dict[str, tuple[Offered, ...]] = {
    "printer": (
        (
            Level.INTERACTIVE,
            say("Print a page and look at it"),
            say("Uses about 15 cm of paper, then the cutter cuts. You are asked how the page looks."),
        ),
        (
            Level.EXTERNAL,
            say("Print a page"),
            say("Uses about 15 cm of paper, then the cutter cuts. The printer's own reports are the proof."),
        ),
        (
            Level.INTERNAL,
            say("Only ask"),
            say("Asks for its state, identity and counters. Nothing is printed, and nothing moves."),
        ),
    ),
    "scanner": (
        (
            Level.INTERACTIVE,
            say("Scan a code from this screen"),
            say("A barcode appears; scan it within a minute. What arrives is compared with what was shown."),
        ),
        (
            Level.INTERNAL,
            say("Only ask"),
            say("Asks whether it answers. Many scanners tell nothing unless they scan."),
        ),
    ),
    "scale": (
        (
            Level.INTERACTIVE,
            say("Put something on it and take it off"),
            say("Follows the weight while you load the scale and empty it again; each step within a minute."),
        ),
        (Level.INTERNAL, say("Only ask"), say("Asks for the weight. Nothing on the scale is changed.")),
    ),
    "rfid": (
        (
            Level.INTERACTIVE,
            say("Hold a tag to it"),
            say("Waits a minute for any tag or card. Only its kind and the end of its number are shown."),
        ),
        (
            Level.INTERNAL,
            say("Only ask"),
            say("Asks who it is. Many readers tell nothing until a tag is held to them."),
        ),
    ),
    "terminal": (
        (
            Level.INTERACTIVE,
            say("Look at it"),
            say("Asks whether it answers, then puts three questions: ready, the same one, untouched?"),
        ),
        (
            Level.INTERNAL,
            say("Only ask"),
            say("Asks the network whether it is there. It shows and pays nothing."),
        ),
    ),
    "display": (
        (
            Level.INTERACTIVE,
            say("Show two lines and look"),
            say("Shows a text on both lines, then lights every dot. You are asked what you see."),
        ),
        (
            Level.INTERNAL,
            say("Only ask"),
            say("Only opens its port: a display answers nothing. What it shows stays as it is."),
        ),
    ),
}


class LevelChoice(QWidget):
    """The levels of one kind of device; `level` is the chosen one."""

    question = say("What shall the test do?")

    def __init__(self, context: Context, subject: Subject) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Body(context.text(self.question), tone="soft"))
        self.rows: list[Choice] = []
        self._levels: list[Level] = []
        for level, words, note in self.offered(subject):
            row = Choice(context.theme, context.text(words), context.text(note))
            self.rows.append(row)
            self._levels.append(level)
            column.addWidget(row)
        column.addStretch(1)
        self.rows[0].setChecked(True)

    def offered(self, subject: Subject) -> Sequence[Offered]:
        """Each level with its words, and what will happen."""
        return _LEVELS[subject.kind]

    @property
    def place(self) -> int:
        """Which row is chosen."""
        return next(place for place, row in enumerate(self.rows) if row.isChecked())

    @property
    def level(self) -> Level:
        """What the person chose."""
        return self._levels[self.place]

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The chosen row takes the keys."""
        self.rows[self.place].setFocus(event.reason())
