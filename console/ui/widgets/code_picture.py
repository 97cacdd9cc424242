"""A code on the screen: black on white in every theme, a module as whole device pixels."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.services.codes import Drawn


def paint_code(painter: QPainter, code: Drawn, module: int, area: QRectF, contrast: int = 100) -> None:
    """Paint `code` in the middle of `area`, `module` device pixels a module, none of them blurred."""
    transform = painter.deviceTransform()
    ratio = transform.m11()
    width, height = code.width * module, code.tall * module
    image = QImage(
        code.pixels(module, contrast), width, height, width, QImage.Format.Format_Grayscale8
    ).copy()  # the bytes do not outlive this call
    image.setDevicePixelRatio(ratio)
    corner = area.center() - QPointF(width / ratio, height / ratio) / 2
    onto = transform.map(corner)
    snapped = QPointF(round(onto.x()), round(onto.y()))
    inverted, _ = transform.inverted()
    painter.drawImage(inverted.map(snapped), image)


class CodePicture(QWidget):
    """One code, as large as asked for or as there is room.

    `module` 0 takes as many device pixels a module as fit, at most `most`.
    """

    def __init__(
        self, code: Drawn | None = None, module: int = 0, most: int = 6, contrast: int = 100
    ) -> None:
        super().__init__()
        self._code = code
        self._module = module
        self._most = most
        self._contrast = contrast
        if module:
            self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        else:
            self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_code(self, code: Drawn | None, name: str, module: int | None = None) -> None:
        """Show another code, or none, with another module where one is given; `name` is read aloud."""
        self._code = code
        self._module = self._module if module is None else module
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    @property
    def module(self) -> int:
        """Device pixels a module, as it is painted now; 0 without a code."""
        if self._module or self._code is None:
            return self._module
        ratio = self.devicePixelRatioF()
        fits = min(self.width() * ratio / self._code.width, self.height() * ratio / self._code.tall)
        return max(1, min(self._most, int(fits)))

    def sizeHint(self) -> QSize:
        """What the code needs with the module that was asked for, else two pixels a module."""
        if self._code is None:
            return QSize(0, 0)
        ratio, module = self.devicePixelRatioF(), self._module or round(2 * self.devicePixelRatioF())
        size = QSize(self._code.width, self._code.tall) * module / ratio
        return size + QSize(1, 1)  # a code that begins between two logical pixels needs one more

    def minimumSizeHint(self) -> QSize:
        """A code is never cut off."""
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """White, and the code in its middle."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.white)
        if self._code is not None:
            paint_code(painter, self._code, self.module, QRectF(self.rect()), self._contrast)
