"""A barcode on the screen with its characters beneath."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.services.codes import drawn, kind_of
from console.ui.widgets.code_picture import paint_code

HEIGHT = 176  # bars, text and white around them
_TEXT = 40
_WHITE = 12  # above and below the bars
_MOST = 4  # pixels a module: a code that is wider than the hand's stripe is not read better


class Barcode(QWidget):
    """`code` as Code 128, an article's 13 digits as EAN-13: black on white in every theme, with its quiet
    zone and whole pixels a module.

    `init` puts FNC3 in front, by which a scanner knows that it is to be set.
    """

    def __init__(self, code: str, init: bool = False) -> None:
        super().__init__()
        self._bars = drawn(kind_of(code, init), code, init)
        self._code = code
        self.setAccessibleName(code.strip())
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def code(self) -> str:
        """The characters that a scanner should send."""
        return self._code

    def sizeHint(self) -> QSize:
        """Three pixels a module."""
        return QSize(3 * self._bars.width, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        """Two pixels a module; with fewer, scanners fail on screens."""
        return QSize(2 * self._bars.width, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Bars of equal device pixels, so that none is blurred."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        ratio = self.devicePixelRatioF()
        module = max(1, min(int(_MOST * ratio), int(self.width() * ratio / self._bars.width)))
        high = self.height() - _WHITE - _TEXT
        bars = self._bars.as_high(int(high * ratio / module))
        paint_code(painter, bars, module, QRectF(0, _WHITE, self.width(), high))
        font = QFont(self.font())
        font.setPixelSize(19)
        font.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, 4)
        painter.setFont(font)
        painter.setPen(Qt.GlobalColor.black)
        area = QRectF(0, self.height() - _TEXT, self.width(), _TEXT)
        painter.drawText(area, Qt.AlignmentFlag.AlignCenter, self._code.strip())
