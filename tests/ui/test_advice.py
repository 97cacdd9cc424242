"""Advice beside a device: what ticks itself, and what the console can do at a press."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain.evidence import Evidence
from console.domain.findings import judge
from console.domain.lights import Light
from console.domain.profile import Printer
from console.domain.recovery import Recovery
from console.domain.words import say
from console.drivers.registry import open_driver
from console.services.language import Language
from console.services.repair import RepairService
from console.services.roster import Roster
from console.simulators.printer import PrinterSimulator
from console.ui.context import Context
from console.ui.dialogs.recover import RecoverDialog
from console.ui.pages.devices import DevicesPage
from console.ui.widgets.rows import Step
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import FRONT, ShopFloor
from tests.ui.test_devices import both, detail, english
from tests.ui.test_devices import page as page


def shows(floor: ShopFloor, *signs: str) -> None:
    """The front printer says exactly this."""
    evidence = Evidence("escpos.asked", "", say("so"), floor.clock.now(), 0.01, frozenset(signs))
    floor.console.board.put(judge(FRONT, [evidence], floor.table))


def ticks(page: DevicesPage) -> list[bool]:
    return [each.isChecked() for each in visible(detail(page), Step)]


@english
async def test_each_step_ticks_when_the_printer_shows_that_it_is_done(
    page: DevicesPage, floor: ShopFloor, until: Until
) -> None:
    shows(floor, "status.paper_end", "status.cover_closed")
    await until(lambda: ticks(page) == [False, False, False])
    shows(floor, "status.paper_stop", "status.paper_present")  # stopped still, the new roll is in
    await until(lambda: ticks(page) == [True, False, False])
    (done, *_) = visible(detail(page), Step)
    assert done.accessibleDescription() == "the device shows that this is done"
    shows(floor, "status.paper_stop", "status.paper_present", "status.cover_closed")
    await until(lambda: ticks(page) == [True, True, False])
    shows(floor, "status.paper_end")  # the roll was taken out again
    await until(lambda: ticks(page) == [False, False, False])


@english
async def test_a_trouble_that_goes_through_several_causes_keeps_what_was_done(
    page: DevicesPage, floor: ShopFloor, until: Until
) -> None:
    paper, cover = (Language("en").cause(f"printer.{each}") for each in ("paper_out", "cover_open"))
    shows(floor, "status.paper_end", "status.cover_closed")
    await until(
        lambda: paper.advice[0] in texts(detail(page)) and ticks(page) == [False] * 3
    )  # others are gone
    QTest.mouseClick(list(visible(detail(page), Step))[2], Qt.MouseButton.LeftButton)
    shows(floor, "status.cover_open", "status.paper_present")
    await until(lambda: cover.advice[0] in texts(detail(page)))
    assert f"{paper.title}: solved at 09:32" in texts(detail(page))
    shows(floor, "status.paper_end", "status.cover_closed")
    await until(lambda: ticks(page) == [False, False, True])
    floor.show(FRONT, Light.OK)
    await until(lambda: "Solved at 09:32" in texts(detail(page)))
    shows(floor, "status.paper_end", "status.cover_closed")  # tomorrow's trouble begins anew
    await until(lambda: ticks(page) == [False, False, False])
    assert "solved at" not in texts(detail(page))


@english
async def test_a_printer_that_waits_goes_on_at_a_press_after_the_price_was_read(
    page: DevicesPage, floor: ShopFloor, until: Until
) -> None:
    async with PrinterSimulator.tcp() as printer:
        driver = open_driver(FRONT, Printer("front", printer.address), floor.console.profile, floor.clock)
        floor.console.repair = RepairService(Roster({FRONT: driver}), floor.console.check)
        floor.devices[FRONT].evidence = ()
        printer.set_fault("cutter_stopped")
        floor.console.board.put(judge(FRONT, await driver.examine(), floor.table))
        await until(lambda: "Throw away what waits…" in texts(detail(page)))
        QTest.mouseClick(button(detail(page), "Go on printing…"), Qt.MouseButton.LeftButton)
        (dialog,) = page.findChildren(RecoverDialog)
        await until(dialog.isVisible)
        assert "may come out twice" in texts(dialog)
        assert not dialog.press.hasFocus()
        assert "cutter_stopped" in printer.faults  # nothing is sent before the press
        floor.say(FRONT, Light.OK)
        QTest.mouseClick(dialog.press, Qt.MouseButton.LeftButton)
        await until(lambda: "The printer is ready again." in texts(dialog))
        assert printer.faults == frozenset()
        await until(lambda: "Solved at 09:32" in texts(detail(page)))
        assert "Go on printing…" not in texts(detail(page))
        dialog.reject()


@both
@pytest.mark.parametrize("how", Recovery)
async def test_the_price_is_read_whole(context: Context, qtbot: QtBot, how: Recovery) -> None:
    dialog = RecoverDialog(context, FRONT, how, None)
    qtbot.addWidget(dialog)
    dialog.open()
    assert cut_off(dialog) == []
    assert too_small(dialog) == []
    assert nameless(dialog) == []


@english
async def test_a_printer_that_cannot_be_told_offers_nothing_of_the_kind(
    page: DevicesPage, floor: ShopFloor, until: Until
) -> None:
    floor.show(FRONT, "printer.cutter_jam")
    await until(lambda: Language("en").cause("printer.cutter_jam").advice[0] in texts(detail(page)))
    assert "Go on printing…" not in texts(detail(page))
    assert len(ticks(page)) == len(Language("en").cause("printer.cutter_jam").advice)
