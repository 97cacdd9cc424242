"""An RFID reader's self-test: a typing reader's keys press nothing, and in the demo somebody holds a tag."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from console.domain.words import Words, say
from console.ui.dialogs.selftest_run import RunPanel
from console.ui.dialogs.selftest_scan import KeyArea
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body


class TagPanel(RunPanel):
    """What is typed while it waits goes to the console, so that a number's Enter stops nothing."""

    def compose(self) -> None:
        """The steps, the place that takes the keys, and in the demo a press that holds a tag."""
        super().compose()
        self._keys = KeyArea(self.context)
        inside = QVBoxLayout(self._keys)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(12)
        inside.addWidget(
            Body(self.context.text(say("Of its number only the end is shown, and none is kept.")))
        )
        demo = self.context.console.demo
        if demo is not None and self.subject in demo.faults:
            words = self.context.text(say("Hold a tag to the simulated reader (Alt+H)"))
            press = Button(words, icon=icon("nfc", self.context.theme.text, 22))
            press.setShortcut(QKeySequence("Alt+H"))
            press.clicked.connect(lambda: demo.hold(self.subject))
            inside.addWidget(press, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addWidget(self._keys)

    def show_question(self, question: Words) -> None:
        """The wait is over when the person is asked."""
        self._keys.hide()
        super().show_question(question)

    def begin(self, stop: QWidget) -> None:
        """The keys go to the console from the first moment."""
        self._keys.setFocus()
