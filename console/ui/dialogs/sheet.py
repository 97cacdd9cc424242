"""What every dialog of the window is: a title, a body, a row of buttons, work that ends with it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.words import Words
from console.ui.context import Context
from console.ui.icons import pixmap
from console.ui.widgets.card import Tinted
from console.ui.widgets.labels import Body, Label, Verdict


class Sheet(QDialog):
    """Opened with open(), never exec(). Closing it cancels the work it spawned, and deletes it."""

    def __init__(self, context: Context, parent: QWidget | None, title: str, icon: str) -> None:
        super().__init__(parent)
        self.context = context
        self._tasks: set[asyncio.Task[Any]] = set()
        self.setObjectName("sheet")
        self.setWindowTitle(title)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        mark = Label()
        mark.setPixmap(pixmap(icon, context.theme.brand, 28))
        mark.setAccessibleName("")
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(mark)
        self.heading = Verdict(title)
        head.addWidget(self.heading, 1)
        self.body = QVBoxLayout()
        self.body.setSpacing(12)
        self._complaint = Tinted("fault")
        self._complaint_text = Body()
        self._complaint.column.addWidget(self._complaint_text)
        self._complaint.hide()
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addLayout(head)
        column.addLayout(self.body, 1)
        column.addWidget(self._complaint)
        column.addLayout(self.buttons)

    def text(self, words: Words) -> str:
        """The sentence in the person's language."""
        return self.context.text(words)

    def complain(self, words: Words | None) -> None:
        """Say above the buttons what went wrong and what mends it; None takes it away."""
        self._complaint.setVisible(words is not None)
        self._complaint_text.setText(self.text(words) if words else "")

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run `work` as long as the dialog is open."""
        task = self.context.spawn(work, name)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def open(self) -> None:
        """Appear, no larger than the screen."""
        self.resize(self.size().boundedTo(self.screen().availableSize()))
        super().open()

    def grow(self, width: int, height: int) -> None:
        """Become at least so large around the same middle, and no larger than the screen."""
        screen, now = self.screen().availableGeometry(), self.geometry()
        size = now.size().expandedTo(QSize(width, height)).boundedTo(screen.size())
        grown = QRect(QPoint(), size)
        grown.moveCenter(now.center())
        grown.moveLeft(max(screen.left(), min(grown.left(), screen.right() - size.width() + 1)))
        grown.moveTop(max(screen.top(), min(grown.top(), screen.bottom() - size.height() + 1)))
        self.setGeometry(grown)

    def done(self, result: int) -> None:
        """Close, and stop what still runs."""
        for task in tuple(self._tasks):
            task.cancel()
        super().done(result)
