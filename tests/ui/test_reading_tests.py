"""The reading tests of a scanner in the window, over its real driver: what the screen shows is scanned."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Sized
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QFrame, QMenu, QSlider, QWidget
from pytestqt.qtbot import QtBot

from console.domain.eye_chart import Medium, Row, score_name
from console.domain.lights import Light
from console.domain.payment_codes import wallet_of
from console.domain.phone_codes import GIVE_UP_SECONDS
from console.domain.profile import Printer, Scanner, Store, StoreProfile
from console.domain.specimens import SPECIMENS, Kind
from console.domain.subjects import Subject
from console.drivers.registry import open_driver
from console.drivers.scanner.keyboard import KeyboardScanner
from console.platforms.clock import SystemClock
from console.services.roster import Roster
from console.services.scanner_figures import latest
from console.services.scanner_trials import ScannerTrials
from console.simulators.printer import PrinterSimulator
from console.simulators.scanner import ScannerSimulator
from console.ui.context import Context
from console.ui.dialogs.eye_chart import EyeChartDialog
from console.ui.dialogs.phone_codes import PhoneCodesDialog
from console.ui.dialogs.scan_sheet import ScanSheet
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.dialogs.symbologies import SymbologiesDialog
from console.ui.screen_size import measured, remember
from console.ui.theme import Theme
from console.ui.widgets.code_picture import CodePicture
from console.ui.widgets.device_detail import DeviceDetail
from console.ui.widgets.light import LightShape
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import ScriptedDevice, ShopFloor, shop_floor
from tests.waiting import until

COUNTER, TYPING, FRONT = (
    Subject("scanner", "counter"),
    Subject("scanner", "typing"),
    Subject("printer", "front"),
)
Made = TypeVar("Made", bound=ScanSheet)
P = ParamSpec("P")
PAID = "134567890123456789"  # the shape of somebody's WeChat Pay code
DIALOGS = (SymbologiesDialog, EyeChartDialog, PhoneCodesDialog)


@pytest.fixture
async def scanner() -> AsyncIterator[ScannerSimulator]:
    async with ScannerSimulator.pty() as sim:
        yield sim


@pytest.fixture
async def printer() -> AsyncIterator[PrinterSimulator]:
    async with PrinterSimulator.tcp() as sim:
        yield sim


@pytest.fixture
async def floor(
    request: pytest.FixtureRequest, scanner: ScannerSimulator, printer: PrinterSimulator
) -> ShopFloor:
    profile = StoreProfile(
        Store("店"),
        printer=(Printer("front", printer.address, "escpos"),),
        scanner=(Scanner("counter", scanner.address), Scanner("typing", "keyboard:")),
    )
    floor = shop_floor(profile, getattr(request, "param", "en"))
    clock = SystemClock("Asia/Shanghai")
    drivers = {each: open_driver(each, entry, profile, clock) for each, entry in profile.entries()}
    drivers[TYPING] = typing = KeyboardScanner(floor.clock)
    floor.console.trials = ScannerTrials(Roster(drivers))
    floor.console.typed = typing.typed
    return floor


class Screen:
    """Opens dialogs, and closes them."""

    def __init__(self, context: Context, floor: ShopFloor) -> None:
        self.context, self.floor = context, floor
        self.opened: list[ScanSheet] = []

    def open(self, kind: Callable[[Context, Subject], Made], subject: Subject = COUNTER) -> Made:
        dialog = kind(self.context, subject)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.open()
        dialog.resize(976, 704)
        self.opened.append(dialog)
        return dialog

    async def close(self) -> None:
        for dialog in self.opened:
            dialog.close()
        await until(lambda: not any(dialog._tasks for dialog in self.opened))
        for dialog in self.opened:
            dialog.deleteLater()


@pytest.fixture
def screen(context: Context, floor: ShopFloor) -> Screen:
    return Screen(context, floor)


def on_screen(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, Coroutine[Any, Any, None]]:
    """Lets go of the scanner before the test is over: after it pytest-qt turns a loop that does not run."""

    @wraps(test)
    async def closing(*arguments: P.args, **named: P.kwargs) -> None:
        screen = named["screen"]
        assert isinstance(screen, Screen)
        try:
            await test(*arguments, **named)
        finally:
            await screen.close()

    return closing


def sound(dialog: QWidget) -> bool:
    return (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], [])


def seen_on(widget: QWidget) -> list[tuple[str, str]]:
    """What a scanner makes of the picture on the screen: text without brackets, and AIM identifier."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    picture = Image.open(BytesIO(bytes(buffer.data().data()))).convert("L")
    return [
        (each.text.replace("(", "").replace(")", ""), each.symbology_identifier)
        for each in zxingcpp.read_barcodes(picture)
    ]


async def symbologies(screen: Screen, subject: Subject = COUNTER) -> SymbologiesDialog:
    dialog = screen.open(SymbologiesDialog, subject)
    await until(dialog.told.text)
    return dialog


async def counted(grown: Sized, number: int) -> None:
    """Wait until more than `number` stand in it."""
    await until(lambda: len(grown) > number)


async def heard(dialog: ScanSheet) -> None:
    await until(dialog.told.text)


async def front(dialog: ScanSheet) -> None:
    """Only the active window takes Alt keys."""
    dialog.activateWindow()
    await until(dialog.isActiveWindow)


def choose(dialog: ScanSheet, words: str, place: int = 0) -> None:
    """Print on one of the printers that are offered."""
    button(dialog, words).click()
    (menu,) = dialog.findChildren(QMenu)
    action = menu.actions()[place]
    assert "cm of paper" in action.text()
    action.trigger()
    menu.setParent(None)
    menu.deleteLater()


async def let_go(dialog: ScanSheet) -> None:
    dialog.close()
    await until(lambda: not dialog._tasks)


@on_screen
async def test_every_symbology_on_the_screen_is_read_and_ticks_itself(
    context: Context, scanner: ScannerSimulator, screen: Screen
) -> None:
    dialog = await symbologies(screen)
    for number, each in enumerate(SPECIMENS):
        assert each.content in texts(dialog)
        ((text, identifier),) = seen_on(next(visible(dialog, CodePicture)))
        scanner.prefix = identifier if number % 2 else ""  # some scanners send it, others do not
        await scanner.scan(text)
        await counted(dialog.state.seen, number)
        assert dialog.state.light(each.kind) is Light.OK
    await until(lambda: "14 of 14 symbologies were read" in texts(dialog))
    assert "read, check digit of GTIN right, sent as GS1-128 (]C1)" in texts(dialog)
    assert "read, check digit of EAN-13 right" in texts(dialog)
    assert sound(dialog)


@pytest.mark.parametrize("floor", ["en", "zh_CN"], indirect=True)
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
@on_screen
async def test_what_was_not_read_is_named_with_its_setting(
    context: Context, qapp: QApplication, screen: Screen, theme: str
) -> None:
    Theme.named(theme).apply(qapp)
    dialog = await symbologies(screen)
    missed = {"en": "It does not read this one", "zh_CN": "这个扫不出"}[context.console.language.code]
    for _ in SPECIMENS:
        assert sound(dialog)
        button(dialog, missed).click()
    assert "GS1 DataBar Omnidirectional (RSS-14)" in texts(dialog)
    assert all(dialog.state.light(kind) is Light.FAULT for kind in Kind)
    await until(lambda: sound(dialog))


@on_screen
async def test_arrows_and_tiles_go_to_any_code(context: Context, screen: Screen) -> None:
    dialog = await symbologies(screen)
    QTest.keyClick(dialog, Qt.Key.Key_Right)
    assert dialog.shown_code() == SPECIMENS[1].sent[0]
    QTest.keyClick(dialog, Qt.Key.Key_Left)
    QTest.keyClick(dialog, Qt.Key.Key_Left)
    assert dialog.shown_code() == SPECIMENS[-1].sent[0]
    button(dialog, "QR Code").click()
    assert dialog.shown_code() == "TKQRSQUARE"
    button(dialog, "All at once").click()
    assert len(list(visible(dialog, CodePicture))) == len(SPECIMENS)
    assert sound(dialog)


@on_screen
async def test_all_at_once_each_code_is_read_where_it_stands(context: Context, screen: Screen) -> None:
    dialog = await symbologies(screen)
    button(dialog, "All at once").click()
    for picture, each in zip(visible(dialog, CodePicture), SPECIMENS, strict=True):
        ((text, identifier),) = seen_on(picture)
        assert text in each.sent
        assert identifier.startswith(each.aim)


@on_screen
async def test_the_result_is_saved(
    context: Context, scanner: ScannerSimulator, screen: Screen, tmp_path: Path
) -> None:
    dialog = await symbologies(screen)
    await heard(dialog)
    await scanner.scan(SPECIMENS[0].content)
    await until(lambda: dialog.state.seen)
    button(dialog, "Result").click()
    button(dialog, "Save…").click()
    (where,) = dialog.findChildren(QFileDialog)
    where.fileSelected.emit(str(tmp_path / "result.txt"))
    await until(lambda: "Saved as" in texts(dialog))
    saved = (tmp_path / "result.txt").read_text("utf-8")
    assert "1 of 14 symbologies were read" in saved
    assert "EAN-13: read, check digit of EAN-13 right" in saved
    where.fileSelected.emit(str(tmp_path / "missing" / "result.txt"))
    await until(lambda: "cannot be written" in texts(dialog))
    where.close()


@on_screen
async def test_codes_and_result_are_printed(
    context: Context, printer: PrinterSimulator, screen: Screen
) -> None:
    dialog = await symbologies(screen)
    choose(dialog, "Print them…")
    await until(lambda: "has printed the page" in texts(dialog))
    on_paper = Image.open(BytesIO(printer.picture())).convert("L")
    assert len(zxingcpp.read_barcodes(on_paper)) == len(SPECIMENS)
    button(dialog, "Result").click()
    choose(dialog, "Print the result…")
    await until(lambda: len(printer.papers) == 2)
    assert "0 of 14 symbologies were read" in printer.text()
    printer.set_fault("paper_out")
    choose(dialog, "Print the result…")
    await until(lambda: "Nothing was printed" in texts(dialog))
    assert "no paper" in texts(dialog)


@pytest.mark.parametrize("kind", DIALOGS)
@on_screen
async def test_somebodys_payment_code_is_told_by_kind_and_length_alone(
    context: Context, floor: ShopFloor, scanner: ScannerSimulator, screen: Screen,
    kind: type[ScanSheet], caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    dialog = screen.open(kind)
    await heard(dialog)
    await scanner.scan(PAID)
    await until(lambda: "WeChat Pay payment code arrived, of 18 characters" in texts(dialog))
    everything = f"{texts(dialog)}\n{caplog.text}\n{floor.book.kept}\n{floor.settings}\n{vars(dialog)}"
    assert PAID not in everything
    assert wallet_of(everything) is None
    dialog.close()
    await until(lambda: not dialog.isVisible())
    assert PAID not in f"{floor.book.kept}"


@pytest.mark.parametrize("kind", DIALOGS)
@on_screen
async def test_a_lost_scanner_is_told_and_heard_again(
    context: Context,
    scanner: ScannerSimulator,
    screen: Screen,
    kind: Callable[[Context, Subject], ScanSheet],
) -> None:
    dialog = screen.open(kind)
    await heard(dialog)
    await scanner.unplug()
    await until(lambda: "Listen again" in texts(dialog))
    assert sound(dialog)
    await scanner.plug_in()
    dialog.told.clear()
    button(dialog, "Listen again").click()
    await heard(dialog)
    await scanner.scan("SOMETHINGELSE")
    await until(lambda: "Another code arrived, of 13 characters" in texts(dialog))


@on_screen
async def test_the_keys_of_a_typing_scanner_press_nothing(
    context: Context, floor: ShopFloor, screen: Screen
) -> None:
    dialog = await symbologies(screen, TYPING)
    await until(dialog.told.text)
    area = dialog.focusWidget()
    QTest.keyClicks(area, SPECIMENS[0].content)
    QTest.keyClick(area, Qt.Key.Key_Return)
    await until(lambda: dialog.state.seen)
    assert dialog.focusWidget() is area
    QTest.keyClick(area, Qt.Key.Key_Right)
    assert dialog.shown_code() == SPECIMENS[2].sent[0]
    await front(dialog)
    QTest.keyClick(area, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
    await until(lambda: dialog.state.light(Kind.UPC_A) is Light.FAULT)
    assert "(Alt+N)" in texts(dialog)
    assert sound(dialog)


def chart(screen: Screen, density: float = 4.0) -> EyeChartDialog:
    remember(screen.context.console.settings, QApplication.primaryScreen(), density)
    return screen.open(EyeChartDialog)


@on_screen
async def test_the_screen_is_measured_once_with_a_card(context: Context, screen: Screen) -> None:
    dialog = screen.open(EyeChartDialog)
    await until(lambda: "How large is this screen?" in texts(dialog))
    assert sound(dialog)
    (slider,) = visible(dialog, QSlider)
    assert dialog.focusWidget() is slider
    slider.setValue(341)
    QTest.keyClick(slider, Qt.Key.Key_Right)  # 342 px are 85.6 mm
    QTest.keyClick(slider, Qt.Key.Key_Return)
    assert measured(context.console.settings, QApplication.primaryScreen()) == pytest.approx(
        342 / 85.6, abs=1e-3
    )
    assert [row.module for row in dialog.rows] == [1001, 751, 501, 250]
    dialog.close()
    again = screen.open(EyeChartDialog)
    await until(lambda: again.rows)
    assert "How large is this screen?" not in texts(again)
    button(again, "Measure the screen…").click()
    assert "How large is this screen?" in texts(again)


@on_screen
async def test_without_a_scanner_the_chart_is_there_to_be_printed(
    screen: Screen, scanner: ScannerSimulator
) -> None:
    await scanner.unplug()
    dialog = chart(screen)
    await until(lambda: "Listen again" in texts(dialog))
    assert dialog.rows
    choose(dialog, "Print it…")
    await until(lambda: "has printed the page" in texts(dialog))


@on_screen
async def test_on_another_screen_the_chart_is_drawn_anew(screen: Screen) -> None:
    dialog = chart(screen)
    await heard(dialog)
    settings, there = screen.context.console.settings, QApplication.primaryScreen()
    remember(settings, there, 8.0)
    dialog.windowHandle().screenChanged.emit(there)
    assert [row.module for row in dialog.rows] == [500, 375, 250, 125]
    settings.put(next(name for name in screen.floor.settings if name.startswith("pixels_per_mm")), "")
    dialog.windowHandle().screenChanged.emit(there)
    assert "How large is this screen?" in texts(dialog)


@on_screen
@pytest.mark.parametrize("floor", ["en", "zh_CN"], indirect=True)
@pytest.mark.parametrize("subject", [COUNTER, TYPING])
async def test_they_fit_on_the_smallest_screen(screen: Screen, subject: Subject) -> None:
    remember(screen.context.console.settings, QApplication.primaryScreen(), 4.0)
    for kind in DIALOGS:
        dialog: ScanSheet = screen.open(kind, subject)
        await heard(dialog)
        dialog.resize(976, 704)
        assert (dialog.width(), dialog.height()) == (976, 704)  # a dialog is never less than it needs
        assert sound(dialog)
        await let_go(dialog)


@on_screen
async def test_each_row_on_the_screen_is_read_and_the_smallest_is_the_score(
    context: Context, floor: ShopFloor, scanner: ScannerSimulator, screen: Screen
) -> None:
    dialog = chart(screen)
    await heard(dialog)
    assert sound(dialog)
    for number, row in enumerate(dialog.rows[:3]):
        left = {each.content for each in dialog.rows[number:]}
        assert {text for text, _ in seen_on(dialog)} == left  # what was read is no longer in the way
        await scanner.scan(row.content)
        await counted(dialog.read, number)
    assert "0.5 mm · 20 mil" in texts(dialog)
    assert "large codes only" in texts(dialog)
    assert sound(dialog)
    dialog.close()
    name = score_name(Medium.SCREEN, Kind.CODE_128)
    await until(lambda: floor.book.kept)
    assert latest(floor.book.kept[COUNTER]) == {name: 500}
    again = chart(screen)
    await until(lambda: "Screen, bars, mm: 0.5" in texts(again))


@pytest.mark.parametrize("floor", ["en", "zh_CN"], indirect=True)
@on_screen
async def test_squares_and_contrasts_are_read_as_they_stand(
    context: Context, scanner: ScannerSimulator, screen: Screen
) -> None:
    english = context.console.language.code == "en"
    dialog = chart(screen)
    await heard(dialog)
    for choice in ("Contrasts", "Squares") if english else ("看深浅", "二维码"):
        button(dialog, choice).click()
        await until(lambda: {text for text, _ in seen_on(dialog)} == {row.content for row in dialog.rows})
        assert sound(dialog)
        assert {row.contrast for row in dialog.rows} == {70, 55, 40, 30, 25}
    await scanner.scan(dialog.rows[2].content)
    await until(lambda: "40 %" in texts(dialog))


@on_screen
async def test_a_printed_row_counts_for_paper(
    context: Context, floor: ShopFloor, printer: PrinterSimulator, scanner: ScannerSimulator,
    screen: Screen,
) -> None:  # fmt: skip
    dialog = chart(screen)
    await heard(dialog)
    choose(dialog, "Print it…")
    await until(lambda: "has printed the page" in texts(dialog))
    row = Row(Medium.PAPER, Kind.CODE_128, 250)
    paper = Image.open(BytesIO(printer.picture())).convert("L")
    assert row.content in {each.text for each in zxingcpp.read_barcodes(paper)}
    await scanner.scan(row.content, paper=True)
    await until(lambda: "Read: on paper: 0.25 mm · 10 mil" in texts(dialog))
    assert "finer than those on goods" in texts(dialog)
    button(dialog, "Start again").click()
    dialog.close()
    await until(lambda: floor.book.kept)
    assert latest(floor.book.kept[COUNTER]) == {score_name(Medium.PAPER, Kind.CODE_128): 250}


async def phones(screen: Screen) -> PhoneCodesDialog:
    remember(screen.context.console.settings, QApplication.primaryScreen(), 4.0)
    dialog = screen.open(PhoneCodesDialog)
    await until(dialog.told.text)
    assert sound(dialog)
    button(dialog, "Start").click()
    return dialog


def light(dialog: QWidget) -> Light:
    (shape,) = visible(dialog, LightShape)
    return shape.light


@on_screen
async def test_six_codes_like_those_on_phones_are_read(
    context: Context, floor: ShopFloor, scanner: ScannerSimulator, screen: Screen
) -> None:
    dialog = await phones(screen)
    for number, code in enumerate(dialog.trial.codes):
        assert f"Code {number + 1} of 6" in texts(dialog)
        assert sound(dialog)
        assert [text for text, _ in seen_on(dialog)] == [code.content]
        floor.clock.advance(1.0)
        await scanner.scan(code.content)
        await counted(dialog.trial.tried, number)
    assert light(dialog) is Light.OK
    assert "It reads customers' phones" in texts(dialog)
    assert context.console.board.finding(COUNTER).light is Light.OK
    assert not any(code.content in texts(dialog) for code in dialog.trial.codes)
    assert sound(dialog)


@on_screen
async def test_with_a_typing_scanner_all_of_it_goes_by_keys(screen: Screen) -> None:
    remember(screen.context.console.settings, QApplication.primaryScreen(), 4.0)
    dialog = screen.open(PhoneCodesDialog, TYPING)
    await heard(dialog)
    await front(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    await until(lambda: "Code 1 of 6" in texts(dialog))
    for number in range(7):
        QTest.keyClick(dialog, Qt.Key.Key_N, Qt.KeyboardModifier.AltModifier)
        await (until(lambda: dialog.trial.over) if number == 6 else counted(dialog.trial.tried, number))
    assert "What became of each code" in texts(dialog)
    await front(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_T, Qt.KeyboardModifier.AltModifier)
    await until(lambda: "Code 1 of 6" in texts(dialog))


@on_screen
async def test_where_nothing_can_print_that_is_said(screen: Screen) -> None:
    screen.context.console.trials = ScannerTrials(Roster({COUNTER: screen.floor.devices[COUNTER]}))
    dialog = screen.open(SymbologiesDialog)
    button(dialog, "Print them…").click()
    assert "This store has no printer that is switched on" in texts(dialog)


@on_screen
async def test_among_several_printers_one_is_chosen(screen: Screen) -> None:
    front, kitchen = (Subject("printer", name) for name in ("front", "kitchen"))
    devices = {each: ScriptedDevice() for each in (front, kitchen, COUNTER)}
    screen.context.console.trials = ScannerTrials(Roster(devices))
    dialog = screen.open(SymbologiesDialog)
    choose(dialog, "Print them…", 1)
    await until(lambda: devices[kitchen].printed)
    assert not devices[front].printed


@on_screen
async def test_a_phone_is_as_wide_as_a_phone(context: Context, screen: Screen) -> None:
    dialog = await phones(screen)
    (phone,) = (each for each in visible(dialog, QFrame) if each.objectName() == "phone")
    assert 70 * 4 <= phone.width() <= 70 * 4 + 24  # its glass, and the edge around it
    for picture in visible(dialog, CodePicture):
        assert picture.module == 1  # 66 mm of 198 modules are 1.3 pixels each


@on_screen
async def test_slow_reads_and_no_reads_are_told_apart(
    context: Context, floor: ShopFloor, scanner: ScannerSimulator, screen: Screen
) -> None:
    dialog = await phones(screen)
    for number in range(6):
        floor.clock.advance(6.0)
        await scanner.scan(dialog.shown_code())
        await counted(dialog.trial.tried, number)
    assert light(dialog) is Light.ATTENTION
    assert "The scanner reads phones slowly" in texts(dialog)
    assert context.console.board.finding(COUNTER).cause == "scanner.phone_slow"
    button(dialog, "Run again").click()
    for _ in range(3):
        button(dialog, "It does not read this one").click()
    for number in range(3, 6):
        await scanner.scan(dialog.shown_code())
        await counted(dialog.trial.tried, number)
    assert context.console.board.finding(COUNTER).cause == "scanner.no_phone_bars"


@on_screen
async def test_nothing_read_asks_for_paper_which_tells_a_blind_scanner_from_a_dead_one(
    context: Context, floor: ShopFloor, scanner: ScannerSimulator, screen: Screen
) -> None:
    scanner.set_fault("screen_blind")
    dialog = await phones(screen)
    for _ in range(6):
        await scanner.scan(dialog.shown_code())  # it is held before the screen, and sees nothing
        floor.clock.advance(GIVE_UP_SECONDS)
        context.tick.emit()
    assert "Scan the printed code of any product now" in texts(dialog)
    await scanner.scan("6901234567892", paper=True)
    await until(lambda: dialog.trial.over)
    finding = context.console.board.finding(COUNTER)
    assert [each.cause for each in finding.candidates] == ["scanner.screen_unread"]
    assert "6901234567892" not in f"{texts(dialog)}{finding}"
    button(dialog, "Run again").click()
    for _ in range(7):
        button(dialog, "It does not read this one").click()
    assert [each.cause for each in context.console.board.finding(COUNTER).candidates] == ["scanner.no_answer"]


async def test_the_device_page_and_the_self_test_open_them_and_show_the_curves(
    context: Context, qtbot: QtBot
) -> None:
    detail = DeviceDetail(context, COUNTER)
    qtbot.addWidget(detail)
    detail.resize(571, 700)
    detail.show()
    await until(lambda: "Nothing yet. Each self-test" in texts(detail))
    for speed in (95, 102):
        counts = {"GoodScanCount": 1, "DoubleReadCount": 0, "MissedReadCount": 0}
        await context.console.figures.add(COUNTER, {**counts, "CharactersPerSecond": speed})
    for words, kind in zip(("All symbologies…", "Eye chart…", "Payment codes…"), DIALOGS, strict=True):
        button(detail, words).click()
        (dialog,) = detail.window().findChildren(kind)
        await let_go(dialog)
    await until(lambda: "Characters a second: 95 → 102" in texts(detail))
    assert "1 good reads in tests · 0 came twice · 0 did not come" in texts(detail)
    assert sound(detail)
    test = SelftestDialog(context, COUNTER)
    test.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(test)
    test.open()
    more = button(test, "More tests")
    offered = [each.text() for each in more.menu().actions()]  # type: ignore[attr-defined]
    assert offered == ["All symbologies…", "Eye chart…", "Payment codes…"]
    assert sound(test)
    test.close()
