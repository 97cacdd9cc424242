"""Where the printed pattern breaks, from dead dots of a simulated head to the answer in the window."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.domain.breaks import FINGER
from console.domain.head import PITCH, ROWS, Head, diagonals
from console.domain.lights import Light
from console.domain.profile import Printer, Store, StoreProfile
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from console.services.language import Language
from console.services.roster import Roster
from console.services.selftest import SelftestService
from console.simulators.printer import PrinterSimulator
from console.simulators.receipt_printer import PrinterModel, ReceiptPrinter
from console.simulators.star import StarSimulator
from console.simulators.thread import SimulatorThread
from console.ui.context import Context
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.dialogs.selftest_breaks import BreaksPanel
from console.ui.dialogs.selftest_result import ResultPanel
from console.ui.widgets.device_detail import DeviceDetail
from console.ui.widgets.pattern import SCALE, DrawnPattern
from tests.ui.conftest import Until
from tests.ui.seen import TOUCH, button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import FRONT, ShopFloor
from tests.ui.test_selftest_dialog import LOOK, QUESTION, light, opened, start

pytestmark = pytest.mark.parametrize("floor", ["en"], indirect=True)

DEAD = (216, 217)


@pytest.fixture
def thread() -> Iterator[SimulatorThread]:
    with SimulatorThread() as thread:
        yield thread


def connected(floor: ShopFloor, printer: ReceiptPrinter) -> None:
    """The store's front printer is `printer`, through its real driver."""
    console, clock = floor.console, SystemClock("Asia/Shanghai")
    entry = Printer("front", printer.address, protocol=printer.name)  # type: ignore[arg-type]
    driver = open_driver(FRONT, entry, StoreProfile(Store("x")), clock)
    console.selftest = SelftestService(
        "x", Roster({FRONT: driver}), floor.table, clock, lambda: console.language, str, console.board.put, {}
    )  # fmt: skip


def found_breaks(png: bytes) -> list[int]:
    """Columns where the diagonals on the paper have no ink; the diagonals are found by their shape."""
    paper = Image.open(BytesIO(png)).convert("L")
    ink = Image.frombytes("1", (576, ROWS), diagonals(576)).convert("L")
    wanted = [(x, y) for x in range(0, 576, 5) for y in range(ROWS) if ink.getpixel((x, y))]

    def matching(top: int) -> int:
        return sum(paper.getpixel((x, top + y)) == 0 for x, y in wanted)

    top = max(range(paper.height - ROWS), key=matching)
    assert matching(top) > 0.9 * len(wanted)
    return [x for x in range(576) if all(paper.getpixel((x, top + y)) for y in range(ROWS))]


@pytest.mark.parametrize("kind", [PrinterSimulator, StarSimulator])
async def test_a_tap_where_the_printed_line_breaks_names_the_dead_dots(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until, thread: SimulatorThread,
    kind: type[ReceiptPrinter],
) -> None:  # fmt: skip
    printer = thread.host(kind.tcp(model=PrinterModel(dead_dots=DEAD)))
    thread.call(lambda: printer.set_fault("dead_dots"))
    connected(floor, printer)
    dialog = opened(context, qtbot, FRONT)
    start(dialog, LOOK)
    await until(lambda: QUESTION in texts(dialog))
    png = await asyncio.to_thread(thread.call, printer.picture)
    assert found_breaks(png) == list(DEAD)
    button(dialog, "A line is broken: show where…").click()
    await until(lambda: any(visible(dialog, DrawnPattern)))
    (pattern,) = visible(dialog, DrawnPattern)
    assert not button(dialog, "Next").isEnabled()
    for column in found_breaks(png):
        QTest.mouseClick(pattern, Qt.MouseButton.LeftButton, pos=pattern.point_of(column))
    assert "About dots 212 to 221" in texts(dialog)
    button(dialog, "Next").click()
    button(dialog, "Show the answer").click()
    await until(lambda: "Failed" in texts(dialog))
    result = floor.console.selftest.last(FRONT)
    assert result is not None
    assert result.breaks is not None
    (span,) = result.breaks.spans
    assert set(DEAD) <= set(range(span.first, span.last + 1))
    told = texts(dialog)
    assert "Seen by a person" in told
    assert "Still fits: print it aligned to the right" in told
    assert (
        "it was dirt; it is at the same place: those dots are dead" in told
    )  # the test that tells them apart
    assert "alcohol" in told
    assert floor.console.board.finding(FRONT).light is Light.ATTENTION
    page = DeviceDetail(context, FRONT)  # where it is found again later
    qtbot.addWidget(page)
    page.show()
    assert "About dots 212 to 221, 26 to 28 mm from the left edge of the print" in texts(page)
    assert "Still fits: print it aligned to the right" in texts(page)


def drawn(qtbot: QtBot, context: Context, dots: int, width: int = 928) -> DrawnPattern:
    pattern = DrawnPattern(context, Head(dots))
    qtbot.addWidget(pattern)
    pattern.resize(width, 100)
    pattern.resize(width, pattern.heightForWidth(width))
    return pattern


@pytest.mark.parametrize(("dots", "width"), [(384, 928), (512, 928), (576, 928), (576, 500)])
async def test_the_drawing_shows_the_printed_dots_and_knows_where_each_stands(
    context: Context, qtbot: QtBot, dots: int, width: int
) -> None:
    pattern = drawn(qtbot, context, dots, width)
    image = pattern.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    for column in range(dots):
        point = pattern.point_of(column)
        assert pattern.rect().contains(point)
        assert pattern.column_at(point) == column
        shown = [
            image.pixelColor(point.x(), point.y() + row * SCALE).lightness() < 128
            for row in (-2, -1, 0, 1, 2)
        ]
        assert shown == [False, True, True, True, False], column
    assert TOUCH <= PITCH * SCALE  # a line is a target for a finger
    assert pattern.column_at(QPoint(-5, -5)) == 0
    assert pattern.column_at(QPoint(9999, 9999)) == dots - 1


async def test_marks_are_set_undone_and_cleared(context: Context, qtbot: QtBot) -> None:
    pattern = drawn(qtbot, context, 576)
    for column in (216, 216, 400):
        QTest.mouseClick(pattern, Qt.MouseButton.LeftButton, pos=pattern.point_of(column))
    assert list(pattern.columns) == [216, 400]  # the same place twice is one
    pattern.undo()
    assert list(pattern.columns) == [216]
    pattern.clear()
    assert list(pattern.columns) == []
    pattern.undo()
    assert list(pattern.columns) == [216]
    pattern.undo()
    assert (list(pattern.columns), pattern.can_undo) == ([], False)


async def test_the_keys_move_the_marker_set_marks_and_take_them_away(context: Context, qtbot: QtBot) -> None:
    pattern = drawn(qtbot, context, 576)
    assert pattern.accessibleName() == "The printed pattern, dots 0 to 575"
    said: list[str] = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(pattern, key)
        said.append(pattern.accessibleDescription())
    assert said == ["Dot 240, not marked", "Dot 239, not marked", "Dot 238, not marked"]
    QTest.keyClick(pattern, Qt.Key.Key_Return)
    assert (list(pattern.columns), pattern.accessibleDescription()) == ([238], "Dot 238, marked")
    for _ in range(FINGER + 1):
        QTest.keyClick(pattern, Qt.Key.Key_Right)
    QTest.keyClick(pattern, Qt.Key.Key_Delete)
    assert list(pattern.columns) == [238]  # too far away to be meant
    QTest.keyClick(pattern, Qt.Key.Key_Left)
    QTest.keyClick(pattern, Qt.Key.Key_Delete)
    assert list(pattern.columns) == []
    for _ in range(20):
        QTest.keyClick(pattern, Qt.Key.Key_Down)
    assert pattern.accessibleDescription() == "Dot 575, not marked"


async def test_enter_marks_and_presses_no_button_of_the_dialog(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until, thread: SimulatorThread
) -> None:
    dialog = await shown_pattern(context, floor, qtbot, until, thread)
    (panel,) = visible(dialog, BreaksPanel)
    QTest.keyClick(panel.pattern, Qt.Key.Key_Return)
    assert list(panel.pattern.columns) == [288]
    assert not panel.at_end
    button(dialog, "Undo").click()
    assert list(panel.pattern.columns) == []
    assert not button(dialog, "Next").isEnabled()


async def shown_pattern(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until, thread: SimulatorThread
) -> SelftestDialog:
    """The dialog of a page that was printed without a question, at the drawn pattern."""
    connected(floor, thread.host(PrinterSimulator.tcp()))
    dialog = opened(context, qtbot, FRONT)
    start(dialog, "Print a page")
    await until(lambda: "Passed" in texts(dialog))
    button(dialog, "A line is broken, or a white stripe: show where…").click()
    await until(lambda: any(visible(dialog, BreaksPanel)))
    return dialog


async def test_going_back_changes_no_verdict(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until, thread: SimulatorThread
) -> None:
    dialog = await shown_pattern(context, floor, qtbot, until, thread)
    (panel,) = visible(dialog, BreaksPanel)
    panel.pattern.mark(10)
    button(dialog, "Next").click()
    button(dialog, "Back").click()
    assert list(panel.pattern.columns) == [10]
    button(dialog, "Back").click()
    await until(lambda: "Passed" in texts(dialog))
    assert light(dialog) is Light.OK


async def test_a_printer_without_the_pattern_is_not_asked_about_it(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    floor.show(FRONT, Light.OK)
    dialog = opened(context, qtbot, FRONT)
    start(dialog, "Only ask")
    await until(lambda: "Passed" in texts(dialog))
    assert "show where" not in texts(dialog)


@pytest.mark.parametrize("code", ["en", "zh_CN"])
async def test_nothing_is_cut_off_nameless_or_too_small(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until, thread: SimulatorThread, code: str
) -> None:
    floor.console.speak(Language(code))
    connected(floor, thread.host(PrinterSimulator.tcp()))
    dialog = opened(context, qtbot, FRONT)

    async def sound() -> None:
        await until(lambda: (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], []))

    dialog._press_right()
    await until(lambda: dialog._question)
    await sound()
    dialog._answer(None)
    await until(lambda: any(visible(dialog, ResultPanel)))
    await sound()
    dialog._show_breaks()
    await sound()
    (panel,) = visible(dialog, BreaksPanel)
    for column in (3, 200, 216, 400, 570):
        panel.pattern.mark(column)
    await sound()
    for step in (BreaksPanel, ResultPanel):
        dialog._press_right()
        assert any(visible(dialog, step))
        await sound()
