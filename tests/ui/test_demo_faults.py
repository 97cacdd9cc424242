"""The demo's panel of faults, over real simulators' names."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox
from pytestqt.qtbot import QtBot

from console.domain.errors import Unsupported
from console.domain.profile import StoreProfile
from console.domain.subjects import NETWORK, Subject
from console.simulators.faults import FAULTS as SIMULATED
from console.ui.context import Context
from console.ui.dialogs.demo_faults import FAULTS, DemoFaultsDialog
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import COUNTER, FRONT, ORDERS, TILL, ShopFloor


class Demo:
    """Remembers what is switched on."""

    faults: Mapping[Subject, Sequence[str]] = {
        FRONT: SIMULATED["printer"],
        COUNTER: SIMULATED["scanner"],
        ORDERS: SIMULATED["backend"],
        NETWORK: SIMULATED["dns"],
    }

    def __init__(self) -> None:
        self.on = {(FRONT, "paper_out")}
        self.busy = threading.Event()  # while cleared, switching takes its time
        self.busy.set()

    def profile_in(self, profile: StoreProfile, language: str) -> StoreProfile:
        raise AssertionError(language)

    def active(self, subject: Subject) -> Sequence[str]:
        return [fault for each, fault in self.on if each == subject]

    def set_fault(self, subject: Subject, fault: str, on: bool) -> None:
        assert self.busy.wait(10)
        (self.on.add if on else self.on.discard)((subject, fault))

    def scan(self, subject: Subject, code: str, paper: bool = False) -> None:
        raise AssertionError(code)

    def weigh(self, subject: Subject, kilograms: float) -> None:
        raise AssertionError(kilograms)

    def printed(self, subject: Subject) -> bytes | None:
        raise AssertionError(subject)


@pytest.fixture
def demo(floor: ShopFloor) -> Demo:
    made = Demo()
    floor.console.demo = made
    return made


def opened(context: Context, qtbot: QtBot) -> DemoFaultsDialog:
    dialog = DemoFaultsDialog(context)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def test_every_fault_of_a_simulator_has_words() -> None:
    assert {fault for faults in SIMULATED.values() for fault in faults} == set(FAULTS)


@pytest.mark.parametrize("floor", ["en"], indirect=True)
async def test_faults_are_switched_one_by_one_and_all_off_together(
    context: Context, demo: Demo, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot)
    boxes = {each.text(): each for each in visible(dialog, QCheckBox)}
    assert boxes["Paper is out"].isChecked()
    boxes["Cover is open"].setFocus()
    QTest.keyClick(boxes["Cover is open"], Qt.Key.Key_Space)
    boxes["Paper is out"].click()
    await until(lambda: demo.on == {(FRONT, "cover_open")})
    button(dialog, "Mend everything").click()
    await until(lambda: not demo.on)
    assert "订单后台" in texts(dialog)


@pytest.mark.parametrize("floor", ["zh_CN", "en"], indirect=True)
async def test_nothing_is_cut_off_nameless_or_too_small(
    context: Context, demo: Demo, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot)
    await until(lambda: not cut_off(dialog))
    assert (nameless(dialog), too_small(dialog)) == ([], [])


async def test_the_window_goes_on_while_a_fault_is_switched_and_the_lights_follow_at_once(
    context: Context, demo: Demo, floor: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot)
    demo.busy.clear()
    before = {each: device.asked for each, device in floor.devices.items()}

    def asked() -> set[Subject]:
        return {each for each, device in floor.devices.items() if device.asked > before[each]}

    for box in visible(dialog, QCheckBox):
        if box.text() in ("盖子没关", "域名不存在"):
            box.click()
    assert len(demo.on) == 1
    assert asked() == set()
    demo.busy.set()
    await until(lambda: len(demo.on) == 3)
    await until(lambda: asked() == {FRONT, TILL, NETWORK, ORDERS})


async def test_only_the_demo_has_faults_to_try(context: Context) -> None:
    with pytest.raises(Unsupported):
        DemoFaultsDialog(context)
