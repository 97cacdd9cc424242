"""The settings page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from console import __version__
from console.domain.lights import Light
from console.domain.profile import StoreProfile
from console.domain.subjects import Subject
from console.services.language import Language
from console.ui.context import Context
from console.ui.dialogs.discovery import DiscoveryDialog
from console.ui.dialogs.entry import EntryDialog
from console.ui.dialogs.setup import SetupDialog
from console.ui.pages.settings import SettingsPage
from tests.ui.conftest import Until
from tests.ui.own_file import give_file, written
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import KITCHEN, SECOND, ShopFloor

english = pytest.mark.parametrize("floor", ["en"], indirect=True)
both = pytest.mark.parametrize("floor", ["zh_CN", "en"], indirect=True)


def shown(context: Context, qtbot: QtBot) -> SettingsPage:
    page = SettingsPage(context)
    qtbot.addWidget(page)
    page.resize(928, 704)
    page.show()
    return page


@pytest.fixture
def path(floor: ShopFloor, tmp_path: Path) -> Path:
    return give_file(floor, tmp_path)


@pytest.fixture
def changes(context: Context) -> list[StoreProfile]:
    """Every profile that the window would be bound to anew."""
    told: list[StoreProfile] = []
    context.profile_changed.connect(told.append)
    return told


def named(page: SettingsPage, name: str) -> QCheckBox:
    (found,) = (each for each in visible(page, QCheckBox) if each.accessibleName() == name)
    return found


def content(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def append(path: Path, more: str) -> None:
    path.write_text(content(path) + more, encoding="utf-8")


@english
async def test_every_entry_stands_there_with_its_live_light(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    page = shown(context, qtbot)
    for each in (
        "前台打印机",
        "订单后台",
        "printer · tcp://192.0.2.50:9100",
        "cash drawer · through 前台打印机",
    ):
        assert each in texts(page)
    title = Language("en").cause("printer.cover_open").title
    floor.show(KITCHEN, "printer.cover_open")
    await until(lambda: f"Fault · {title}" in texts(page))


@english
async def test_a_device_is_switched_off_and_the_change_can_be_undone(
    context: Context, path: Path, changes: list[StoreProfile], qtbot: QtBot, until: Until
) -> None:
    before = content(path)
    page = shown(context, qtbot)
    assert "Undo" not in texts(page)
    named(page, "后厨打印机 is in use").click()
    await until(lambda: changes)
    assert changes[0] == await written(path)
    assert not (await written(path)).printer[1].enabled
    again = shown(context, qtbot)  # as the window does when the profile changed
    assert "Changed: 后厨打印机 (just now)" in texts(again)
    button(again, "Undo").click()
    await until(lambda: len(changes) == 2)
    assert content(path) == before
    assert "Undo" not in texts(shown(context, qtbot))


@english
async def test_a_change_may_be_kept(
    context: Context, path: Path, changes: list[StoreProfile], qtbot: QtBot, until: Until
) -> None:
    page = shown(context, qtbot)
    named(page, "二号扫码枪 is in use").click()
    await until(lambda: changes)
    page = shown(context, qtbot)
    button(page, "Keep it so").click()
    assert "Undo" not in texts(shown(context, qtbot))
    assert (await written(path)).scanner[1].enabled


@english
async def test_undo_is_offered_for_this_file_alone(
    context: Context, floor: ShopFloor, path: Path, changes: list[StoreProfile], qtbot: QtBot, until: Until
) -> None:
    page = shown(context, qtbot)
    named(page, "后厨打印机 is in use").click()
    await until(lambda: changes)
    floor.console.profile_path = path.with_name("another.toml")
    assert "Undo" not in texts(shown(context, qtbot))


@english
async def test_a_refused_write_is_told_and_the_switch_goes_back(
    context: Context, path: Path, changes: list[StoreProfile], qtbot: QtBot, until: Until
) -> None:
    page = shown(context, qtbot)
    append(path, "# somebody else was here\n")
    switch = named(page, "后厨打印机 is in use")
    switch.click()
    await until(lambda: "was changed meanwhile" in texts(page))
    assert switch.isChecked()
    assert page.isEnabled()
    assert changes == []


@english
async def test_the_store_gets_another_name(
    context: Context, path: Path, changes: list[StoreProfile], qtbot: QtBot, until: Until
) -> None:
    page = shown(context, qtbot)
    (name,) = visible(page, QLineEdit)
    name.selectAll()
    QTest.keyClicks(name, "Harbour shop")
    QTest.keyClick(name, Qt.Key.Key_Return)
    await until(lambda: changes)
    assert (await written(path)).store.name == "Harbour shop"


@english
async def test_an_entry_is_changed_in_its_dialog(
    context: Context, path: Path, changes: list[StoreProfile], qtbot: QtBot, until: Until
) -> None:
    page = shown(context, qtbot)
    (change,) = (
        each
        for each in page.findChildren(type(button(page, "Add…")))
        if each.accessibleName() == "Change 后厨打印机"
    )
    change.click()
    (dialog,) = page.findChildren(EntryDialog)
    (label,) = (
        each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == "What people call it"
    )
    label.setText("厨房")
    button(dialog, "Save").click()
    await until(lambda: changes)
    assert changes[0].printer[1].label == "厨房"


@english
async def test_adding_starts_with_a_search(context: Context, path: Path, qtbot: QtBot) -> None:
    page = shown(context, qtbot)
    button(page, "Add…").click()
    (dialog,) = page.findChildren(DiscoveryDialog)
    assert dialog.isVisible()
    dialog.reject()


@english
async def test_language_and_theme_are_chosen_with_one_press(context: Context, qtbot: QtBot) -> None:
    page = shown(context, qtbot)
    with qtbot.waitSignal(context.language_chosen) as language:
        button(page, "中文").click()
    assert language.args == ["zh_CN"]
    with qtbot.waitSignal(context.theme_chosen) as theme:
        button(page, "Contrast").click()
    assert theme.args == ["contrast"]


@english
async def test_paths_are_shown_and_copied(context: Context, path: Path, qtbot: QtBot) -> None:
    page = shown(context, qtbot)
    assert str(path) in texts(page)
    (copy,) = (
        each
        for each in visible(page, type(button(page, "Add…")))
        if each.accessibleName() == "Copy the path: This store's settings"
    )
    copy.click()
    assert QGuiApplication.clipboard().text() == str(path)
    assert __version__ in texts(page)


@english
async def test_the_way_from_a_switched_off_device_ends_at_its_switch(
    context: Context, path: Path, qtbot: QtBot
) -> None:
    page = shown(context, qtbot)
    page.show_subject(SECOND)
    assert page.focusWidget() is named(page, "二号扫码枪 is in use")
    page.show_subject(Subject("printer", "stranger"))


@english
async def test_the_demo_says_that_it_has_no_file_and_offers_a_store_of_ones_own(
    context: Context, qtbot: QtBot
) -> None:
    page = shown(context, qtbot)
    assert "This is the demo store" in texts(page)
    assert "The demo store has no file." in texts(page)
    assert not list(visible(page, QCheckBox))
    button(page, "Set up my own store…").click()
    (dialog,) = page.findChildren(SetupDialog)
    assert not button(dialog, "Create the store").isEnabled()
    (name,) = visible(dialog, QLineEdit)
    QTest.keyClicks(name, "  Harbour shop ")
    with qtbot.waitSignal(context.setup_requested) as asked:
        button(dialog, "Create the store").click()
    assert asked.args == ["Harbour shop", "en"]


@both
async def test_nothing_is_cut_off_nameless_or_too_small(
    context: Context, floor: ShopFloor, path: Path, changes: list[StoreProfile], qtbot: QtBot, until: Until
) -> None:
    page = shown(context, qtbot)
    next(visible(page, QCheckBox)).click()
    await until(lambda: changes)
    floor.show(KITCHEN, Light.UNKNOWN)
    page = shown(context, qtbot)
    await until(lambda: not cut_off(page))
    assert (nameless(page), too_small(page)) == ([], [])


@both
async def test_nothing_is_cut_off_in_the_demo(context: Context, qtbot: QtBot, until: Until) -> None:
    page = shown(context, qtbot)
    await until(lambda: not cut_off(page))
    assert (nameless(page), too_small(page)) == ([], [])
    dialog = SetupDialog(context, page)
    dialog.open()
    await until(lambda: cut_off(dialog) == [])
    assert (nameless(dialog), too_small(dialog)) == ([], [])
