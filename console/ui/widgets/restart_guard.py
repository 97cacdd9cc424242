"""Keeps a sentence true that a person must read before restarting the till."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from console.domain.words import say
from console.ui.context import Context

AGAIN_MS = 10_000  # between two looks: sales are uploaded meanwhile


class RestartGuard(QTimer):
    """Looks for unsynced sales while it is on; `told` carries the sentence after each look."""

    told = Signal(str)

    def __init__(self, context: Context, parent: QObject) -> None:
        super().__init__(parent, interval=AGAIN_MS)
        self._context = context
        self.timeout.connect(self._look)

    def switch(self, on: bool) -> bool:
        """Look from now on, or no more; True where there is something to look for."""
        on = on and self._context.console.unsynced.known
        if not on:
            self.stop()
        elif not self.isActive():
            self.start()
            self.told.emit(self._context.text(say("Looking for sales that are not uploaded yet…")))
            self._look()
        return on

    def _look(self) -> None:
        self._context.spawn(self._ask(), "looking for unsynced sales")

    async def _ask(self) -> None:
        sentence = await self._context.console.before_restart()
        if sentence and isValid(self) and self.isActive():  # the page may have been built anew meanwhile
            self.told.emit(sentence)
