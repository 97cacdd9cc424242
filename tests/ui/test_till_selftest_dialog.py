"""The self-test of a scale and of a customer display in the window, over real drivers and simulators."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain.lights import Light
from console.domain.profile import Display, Scale, Store, StoreProfile
from console.domain.subjects import Subject
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from console.services.roster import Roster
from console.services.selftest import SelftestService
from console.simulators.display import DisplaySimulator
from console.simulators.scale import ScaleSimulator
from console.ui.context import Context
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.widgets.device_detail import DeviceDetail
from console.ui.widgets.light import LightShape
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import ShopFloor, shop_floor

DELI, POLE = Subject("scale", "deli"), Subject("display", "pole")


@pytest.fixture
async def scale() -> AsyncIterator[ScaleSimulator]:
    async with ScaleSimulator.pty(protocol="lines") as sim:
        yield sim


@pytest.fixture
async def glass() -> AsyncIterator[DisplaySimulator]:
    async with DisplaySimulator.pty() as sim:
        yield sim


@pytest.fixture
async def floor(scale: ScaleSimulator, glass: DisplaySimulator) -> ShopFloor:
    profile = StoreProfile(
        Store("店"),
        scale=(Scale("deli", scale.address, "stream"),),
        display=(Display("pole", glass.address, chinese=True),),
    )
    floor, clock = shop_floor(profile, "en"), SystemClock("Asia/Shanghai")
    drivers = {each: open_driver(each, entry, profile, clock) for each, entry in profile.entries()}
    console = floor.console
    console.selftest = SelftestService(
        "店", Roster(drivers), floor.table, clock, lambda: console.language, str, console.board.put, {}
    )
    return floor


class Hand:
    """The demo's simulated devices, as the window sees them."""

    def __init__(self, scale: ScaleSimulator) -> None:
        self.faults: dict[Subject, Sequence[str]] = {DELI: ("stuck",)}
        self._scale = scale

    def hold(self, subject: Subject) -> None:
        pass

    def weigh(self, subject: Subject, kilograms: float) -> None:
        assert subject == DELI
        if kilograms:
            self._scale.put(round(1000 * kilograms))
        else:
            self._scale.take()

    def printed(self, subject: Subject) -> bytes | None:
        return None


def started(context: Context, qtbot: QtBot, subject: Subject) -> SelftestDialog:
    """The dialog with its first choice begun."""
    dialog = SelftestDialog(context, subject)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    assert (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], [])
    QTest.keyClick(button(dialog, "Start"), Qt.Key.Key_Return)
    return dialog


def light(dialog: SelftestDialog) -> Light:
    (shape,) = visible(dialog, LightShape)
    return shape.light


@pytest.mark.parametrize("subject", [DELI, POLE])
async def test_the_device_page_offers_the_self_test(
    context: Context, floor: ShopFloor, qtbot: QtBot, subject: Subject
) -> None:
    detail = DeviceDetail(context, subject)
    qtbot.addWidget(detail)
    detail.show()
    button(detail, "Self-test…").click()
    (dialog,) = detail.findChildren(SelftestDialog)
    assert "Only ask" in texts(dialog)
    dialog.close()


async def test_a_scale_is_loaded_and_emptied_and_its_figures_stand_in_the_result(
    context: Context, scale: ScaleSimulator, qtbot: QtBot, until: Until
) -> None:
    dialog = started(context, qtbot, DELI)
    await until(lambda: "Put something on the scale and let go" in texts(dialog))
    scale.put(1500)
    await until(
        lambda: "Take it off again" in texts(dialog) and "Now on the scale: 1.500 kg" in texts(dialog)
    )
    assert texts(dialog).count("Put something on the scale and let go") == 1  # a weight is no step of its own
    assert (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], [])
    scale.take()
    await until(lambda: "Passed" in texts(dialog))
    assert light(dialog) is Light.OK
    shown = texts(dialog).splitlines()
    assert shown[shown.index("Weight") + 1] == "1.500"
    assert shown[shown.index("Unit") + 1] == "kg"
    assert "Answer time in seconds" in shown


async def test_in_the_demo_two_presses_load_and_empty_the_scale(
    context: Context, floor: ShopFloor, scale: ScaleSimulator, qtbot: QtBot, until: Until
) -> None:
    floor.console.demo = Hand(scale)  # type: ignore[assignment] # the rest of a demo is not asked for
    dialog = started(context, qtbot, DELI)
    await until(lambda: "Put something on the scale and let go" in texts(dialog))
    button(dialog, "Put something on the simulated scale (Alt+P)").click()
    await until(lambda: "Take it off again" in texts(dialog))
    assert (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], [])
    button(dialog, "Take it off (Alt+T)").click()
    await until(lambda: "Passed" in texts(dialog))


async def test_stopping_lets_go_of_the_scale(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = started(context, qtbot, DELI)
    await until(lambda: "Put something on the scale and let go" in texts(dialog))
    button(dialog, "Stop").click()
    await until(lambda: "Stopped. What the device had begun" in texts(dialog))
    QTest.mouseClick(button(dialog, "Only ask"), Qt.MouseButton.LeftButton)
    QTest.keyClick(button(dialog, "Start"), Qt.Key.Key_Return)
    await until(lambda: "Passed" in texts(dialog))


async def test_a_display_passes_by_the_persons_eyes_and_is_never_green(
    context: Context, glass: DisplaySimulator, qtbot: QtBot, until: Until
) -> None:
    dialog = started(context, qtbot, POLE)
    await until(lambda: 'Does the display show "收银守护 测试"' in texts(dialog))
    await until(lambda: glass.lines[0] == "收银守护 测试")
    assert (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], [])
    button(dialog, "Yes").click()
    await until(lambda: "Are all dots of both lines lit?" in texts(dialog))
    await until(lambda: glass.lines == ("█" * 20, "█" * 20))
    button(dialog, "Yes").click()
    await until(lambda: "Passed, but look at this" in texts(dialog))
    assert light(dialog) is Light.ATTENTION
    await until(lambda: glass.lines == ("", ""))


async def test_a_display_that_shows_nothing_fails(
    context: Context, glass: DisplaySimulator, qtbot: QtBot, until: Until
) -> None:
    glass.set_fault("dark")
    dialog = started(context, qtbot, POLE)
    await until(lambda: "Does the display show" in texts(dialog))
    button(dialog, "No").click()
    await until(lambda: "Does it show anything else instead?" in texts(dialog))
    button(dialog, "No").click()
    await until(lambda: "Failed" in texts(dialog))
    assert "Look at its power and cable" in texts(dialog)
