"""The tokens keep what look.md promises: readable text in every theme, one sheet for all."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QPushButton

from console.domain.lights import Light
from console.platforms.files import resource
from console.ui.icons import pixmap
from console.ui.theme import CHOICES, Theme

THEMES = [name for name in CHOICES if name != "system"]


def luminance(color: str) -> float:
    def linear(part: float) -> float:
        return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4

    shown = QColor(color)
    return 0.2126 * linear(shown.redF()) + 0.7152 * linear(shown.greenF()) + 0.0722 * linear(shown.blueF())


def contrast(one: str, other: str) -> float:
    """WCAG 2.1, relative luminance and contrast ratio."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("name", THEMES)
def test_text_can_be_read_on_every_ground_it_stands_on(name: str) -> None:
    theme = Theme.named(name)
    for ground in (theme.background, theme.surface, theme.unknown_tint, theme.brand_tint):
        for text in (theme.text, theme.soft, theme.brand):
            assert contrast(text, ground) >= 4.5, (text, ground)
    for light in Light:
        for ground in (theme.background, theme.surface, theme.tint(light)):
            assert contrast(theme.color(light), ground) >= 4.5, (light, ground)
            assert contrast(theme.text, ground) >= 4.5
            assert contrast(theme.soft, ground) >= 4.5
    for role, ground in (("primary", theme.brand), ("danger", theme.fault), ("good", theme.ok)):
        assert contrast(theme.on(role), ground) >= 4.5, role


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_is_understood(name: str, qapp: QApplication) -> None:
    said: list[str] = []

    def hear(kind: QtMsgType, where: object, message: str) -> None:
        said.append(message)

    before = qInstallMessageHandler(hear)
    try:
        Theme.named(name).apply(qapp)
        QPushButton("x").ensurePolished()
    finally:
        qInstallMessageHandler(before)
    assert said == []


@pytest.mark.parametrize("name", THEMES)
def test_every_picture_that_the_sheet_names_is_there(name: str) -> None:
    paths = re.findall(r"url\(([^)]+)\)", Theme.named(name).style_sheet())
    assert len(paths) >= 2
    for path in paths:
        assert not QImage(path).isNull(), path


def test_high_contrast_is_black_white_and_one_yellow() -> None:
    theme = Theme.named("contrast")
    colors = {
        value for value in (getattr(theme, name) for name in Theme.__slots__) if str(value).startswith("#")
    }
    assert colors == {"#000000", "#FFFFFF", "#FFFF00"}
    assert theme.border == 2


def test_an_icon_takes_the_color_it_is_given(qapp: QApplication) -> None:
    drawn = pixmap("printer", "#C62828", 24).toImage()
    solid = {
        drawn.pixelColor(x, y).name()
        for x in range(drawn.width())
        for y in range(drawn.height())
        if drawn.pixelColor(x, y).alpha() == 255
    }
    assert solid == {"#c62828"}


def test_icons_have_their_licence_beside_them_and_nothing_foreign() -> None:
    folder = resource("icons")
    assert "ISC License" in (folder / "LICENSE").read_text(encoding="utf-8")
    for path in folder.glob("*.svg"):
        text = path.read_text(encoding="utf-8")
        assert "currentColor" in text, path.name
        assert "lucide" in text, path.name


def test_no_icon_is_shipped_that_nothing_shows() -> None:
    top = Path(__file__).parents[2]
    sources = [*top.glob("console/**/*.py"), *top.glob("resources/**/*.toml")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    assert [path.stem for path in resource("icons").glob("*.svg") if f'"{path.stem}"' not in written] == []
