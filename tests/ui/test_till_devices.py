"""RFID reader, card terminal and drawer in the window: their lights, who they are, self-tests, opens."""

from __future__ import annotations

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QListWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from console.domain.drawer import BY_US, FAILED, GOOD, Opens
from console.domain.evidence import Evidence
from console.domain.findings import judge
from console.domain.lights import Light
from console.domain.ports import Examiner
from console.domain.profile import Drawer, Printer, Rfid, Store, StoreProfile, Terminal
from console.domain.subjects import DEVICE_KINDS, Subject
from console.domain.wear import Reading
from console.domain.words import say
from console.drivers.registry import open_driver
from console.platforms import here
from console.platforms.clock import SystemClock
from console.probes.terminal import TerminalExaminer
from console.services.drawer_watch import DrawerWatch, WatchedDrawer
from console.services.entry_form import EXAMPLES
from console.services.opens_text import opens_line, opens_rows
from console.services.roster import Roster
from console.services.selftest import SelftestService
from console.simulators.rfid import RfidSimulator
from console.ui.context import Context
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.dialogs.selftest_scan import KeyArea
from console.ui.pages.devices import DevicesPage
from console.ui.theme import Theme
from console.ui.widgets.device_detail import DeviceDetail
from console.ui.widgets.light import LightShape
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import ShopFloor, shop_floor

TAGS, TYPING, CARD = Subject("rfid", "tags"), Subject("rfid", "typing"), Subject("terminal", "card")
TILL = Subject("drawer", "till")
NUMBER = "30751FEB705C5904E3D50D70"
both = pytest.mark.parametrize("language", ["zh_CN", "en"])


class Memory:
    """Keeps what it is given: settings, and counters."""

    def __init__(self, readings: Sequence[Reading] = ()) -> None:
        self.kept = list(readings)
        self.values: dict[str, str] = {}

    def get(self, name: str, otherwise: str) -> str:
        return self.values.get(name, otherwise)

    def put(self, name: str, value: str) -> None:
        self.values[name] = value

    async def add_readings(self, _: Subject, readings: Sequence[Reading]) -> None:
        self.kept += readings

    async def readings(self, _: Subject, __: datetime) -> Sequence[Reading]:
        return self.kept


@pytest.fixture
async def reader() -> AsyncIterator[RfidSimulator]:
    async with RfidSimulator.pty(protocol="m100") as sim:
        yield sim


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


@pytest.fixture
def language() -> str:
    return "en"


@pytest.fixture
async def floor(reader: RfidSimulator, port: int, language: str) -> ShopFloor:
    profile = StoreProfile(
        Store("店"),
        rfid=(Rfid("tags", reader.address, protocol="m100"), Rfid("typing", "keyboard:")),
        terminal=(Terminal("card", "127.0.0.1", "S920", "53412345", port=port, firmware="7.1.0"),),
    )
    made, clock = shop_floor(profile, language), SystemClock("Asia/Shanghai")
    drivers: dict[Subject, Examiner | None] = {
        each: open_driver(each, entry, profile, clock) for each, entry in profile.entries()
    }
    drivers[CARD] = TerminalExaminer(profile.terminal[0], here(), clock, Memory())
    console = made.console
    console.selftest = SelftestService(
        "店", Roster(drivers), made.table, clock, lambda: console.language, str, console.board.put, {}
    )
    typing: Any = drivers[TYPING]
    times = itertools.count(clock.seconds(), 0.005)  # a reader's rhythm, however busy the machine is
    console.typed = lambda text, _: typing.typed(text, next(times))
    for subject, driver in drivers.items():
        if driver is not None:
            console.board.put(judge(subject, await driver.examine(), made.table))
    return made


def started(context: Context, qtbot: QtBot, subject: Subject) -> SelftestDialog:
    """The dialog with its first choice begun."""
    dialog = SelftestDialog(context, subject)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    assert (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], [])
    QTest.keyClick(button(dialog, "Start"), Qt.Key.Key_Return)
    return dialog


def shown_light(dialog: SelftestDialog) -> Light:
    (shape,) = visible(dialog, LightShape)
    return shape.light


@both
async def test_each_device_has_its_card_with_who_it_is(
    context: Context, floor: ShopFloor, qtbot: QtBot
) -> None:
    for subject, told in ((CARD, ("S920", "53412345", "7.1.0")), (TAGS, ("M100 26dBm V1.0", "MagicRF"))):
        detail = DeviceDetail(context, subject)
        qtbot.addWidget(detail)
        detail.resize(640, 704)
        detail.show()
        assert floor.console.board.finding(subject).light is Light.OK
        assert {*told} <= {*texts(detail).splitlines()}
        assert (nameless(detail), too_small(detail)) == ([], [])


async def test_a_tag_that_is_held_passes_and_only_its_end_is_seen(
    context: Context, reader: RfidSimulator, qtbot: QtBot, until: Until
) -> None:
    dialog = started(context, qtbot, TAGS)
    await until(lambda: "Hold a tag to the reader" in texts(dialog))
    reader.hold()
    await until(lambda: "Passed" in texts(dialog))
    assert shown_light(dialog) is Light.OK
    read = texts(dialog)
    assert "•" * 22 + "70" in read
    assert NUMBER not in read


async def test_a_number_that_is_typed_presses_nothing_and_passes(
    context: Context, qtbot: QtBot, until: Until
) -> None:
    dialog = started(context, qtbot, TYPING)
    await until(lambda: "Hold a tag to the reader" in texts(dialog))
    (area,) = visible(dialog, KeyArea)
    assert area.hasFocus()
    QTest.keyClicks(area, "0013530444")
    QTest.keyClick(area, Qt.Key.Key_Return)  # which would press Stop
    await until(lambda: "Passed" in texts(dialog))
    assert shown_light(dialog) is Light.OK
    assert "••••••••44" in texts(dialog)


async def test_a_terminal_is_looked_at_by_three_questions(
    context: Context, qtbot: QtBot, until: Until
) -> None:
    dialog = started(context, qtbot, CARD)
    for words, answer in (("screen", "Yes"), ("53412345", "Yes"), ("all sides", "No")):
        await until(partial(lambda words: words in texts(dialog), words))
        button(dialog, answer).click()
    await until(lambda: "Failed" in texts(dialog))
    assert shown_light(dialog) is Light.FAULT
    assert "A person saw something on it that was not so before." in texts(dialog)


async def test_closing_while_a_question_stands_leaves_nothing_behind(
    context: Context, qtbot: QtBot, until: Until, failures: list[BaseException]
) -> None:
    dialog = SelftestDialog(context, CARD)
    dialog.open()
    QTest.keyClick(button(dialog, "Start"), Qt.Key.Key_Return)
    await until(lambda: "screen" in texts(dialog))
    dialog.reject()
    await until(lambda: not isValid(dialog))
    for _ in range(20):  # whatever the test's end would still do
        await asyncio.sleep(0)
    assert failures == []


async def test_every_kind_of_the_contract_stands_in_the_list_with_its_light(
    qtbot: QtBot, failures: list[BaseException]
) -> None:
    """As in `check`: one of each kind."""
    kinds: dict[str, Any] = {kind: (EXAMPLES[kind],) for kind in DEVICE_KINDS}
    floor = shop_floor(StoreProfile(Store("店"), **kinds), "en")
    context = Context(floor.console, Theme.named("light"), lambda error, _: failures.append(error))
    page = DevicesPage(context)
    qtbot.addWidget(page)
    page.show()
    (listed,) = visible(page, QListWidget)
    told = [listed.item(row).data(Qt.ItemDataRole.AccessibleTextRole) for row in range(listed.count())]
    assert len(told) == len(DEVICE_KINDS)
    assert all(each.endswith("Unknown") for each in told)  # nobody has asked yet
    await context.close()


async def test_which_device_stands_in_for_the_terminal_is_read_without_a_press(
    context: Context, floor: ShopFloor, qtbot: QtBot
) -> None:
    words = say("Another device answers at its address: {now} instead of {before}", now="B", before="A")
    seen = Evidence("terminal.hardware", "B", words, NOW, 0.0, frozenset({"terminal.swapped"}))
    floor.console.board.put(judge(CARD, [seen], floor.table))
    detail = DeviceDetail(context, CARD)
    qtbot.addWidget(detail)
    detail.show()
    assert "Another device answers at its address: B instead of A" in texts(detail)


# --- opens of a drawer

NOW = datetime(2026, 11, 24, 14, 2, tzinfo=ZoneInfo("Asia/Shanghai"))


def test_opens_are_told_by_day() -> None:
    today = NOW.date()
    days = {today: Opens(12, 3, 1), today - timedelta(days=1): Opens(1), date(2026, 11, 20): Opens(4, 1)}
    rows = [str(words) for _, words in opens_rows(days, today)]
    assert rows == [
        "12 opens · 3 pulses from here, 1 in vain",
        "1 open",
        "17 opens · 4 pulses from here, 1 in vain",
    ]
    assert str(opens_line(Opens())) == "0 opens"


async def test_the_drawers_card_shows_what_was_counted_and_how_far_that_goes(
    qtbot: QtBot, until: Until, failures: list[BaseException]
) -> None:
    profile = StoreProfile(
        Store("店"), printer=(Printer("front", "tcp://192.0.2.50:9100"),), drawer=(Drawer("till", "front"),)
    )
    made, clock = shop_floor(profile, "en"), SystemClock("Asia/Shanghai")
    now = made.console.clock.now()
    book = Memory([Reading(now, GOOD, 4), Reading(now, BY_US, 1), Reading(now, FAILED, 0)])
    inner: Any = open_driver(TILL, profile.drawer[0], profile, clock)
    drawer = WatchedDrawer(TILL, inner, 60, book, book, made.console.clock)
    console = made.console
    console.drawers = DrawerWatch(
        {TILL: drawer}, {TILL: Subject("printer", "front")}, console.board, console.check, lambda *_: None
    )
    context = Context(console, Theme.named("light"), lambda error, _: failures.append(error))
    detail = DeviceDetail(context, TILL)
    qtbot.addWidget(detail)
    detail.show()
    await until(lambda: "4 opens · 1 pulse from here" in texts(detail))
    read = texts(detail)
    assert "Only what this program saw" in read
    assert "opens of a few seconds may be missed" in read  # its printer is polled
    await context.close()
