"""A barcode on the screen: black on white in every theme, with its quiet zone and whole pixels a module."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

HEIGHT = 176  # bars, text and white around them
_TEXT = 40


class Barcode(QWidget):
    """`code` as Code 128 with its characters beneath."""

    def __init__(self, code: str) -> None:
        super().__init__()
        import zxingcpp  # not needed before somebody tests a scanner

        drawn = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.Code128).to_svg(add_quiet_zones=True)
        self._bars = QSvgRenderer(QByteArray(drawn.encode()), self)
        self._code = code
        self.setAccessibleName(code)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def code(self) -> str:
        """The characters that a scanner should send."""
        return self._code

    def sizeHint(self) -> QSize:
        """Three pixels a module."""
        return QSize(3 * self._bars.defaultSize().width(), HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Two pixels a module; with fewer, scanners fail on screens."""
        return QSize(2 * self._bars.defaultSize().width(), HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars of equal device pixels, so that none is blurred."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        ratio = self.devicePixelRatioF()
        modules = self._bars.defaultSize().width()
        width = max(1, int(self.width() * ratio / modules)) * modules / ratio
        left = round((self.width() - width) / 2 * ratio) / ratio
        self._bars.setAspectRatioMode(Qt.AspectRatioMode.IgnoreAspectRatio)
        self._bars.render(painter, QRectF(left, 12, width, self.height() - 12 - _TEXT))
        font = QFont(self.font())
        font.setPixelSize(19)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 4)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.black)
        area = QRectF(0, self.height() - _TEXT, self.width(), _TEXT)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._code)
