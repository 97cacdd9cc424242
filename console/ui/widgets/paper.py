"""What a simulated printer printed, as a strip of paper."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

_WIDTH = 288  # pixels: half of an 80 mm printer's dots
_EDGE = 12  # white around them


class Paper(QWidget):
    """Hidden until there is a picture; always white, as paper is."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._picture = QPixmap()
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_png(self, png: bytes) -> None:
        """Draw this one from now on."""
        picture = QPixmap()
        picture.loadFromData(png)
        self._picture = picture.scaledToWidth(_WIDTH, Qt.TransformationMode.SmoothTransformation)
        self.setFixedSize(self.sizeHint())
        self.show()
        self.update()

    def sizeHint(self) -> QSize:
        """The picture's size with its edge."""
        return self._picture.size() + QSize(2 * _EDGE, 2 * _EDGE)

    def paintEvent(self, event: QPaintEvent) -> None:
        """White, then the print."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Qt.GlobalColor.white)
            painter.setPen(QColor(0xDC, 0xE1, 0xE6))  # on white paper alone would have no edge
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            painter.drawPixmap(_EDGE, _EDGE, self._picture)
