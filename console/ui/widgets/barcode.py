"""A barcode on the screen: black on white in every theme, with its quiet zone and whole pixels a module."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.symbology import is_gtin

HEIGHT = 176  # bars, text and white around them
_TEXT = 40
_EAN13 = 13  # digits


class Barcode(QWidget):
    """`code` with its characters beneath: an article's 13 digits as EAN-13, all else as Code 128.

    `init` puts FNC3 in front, by which a scanner knows that it is to be set.
    """

    def __init__(self, code: str, init: bool = False) -> None:
        super().__init__()
        import zxingcpp  # not needed before somebody tests a scanner

        article = len(code) == _EAN13 and is_gtin(code) and not init
        kind = zxingcpp.BarcodeFormat.EAN13 if article else zxingcpp.BarcodeFormat.Code128
        options = {"readerInit": True} if init else {}
        drawn = zxingcpp.create_barcode(code, kind, **options).to_svg(add_quiet_zones=True)
        self._bars = QSvgRenderer(QByteArray(drawn.encode()), self)
        self._code = code
        self.setAccessibleName(code.strip())
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
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._code.strip())
