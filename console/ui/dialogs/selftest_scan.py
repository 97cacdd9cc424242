"""A code on the screen for a scanner to read, and the keys of a scanner that types."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QFrame, QVBoxLayout, QWidget

from console.domain.profile import Scanner
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.jobs import Step
from console.services.selftest import SCAN_WAIT
from console.ui.context import Context
from console.ui.dialogs.selftest_run import RunPanel
from console.ui.icons import icon
from console.ui.widgets.barcode import Barcode
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body

_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
)


class ScanPanel(RunPanel):
    """Shows `code` with a countdown; a keyboard scanner's keys go to the console and press nothing."""

    def __init__(self, context: Context, subject: Subject, code: str) -> None:
        self.code = code
        self._ends: float | None = None
        self._countdown = Body(tone="soft")
        entry = dict(context.console.profile.entries())[subject]
        types = isinstance(entry, Scanner) and entry.address.startswith("keyboard:")
        self._area = KeyArea(context) if types else QFrame()
        super().__init__(context, subject)
        context.tick.connect(self._count)

    def compose(self) -> None:
        """The code, the countdown, and in the demo somebody to scan it."""
        inside = QVBoxLayout(self._area)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(Barcode(self.code))
        for each in (self.doing, self._area, self._countdown):
            self.column.addWidget(each)
        demo = self.context.console.demo
        if demo is not None and self.subject in demo.faults:
            words = say("Let the simulated scanner read it (Alt+S)")
            press = Button(self.context.text(words), icon=icon("scan-barcode", self.context.theme.text, 22))
            press.setShortcut(QKeySequence("Alt+S"))
            press.clicked.connect(lambda: demo.scan(self.subject, self.code))
            self.column.addWidget(press, 0, Qt.AlignmentFlag.AlignLeft)

    def begin(self, stop: QWidget) -> None:
        """A typing scanner gets the keys: then no button may hold the focus, and Esc stops."""
        if not isinstance(self._area, KeyArea):
            super().begin(stop)
            return
        for button in self.findChildren(QAbstractButton):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setFocus()

    def show_step(self, step: Step) -> None:
        """The minute begins when the device is ready to listen."""
        if self._ends is None and ("code", self.code) in step.doing.values:
            self._ends = self.context.console.clock.seconds() + SCAN_WAIT
        self.doing.setText(self.context.text(step.doing))
        self._count()

    def _count(self) -> None:
        if self._ends is not None:
            left = max(0, round(self._ends - self.context.console.clock.seconds()))
            self._countdown.setText(
                self.context.text(say("Waiting for the code: {seconds} s left", seconds=left))
            )


class KeyArea(QFrame):
    """Takes every key that a scanner could type, and what an input method makes of them."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setAccessibleName(context.text(say("Scan the code now")))

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Tab is a key that scanners send."""
        return False

    def event(self, event: QEvent) -> bool:
        """No plain key may be a shortcut here."""
        if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _typed(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the character on; commands and Esc go their usual way."""
        if not _typed(event):
            event.ignore()
            return
        self._hand_on("\r" if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) else event.text())

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """What an input method made of the keys is what the till would get; "" while it holds them."""
        if event.commitString() or event.preeditString():
            self._hand_on(event.commitString())
        event.accept()

    def _hand_on(self, text: str) -> None:
        self._context.console.typed(text, self._context.console.clock.seconds())


def _typed(event: QKeyEvent) -> bool:
    return bool(event.text()) and event.key() != Qt.Key.Key_Escape and not event.modifiers() & _COMMANDS
