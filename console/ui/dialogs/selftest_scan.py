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
from console.ui.actions import ACTIONS
from console.ui.context import Context
from console.ui.dialogs.selftest_run import RunPanel
from console.ui.icons import icon
from console.ui.key_times import KeyTimes
from console.ui.widgets.barcode import Barcode
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body

_CTRL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier
_COMMANDS = _CTRL | _ALT | Qt.KeyboardModifier.MetaModifier
_RUNNING_SECONDS = 0.05  # so soon after another one, no key is a person's command
_OURS = {ord(keys[-1]) for each in ACTIONS for keys in each.shortcuts if keys.startswith("Ctrl+")}


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

    takes_scans = True

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._times = KeyTimes(context.console.clock.seconds)
        self._last = float("-inf")  # when the last character was typed
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
        self.setAccessibleName(context.text(say("Scan the code now")))

    def focusNextPrevChild(self, next_: bool) -> bool:
        """Tab is a key that scanners send."""
        return False

    def event(self, event: QEvent) -> bool:
        """Nothing that a scanner types may be a shortcut here."""
        if (
            event.type() is QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._typed(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand the character on; commands and Esc go their usual way."""
        if not self._typed(event):
            event.ignore()
            return
        self._last = self._times.of(event.timestamp())
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        self._context.console.typed("\r" if enter else event.text(), self._last)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """What an input method made of the keys is what the till would get; "" while it holds them."""
        if event.commitString() or event.preeditString():
            self._last = self._times.of(0)
            self._context.console.typed(event.commitString(), self._last)
        event.accept()

    def _typed(self, event: QKeyEvent) -> bool:
        """Whether it is a character of a code. Control characters come as Ctrl with a letter: GS is Ctrl+].

        Esc and the window's own shortcuts are commands, unless they come at a scanner's speed.
        """
        text, held = event.text(), event.modifiers() & _COMMANDS
        if not text:
            return False
        if text >= " ":
            return not held or held == _CTRL | _ALT  # Windows' AltGr
        if event.key() != Qt.Key.Key_Escape and (not held or (held == _CTRL and event.key() not in _OURS)):
            return True
        return held in (_CTRL, Qt.KeyboardModifier.NoModifier) and (
            self._times.of(event.timestamp()) - self._last < _RUNNING_SECONDS
        )
