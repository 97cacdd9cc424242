"""The window as a whole: start, pages, keys, language, theme, closing, remembering."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from console.domain.lights import Light
from console.domain.profile import Store
from console.domain.words import say
from console.services.crash import CrashReport
from console.services.language import Language
from console.ui.dialogs.report import ReportDialog
from console.ui.frame import PAGES, Frame
from console.ui.main_window import MainWindow
from console.ui.pages.page import Page
from console.ui.theme import Theme
from console.ui.tray import Tray
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small
from tests.ui.store import FRONT, KITCHEN, ORDERS, PROFILE, PROVABLE, MemorySettings, ShopFloor, shop_floor

CODES = ("zh_CN", "en")


@pytest.fixture
async def window(floor: ShopFloor, failures: list[BaseException], qtbot: QtBot) -> AsyncIterator[MainWindow]:
    """The window with its store, at the size of a till's screen."""
    floor.settings.put("theme", "light")
    made = MainWindow(floor.settings, lambda error, where: failures.append(error), floor.console.language)
    made.show_starting()
    made.showNormal()  # the platform's own screen is smaller, so it began maximized
    made.resize(1024, 768)
    made.bind(floor.console)
    await active(made)
    yield made
    await made.shut_down()
    made.close()
    made.deleteLater()


async def active(window: MainWindow) -> None:
    """Keys reach only a window that the desktop has made the active one."""
    window.activateWindow()
    async with asyncio.timeout(5):
        while not window.isActiveWindow():  # noqa: ASYNC110 - what is waited for is seen, not signalled
            await asyncio.sleep(0.01)


def frame(window: MainWindow) -> Frame:
    return next(each for each in window.findChildren(Frame) if each.isVisibleTo(window))


def page(window: MainWindow) -> Page:
    shown = frame(window).stack.currentWidget()
    assert isinstance(shown, Page)
    return shown


def shows(window: MainWindow, text: str) -> bool:
    return text in texts(frame(window))


def press(window: MainWindow, key: Qt.Key, with_control: bool = False) -> None:
    held = Qt.KeyboardModifier.ControlModifier if with_control else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(window, key, held)


class TestStarting:
    async def test_it_shows_before_there_is_a_store(self, qtbot: QtBot) -> None:
        window = MainWindow(MemorySettings(), lambda error, where: None, Language("zh_CN"))
        qtbot.addWidget(window)
        window.show_starting()
        assert window.isVisible()
        assert "正在打开门店" in texts(window)
        await active(window)
        window.go("network")  # a wish from before the store is there
        press(window, Qt.Key.Key_F5)
        assert window.page == "today"

    async def test_a_page_wished_for_early_opens_with_the_store(self, floor: ShopFloor, qtbot: QtBot) -> None:
        window = MainWindow(floor.settings, lambda error, where: None, floor.console.language)
        qtbot.addWidget(window)
        window.show_starting()
        window.go("emergency")
        window.bind(floor.console)
        assert page(window).key == "emergency"
        await window.shut_down()

    async def test_the_last_page_opens_again_and_an_unknown_one_does_not(
        self, floor: ShopFloor, qtbot: QtBot
    ) -> None:
        for kept, opened in (("network", "network"), ("gone", "today")):
            floor.settings.put("page", kept)
            window = MainWindow(floor.settings, lambda error, where: None, floor.console.language)
            qtbot.addWidget(window)
            window.show_starting()
            window.bind(floor.console)
            assert page(window).key == opened
            await window.shut_down()

    async def test_notices_are_told_once(self, floor: ShopFloor, window: MainWindow, until: Until) -> None:
        floor.console.notices += [say("Copied"), say("Quit")]
        window.bind(floor.console)
        for text in ("已复制", "退出"):
            await until(partial(shows, window, text))
            QTest.mouseClick(button(frame(window), "知道了"), Qt.MouseButton.LeftButton)
        assert floor.console.notices == []
        window.bind(floor.console)
        assert "退出" not in texts(frame(window))


class TestGettingAround:
    async def test_every_page_has_a_key(self, window: MainWindow) -> None:
        for number, key in enumerate(PAGES):
            press(window, Qt.Key(Qt.Key.Key_1.value + number), with_control=True)
            assert page(window).key == key
            assert frame(window).rail.buttons[key].isChecked()

    async def test_every_page_has_a_button(self, window: MainWindow) -> None:
        for key, each in frame(window).rail.buttons.items():
            QTest.mouseClick(each, Qt.MouseButton.LeftButton)
            assert page(window).key == key

    async def test_emergency_is_one_press_away_even_from_a_dialog(
        self, window: MainWindow, until: Until
    ) -> None:
        dialog = QDialog(window)
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        inside = QPushButton("x")
        QVBoxLayout(dialog).addWidget(inside)
        dialog.open()
        dialog.activateWindow()
        inside.setFocus()
        await until(lambda: QApplication.activeWindow() is dialog)
        QTest.keyClick(inside, Qt.Key.Key_F1)
        assert not dialog.isVisible()
        assert page(window).key == "emergency"

    async def test_only_the_visible_page_is_built(self, window: MainWindow) -> None:
        assert [type(each).key for each in window.findChildren(Page)] == ["today"]

    async def test_f5_checks_everything_from_any_page(
        self, window: MainWindow, floor: ShopFloor, until: Until
    ) -> None:
        window.go("network")
        press(window, Qt.Key.Key_F5)
        assert page(window).key == "today"
        await until(lambda: floor.history.checks)
        await until(lambda: "8 项" in frame(window).bar.detail.text())

    async def test_the_page_under_the_rail_scrolls_instead_of_growing(self, window: MainWindow) -> None:
        window.resize(512, 384)  # 1024 × 768 at 200 %
        for key in PAGES:
            window.go(key)
            assert (window.width(), window.height()) == (512, 384)


class TestTopBar:
    async def test_it_says_the_worst_in_one_sentence(self, window: MainWindow, floor: ShopFloor) -> None:
        bar = frame(window).bar
        assert bar.light.light is Light.FAULT
        assert bar.sentence.text().startswith("订单后台：")
        assert bar.light.accessibleName() == "故障"
        assert bar.detail.text() == "1 项故障，1 项注意，1 项未知"

    async def test_it_follows_the_lights(self, window: MainWindow, until: Until) -> None:
        well = shop_floor(PROVABLE)
        window.bind(well.console)
        well.morning({})
        await until(lambda: frame(window).bar.light.light is Light.OK)
        assert frame(window).bar.sentence.text() == "一切正常，可以营业"
        well.show(FRONT, "printer.paper_out")
        await until(lambda: frame(window).bar.light.light is Light.FAULT)
        assert "前台打印机" in frame(window).bar.sentence.text()

    async def test_before_the_first_answer_it_claims_nothing(self, window: MainWindow) -> None:
        window.bind(shop_floor().console)
        assert frame(window).bar.light.light is Light.UNKNOWN
        assert frame(window).bar.sentence.text() == "正在第一次查看所有设备"
        assert frame(window).rail.buttons["devices"].accessibleDescription() == ""

    async def test_badges_carry_the_worst_light_of_each_page(
        self, window: MainWindow, floor: ShopFloor, until: Until
    ) -> None:
        buttons = frame(window).rail.buttons
        assert buttons["devices"].accessibleDescription() == "注意"
        assert buttons["network"].accessibleDescription() == "故障"
        plain = buttons["network"].grab().toImage()
        floor.morning({})
        await until(lambda: not buttons["network"].accessibleDescription())
        assert buttons["network"].grab().toImage() != plain

    async def test_the_clock_is_the_stores(self, window: MainWindow, floor: ShopFloor, until: Until) -> None:
        await until(lambda: "09:32" in texts(frame(window).bar))
        assert "11月22日 周日" in texts(frame(window).bar)
        floor.clock.advance(3600)
        await until(lambda: "10:32" in texts(frame(window).bar))

    async def test_a_long_sentence_takes_two_lines_before_it_is_shortened(
        self, window: MainWindow, until: Until
    ) -> None:
        bar = frame(window).bar
        sentence = "The orders backend: " + "its certificate has run out, " * 2
        bar.show_store(Light.FAULT, "Fault", sentence, "small print")
        assert len(bar.sentence.shown(bar.sentence.width())) == 2
        assert not bar.detail.isVisible()
        bar.show_store(Light.OK, "OK", "Well", "small print")
        assert bar.detail.isVisible()


class TestLanguageAndTheme:
    async def test_the_language_changes_without_a_restart(self, window: MainWindow, floor: ShopFloor) -> None:
        window.go("network")
        QTest.mouseClick(frame(window).bar.language, Qt.MouseButton.LeftButton)
        assert page(window).key == "network"
        assert frame(window).rail.buttons["today"].text() == "Today"
        assert floor.console.language.code == "en"
        assert floor.settings["language"] == "en"
        assert "请" not in texts(frame(window).rail)
        QTest.keyClick(frame(window).bar.language, Qt.Key.Key_Return)
        assert frame(window).rail.buttons["today"].text() == "总览"

    async def test_what_was_before_goes_away(self, window: MainWindow, until: Until) -> None:
        before = frame(window)
        gone: list[bool] = []
        before.destroyed.connect(lambda: gone.append(True))
        window.set_language("en")
        assert before.isHidden()
        await until(lambda: gone)
        assert len(window.findChildren(Frame)) == 1

    async def test_a_running_check_outlives_the_change(
        self, window: MainWindow, floor: ShopFloor, until: Until
    ) -> None:
        floor.devices[ORDERS].held.clear()
        press(window, Qt.Key.Key_F5)
        window.set_language("en")
        await until(lambda: "Waiting for 订单后台" in texts(page(window)))
        floor.devices[ORDERS].held.set()
        await until(lambda: floor.history.checks)

    async def test_themes_change_at_once_and_are_kept(
        self, window: MainWindow, floor: ShopFloor, qapp: QApplication
    ) -> None:
        for name in ("dark", "contrast", "light"):
            window.set_theme(name)
            assert qapp.palette().window().color().name().upper() == Theme.named(name).background
            assert floor.settings["theme"] == name
        with pytest.raises(KeyError):
            window.set_theme("pink")
        assert floor.settings["theme"] == "light"

    async def test_a_page_may_ask_for_language_and_theme(self, window: MainWindow) -> None:
        page(window).context.theme_chosen.emit("dark")
        assert window.theme_name == "dark"
        page(window).context.language_chosen.emit("en")
        assert frame(window).rail.buttons["today"].text() == "Today"

    async def test_system_follows_the_system_as_it_changes(
        self, window: MainWindow, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        window.set_theme("system")
        for scheme, name in ((Qt.ColorScheme.Dark, "dark"), (Qt.ColorScheme.Light, "light")):
            monkeypatch.setattr("console.ui.theme.system_is_dark", lambda dark=name == "dark": dark)
            qapp.styleHints().colorSchemeChanged.emit(scheme)
            assert qapp.palette().window().color().name().upper() == Theme.named(name).background
            assert page(window).context.theme is Theme.named(name)


class TestAnotherStore:
    async def test_a_changed_profile_is_handed_up_and_the_new_store_shown(
        self, window: MainWindow, floor: ShopFloor, until: Until
    ) -> None:
        heard: list[object] = []
        window.profile_changed.connect(heard.append)
        window.setup_requested.connect(lambda *values: heard.append(values))
        profile = replace(PROFILE, store=Store("解放路店"), scanner=(), drawer=())
        page(window).context.profile_changed.emit(profile)
        page(window).context.setup_requested.emit("新店", "zh_CN")
        assert heard == [profile, ("新店", "zh_CN")]
        other = shop_floor(profile)
        window.bind(other.console)
        assert "解放路店" in window.windowTitle()
        assert "收银扫码枪" not in texts(page(window))
        other.show(KITCHEN, "printer.paper_out")
        await until(lambda: frame(window).bar.light.light is Light.FAULT)

    async def test_a_check_of_the_old_store_is_stopped(
        self, window: MainWindow, floor: ShopFloor, until: Until
    ) -> None:
        floor.devices[ORDERS].held.clear()
        press(window, Qt.Key.Key_F5)
        window.bind(shop_floor().console)
        await until(lambda: not any("check" in task.get_name() for task in asyncio.all_tasks()))
        assert floor.history.checks == []


class TestClosing:
    async def test_without_a_tray_closing_asks_to_quit(self, window: MainWindow) -> None:
        asked: list[bool] = []
        window.quit_requested.connect(lambda: asked.append(True))
        window.close()
        assert asked == [True]
        assert window.isVisible()

    async def test_with_a_tray_it_goes_on_watching_and_says_so_once(
        self, window: MainWindow, floor: ShopFloor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        told: list[str] = []
        asked: list[bool] = []
        monkeypatch.setattr(Tray, "available", True)
        monkeypatch.setattr(Tray, "tell", lambda self, title, message: told.append(message))
        window.quit_requested.connect(lambda: asked.append(True))
        for _ in range(2):
            window.close()
            assert not window.isVisible()
            window.tray.opened.emit()
            assert window.isVisible()
        assert told == ["收银守护还在后台看着。点这个图标可以打开或退出。"]
        assert asked == []

    async def test_quit_asks_the_application(self, window: MainWindow) -> None:
        asked: list[bool] = []
        window.quit_requested.connect(lambda: asked.append(True))
        press(window, Qt.Key.Key_Q, with_control=True)
        assert asked == [True]

    async def test_shutting_down_leaves_nothing_running(self, floor: ShopFloor, qtbot: QtBot) -> None:
        window = MainWindow(floor.settings, lambda error, where: None, floor.console.language)
        qtbot.addWidget(window)
        window.show_starting()
        window.bind(floor.console)
        await active(window)
        floor.devices[ORDERS].held.clear()
        press(window, Qt.Key.Key_F5)
        window.set_language("en")
        async with asyncio.timeout(2):
            await window.shut_down()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        assert window.close()

    async def test_its_place_is_remembered(self, floor: ShopFloor, qtbot: QtBot) -> None:
        first = MainWindow(floor.settings, lambda error, where: None, floor.console.language)
        qtbot.addWidget(first)
        first.show_starting()
        first.setGeometry(40, 30, 700, 500)
        await first.shut_down()
        second = MainWindow(floor.settings, lambda error, where: None, floor.console.language)
        qtbot.addWidget(second)
        second.show_starting()
        assert second.geometry().getRect() == (40, 30, 700, 500)

    async def test_a_place_on_a_screen_that_is_gone_is_not(self, floor: ShopFloor, qtbot: QtBot) -> None:
        first = MainWindow(floor.settings, lambda error, where: None, floor.console.language)
        qtbot.addWidget(first)
        first.show_starting()
        first.setGeometry(9000, 7000, 700, 500)
        await first.shut_down()
        second = MainWindow(floor.settings, lambda error, where: None, floor.console.language)
        qtbot.addWidget(second)
        second.show_starting()
        corner = second.geometry().topLeft() + QPoint(20, 20)
        assert any(each.availableGeometry().contains(corner) for each in QApplication.screens())

    async def test_a_damaged_memory_of_its_place_does_no_harm(self, qtbot: QtBot) -> None:
        settings = MemorySettings(window="zz top", page="", theme="light")
        window = MainWindow(settings, lambda error, where: None, Language("en"))
        qtbot.addWidget(window)
        window.show_starting()
        assert window.width() >= 480


class TestCrash:
    async def test_a_report_is_shown_and_a_second_one_waits(self, window: MainWindow, tmp_path: Path) -> None:
        window.show_crash(CrashReport("x", "first", None))
        window.show_crash(CrashReport("y", "second", None))
        (dialog,) = window.findChildren(ReportDialog)
        assert dialog.full.toPlainText() == "first"


@pytest.mark.parametrize("floor", CODES, indirect=True)
@pytest.mark.parametrize("size", [(1024, 768), (1366, 768)], ids=["1024", "1366"])
@pytest.mark.parametrize("theme", ["light", "contrast"])
async def test_every_page_can_be_read_reached_and_named(
    window: MainWindow, theme: str, size: tuple[int, int], until: Until
) -> None:
    window.set_theme(theme)
    window.resize(*size)
    for key in PAGES:
        window.go(key)
        with suppress(TimeoutError):  # layouts settle within moments; what never fits is told below
            await until(lambda: not cut_off(window))
        assert cut_off(window) == [], key
        assert nameless(window) == [], key
        assert [f"{type(each).__name__} {each.accessibleName()}" for each in too_small(window)] == [], key


@pytest.mark.parametrize("floor", CODES, indirect=True)
async def test_the_tab_key_reaches_every_button_of_today(window: MainWindow, until: Until) -> None:
    wanted = {each for each in window.findChildren(QPushButton) if each.isVisible() and each.isEnabled()}
    reached = set()
    for _ in range(3 * len(wanted)):
        press(window, Qt.Key.Key_Tab)
        reached.add(QApplication.focusWidget())
    assert wanted - reached == set()


async def test_quick_switching_leaves_no_old_pages_behind(window: MainWindow, until: Until) -> None:
    for code in ("en", "zh_CN") * 6:
        window.set_language(code)
        await asyncio.sleep(0)
    await until(lambda: len(window.findChildren(Frame)) == 1)
