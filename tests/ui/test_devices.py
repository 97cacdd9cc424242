"""The devices page."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QListWidget, QStackedWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from console.domain.lights import Light
from console.domain.profile import Store, StoreProfile, SyncPending
from console.domain.words import say
from console.services.language import Language
from console.services.unsynced import UnsyncedSales
from console.storage.pending import PendingFolder
from console.ui.context import Context
from console.ui.dialogs.discovery import DiscoveryDialog
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.pages.devices import DevicesPage
from console.ui.theme import Theme
from console.ui.widgets.advice import Advice
from console.ui.widgets.device_detail import DeviceDetail
from console.ui.widgets.evidence_table import EvidenceTable
from console.ui.widgets.restart_guard import RestartGuard
from console.ui.widgets.rows import Step
from console.ui.widgets.subject_list import SubjectList, verdict
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import CARD, COUNTER, FRONT, KITCHEN, SECOND, TILL, ShopFloor, shop_floor

english = pytest.mark.parametrize("floor", ["en"], indirect=True)
both = pytest.mark.parametrize("floor", ["zh_CN", "en"], indirect=True)


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> DevicesPage:
    made = DevicesPage(context)
    qtbot.addWidget(made)
    made.resize(928, 704)
    made.show()
    return made


def detail(page: DevicesPage) -> DeviceDetail:
    (shown,) = visible(page, DeviceDetail)
    return shown


def devices(page: DevicesPage) -> QListWidget:
    (shown,) = visible(page, QListWidget)
    return shown


@english
async def test_every_device_stands_in_the_list_with_its_light_in_words(page: DevicesPage) -> None:
    role = Qt.ItemDataRole.AccessibleTextRole
    told = [devices(page).item(row).data(role) for row in range(devices(page).count())]
    assert told[0].startswith("前台打印机, Attention · ")
    assert told[1:] == [
        "后厨打印机, OK",
        "收银扫码枪, OK",
        "二号扫码枪, Switched off",
        "钱箱, OK",
        "刷卡终端, Unknown",
    ]


@english
async def test_the_loudest_device_is_shown_first_with_cause_and_advice(
    page: DevicesPage, floor: ShopFloor
) -> None:
    cause = Language("en").cause("printer.paper_low")
    read = texts(detail(page))
    for each in ("前台打印机", f"Attention · {cause.title}", cause.explain, *cause.advice):
        assert each in read


@english
async def test_steps_tick_by_hand_and_by_themselves_when_the_light_clears(
    page: DevicesPage, floor: ShopFloor, until: Until
) -> None:
    floor.show(FRONT, "printer.paper_out")
    await until(lambda: Language("en").cause("printer.paper_out").advice[0] in texts(detail(page)))
    steps = list(visible(detail(page), Step))
    steps[0].setFocus()
    QTest.keyClick(steps[0], Qt.Key.Key_Return)
    assert [each.isChecked() for each in steps] == [True, *[False] * (len(steps) - 1)]
    floor.show(FRONT, Light.OK)
    await until(lambda: all(each.isChecked() for each in visible(detail(page), Step)))
    assert "Solved at 09:32" in texts(detail(page))
    floor.show(FRONT, "printer.cover_open")
    await until(lambda: Language("en").cause("printer.cover_open").title in texts(detail(page)))
    assert not any(each.isChecked() for each in visible(detail(page), Step))


@english
async def test_what_nobody_solved_is_not_ticked(page: DevicesPage, floor: ShopFloor, until: Until) -> None:
    floor.show(FRONT, "printer.paper_out")
    await until(lambda: list(visible(detail(page), Step)))
    floor.show(FRONT, Light.UNKNOWN)
    await until(lambda: "Unknown" in texts(detail(page)))
    assert not list(visible(detail(page), Advice))
    assert "OK" not in texts(detail(page)).splitlines()


@english
async def test_arrow_keys_walk_through_the_devices(page: DevicesPage, floor: ShopFloor) -> None:
    devices(page).setFocus()
    QTest.keyClick(devices(page), Qt.Key.Key_Down)
    assert "后厨打印机" in texts(detail(page))
    assert floor.settings["devices.subject"] == str(KITCHEN)


@english
async def test_ask_again_asks_the_device_and_shows_what_it_says_now(
    page: DevicesPage, floor: ShopFloor, until: Until
) -> None:
    floor.say(FRONT, "printer.cover_open")
    device = floor.devices[FRONT]
    device.held.clear()
    QTest.mouseClick(button(detail(page), "Ask again"), Qt.MouseButton.LeftButton)
    await until(lambda: device.asked == 1)
    assert not button(detail(page), "Asking…").isEnabled()
    device.held.set()
    await until(lambda: Language("en").cause("printer.cover_open").title in texts(detail(page)))
    await until(lambda: button(detail(page), "Ask again").isEnabled())


@english
async def test_the_page_may_be_rebuilt_while_a_device_is_asked(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    window = QStackedWidget()
    qtbot.addWidget(window)
    page = DevicesPage(context)
    window.addWidget(page)
    window.show()
    device = floor.devices[FRONT]
    device.held.clear()
    button(detail(page), "Ask again").click()
    await until(lambda: device.asked == 1)
    page.deleteLater()
    await until(lambda: not isValid(page))
    floor.say(FRONT, Light.OK)
    device.held.set()
    await until(lambda: floor.console.board.finding(FRONT).light is Light.OK)


@english
async def test_technical_evidence_is_one_press_below_and_can_be_copied(page: DevicesPage) -> None:
    shown = detail(page)
    assert not list(visible(shown, EvidenceTable))
    button(shown, "Technical details").click()
    (table,) = visible(shown, EvidenceTable)
    assert table.rowHeight(0) == 44
    table.setFocus()
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "escpos.dle_eot.4"
    button(shown, "Copy").click()
    page.close_details()
    assert not list(visible(shown, EvidenceTable))
    copied = QGuiApplication.clipboard().text()
    for each in ("escpos.dle_eot.4", "0x12", "It says so itself", "0.004", "2026-11-22 09:32:00+08:00"):
        assert each in copied


@english
async def test_a_switched_off_device_leads_to_settings(
    page: DevicesPage, context: Context, qtbot: QtBot
) -> None:
    page.show_subject(SECOND)
    read = texts(detail(page))
    assert "Switched off" in read
    assert "Ask again" not in read
    assert "Self-test…" not in read
    with qtbot.waitSignal(context.navigate) as gone:
        button(detail(page), "Switch on in Settings").click()
    assert gone.args == ["settings", SECOND]


@english
async def test_a_blocked_device_leads_to_what_blocks_it(
    page: DevicesPage, floor: ShopFloor, context: Context, qtbot: QtBot, until: Until
) -> None:
    floor.show(TILL, Light.UNKNOWN)
    floor.show(FRONT, "printer.paper_out")
    page.show_subject(TILL)
    await until(lambda: floor.console.board.finding(TILL).blocked_by == FRONT)
    await until(lambda: "It cannot be asked while this is down: 前台打印机" in texts(detail(page)))
    with qtbot.waitSignal(context.navigate) as gone:
        button(detail(page), "Go to: 前台打印机").click()
    assert gone.args == ["devices", FRONT]


@english
async def test_the_age_of_evidence_grows(page: DevicesPage, floor: ShopFloor, until: Until) -> None:
    assert "Asked just now" in texts(detail(page))
    floor.clock.advance(61)
    await until(lambda: "Asked 1 min ago" in texts(detail(page)))
    assert "since 09:32 · 1 min" in texts(detail(page))


@english
async def test_all_but_drawers_and_scanners_offer_a_self_test(page: DevicesPage) -> None:
    for subject, offered in ((KITCHEN, True), (COUNTER, False), (TILL, False), (CARD, True)):
        page.show_subject(subject)
        assert ("Self-test…" in texts(detail(page))) is offered
        assert ("Scanner doctor…" in texts(detail(page))) is (subject == COUNTER)
    page.show_subject(KITCHEN)
    button(detail(page), "Self-test…").click()
    (dialog,) = page.window().findChildren(SelftestDialog)
    assert dialog.isVisible()
    dialog.reject()


@english
async def test_causes_that_look_alike_are_told_together(
    page: DevicesPage, floor: ShopFloor, until: Until
) -> None:
    """A silent printer may be off, or one that never answers: which test would tell stands beneath."""
    floor.show(FRONT, "printer.no_answer")
    finding = floor.console.board.finding(FRONT)
    assert finding.distinguish is not None
    language = Language("en")
    await until(lambda: language.test(finding.distinguish or "") in texts(detail(page)))
    assert language.cause(finding.candidates[1].cause).title in texts(detail(page))


async def test_an_empty_store_teaches_and_offers_the_search(qapp: QApplication, qtbot: QtBot) -> None:
    floor = shop_floor(StoreProfile(Store("x")), "en")
    context = Context(floor.console, Theme.named("light"), lambda error, where: pytest.fail(str(error)))
    page = DevicesPage(context)
    qtbot.addWidget(page)
    page.show()
    assert "No device yet" in texts(page)
    assert (cut_off(page), nameless(page), too_small(page)) == ([], [], [])
    button(page, "Find devices").click()
    (dialog,) = page.window().findChildren(DiscoveryDialog)
    assert dialog.isVisible()
    dialog.reject()
    await context.close()


@both
async def test_nothing_is_cut_off_nameless_or_too_small(
    page: DevicesPage, floor: ShopFloor, until: Until
) -> None:
    for subject, cause in (
        (FRONT, "printer.paper_out"),
        (COUNTER, "scanner.no_answer"),
        (SECOND, None),
        (CARD, None),
    ):
        if cause is not None:
            floor.show(
                subject, cause, say("It says so itself, in a sentence that is rather long for one line")
            )
        page.show_subject(subject)
        detail(page).refresh()
        await until(lambda: not cut_off(page))  # a page that begins to scroll is laid out twice
        assert (nameless(page), too_small(page)) == ([], [])


@both
async def test_every_cause_of_a_device_fits_into_its_card(page: DevicesPage, floor: ShopFloor) -> None:
    listed = devices(page)
    assert isinstance(listed, SubjectList)
    wrap = int(Qt.TextFlag.TextWordWrap)
    for rule in floor.table.rules:
        if rule.cause.startswith("printer."):
            floor.show(FRONT, rule.cause)
            listed.refresh({FRONT})
            room = listed.visualItemRect(listed.item(0))
            words = verdict(floor.console.board.finding(FRONT), floor.console.language)
            font = listed.font()
            font.setPixelSize(14)
            font.setBold(True)
            needed = QFontMetrics(font).boundingRect(0, 0, room.width() - 72, 1000, wrap, words)
            assert needed.height() + 22 <= room.height() - 8 - 2 * 14 + 4, words


@english
async def test_unsynced_sales_stand_before_advice_to_restart_and_follow_what_is_uploaded(
    context: Context, qtbot: QtBot, floor: ShopFloor, until: Until, tmp_path: Path
) -> None:
    (tmp_path / "1.pending").touch()
    floor.console.unsynced = UnsyncedSales(PendingFolder(SyncPending(str(tmp_path), "*.pending")))
    page = DevicesPage(context)
    qtbot.addWidget(page)
    page.show()
    floor.show(FRONT, "printer.denied")
    cause = Language("en").cause("printer.denied")
    at = cause.restart
    assert at is not None

    def steps() -> list[str]:
        return [each.text() for each in visible(detail(page), Step)]

    await until(lambda: len(steps()) == len(cause.advice) + 1 and "1 file of sales waits" in steps()[at])
    assert [*steps()[:at], *steps()[at + 1 :]] == list(cause.advice)
    (tmp_path / "1.pending").unlink()
    (guard,) = (each for each in page.findChildren(RestartGuard) if each.isActive())
    guard.setInterval(10)
    await until(lambda: steps()[at] == "No file of sales waits to be uploaded")
    floor.show(FRONT, "printer.paper_out")
    await until(lambda: steps() == list(Language("en").cause("printer.paper_out").advice))
    assert not guard.isActive()
