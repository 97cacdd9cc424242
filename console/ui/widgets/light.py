"""A light as a shape before it is a colour: the same five shapes in window, tray and reports."""

from __future__ import annotations

from PySide6.QtCore import QEasingCurve, QPointF, QRect, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
)
from PySide6.QtWidgets import QStyle, QWidget

from console.domain.lights import Light
from console.ui.theme import Theme

PULSE_MS = 500


def draw_light(painter: QPainter, rect: QRect | QRectF, light: Light, theme: Theme) -> None:
    """Draw the light's shape as large as fits in the middle of `rect`."""
    side = min(rect.width(), rect.height())
    center = QRectF(rect).center()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(center.x() - side / 2, center.y() - side / 2)
    painter.scale(side / 28, side / 28)  # drawn on a field of 28 × 28
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.shape(light)))
    _SHAPES[light](painter, theme)
    painter.restore()


def light_pixmap(light: Light, size: int, theme: Theme, ratio: float = 1.0) -> QPixmap:
    """The shape alone, `size` device-independent pixels wide, for tray icons and pictures."""
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    draw_light(painter, QRect(0, 0, size, size), light, theme)
    painter.end()
    return drawn


def _stroke(painter: QPainter, color: str, width: float) -> None:
    pen = QPen(QColor(color), width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _disc(painter: QPainter, theme: Theme) -> None:
    painter.drawEllipse(QRectF(1.5, 1.5, 25, 25))
    _stroke(painter, theme.surface, 2.8)
    painter.drawPolyline(QPolygonF([QPointF(8.5, 14.4), QPointF(12.4, 18.3), QPointF(19.8, 10.6)]))


def _triangle(painter: QPainter, theme: Theme) -> None:
    pen = QPen(painter.brush(), 2)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.drawPolygon(QPolygonF([QPointF(14, 3), QPointF(26.4, 25), QPointF(1.6, 25)]))
    # Dark on amber in every theme: white would be lost on it.
    dark = theme.text if theme.name == "light" else theme.background
    _stroke(painter, dark, 2.6)
    painter.drawLine(QPointF(14, 10.8), QPointF(14, 17))
    painter.drawPoint(QPointF(14, 21.4))


def _square(painter: QPainter, theme: Theme) -> None:
    painter.drawRoundedRect(QRectF(1.5, 1.5, 25, 25), 3.5, 3.5)
    _stroke(painter, theme.surface, 2.8)
    painter.drawLine(QPointF(9.2, 9.2), QPointF(18.8, 18.8))
    painter.drawLine(QPointF(18.8, 9.2), QPointF(9.2, 18.8))


def _ring(painter: QPainter, theme: Theme) -> None:
    _stroke(painter, theme.unknown, 2.4)
    pen = painter.pen()
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setDashPattern([2.35, 1.9])
    painter.setPen(pen)
    painter.drawEllipse(QRectF(2.8, 2.8, 22.4, 22.4))


def _dash(painter: QPainter, theme: Theme) -> None:
    painter.drawRoundedRect(QRectF(3.5, 12.4, 21, 3.2), 1.2, 1.2)


_SHAPES = {
    Light.OK: _disc,
    Light.ATTENTION: _triangle,
    Light.FAULT: _square,
    Light.UNKNOWN: _ring,
    Light.OFF: _dash,
}


class LightShape(QWidget):
    """One light, `size` pixels square. `word` is the light's word in the person's language.

    Its accessible name is the word; setAccessibleDescription says whose light it is. A change is announced
    and pulses once, unless the system asks for no motion.
    """

    def __init__(self, light: Light, size: int, theme: Theme, word: str) -> None:
        super().__init__()
        self._light = light
        self._theme = theme
        self.setFixedSize(size, size)
        self.setAccessibleName(word)
        self._pulse = QVariantAnimation(self, startValue=0.0, endValue=1.0, duration=PULSE_MS)
        self._pulse.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._pulse.valueChanged.connect(self.update)

    @property
    def light(self) -> Light:
        """What is shown now."""
        return self._light

    def set_light(self, light: Light, word: str) -> None:
        """Show another light; the same light again changes nothing."""
        if light is self._light:
            return
        self._light = light
        self.setAccessibleName(word)
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))
        if self.isVisible() and self.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0:
            self._pulse.start()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the shape, and while it pulses a ring that fades outward inside the widget."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        if self._pulse.state() is QVariantAnimation.State.Running:
            progress = float(self._pulse.currentValue())
            shrink = area.width() * 0.16 * (1 - progress)
            area.adjust(shrink, shrink, -shrink, -shrink)
        draw_light(painter, area, self._light, self._theme)
