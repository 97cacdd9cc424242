"""A printer's self-test: the page that comes back through a scanner, and in the demo the page itself."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QScrollArea, QVBoxLayout

from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.jobs import Step
from console.ui.context import Context
from console.ui.dialogs.selftest_run import RunPanel
from console.ui.dialogs.selftest_scan import KeyArea
from console.ui.dialogs.selftest_tag import TagPanel
from console.ui.dialogs.selftest_weigh import WeighPanel
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body
from console.ui.widgets.paper import Paper


class PagePanel(RunPanel):
    """While the printed code is waited for, a typing scanner's keys go to the console and press nothing.

    `skipped` says that no scanner is at hand.
    """

    skipped = Signal()

    def compose(self) -> None:
        """The steps and the question, then the wait for the scan, then the paper."""
        super().compose()
        text = self.context.text
        self.broken = False  # the person wants to show where the pattern breaks
        show = icon("pencil", self.context.theme.text, 22)
        self._broken = Button(text(say("A line is broken: show where…")), icon=show)
        self._broken.clicked.connect(self._break)
        self._broken.hide()
        self.question.addWidget(self._broken, 0, Qt.AlignmentFlag.AlignLeft)
        self._waiting = KeyArea(self.context)
        inside = QVBoxLayout(self._waiting)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(Body(text(say("Then page and scanner are both proven, and nothing more is asked."))))
        skip = Button(text(say("No scanner at hand (Alt+N)")), icon=icon("x", self.context.theme.text, 22))
        skip.setShortcut(QKeySequence("Alt+N"))
        skip.clicked.connect(self.skipped)
        inside.addWidget(skip, 0, Qt.AlignmentFlag.AlignLeft)
        self._waiting.hide()
        self.column.addWidget(self._waiting)
        self._paper = Paper(text(say("What the simulated printer printed")))
        self._side = QScrollArea(widgetResizable=True)
        self._side.setWidget(self._paper)
        self._side.hide()
        self.row.addWidget(self._side)

    def offer_breaks(self) -> None:
        """The page has the pattern, so its breaks can be shown."""
        self._broken.show()

    def _break(self) -> None:
        self.broken = True
        self.press(False)

    def show_step(self, step: Step) -> None:
        """The wait begins with the step that names the page's code."""
        super().show_step(step)
        waits = any(name == "page_code" for name, _ in step.doing.values)
        self._waiting.setVisible(waits)
        if waits:
            self._waiting.setFocus()

    def show_paper(self, png: bytes) -> None:
        """The page stands beside the question about it."""
        self._paper.show_png(png)
        self._side.setFixedWidth(self._paper.width() + self._side.verticalScrollBar().sizeHint().width())
        self._side.show()

    def show_question(self, question: Words) -> None:
        """The wait is over when the person is asked."""
        self._waiting.hide()
        super().show_question(question)


def panel_for(context: Context, subject: Subject) -> RunPanel:
    """The panel of a test that shows no code of its own."""
    panels: dict[str, type[RunPanel]] = {"printer": PagePanel, "scale": WeighPanel, "rfid": TagPanel}
    return panels.get(subject.kind, RunPanel)(context, subject)
