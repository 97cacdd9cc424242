"""The tray icon carries the overall light, and a menu made of the window's own actions."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QSystemTrayIcon
from pytestqt.qtbot import QtBot

from console.domain.lights import Light
from console.ui.theme import Theme
from console.ui.tray import Tray


@pytest.fixture
def tray(qtbot: QtBot) -> Tray:
    return Tray()


def test_it_shows_light_and_sentence(tray: Tray) -> None:
    theme = Theme.named("light")
    pictures = []
    for light in Light:
        tray.show_store(light, f"sentence {light}", theme)
        assert f"sentence {light}" in tray.tool_tip
        pictures.append(bytes(tray.icon.icon().pixmap(22, 22).toImage().constBits()))
    assert len(set(pictures)) == len(Light)


def test_its_menu_holds_the_actions_it_is_given(tray: Tray) -> None:
    pressed: list[str] = []
    actions = {key: QAction(key) for key in ("open", "check", "emergency", "quit", "today")}
    for key, action in actions.items():
        action.triggered.connect(lambda checked=False, key=key: pressed.append(key))
    tray.set_actions(actions)
    tray.set_actions(actions)  # made anew in another language, not doubled
    menu = tray.icon.contextMenu()
    assert [each.text() for each in menu.actions()] == ["open", "check", "emergency", "", "quit"]
    for each in menu.actions():
        each.trigger()
    assert pressed == ["open", "check", "emergency", "quit"]


def test_a_press_opens_the_window_and_a_right_press_does_not(tray: Tray, qtbot: QtBot) -> None:
    opened: list[bool] = []
    tray.opened.connect(lambda: opened.append(True))
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Trigger)
    tray.icon.activated.emit(QSystemTrayIcon.ActivationReason.Context)
    assert opened == [True]
