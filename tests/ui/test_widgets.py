"""The small parts: lights that differ by shape, words that fit, buttons for fingers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.lights import Light
from console.ui.theme import Theme
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body, Elided
from console.ui.widgets.light import LightShape, light_pixmap


def shape_of(light: Light, theme: Theme) -> bytes:
    """The light without its colour: where ink is, and where a mark is cut out of it."""
    drawn = light_pixmap(light, 28, theme).toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    return bytes(drawn.constBits())


@pytest.mark.parametrize("name", ["light", "dark", "contrast"])
def test_every_light_has_a_shape_of_its_own(name: str, qapp: QApplication) -> None:
    theme = Theme.named(name)
    assert len({shape_of(light, theme) for light in Light}) == len(Light)


def test_a_light_says_its_word_and_takes_a_new_one(qtbot: QtBot) -> None:
    shape = LightShape(Light.UNKNOWN, 28, Theme.named("light"), "未知")
    qtbot.addWidget(shape)
    shape.show()
    before = shape.grab().toImage()
    shape.set_light(Light.FAULT, "故障")
    qtbot.waitUntil(lambda: shape.grab().toImage() != before)
    assert shape.light is Light.FAULT
    assert shape.accessibleName() == "故障"


def test_a_light_pulses_once_and_comes_to_rest(qtbot: QtBot) -> None:
    theme = Theme.named("light")
    shape = LightShape(Light.OK, 28, theme, "OK")
    qtbot.addWidget(shape)
    shape.show()
    shape.set_light(Light.ATTENTION, "Attention")
    still = LightShape(Light.ATTENTION, 28, theme, "Attention")
    qtbot.addWidget(still)
    qtbot.waitUntil(lambda: shape.grab().toImage() == still.grab().toImage(), timeout=3000)


def test_buttons_are_large_enough_and_answer_to_enter(qtbot: QtBot, qapp: QApplication) -> None:
    Theme.named("light").apply(qapp)
    button = Button("测试", "primary")
    qtbot.addWidget(button)
    button.show()
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Return)
    QTest.keyClick(button, Qt.Key.Key_Space)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert len(pressed) == 3
    assert button.height() >= 48


def test_a_long_text_is_shortened_and_offered_whole(qtbot: QtBot) -> None:
    text = "会员积分系统与储值卡中心总部机房主用服务器（仅工作日值守）。"
    label = Elided(text, lines=2)
    qtbot.addWidget(label)
    label.resize(120, 60)
    label.show()
    lines = label.shown(120)
    assert len(lines) == 2
    assert text.startswith(lines[0])
    assert lines[1].endswith("…")
    assert label.toolTip() == text
    label.resize(2000, 60)
    assert label.shown(2000) == [text]
    assert label.toolTip() == ""


def test_an_elided_label_is_as_high_as_its_lines(qtbot: QtBot) -> None:
    label = Elided("Out of paper in the receipt printer at the counter", lines=2)
    qtbot.addWidget(label)
    one = label.heightForWidth(4000)
    assert label.heightForWidth(200) == 2 * one
    assert label.heightForWidth(50) == 2 * one
    label.set_lines(1)
    assert label.heightForWidth(50) == one
    assert label.minimumSizeHint() == QSize(0, one)


def test_a_tone_is_the_color_of_its_token(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme.named("light")
    theme.apply(qapp)
    label = Body("故障", "soft")
    qtbot.addWidget(label)
    label.show()
    assert label.palette().color(label.foregroundRole()).name().upper() == theme.soft
    label.set_tone("fault")
    assert label.palette().color(label.foregroundRole()).name().upper() == theme.fault
