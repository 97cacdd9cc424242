"""The dialog of one entry: filled in, tried, saved, taken out."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from console.domain.profile import Backend, Printer, Scanner, StoreProfile
from console.domain.subjects import Subject
from console.services.language import Language
from console.ui.context import Context
from console.ui.dialogs.entry import EntryDialog
from tests.ui.conftest import Until
from tests.ui.own_file import give_file, written
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import FRONT, KITCHEN, TILL, ShopFloor

pytestmark = pytest.mark.parametrize("floor", ["en"], indirect=True)


@pytest.fixture
def path(floor: ShopFloor, tmp_path: Path) -> Path:
    return give_file(floor, tmp_path)


def content(path: Path) -> bytes:
    return path.read_bytes()


def append(path: Path, more: bytes) -> None:
    path.write_bytes(content(path) + more)


def opened(context: Context, qtbot: QtBot, subject: Subject | None = None, **more: str) -> EntryDialog:
    dialog = EntryDialog(context, None, context.console.profile, subject, **more)  # type: ignore[arg-type]
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)  # looked at after it closed
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def field(dialog: EntryDialog, name: str) -> QLineEdit:
    (found,) = (each for each in dialog.findChildren(QLineEdit) if each.accessibleName() == name)
    return found


def fill(dialog: EntryDialog, name: str, text: str) -> None:
    """As a person does: go there, take out what stands there, type."""
    line = field(dialog, name)
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, text)


async def test_a_changed_entry_is_written_to_the_file(
    context: Context, path: Path, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, FRONT)
    saved: list[StoreProfile] = []
    dialog.saved.connect(saved.append)
    fill(dialog, "Address", "192.0.2.77")
    button(dialog, "Save").click()
    await until(lambda: saved)
    assert not dialog.isVisible()
    assert (await written(path)) == saved[0]
    assert saved[0].printer[0] == Printer("front", "tcp://192.0.2.77:9100", label="前台打印机")


async def test_enter_saves_from_any_field(context: Context, path: Path, qtbot: QtBot, until: Until) -> None:
    dialog = opened(context, qtbot, FRONT)
    fill(dialog, "What people call it", "one")
    QTest.keyClick(field(dialog, "What people call it"), Qt.Key.Key_Return)
    await until(lambda: not dialog.isVisible())
    assert (await written(path)).printer[0].label == "one"


async def test_an_error_goes_when_its_field_is_edited(context: Context, path: Path, qtbot: QtBot) -> None:
    dialog = opened(context, qtbot, FRONT)
    fill(dialog, "Short name", "kitchen")
    fill(dialog, "Address", "nowhere://x")
    button(dialog, "Save").click()
    both = texts(dialog)
    field(dialog, "Address").setFocus()
    QTest.keyClick(field(dialog, "Address"), Qt.Key.Key_End)
    assert texts(dialog) == both
    QTest.keyClicks(field(dialog, "Address"), "1")
    (gone,) = set(both.splitlines()) - set(texts(dialog).splitlines())
    assert "nowhere" in gone
    assert not field(dialog, "Address").property("wrong")
    assert field(dialog, "Short name").property("wrong")


async def test_errors_stand_beneath_their_fields_and_nothing_is_written(
    context: Context, path: Path, qtbot: QtBot
) -> None:
    before = content(path)
    dialog = opened(context, qtbot, FRONT)
    fill(dialog, "Short name", "kitchen")
    fill(dialog, "Address", "nowhere://x")
    button(dialog, "Save").click()
    assert '"kitchen" is taken; choose another short name' in texts(dialog)
    assert '"nowhere://x" is no address of a printer' in texts(dialog)
    assert dialog.focusWidget() is field(dialog, "Short name")
    assert dialog.isVisible()
    fill(dialog, "Short name", "front")
    button(dialog, "Save").click()
    assert "is taken" not in texts(dialog)
    assert content(path) == before


async def test_trying_shows_the_light_that_the_entry_would_have_and_saves_nothing(
    context: Context, floor: ShopFloor, path: Path, qtbot: QtBot, until: Until
) -> None:
    before = content(path)
    floor.say(FRONT, "printer.cover_open")
    dialog = opened(context, qtbot, FRONT)
    button(dialog, "Try it").click()
    title = Language("en").cause("printer.cover_open").title
    await until(lambda: f"Fault · {title}" in texts(dialog))
    assert floor.console.board.finding(FRONT).cause == "printer.paper_low", "the board is left alone"
    assert content(path) == before
    fill(dialog, "Address", "192.0.2.78")
    assert title not in texts(dialog), "what was tried is no longer what stands there"


async def test_a_slow_answer_to_an_old_question_is_dropped(
    context: Context, floor: ShopFloor, path: Path, qtbot: QtBot, until: Until
) -> None:
    floor.say(FRONT, "printer.cover_open")
    device = floor.devices[FRONT]
    device.held.clear()
    dialog = opened(context, qtbot, FRONT)
    button(dialog, "Try it").click()
    await until(lambda: device.asked == 1)
    fill(dialog, "Address", "192.0.2.78")
    device.held.set()
    await until(lambda: button(dialog, "Try it").isEnabled())
    assert Language("en").cause("printer.cover_open").title not in texts(dialog)


async def test_removing_says_what_happens_and_asks_once_more(
    context: Context, path: Path, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, KITCHEN)
    button(dialog, "Remove…").click()
    assert "后厨打印机 is taken out of this store's settings" in texts(dialog)
    assert KITCHEN in dict((await written(path)).entries())
    assert dialog.focusWidget() is button(dialog, "Keep it")
    button(dialog, "Remove 后厨打印机").click()
    await until(lambda: not dialog.isVisible())
    assert KITCHEN not in dict((await written(path)).entries())


async def test_what_others_hang_on_cannot_be_removed(context: Context, path: Path, qtbot: QtBot) -> None:
    dialog = opened(context, qtbot, FRONT)
    button(dialog, "Remove…").click()
    assert "钱箱 works through it" in texts(dialog)
    assert "Remove 前台打印机" not in texts(dialog)
    button(dialog, "Keep it").click()
    assert TILL in dict((await written(path)).entries())


async def test_a_file_changed_by_somebody_else_is_not_overwritten(
    context: Context, path: Path, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, KITCHEN)
    append(path, b"# mine\n")
    fill(dialog, "What people call it", "x")
    button(dialog, "Save").click()
    await until(lambda: "was changed meanwhile" in texts(dialog))
    assert dialog.isVisible()
    assert button(dialog, "Save").isEnabled()
    assert content(path).endswith(b"# mine\n")


async def test_a_new_entry_of_any_kind_by_hand(
    context: Context, path: Path, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot)
    (kinds,) = (each for each in dialog.findChildren(QComboBox) if each.accessibleName() == "Kind of device")
    kinds.setCurrentIndex(kinds.findData("backend"))
    fill(dialog, "Web address", "192.0.2.99/health")
    button(dialog, "More settings").click()
    fill(dialog, "Known addresses", "192.0.2.99, 192.0.2.98")
    button(dialog, "Save").click()
    await until(lambda: not dialog.isVisible())
    added = (await written(path)).backend[-1]
    assert added == Backend(
        "orders-2", "https://192.0.2.99/health", known_addresses=("192.0.2.99", "192.0.2.98")
    )


async def test_choices_and_switches_reach_the_file(
    context: Context, path: Path, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, Subject("scanner", "counter"))
    button(dialog, "More settings").click()
    (suffix,) = (
        each for each in visible(dialog, QComboBox) if each.accessibleName() == "Key after each code"
    )
    suffix.setCurrentIndex(suffix.findData("tab"))
    (switch,) = visible(dialog, QCheckBox)
    switch.click()
    button(dialog, "Save").click()
    await until(lambda: not dialog.isVisible())
    kept = (await written(path)).scanner[0]
    assert kept == Scanner("counter", "keyboard:", suffix="tab", enabled=False, label="收银扫码枪")


async def test_an_error_among_the_folded_settings_unfolds_them(
    context: Context, path: Path, qtbot: QtBot
) -> None:
    dialog = opened(context, qtbot, Subject("backend", "orders"))
    field(dialog, "Where its password is kept").setText("hunter2")
    button(dialog, "Save").click()
    assert "must be keyring:NAME or env:NAME" in texts(dialog)


async def test_escape_changes_nothing(context: Context, path: Path, qtbot: QtBot) -> None:
    before = content(path)
    dialog = opened(context, qtbot, FRONT)
    fill(dialog, "Address", "192.0.2.77")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert content(path) == before


async def test_a_write_that_has_begun_is_not_left_alone(
    context: Context, path: Path, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, FRONT)
    saved: list[StoreProfile] = []
    dialog.saved.connect(saved.append)
    fill(dialog, "What people call it", "one")
    button(dialog, "Save").click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    await until(lambda: not dialog.isVisible())
    assert saved == [await written(path)]


async def test_the_demo_has_nowhere_to_save(context: Context, qtbot: QtBot) -> None:
    dialog = opened(context, qtbot, FRONT)
    assert not button(dialog, "Save").isEnabled()
    assert "it has no file to save in" in texts(dialog)


async def test_nothing_is_cut_off_nameless_or_too_small(
    context: Context, path: Path, qtbot: QtBot, until: Until
) -> None:
    for subject, _ in context.console.profile.entries():
        dialog = opened(context, qtbot, subject)
        button(dialog, "More settings").click()
        await until(partial(lambda shown: not cut_off(shown), dialog))
        assert (nameless(dialog), too_small(dialog)) == ([], [])
