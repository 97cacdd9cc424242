"""The emergency page: from F1 to selling again, by hand, by keyboard, by sensor, and after a restart."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.domain.emergency import Run
from console.domain.errors import TillkeeperError
from console.domain.lights import Light
from console.domain.plan import Scenario
from console.domain.profile import SyncPending
from console.domain.words import say
from console.platforms.files import resource
from console.services.emergency import EmergencyService
from console.services.language import Language
from console.services.unsynced import UnsyncedSales
from console.storage.pending import PendingFolder
from console.storage.plan import read_plan
from console.ui.context import Context
from console.ui.pages.emergency import EmergencyPage, Question
from console.ui.theme import Theme
from console.ui.widgets.emergency_runner import EmergencyRunner
from console.ui.widgets.restart_guard import RestartGuard
from console.ui.widgets.scenario_list import ScenarioButton, ScenarioList
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small
from tests.ui.store import FRONT, ORDERS, ShopFloor

english = pytest.mark.parametrize("floor", ["en"], indirect=True)
both = pytest.mark.parametrize("floor", ["zh_CN", "en"], indirect=True)
SCENARIOS = ("backend", "terminal", "printer", "scanner", "power", "slow", "records", "fraud")


def opened(context: Context, qtbot: QtBot) -> EmergencyPage:
    made = EmergencyPage(context)
    qtbot.addWidget(made)
    made.resize(928, 704)
    made.show()
    return made


@pytest.fixture
def page(context: Context, qtbot: QtBot) -> EmergencyPage:
    return opened(context, qtbot)


def front(page: EmergencyPage) -> ScenarioList:
    assert page.list is not None
    return page.list


def runner(page: EmergencyPage) -> EmergencyRunner:
    assert page.runner is not None
    return page.runner


def run(page: EmergencyPage) -> Run:
    run = page.context.console.emergency.run
    assert run is not None
    return run


def scenario(page: EmergencyPage, name: str) -> Scenario:
    found = page.context.console.emergency.plan.scenario(name)
    assert found is not None
    return found


def bottom(page: EmergencyPage, widget: QWidget) -> int:
    """How far down in the page the widget reaches, in pixels."""
    return widget.mapTo(page, widget.rect().bottomLeft()).y()


def told(shown: EmergencyRunner, step: str) -> bool:
    return shown.step.text.text() == step


def begin(page: EmergencyPage, name: str) -> EmergencyRunner:
    front(page).buttons[name].click()
    return runner(page)


def number(page: EmergencyPage, name: str, phone: str) -> None:
    """Give a contact of the plan a number, as a shop would in its plan.toml."""
    plan = page.context.console.emergency.plan
    contact = next(each for each in plan.contacts if each.id == name)
    object.__setattr__(contact, "phone", phone)


@english
async def test_the_page_lists_every_scenario_by_what_staff_see(page: EmergencyPage) -> None:
    read = texts(page)
    for name in SCENARIOS:
        assert name in front(page).buttons
        assert scenario(page, name).title in read


@english
async def test_a_fault_brings_its_scenario_to_the_front(
    page: EmergencyPage, floor: ShopFloor, until: Until
) -> None:
    assert "Begin: The till cannot reach the backend" in [
        each.accessibleName() for each in front(page).buttons.values()
    ]
    floor.show(ORDERS, Light.OK)
    floor.show(FRONT, "printer.paper_out")
    await until(lambda: front(page).buttons["printer"].accessibleName() == "Begin: Receipts do not print")
    assert front(page).buttons["backend"].accessibleName() == "The till cannot reach the backend"


@english
async def test_a_scenario_is_walked_to_its_exit_by_pressing(page: EmergencyPage, floor: ShopFloor) -> None:
    shown = begin(page, "scanner")
    assert shown.step.text.text() == "Switch the input method to English"
    for row in shown.immediate.rows:
        QTest.mouseClick(row, Qt.MouseButton.LeftButton)
    button(page, "It did not").click()
    button(page, "It worked").click()
    assert shown.step.text.text() == "Scan three things you sell often"
    button(page, "It worked").click()
    assert shown.step.text.text() == "Can you sell again?"
    assert scenario(page, "scanner").exit in texts(page)
    floor.clock.advance(300)
    shown.step.end.click()
    assert '"The scanner does not work" is over, it took 5 min' in texts(page)


@english
async def test_function_keys_answer_and_a_scanners_enter_does_not(page: EmergencyPage, until: Until) -> None:
    shown = begin(page, "backend")
    page.activateWindow()
    first = run(page).current
    for _ in range(3):
        QTest.keyClicks(QApplication.focusWidget() or page, "6901234567892")
        QTest.keyClick(QApplication.focusWidget() or page, Qt.Key.Key_Return)
    assert run(page).current == first
    for key, following in (
        (Qt.Key.Key_F3, "Unplug the router for 30 seconds"),
        (Qt.Key.Key_F4, "Put the till on a phone hotspot"),
        (Qt.Key.Key_F2, "Try one small payment"),
    ):
        QTest.keyClick(page, key)
        await until(partial(told, shown, following))
    assert [each.id for each in run(page).postponed] == ["router"]


@english
async def test_pressing_an_answer_moves_the_keyboard_to_the_new_step(page: EmergencyPage) -> None:
    shown = begin(page, "backend")
    shown.step.no.setFocus()
    QTest.keyClick(shown.step.no, Qt.Key.Key_Return)
    assert shown.step.text.hasFocus()


@english
async def test_back_and_put_off_lose_nothing(page: EmergencyPage, until: Until) -> None:
    shown = begin(page, "terminal")
    assert not shown.step.undo.isVisible()
    button(page, "Do it later").click()
    button(page, "One step back").click()
    assert shown.step.text.text() == "Was the last card charged?"
    button(page, "Do it later").click()
    button(page, "It worked").click()
    button(page, "It worked").click()
    await until(lambda: "Put off until now: Was the last card charged?" in texts(page))
    button(page, "Put off until now: Was the last card charged?").click()
    assert shown.step.text.text() == "Was the last card charged?"


@english
async def test_a_light_that_clears_ticks_the_step(
    page: EmergencyPage, floor: ShopFloor, until: Until
) -> None:
    shown = begin(page, "backend")
    assert shown.step.sensor.light is Light.UNKNOWN
    floor.show(ORDERS, Light.OK)
    await until(lambda: shown.step.text.text() == "Try one small payment")
    assert not shown.step.sensor.isVisible()  # nothing can see whether that payment works
    assert "Orders" not in shown.step.text.text()


@english
async def test_ending_names_what_is_not_ticked(page: EmergencyPage, until: Until) -> None:
    shown = begin(page, "scanner")
    shown.end.click()
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, Question)
    read = texts(sheet)
    assert "4 things are not ticked" in read
    assert f"· {scenario(page, 'scanner').immediate[0]}" in read
    sheet.stay.click()
    assert run(page).ended is None
    shown.end.click()
    again = QApplication.activeModalWidget()
    assert isinstance(again, Question)
    again.go.click()
    assert run(page).ended is not None
    assert page.runner is None


@english
async def test_another_emergency_asks_before_it_takes_the_place_of_one_under_way(page: EmergencyPage) -> None:
    begin(page, "scanner")
    button(page, "All emergencies").click()
    front(page).buttons["power"].click()
    sheet = QApplication.activeModalWidget()
    assert isinstance(sheet, Question)
    assert '"The scanner does not work" is not finished' in texts(sheet)
    sheet.stay.click()
    assert run(page).scenario.id == "scanner"
    front(page).buttons["power"].click()
    again = QApplication.activeModalWidget()
    assert isinstance(again, Question)
    again.go.click()
    assert runner(page).scenario.id == "power"


@english
async def test_what_was_put_off_stays_until_it_is_made_good(page: EmergencyPage) -> None:
    begin(page, "scanner")
    service = page.context.console.emergency
    service.finish()
    for todo in scenario(page, "scanner").deferred:
        button(page, todo).click()
    assert run(page).owed == ()
    button(page, "Put away").click()
    assert service.run is None


@english
async def test_immediate_actions_fold_when_all_are_done(page: EmergencyPage) -> None:
    shown = begin(page, "backend")
    assert not shown.next.isVisible()
    for row in shown.immediate.rows:
        row.click()
    assert not shown.immediate.rows[0].isVisible()
    assert "Do these first (3 of 3 done)" in texts(page)
    assert shown.next.isVisible()
    button(page, "Show").click()
    assert shown.immediate.rows[0].isVisible()


@english
async def test_calls_go_down_the_line(page: EmergencyPage) -> None:
    number(page, "support", "400-000-0000")
    number(page, "provider", "10000")
    shown = begin(page, "backend")
    blocks = shown.contacts.blocks
    assert not blocks["manager"].missed.isVisible()
    assert "no number filled in" in texts(blocks["manager"])
    assert "Call now" in texts(blocks["support"])
    blocks["support"].missed.click()
    assert "Called, nobody answered 09:32" in texts(blocks["support"])
    assert "Call now" in texts(blocks["provider"])
    blocks["provider"].reached.click()
    assert "Answered 09:32" in texts(blocks["provider"])
    assert not blocks["support"].missed.isVisible()
    blocks["support"].pick.click()
    assert blocks["support"].missed.isVisible()


@english
async def test_a_run_survives_list_language_and_restart(
    page: EmergencyPage, floor: ShopFloor, context: Context, qtbot: QtBot
) -> None:
    begin(page, "backend")
    button(page, "It did not").click()
    button(page, "All emergencies").click()
    assert "Under way: The till cannot reach the backend" in texts(page)
    button(page, "Go on there").click()
    assert runner(page).step.text.text() == "Unplug the router for 30 seconds"
    floor.console.language = Language("zh_CN")
    chinese = opened(context, qtbot)
    assert runner(chinese).step.text.text() == "路由器断电 30 秒再插上"
    floor.console.emergency = EmergencyService(
        lambda code: read_plan(None, code),
        floor.runs,
        floor.console.board,
        floor.clock,
        lambda: Language("en"),
    )
    floor.console.language = Language("en")
    assert runner(opened(context, qtbot)).step.text.text() == "Unplug the router for 30 seconds"


@english
async def test_a_devices_fault_leads_straight_into_its_steps(page: EmergencyPage) -> None:
    page.show_subject(FRONT)
    assert page.runner is None  # paper that is nearly used up is no emergency
    page.show_subject(ORDERS)
    assert runner(page).scenario.id == "backend"


@english
async def test_a_broken_own_plan_is_told_and_the_usual_one_works(
    floor: ShopFloor, context: Context, qtbot: QtBot, tmp_path: Path
) -> None:
    own = tmp_path / "plan.toml"
    own.write_text("[[scenario]]\nid = 'x'\ntitel = 'y'\n", encoding="utf-8")
    floor.console.emergency = EmergencyService(
        lambda code: read_plan(own, code),
        floor.runs,
        floor.console.board,
        floor.clock,
        lambda: Language("en"),
    )
    page = opened(context, qtbot)
    assert "titel: there is no such key" in texts(page)
    assert begin(page, "power").scenario.id == "power"


@english
async def test_a_plan_that_was_edited_meanwhile_is_shown_when_the_page_is_opened_again(
    floor: ShopFloor, context: Context, qtbot: QtBot, tmp_path: Path, until: Until
) -> None:
    own = tmp_path / "plan.toml"
    shipped = resource("plans", "en.toml").read_text(encoding="utf-8")
    own.write_text(shipped, encoding="utf-8")
    floor.console.emergency = EmergencyService(
        lambda code: read_plan(own, code),
        floor.runs,
        floor.console.board,
        floor.clock,
        lambda: Language("en"),
    )
    page = opened(context, qtbot)
    own.write_text(shipped.replace('\nphone = ""', '\nphone = "400-123-4567"', 1), encoding="utf-8")
    page.hide()
    page.show()
    await until(lambda: "400-123-4567" in texts(page))


@english
async def test_a_full_disk_is_told_and_the_steps_go_on(page: EmergencyPage, floor: ShopFloor) -> None:
    shown = begin(page, "backend")
    floor.runs.note = say("the disk is full")
    button(page, "It did not").click()
    assert "Not saved, but the steps go on: the disk is full" in texts(page)
    assert shown.step.text.text() == "Unplug the router for 30 seconds"


@english
async def test_the_plan_can_be_made_the_shops_own(
    floor: ShopFloor, context: Context, qtbot: QtBot, until: Until, tmp_path: Path
) -> None:
    asked: list[str] = []

    def adopt(code: str) -> Path:
        asked.append(code)
        raise TillkeeperError(say("the disk is full"))

    floor.console.emergency = EmergencyService(
        lambda code: read_plan(None, code), floor.runs, floor.console.board, floor.clock,
        lambda: Language("en"), adopt,
    )  # fmt: skip
    page = opened(context, qtbot)
    button(page, "Edit the plan").click()
    await until(lambda: "the disk is full" in texts(page))
    assert asked == ["en"]


@both
async def test_nothing_is_cut_off_nameless_or_too_small(page: EmergencyPage, until: Until) -> None:
    service = page.context.console.emergency
    number(page, "support", "400-000-0000")
    for name in SCENARIOS:
        service.start(scenario(page, name))
        while run(page).current is not None:
            await until(lambda: cut_off(page) == [])
            assert too_small(page) == []
            assert nameless(page) == []
            service.failed()
        service.dismiss()
    await until(lambda: cut_off(page) == [])
    assert nameless(page) == []


@both
async def test_every_step_fits_a_small_screen_without_scrolling_away_its_answers(
    page: EmergencyPage, until: Until
) -> None:
    service = page.context.console.emergency
    for name in SCENARIOS:
        service.start(scenario(page, name))
        for place in range(len(scenario(page, name).immediate)):
            service.toggle(f"immediate:{place}")
        shown = runner(page)
        while run(page).current is not None:
            await until(lambda: bottom(page, runner(page).step.yes) <= page.height())
            assert QFontMetrics(shown.step.text.font()).height() >= 38
            service.failed()
        service.dismiss()


@english
@pytest.mark.parametrize("name", ["light", "dark"])
async def test_what_one_may_see_stands_on_cards(page: EmergencyPage, name: str, qtbot: QtBot) -> None:
    theme = Theme.named(name)
    button = ScenarioButton(page.context, scenario(page, "backend"))
    button._theme = theme
    qtbot.addWidget(button)
    button.resize(320, 80)
    drawn = button.grab().toImage()
    assert drawn.pixelColor(drawn.width() - 8, drawn.height() // 2).name().upper() == theme.surface
    line = {drawn.pixelColor(drawn.width() // 2, y).name().upper() for y in range(4)}
    assert theme.line in line


@english
async def test_unsynced_sales_are_told_before_the_till_program_is_restarted(
    context: Context, qtbot: QtBot, until: Until, tmp_path: Path
) -> None:
    (tmp_path / "1.pending").touch()
    context.console.unsynced = UnsyncedSales(PendingFolder(SyncPending(str(tmp_path), "*.pending")))
    page = opened(context, qtbot)
    shown = begin(page, "slow")
    for answer in (shown.step.failed, shown.step.failed, shown.step.done, shown.step.done):
        assert "do not restart the till" not in texts(page)
        answer.emit()
    assert shown.step.text.text() == "Not yet: Restart the till program"  # before anybody has looked
    await until(lambda: "1 file of sales waits to be uploaded" in texts(page))
    assert shown.step.text.text() == "Not yet: Restart the till program"
    assert not shown.step.yes.isEnabled()
    (tmp_path / "1.pending").unlink()
    (guard,) = (each for each in page.findChildren(RestartGuard) if each.isActive())
    guard.setInterval(10)
    await until(shown.step.yes.isEnabled)
    assert shown.step.text.text() == "Restart the till program"
    button(page, "It worked").click()
    assert "uploaded" not in texts(page)


@english
async def test_who_restarts_although_sales_wait_has_read_what_may_be_lost(
    context: Context, qtbot: QtBot, until: Until, tmp_path: Path
) -> None:
    (tmp_path / "1.pending").touch()
    context.console.unsynced = UnsyncedSales(PendingFolder(SyncPending(str(tmp_path), "*.pending")))
    page = opened(context, qtbot)
    shown = begin(page, "restart")
    for answer in (shown.step.done, shown.step.done, shown.step.failed, shown.step.done):
        answer.emit()
    await until(lambda: shown.step.text.text() == "Not yet: Leave the till program by its menu")
    await until(lambda: "1 file of sales waits to be uploaded" in texts(page))
    shown.step.dare.click()
    sheet = page.findChildren(Question)[-1]
    assert "What is not uploaded may be lost" in texts(sheet)
    sheet.stay.click()
    assert not shown.step.yes.isEnabled()
    shown.step.dare.click()
    page.findChildren(Question)[-1].go.click()
    assert shown.step.text.text() == "Leave the till program by its menu"
    button(page, "It worked").click()
    assert shown.step.text.text() == "Not yet: Shut the till down by its menu"  # each restart asks anew


@english
async def test_without_a_folder_nothing_is_claimed_about_sales(page: EmergencyPage) -> None:
    shown = begin(page, "slow")
    for answer in (shown.step.failed, shown.step.failed, shown.step.done, shown.step.done):
        answer.emit()
    assert shown.step.text.text() == "Restart the till program"
    assert "upload" not in texts(page)
    assert "do not restart" not in texts(page)
