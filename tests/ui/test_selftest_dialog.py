"""The self-test of printers and scanners, as a person goes through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QProgressBar
from pytestqt.qtbot import QtBot

from console.domain.lights import Light
from console.domain.profile import StoreProfile
from console.domain.scan import Scan
from console.domain.selftest import Grade, Proof
from console.domain.subjects import Subject
from console.domain.words import say
from console.drivers.scanner.keyboard import KeyboardScanner
from console.drivers.unsupported import UnsupportedDevice
from console.services.language import Language
from console.services.roster import Roster
from console.services.selftest import SelftestService
from console.ui.context import Context
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.theme import Theme
from console.ui.widgets.barcode import Barcode
from console.ui.widgets.evidence_table import EvidenceTable
from console.ui.widgets.light import LightShape
from console.ui.widgets.paper import Paper
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import COUNTER, FRONT, ShopFloor

pytestmark = pytest.mark.parametrize("floor", ["en"], indirect=True)

QUESTION = "Did the whole page come out"
LOOK, PRINT, ASK = "Print a page and look at it", "Print a page", "Only ask"


@pytest.fixture
def well(floor: ShopFloor) -> ShopFloor:
    for subject in (FRONT, COUNTER):
        floor.show(subject, Light.OK)
    return floor


@pytest.fixture
def no_scanner(floor: ShopFloor) -> None:
    """Another program holds the scanner, so that no page waits to be scanned."""
    floor.devices[COUNTER].in_use = True


def opened(context: Context, qtbot: QtBot, subject: Subject) -> SelftestDialog:
    dialog = SelftestDialog(context, subject)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


def start(dialog: SelftestDialog, level: str) -> None:
    """Choose by mouse, start by keyboard."""
    QTest.mouseClick(button(dialog, level), Qt.MouseButton.LeftButton)
    QTest.keyClick(button(dialog, "Start"), Qt.Key.Key_Return)


def light(dialog: SelftestDialog) -> Light:
    (shape,) = visible(dialog, LightShape)
    return shape.light


async def test_each_level_says_beforehand_what_will_happen(context: Context, qtbot: QtBot) -> None:
    dialog = opened(context, qtbot, FRONT)
    told = {level: button(dialog, level).accessibleDescription() for level in (LOOK, PRINT, ASK)}
    assert "15 cm of paper" in told[LOOK]
    assert "cutter cuts" in told[PRINT]
    assert "Nothing is printed" in told[ASK]


async def test_only_asking_prints_nothing(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, FRONT)
    start(dialog, ASK)
    await until(lambda: "Passed" in texts(dialog))
    assert light(dialog) is Light.OK
    assert well.devices[FRONT].printed == []
    assert "TM-T88V" in texts(dialog)
    assert "10,432" in texts(dialog)


@pytest.mark.usefixtures("no_scanner")
async def test_a_printed_page_shows_its_grade_and_the_reason(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, FRONT)
    start(dialog, PRINT)
    await until(lambda: "Passed" in texts(dialog))
    assert len(well.devices[FRONT].printed) == 1
    assert "A" in texts(dialog).splitlines()
    assert "The printer confirmed the end of the page" in texts(dialog)


@pytest.mark.usefixtures("no_scanner")
async def test_a_page_that_nobody_can_vouch_for_is_never_green(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    well.devices[FRONT].proof = Proof(Grade.D, say("Only the bytes were accepted"))
    dialog = opened(context, qtbot, FRONT)
    start(dialog, PRINT)
    await until(lambda: "It could not be told" in texts(dialog))
    assert light(dialog) is Light.UNKNOWN


@pytest.mark.usefixtures("no_scanner")
@pytest.mark.parametrize(
    ("answer", "key", "verdict", "shown"),
    [
        ("Yes", Qt.Key.Key_Return, "Passed", Light.OK),
        ("No", Qt.Key.Key_Space, "Failed", Light.FAULT),
        ("I cannot tell", Qt.Key.Key_Space, "It could not be told", Light.UNKNOWN),
    ],
)
async def test_the_person_answers_what_only_a_person_can_see(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until,
    answer: str, key: Qt.Key, verdict: str, shown: Light,
) -> None:  # fmt: skip
    dialog = opened(context, qtbot, FRONT)
    start(dialog, LOOK)
    await until(lambda: QUESTION in texts(dialog))
    assert dialog.focusWidget() is button(dialog, "Yes")
    QTest.keyClick(button(dialog, answer), key)
    await until(lambda: verdict in texts(dialog))
    assert light(dialog) is shown


async def test_a_fault_is_told_with_advice_and_evidence_and_the_test_can_run_again(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    well.say(FRONT, "printer.cover_open")
    cause = Language("en").cause("printer.cover_open")
    dialog = opened(context, qtbot, FRONT)
    start(dialog, ASK)
    await until(lambda: "Failed" in texts(dialog))
    assert cause.explain in texts(dialog)
    assert all(step in texts(dialog) for step in cause.advice)
    button(dialog, "Technical details").click()
    (table,) = visible(dialog, EvidenceTable)
    assert "escpos.dle_eot.4" in table.as_text()
    well.say(FRONT, Light.OK)
    button(dialog, "Run again").click()
    start(dialog, ASK)
    await until(lambda: "Passed" in texts(dialog))


@pytest.mark.usefixtures("no_scanner")
async def test_a_pass_with_something_open_is_not_green(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    well.say(FRONT, "printer.paper_low")
    dialog = opened(context, qtbot, FRONT)
    start(dialog, PRINT)
    await until(lambda: "Passed, but look at this" in texts(dialog))
    assert light(dialog) is Light.ATTENTION


async def test_a_test_shows_what_it_does_and_stops_when_told(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, FRONT)
    well.devices[FRONT].held.clear()
    start(dialog, LOOK)
    await until(lambda: "Asking for its state" in texts(dialog))
    assert list(visible(dialog, QProgressBar))
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    await until(lambda: "Stopped." in texts(dialog))
    assert button(dialog, "Start").isEnabled()
    assert well.console.selftest.last(FRONT) is None


@pytest.mark.usefixtures("no_scanner")
async def test_stop_works_while_the_question_waits(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, FRONT)
    start(dialog, LOOK)
    await until(lambda: QUESTION in texts(dialog))
    button(dialog, "Stop").click()
    await until(lambda: "Stopped." in texts(dialog))


async def test_closing_the_dialog_stops_the_test(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, FRONT)
    device = well.devices[FRONT]
    device.held.clear()
    start(dialog, PRINT)
    await until(lambda: device.asked == 1)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    device.held.set()
    await until(lambda: not dialog.isVisible())
    assert device.printed == []
    assert well.console.selftest.last(FRONT) is None


async def test_a_device_that_was_switched_off_meanwhile_is_told_in_words(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, Subject("scanner", "second"))
    start(dialog, ASK)
    await until(lambda: "is switched off" in texts(dialog))


async def test_a_printer_without_a_driver_is_told_apart_from_a_broken_one(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    console = well.console
    driver = UnsupportedDevice(
        well.clock, "printer x:", say("This program cannot check this kind of device yet")
    )
    console.selftest = SelftestService(
        "x",
        Roster({FRONT: driver}),
        well.table,
        well.clock,
        lambda: console.language,
        str,
        console.board.put,
        {},
    )
    dialog = opened(context, qtbot, FRONT)
    start(dialog, LOOK)
    await until(lambda: "It could not be told" in texts(dialog))
    assert light(dialog) is Light.UNKNOWN


async def test_an_unforeseen_trouble_leaves_the_dialog_usable(
    floor: ShopFloor, qapp: QApplication, qtbot: QtBot, until: Until
) -> None:
    reported: list[BaseException] = []
    context = Context(floor.console, Theme.named("light"), lambda error, where: reported.append(error))
    floor.devices[FRONT].proof = None  # type: ignore[assignment]
    floor.devices[FRONT].printed = None  # type: ignore[assignment]
    dialog = opened(context, qtbot, FRONT)
    start(dialog, PRINT)
    await until(lambda: reported)
    assert button(dialog, "Start").isEnabled()
    await context.close()


@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
async def test_the_code_on_the_screen_can_be_read(
    context: Context, qapp: QApplication, qtbot: QtBot, theme: str
) -> None:
    Theme.named(theme).apply(qapp)
    code = Barcode("TK0123456789")
    qtbot.addWidget(code)
    code.resize(672, code.sizeHint().height())
    image = code.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = bytes(image.constBits())
    view = zxingcpp.ImageView(
        pixels, image.width(), image.height(), zxingcpp.ImageFormat.Lum, image.bytesPerLine()
    )
    (read,) = zxingcpp.read_barcodes(view)
    assert (read.text, read.format) == ("TK0123456789", zxingcpp.BarcodeFormat.Code128)


def shown_code(dialog: SelftestDialog) -> str:
    return next(visible(dialog, Barcode)).code


async def scanning(context: Context, qtbot: QtBot, until: Until) -> SelftestDialog:
    dialog = opened(context, qtbot, COUNTER)
    start(dialog, "Scan a code from this screen")
    await until(lambda: "Waiting for the code: 60 s left" in texts(dialog))
    return dialog


async def test_what_differs_in_a_scan_is_named(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = await scanning(context, qtbot, until)
    scan = Scan(f"XY{shown_code(dialog)}", "enter", well.clock.now(), 0.03)
    well.devices[COUNTER].scanned.put_nowait(scan)
    await until(lambda: "Failed" in texts(dialog))
    assert '"XY" came in front of the code' in texts(dialog)


async def test_the_countdown_counts(context: Context, well: ShopFloor, qtbot: QtBot, until: Until) -> None:
    dialog = await scanning(context, qtbot, until)
    well.clock.advance(25)
    await until(lambda: "Waiting for the code: 35 s left" in texts(dialog))


async def test_the_keys_of_a_typing_scanner_reach_the_console_and_press_nothing(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = await scanning(context, qtbot, until)
    area = dialog.focusWidget()
    QTest.keyClicks(area, "Ab 1")
    QTest.keyClick(area, Qt.Key.Key_Tab)
    QTest.keyClick(area, Qt.Key.Key_Return)
    assert well.typed == [(each, 1000.0) for each in "Ab 1\t\r"]
    assert dialog.focusWidget() is area
    assert "Waiting for the code" in texts(dialog)


async def test_what_an_input_method_makes_of_a_scan_is_not_hidden(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = await scanning(context, qtbot, until)
    QApplication.sendEvent(dialog.focusWidget(), QInputMethodEvent("tk", []))  # nothing has come yet
    event = QInputMethodEvent()
    event.setCommitString("他可")
    QApplication.sendEvent(dialog.focusWidget(), event)
    assert [key for key, _ in well.typed] == ["", "他可"]


async def test_a_typed_scan_passes_through_the_real_driver(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    console, driver = well.console, KeyboardScanner(well.clock)
    console.typed = driver.typed
    console.selftest = SelftestService(
        "x",
        Roster({COUNTER: driver}),
        well.table,
        well.clock,
        lambda: console.language,
        str,
        console.board.put,
        {},
    )
    dialog = await scanning(context, qtbot, until)
    QTest.keyClicks(dialog.focusWidget(), shown_code(dialog))
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    await until(lambda: "Passed" in texts(dialog))
    assert light(dialog) is Light.OK


async def test_escape_stops_a_scan(context: Context, well: ShopFloor, qtbot: QtBot, until: Until) -> None:
    dialog = await scanning(context, qtbot, until)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def png() -> bytes:
    out = BytesIO()
    Image.new("1", (576, 400), 1).save(out, "PNG")
    return out.getvalue()


class Simulated:
    """The demo's simulated scanner, as the window sees it."""

    def __init__(self) -> None:
        self.faults: Mapping[Subject, Sequence[str]] = {COUNTER: ("mute",)}
        self.codes: list[tuple[Subject, str]] = []

    def profile_in(self, profile: StoreProfile, language: str) -> StoreProfile:
        raise AssertionError(language)

    def active(self, subject: Subject) -> Sequence[str]:
        return ()

    def set_fault(self, subject: Subject, fault: str, on: bool) -> None:
        raise AssertionError(fault)

    def scan(self, subject: Subject, code: str, paper: bool = False) -> None:
        self.codes.append((subject, code))

    def weigh(self, subject: Subject, kilograms: float) -> None:
        raise AssertionError(kilograms)

    def printed(self, subject: Subject) -> bytes | None:
        return png() if subject == FRONT else None


async def test_in_the_demo_the_simulated_scanner_can_read_it(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    demo = well.console.demo = Simulated()
    dialog = await scanning(context, qtbot, until)
    button(dialog, "Let the simulated scanner read it (Alt+S)").click()
    assert demo.codes == [(COUNTER, shown_code(dialog))]


async def test_nothing_is_cut_off_nameless_or_too_small(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot, FRONT)
    await until(lambda: not cut_off(dialog))
    assert (nameless(dialog), too_small(dialog)) == ([], [])
    start(dialog, LOOK)
    await until(lambda: "Scan the QR code" in texts(dialog) and not cut_off(dialog))
    assert (nameless(dialog), too_small(dialog)) == ([], [])
    button(dialog, "No scanner at hand (Alt+N)").click()
    await until(lambda: QUESTION in texts(dialog) and not cut_off(dialog))
    assert (nameless(dialog), too_small(dialog)) == ([], [])
    button(dialog, "Yes").click()
    await until(lambda: "Passed" in texts(dialog) and not cut_off(dialog))
    assert (nameless(dialog), too_small(dialog)) == ([], [])
    scan = await scanning(context, qtbot, until)
    await until(lambda: not cut_off(scan))
    assert (nameless(scan), too_small(scan)) == ([], [])


def scan_of(code: str) -> Scan:
    return Scan(code, "enter", datetime.now(UTC), 0.05)


async def asked_to_scan(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until, level: str = PRINT
) -> SelftestDialog:
    dialog = opened(context, qtbot, FRONT)
    start(dialog, level)
    await until(lambda: "Scan the QR code" in texts(dialog))
    return dialog


@pytest.mark.parametrize("level", [PRINT, LOOK])
async def test_a_page_that_a_scanner_reads_back_needs_no_verdict_of_a_person(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until, level: str
) -> None:
    dialog = await asked_to_scan(context, well, qtbot, until, level)
    (page,) = well.devices[FRONT].printed
    well.devices[COUNTER].scanned.put_nowait(scan_of(page.code))
    await until(lambda: "Passed" in texts(dialog))
    assert "A+" in texts(dialog).splitlines()
    assert "read the printed code back" in texts(dialog)


async def test_without_a_scanner_at_hand_the_person_is_asked(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    dialog = await asked_to_scan(context, well, qtbot, until, LOOK)
    assert (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], [])
    button(dialog, "No scanner at hand (Alt+N)").click()
    await until(lambda: QUESTION in texts(dialog))
    assert "Scan the QR code" not in texts(dialog)


async def test_the_keys_of_a_typing_scanner_prove_the_page_and_press_nothing(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    console, typing = well.console, KeyboardScanner(well.clock)
    console.typed = typing.typed
    console.selftest = SelftestService(
        "x", Roster({FRONT: well.devices[FRONT], COUNTER: typing}), well.table, well.clock,
        lambda: console.language, str, console.board.put, {},
    )  # fmt: skip
    dialog = await asked_to_scan(context, well, qtbot, until, LOOK)
    QTest.keyClicks(dialog.focusWidget(), well.devices[FRONT].printed[0].code)
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Return)
    await until(lambda: "A+" in texts(dialog).splitlines())


@pytest.mark.usefixtures("no_scanner")
async def test_in_the_demo_the_printed_page_is_shown_beside_the_question_and_in_the_result(
    context: Context, well: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    well.console.demo = Simulated()
    dialog = opened(context, qtbot, FRONT)
    start(dialog, LOOK)
    await until(lambda: any(visible(dialog, Paper)))
    assert QUESTION in texts(dialog)
    assert (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], [])
    button(dialog, "Yes").click()
    await until(lambda: "Passed" in texts(dialog))
    (paper,) = dialog.findChildren(Paper)
    assert paper.width() > 288
