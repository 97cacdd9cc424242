"""Surfaces that things stand on."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QVBoxLayout

from console.domain.lights import Light
from console.ui.theme import Theme

EDGE = 5  # px of the coloured left edge


class Card(QFrame):
    """A surface with a line, radius 8 and padding 16; `light` colours its left edge.

    `column` is its vertical layout, ready to be filled.
    """

    def __init__(self, theme: Theme, light: Light | None = None) -> None:
        super().__init__()
        self._card_theme = theme
        self._edge = light
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16 + (EDGE if light else 0), 16, 16, 16)
        self.column.setSpacing(8)

    def set_light(self, light: Light) -> None:
        """Colour the edge for another light (cards made with a light only)."""
        if light is not self._edge:
            self._edge = light
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw surface, line and edge; style sheets cannot clip an edge to rounded corners."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._card_theme.border / 2
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 8, 8)
        painter.fillPath(outline, QColor(self._card_theme.surface))
        painter.setPen(QPen(QColor(self._card_theme.line), self._card_theme.border))
        painter.drawPath(outline)
        if self._edge is not None:
            painter.setClipPath(outline)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.fillRect(0, 0, EDGE, self.height(), QColor(self._card_theme.shape(self._edge)))


class Tinted(QFrame):
    """A quiet coloured block inside a card: `tint` is a light's value or `brand`."""

    def __init__(self, tint: str) -> None:
        super().__init__()
        self.setProperty("tint", tint)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(12, 12, 12, 12)
        self.column.setSpacing(8)
