"""A symbology and how it stands, as a tile that a finger can press."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from console.domain.lights import Light
from console.ui.theme import Theme
from console.ui.widgets.light import draw_light

_SIZE = QSize(176, 48)
_SHAPE = 20


class KindTile(QAbstractButton):
    """`text` beside a light's shape; the chosen one has the brand's tint and border."""

    def __init__(self, theme: Theme, text: str) -> None:
        super().__init__()
        self._theme = theme
        self._light = Light.UNKNOWN
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_state(self, light: Light, words: str, chosen: bool) -> None:
        """Show how it stands; `words` are read aloud and offered on hover."""
        self._light = light
        self.setChecked(chosen)
        self.setAccessibleDescription(words)
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        """Room for the longest name."""
        return _SIZE

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)

    def nextCheckState(self) -> None:
        """Who presses it chooses it; that shows when the page says so."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw block, shape and name."""
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        marked = self.isChecked() or self.hasFocus()
        painter.setPen(QPen(QColor(theme.brand if marked else theme.line), 2 if marked else theme.border))
        painter.setBrush(QColor(theme.brand_tint if self.isChecked() else theme.surface))
        inset = 1.0 if marked else 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)
        draw_light(painter, QRect(12, (self.height() - _SHAPE) // 2, _SHAPE, _SHAPE), self._light, theme)
        font = self.font()
        font.setPixelSize(15 if len(self.text()) < 16 else 13)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        area = QRect(24 + _SHAPE, 0, self.width() - 32 - _SHAPE, self.height())
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(flags) | int(Qt.TextFlag.TextWordWrap), self.text())
