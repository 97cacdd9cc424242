"""The way from the till to a backend, drawn: a circle for each stop, the first broken one red."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from console.domain.lights import Light
from console.domain.words import Words
from console.services.way import Stop
from console.ui.icons import pixmap
from console.ui.theme import Theme
from console.ui.widgets.light import draw_light

CIRCLE = 60  # px
BADGE = 20
TOP = 8
_ICONS = {
    "till": "monitor",
    "cable": "ethernet-port",
    "wifi": "wifi",
    "router": "router",
    "dns": "book-marked",
    "internet": "globe",
    "backend": "server",
}
_PALE = (Light.UNKNOWN, Light.OFF)
_NAME_LINES = 2
_WRAP = int(Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)


class StopButton(QAbstractButton):
    """One stop; pressing it asks for what was seen there."""

    def __init__(self, theme: Theme, text: Callable[[Words], str]) -> None:
        super().__init__()
        self._theme = theme
        self._text = text
        self._short = ""
        self.stop: Stop | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stop(self, stop: Stop) -> None:
        """Show another state; the same again changes nothing."""
        if stop == self.stop:
            return
        self.stop = stop
        self._short = self._text(stop.short)
        self.setText(self._text(stop.title))
        self.setAccessibleName(f"{self.text()}: {self._short}")
        self.setToolTip("\n".join(self._text(each.words) for each in stop.rungs))
        self.updateGeometry()
        self.update()

    def _fonts(self) -> tuple[QFont, QFont]:
        name, short = QFont(self.font()), QFont(self.font())
        name.setPixelSize(15)
        name.setWeight(QFont.Weight.DemiBold)
        short.setPixelSize(14)
        if self.stop and self.stop.light is Light.FAULT:
            short.setWeight(QFont.Weight.DemiBold)
        return name, short

    def sizeHint(self) -> QSize:
        """As high as the circle and three lines: a name of one or two, and what is so in the rest."""
        name, short = (QFontMetrics(each).lineSpacing() for each in self._fonts())
        return QSize(120, TOP + CIRCLE + 8 + name + 2 * short + 4)

    def minimumSizeHint(self) -> QSize:
        """The same, however narrow."""
        return QSize(84, self.sizeHint().height())

    @property
    def circle(self) -> QRectF:
        """Where the circle stands."""
        return QRectF((self.width() - CIRCLE) / 2, TOP, CIRCLE, CIRCLE)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses; left and right go to the neighbours."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Right)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw circle, icon, light and the two texts."""
        if self.stop is None:
            return
        theme, light = self._theme, self.stop.light
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.brand), max(2, theme.border + 1)))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 2, -2, -2), 8, 8)
        pale = light in _PALE
        painter.setPen(QPen(QColor(theme.line if pale else theme.shape(light)), 2))
        painter.setBrush(QColor(theme.tint(light)))
        painter.drawEllipse(self.circle.adjusted(1, 1, -1, -1))
        corner = self.circle.topLeft() + QPointF((CIRCLE - 28) / 2, (CIRCLE - 28) / 2)
        color = theme.soft if pale else theme.color(light)
        painter.drawPixmap(corner, pixmap(_ICONS[self.stop.key], color, 28))
        badge = QRectF(self.circle.right() - BADGE + 4, TOP - 4, BADGE, BADGE)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.surface))
        if light is not Light.UNKNOWN:
            painter.drawRoundedRect(badge, 6, 6)
        else:
            painter.drawEllipse(badge)
        draw_light(painter, badge, light, theme)
        self._write(painter, pale)

    def _write(self, painter: QPainter, pale: bool) -> None:
        theme, light = self._theme, self.stop.light if self.stop else Light.UNKNOWN
        name, short = self._fonts()
        top = TOP + CIRCLE + 8
        painter.setFont(name)
        painter.setPen(QColor(theme.soft if pale else theme.text))
        metrics = QFontMetrics(name)
        room = QRect(2, top, self.width() - 4, _NAME_LINES * metrics.lineSpacing())
        shown = _fitted(self.text(), metrics, room)
        painter.drawText(room, _WRAP, shown)
        used = metrics.boundingRect(room, _WRAP, shown).height()
        painter.setFont(short)
        painter.setPen(QColor(theme.soft if pale else theme.color(light)))
        below = QRect(2, top + used, self.width() - 4, self.height() - top - used)
        painter.drawText(below, _WRAP, _fitted(self._short, QFontMetrics(short), below))


def _fitted(text: str, metrics: QFontMetrics, room: QRect) -> str:
    """`text`, shortened until it fits into `room`."""
    shown = text
    while len(shown) > 1 and metrics.boundingRect(room, _WRAP, shown).height() > room.height():
        shown = shown[:-2] + "…"
    return shown


class Ladder(QWidget):
    """All stops side by side; `pressed` carries the Stop that somebody wants to know more about."""

    pressed = Signal(object)

    def __init__(self, theme: Theme, text: Callable[[Words], str]) -> None:
        super().__init__()
        self._theme = theme
        self._text = text
        self.stops: list[StopButton] = []
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def show_way(self, way: Sequence[Stop]) -> None:
        """Show these stops."""
        while len(self.stops) < len(way):
            button = StopButton(self._theme, self._text)
            button.clicked.connect(lambda _=False, which=button: self.pressed.emit(which.stop))
            self._row.addWidget(button, 1)
            self.stops.append(button)
        while len(self.stops) > len(way):
            self.stops.pop().deleteLater()
        for button, stop in zip(self.stops, way, strict=True):
            button.show_stop(stop)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the lines between the circles: whole where the way holds, broken where it does not."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for left, right in zip(self.stops, self.stops[1:], strict=False):
            light = right.stop.light if right.stop else Light.UNKNOWN
            start = left.mapToParent(left.circle.center().toPoint())
            end = right.mapToParent(right.circle.center().toPoint())
            gap = CIRCLE // 2 + 6
            color = self._theme.line if light in _PALE else self._theme.shape(light)
            pen = QPen(QColor(color), 4, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)
            if light in (Light.FAULT, Light.UNKNOWN):
                pen.setDashPattern([4, 1.5])
            painter.setPen(pen)
            painter.drawLine(start.x() + gap, start.y(), end.x() - gap, end.y())
