"""Scans that are typed into the window, wherever the focus is: seen in passing, and taken from nobody."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication

from console.domain.profile import Scanner
from console.ui.context import Context
from console.ui.key_times import KeyTimes


class KeyWatch(QObject):
    """Passes each key to the console on its way to the widget that has the focus, which gets it as ever.

    What a person types is forgotten as soon as its rhythm shows that it is no scan. A self-test's own area
    passes its keys itself.
    """

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._times = KeyTimes(context.console.clock.seconds)
        self._window: QWindow | None = None
        application, entries = QGuiApplication.instance(), context.console.profile.entries()
        wanted = any(isinstance(entry, Scanner) and entry.types_here for _, entry in entries)
        if wanted and isinstance(application, QGuiApplication):
            application.focusWindowChanged.connect(self._follow)
            self._follow(QGuiApplication.focusWindow())

    def _follow(self, window: QWindow | None) -> None:
        if self._window is not None:
            with suppress(RuntimeError):  # a dialog's, which has gone
                self._window.removeEventFilter(self)
        self._window = window
        if window is not None:
            window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """False, always: it only looks on."""
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.text():
            focus = QApplication.focusWidget()
            if not getattr(focus, "takes_scans", False):
                enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
                at = self._times.of(event.timestamp())
                self._context.console.typed("\r" if enter else event.text(), at)
        return False
