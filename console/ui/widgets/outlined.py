"""A card whose outline says that it matters more than its neighbours."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen

from console.ui.theme import Theme
from console.ui.widgets.card import Card


class Outlined(Card):
    """A surface with an outline of `width` px in the theme's token `tone`, filled with the token `fill`."""

    def __init__(self, theme: Theme, tone: str, width: int, fill: str = "surface") -> None:
        super().__init__(theme)
        self._theme = theme
        self.set_outline(tone, width, fill)

    def set_outline(self, tone: str, width: int, fill: str = "surface") -> None:
        """Draw it another way from now on."""
        self._pen = QPen(QColor(getattr(self._theme, tone)), max(width, self._theme.border))
        self._fill = QColor(getattr(self._theme, fill))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw surface and outline."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        half = self._pen.widthF() / 2
        painter.setPen(self._pen)
        painter.setBrush(self._fill)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), 8, 8)
