"""Buttons large enough for a finger."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPixmap
from PySide6.QtWidgets import QPushButton

ICON = 22  # px
GAP = 6  # px between icon and text beyond the style's own

Role = Literal["plain", "primary", "danger", "good", "flat"]


class Button(QPushButton):
    """A button at least 48 px high. Icons are drawn by the caller in `theme.on(role)`.

    `flat` shows no frame until it is touched.
    """

    def __init__(self, text: str, role: Role = "plain", icon: QIcon | None = None) -> None:
        super().__init__(text)
        self.setProperty("role", role)
        self.setAccessibleName(text)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        if icon is not None:
            self.set_icon(icon)

    def set_icon(self, icon: QIcon) -> None:
        """Put another icon before the text."""
        self.setIcon(_spaced(icon))
        self.setIconSize(QSize(ICON + GAP, ICON))

    def rename(self, text: str) -> None:
        """Show another text, which is its accessible name as well; Qt would take its keys away."""
        keys = self.shortcut()
        self.setText(text)
        self.setShortcut(keys)
        self.setAccessibleName(text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses the focused button everywhere, as it does in dialogs."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


def _spaced(icon: QIcon) -> QIcon:
    """The icon with room to its right; Qt's buttons leave too little, and no style sheet can change it."""
    drawn = icon.pixmap(ICON, ICON)
    ratio = drawn.devicePixelRatio()
    wider = QPixmap(round((ICON + GAP) * ratio), round(ICON * ratio))
    wider.setDevicePixelRatio(ratio)
    wider.fill(Qt.GlobalColor.transparent)
    painter = QPainter(wider)
    painter.drawPixmap(0, 0, drawn)
    painter.end()
    return QIcon(wider)
