"""Codes on the screen: exact in every scaling of the screen, and read by zxing-cpp as they stand there."""

from __future__ import annotations

import pytest
import zxingcpp
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from console.domain.specimens import SPECIMENS, Kind, Specimen
from console.services.codes import drawn
from console.ui.widgets.code_picture import CodePicture, paint_code


def grey(image: QImage) -> memoryview:
    image = image.convertToFormat(QImage.Format.Format_Grayscale8)
    kept = bytes(image.constBits())  # the picture itself ends with this call
    return memoryview(kept).cast("B", (image.height(), image.bytesPerLine()))


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0, 3.0])
@pytest.mark.parametrize("module", [1, 2, 3])
def test_bars_are_whole_device_pixels_in_every_scaling(qapp: object, ratio: float, module: int) -> None:
    code = drawn(Kind.CODE_128, "TKEXACT")
    sheet = QImage(900, 300, QImage.Format.Format_RGB32)
    sheet.setDevicePixelRatio(ratio)
    sheet.fill(Qt.GlobalColor.white)
    painter = QPainter(sheet)
    paint_code(painter, code, module, QRectF(7, 5, 801 / ratio, 251 / ratio))
    painter.end()
    pixels = grey(sheet)
    line = bytes(pixels[120, x] for x in range(sheet.width()))
    assert set(line) == {0, 255}
    assert line.strip(b"\xff") == code.pixels(module)[: code.width * module].strip(b"\xff")
    assert [each.text for each in zxingcpp.read_barcodes(pixels)] == ["TKEXACT"]


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda each: each.kind.value)
@pytest.mark.parametrize("size", [(300, 200), (640, 400)])
def test_what_stands_on_the_screen_is_read(qtbot: QtBot, specimen: Specimen, size: tuple[int, int]) -> None:
    picture = CodePicture(drawn(specimen.kind, specimen.content))
    qtbot.addWidget(picture)
    picture.resize(*size)
    (read,) = zxingcpp.read_barcodes(grey(picture.grab().toImage()))
    assert read.text.replace("(", "").replace(")", "") in specimen.sent


def test_a_code_is_as_large_as_fits_and_no_larger_than_asked(qtbot: QtBot) -> None:
    code = drawn(Kind.QR, "TKQRSQUARE")
    picture = CodePicture(code, most=4)
    qtbot.addWidget(picture)
    picture.resize(code.width * 3 + 2, 900)
    assert picture.module == 3
    picture.resize(900, 900)
    assert picture.module == 4
    assert CodePicture(code, module=2).sizeHint().width() >= 2 * code.width
