"""Python's search for dead cycles, kept on the window's thread.

Qt objects sit in such cycles. Left to itself, the search runs on whatever thread happens to allocate, and a
widget or timer that is destroyed away from its own thread takes the whole process down a moment later.
"""

from __future__ import annotations

import gc
import linecache

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000


class Collector(QObject):
    """From now on a timer of this thread alone collects dead cycles; keep it as long as the window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        gc.disable()
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    def _collect(self) -> None:
        """The generations whose turn it is by the interpreter's own thresholds, as it would do itself."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        linecache.clearcache()  # PySide reads the source of all that is imported, and leaves it there
        due = [generation for generation in range(3) if counts[generation] > thresholds[generation]]
        if due:
            gc.collect(max(due))

    def stop(self) -> None:
        """Give the search back to the interpreter."""
        self._timer.stop()
        gc.enable()
