"""A bar for a share, and a small curve of days: both say in words what they draw."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.ui.theme import Theme

NEARLY = 0.8  # of a life


class Meter(QWidget):
    """A share from 0 to 1 as a bar; the number stands in words beside it, so colour alone says nothing."""

    def __init__(self, theme: Theme, share: float, words: str) -> None:
        super().__init__()
        self._theme = theme
        self._share = min(1.0, max(0.0, share))
        self.setFixedHeight(12)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the whole and the share of it."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        whole = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(QColor(theme.line), theme.border))
        painter.setBrush(QColor(theme.background))
        painter.drawRoundedRect(whole, 6, 6)
        if self._share > 0:
            used = QRectF(whole)
            used.setWidth(max(12.0, whole.width() * self._share))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.attention_shape if self._share >= NEARLY else theme.brand))
            painter.drawRoundedRect(used, 6, 6)


class Curve(QWidget):
    """Values in even steps as a line above its base."""

    def __init__(self, theme: Theme, values: Sequence[float], words: str) -> None:
        super().__init__()
        self._theme = theme
        self._values = tuple(values)
        self.setFixedHeight(56)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self.setToolTip(words)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the base, the area and the line."""
        top = max(self._values, default=0.0)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        low, high = self.height() - 1.5, 3.0
        painter.setPen(QPen(QColor(self._theme.line), 1))
        painter.drawLine(QPointF(0, low), QPointF(self.width(), low))
        if top <= 0 or len(self._values) < 2:
            return
        step = (self.width() - 4) / (len(self._values) - 1)
        points = [
            QPointF(2 + n * step, low - (low - high) * value / top) for n, value in enumerate(self._values)
        ]
        ends = [QPointF(2, low), QPointF(self.width() - 2, low)]
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.brand_tint))
        painter.drawPolygon(QPolygonF([ends[0], *points, ends[1]]))
        painter.setPen(QPen(QColor(self._theme.brand), 2))
        painter.drawPolyline(QPolygonF(points))
