"""Lucide icons (resources/icons, ISC licence) drawn in a theme's colour."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from console.services.shipped import resource


@cache
def _source(name: str) -> str:
    return resource("icons", f"{name}.svg").read_text(encoding="utf-8")


def pixmap(name: str, color: str, size: int) -> QPixmap:
    """The icon, `size` device-independent pixels wide, sharp on the densest screen; OSError if unknown."""
    screen = QGuiApplication.instance()
    ratio = screen.devicePixelRatio() if isinstance(screen, QGuiApplication) else 1.0
    key = f"tillkeeper/{name}/{color}/{size}/{ratio}"
    drawn = QPixmap()
    if QPixmapCache.find(key, drawn):
        return drawn
    drawn = QPixmap(round(size * ratio), round(size * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter, area = QPainter(drawn), QRectF(0, 0, size, size)
    QSvgRenderer(QByteArray(_source(name).replace("currentColor", color).encode())).render(painter, area)
    painter.end()
    QPixmapCache.insert(key, drawn)
    return drawn


def icon(name: str, color: str, size: int) -> QIcon:
    """The same for buttons."""
    return QIcon(pixmap(name, color, size))
