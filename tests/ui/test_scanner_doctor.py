"""The scanner doctor, as a person goes through it: one scan, the cause, the mend, one more scan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from console.domain.head import Head
from console.domain.lights import Light
from console.domain.ports import CodesPage
from console.domain.scan import Scan, on_paper
from console.domain.selftest import Grade, Proof
from console.domain.symbology import is_gtin
from console.domain.words import say
from console.drivers.scanner.keyboard import KeyboardScanner
from console.services.documents import selftest_document
from console.services.language import Language
from console.services.roster import Roster
from console.services.scanner_settings import scanner_settings
from console.services.selftest import SelftestService
from console.ui.context import Context
from console.ui.dialogs.scanner_doctor import ScannerDoctor
from console.ui.pages.devices import DevicesPage
from console.ui.widgets.barcode import Barcode
from console.ui.widgets.device_detail import DeviceDetail
from console.ui.widgets.light import LightShape
from console.ui.widgets.mend_card import MendCard, SettingShown
from console.ui.widgets.now_card import NowCard
from console.ui.widgets.scan_comparison import ScanComparison
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import COUNTER, FRONT, ShopFloor

english = pytest.mark.parametrize("floor", ["en"], indirect=True)


@pytest.fixture
def doctor(context: Context, floor: ShopFloor, qtbot: QtBot) -> ScannerDoctor:
    """Not open yet: it begins at once, and that needs the running loop of a test."""
    floor.show(COUNTER, Light.OK)
    return made(context, qtbot)


def made(context: Context, qtbot: QtBot) -> ScannerDoctor:
    dialog = ScannerDoctor(context, COUNTER)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    return dialog


def shown_code(root: QWidget) -> str:
    return next(visible(root, Barcode)).code


async def listening(dialog: ScannerDoctor, until: Until) -> str:
    """The code, as soon as the scanner is listened to."""
    if not dialog.isVisible():
        dialog.open()
    waiting = dialog.text(say("Waiting for the code: {seconds} s left", seconds=60))
    await until(lambda: waiting in texts(dialog))
    return shown_code(dialog)


async def scanned(
    dialog: ScannerDoctor,
    floor: ShopFloor,
    until: Until,
    change: Callable[[str], str] = str,
    suffix: str = "enter",
) -> str:
    """Let what `change` makes of the shown code arrive, and wait for the verdict."""
    code = await listening(dialog, until)
    scan = Scan(change(code), suffix, floor.clock.now(), 0.16)
    floor.devices[COUNTER].scanned.put_nowait(scan)
    await until(lambda: button_of(dialog, "Scan once more"))
    return code


def button_of(dialog: ScannerDoctor, source: str) -> bool:
    return dialog.text(say(source)) in texts(dialog).splitlines()


LETTERS = "A code with letters, digits and signs"


def choose(dialog: ScannerDoctor, code: str) -> None:
    """Scan another kind of code."""
    button(dialog, "Another code…").click()
    button(dialog, code).click()
    button(dialog, "Start").click()


def again(dialog: ScannerDoctor) -> None:
    button(dialog, dialog.text(say("Scan once more"))).click()


def light(dialog: ScannerDoctor) -> Light:
    return next(visible(dialog, LightShape)).light


@english
async def test_the_code_is_there_at_once_and_only_escape_ends_it(doctor: ScannerDoctor, until: Until) -> None:
    code = await listening(doctor, until)
    assert code.startswith("TK-")
    QTest.keyClick(doctor.focusWidget(), Qt.Key.Key_Escape)
    assert not doctor.isVisible()


@english
async def test_a_scan_is_compared_place_by_place_and_its_causes_are_ranked(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    code = await scanned(doctor, floor, until, str.swapcase, "tab")
    read = texts(doctor)
    (both,) = visible(doctor, ScanComparison)
    assert both.told == "▲ 5 changed"
    assert both.accessibleName().startswith(f"Shown: {code}; Arrived: {code.swapcase()}")
    assert read.index("1 · Caps Lock is on") < read.index("2 · The wrong key ends a scan")
    assert light(doctor) is Light.FAULT
    assert floor.console.board.finding(COUNTER).cause == "scanner.caps_lock"


@english
async def test_the_window_finds_what_the_command_line_finds(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await scanned(doctor, floor, until, lambda code: f"]C1{code.swapcase()}", "none")
    result = floor.console.selftest.last(COUNTER)
    assert result is not None
    document = selftest_document(result, floor.console.language)
    told = [each["cause"] for each in document["candidates"]]
    assert len(told) == 3
    titles = [floor.console.language.cause(each).title for each in told]
    found = [each for each in texts(doctor).splitlines() if " · " in each and each[0].isdigit()]
    assert [each.split(" · ")[1] for each in found] == titles
    assert document["passed"] is False


@english
async def test_the_next_scan_ticks_what_is_mended_and_turns_the_light(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await scanned(doctor, floor, until, str.swapcase, "tab")
    again(doctor)
    await scanned(doctor, floor, until, str, "tab")
    assert "Mended: Caps Lock is on. The scan at 09:32 proves it." in texts(doctor)
    assert "The wrong key ends a scan" in texts(doctor)
    assert floor.console.board.finding(COUNTER).light is Light.ATTENTION
    again(doctor)
    await scanned(doctor, floor, until)
    assert "Mended: The wrong key ends a scan. The scan at 09:32 proves it." in texts(doctor)
    assert "Passed" in texts(doctor)
    assert light(doctor) is Light.OK
    assert floor.console.board.finding(COUNTER).light is Light.OK


@english
async def test_what_comes_again_is_not_mended(doctor: ScannerDoctor, floor: ShopFloor, until: Until) -> None:
    await scanned(doctor, floor, until, str.swapcase)
    again(doctor)
    await scanned(doctor, floor, until)
    assert "Mended: Caps Lock is on" in texts(doctor)
    again(doctor)
    await scanned(doctor, floor, until, str.swapcase)
    assert "Mended" not in texts(doctor)


@english
async def test_silence_proves_nothing(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    await scanned(doctor, floor, until, str.swapcase)
    monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 0.01)
    monkeypatch.setattr("console.services.scan_test.PAPER_WAIT", 0.01)
    again(doctor)
    await until(lambda: "It could not be told" in texts(doctor))
    assert "Mended" not in texts(doctor)
    assert "The scanner does not answer" in texts(doctor)


@english
async def test_an_article_number_shows_a_digit_that_is_not_sent(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await scanned(doctor, floor, until)
    choose(doctor, "An article number (EAN-13)")
    code = await scanned(doctor, floor, until, lambda code: code[:-1])
    assert is_gtin(code)
    read = texts(doctor)
    assert "✕ 1 missing" in read
    language = floor.console.language
    assert language.cause("scanner.missing_digit").title in read
    assert language.cause("scanner.dropped_characters").title in read  # it may also be that
    assert language.test("scan_again") in read
    choose(doctor, LETTERS)
    await scanned(doctor, floor, until)
    assert "Mended" not in texts(doctor)  # this code cannot show it
    assert floor.console.board.finding(COUNTER).cause == "scanner.missing_digit"
    choose(doctor, "An article number (EAN-13)")
    await scanned(doctor, floor, until)
    assert "Mended: The first or last digit is missing" in texts(doctor)
    assert floor.console.board.finding(COUNTER).light is Light.OK


@english
async def test_a_number_that_begins_with_0_shows_a_zero_that_is_not_sent(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await listening(doctor, until)
    button(doctor, "Stop").click()
    await until(lambda: button_of(doctor, "Start"))
    button(doctor, "An article number that begins with 0").click()
    button(doctor, "Start").click()
    code = await scanned(doctor, floor, until, lambda code: code[1:])
    assert code.startswith("0")
    assert floor.console.board.finding(COUNTER).cause == "scanner.missing_digit"


@english
async def test_digits_alone_do_not_clear_caps_lock(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await scanned(doctor, floor, until, str.swapcase, "none")
    choose(doctor, "An article number (EAN-13)")
    await scanned(doctor, floor, until)
    finding = floor.console.board.finding(COUNTER)
    assert [each.cause for each in finding.candidates] == ["scanner.caps_lock"]  # the Enter has come now


@english
async def test_a_strangers_code_is_not_shown(doctor: ScannerDoctor, floor: ShopFloor, until: Until) -> None:
    await scanned(doctor, floor, until, lambda _: "134567890123456789")
    assert "134567890123456789" not in texts(doctor)
    assert not list(visible(doctor, ScanComparison))
    assert "Another code arrived. It may be somebody's, so only its kind and length are kept." in texts(
        doctor
    )


async def mended_by(doctor: ScannerDoctor, maker: str) -> MendCard:
    card = next(visible(doctor, MendCard))
    card.makers.setCurrentIndex(card.makers.findData(maker))
    return card


@english
async def test_the_makers_code_is_drawn_where_it_is_certain_and_named_where_not(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await scanned(doctor, floor, until, suffix="none")
    await mended_by(doctor, "netum_2d")
    assert shown_code(doctor) == "3030052"
    await mended_by(doctor, "honeywell")
    assert shown_code(doctor) == "~VSUFCR."
    await mended_by(doctor, "datalogic")
    assert not list(visible(doctor, Barcode))
    assert "Set Global Suffix: 0, D" in texts(doctor)
    assert "a wrong code can spoil a scanner" in texts(doctor)
    await mended_by(doctor, "newland")  # its contents are known, but not confirmed
    assert not list(visible(doctor, Barcode))
    assert "@TSUENA1 @TSUSET0D" in texts(doctor)


@english
async def test_the_suffix_is_the_one_that_the_till_wants(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    scanners = tuple(replace(each, suffix="tab") for each in floor.console.profile.scanner)
    floor.console.profile = replace(floor.console.profile, scanner=scanners)
    floor.devices[COUNTER].suffix = "tab"
    dialog = made(context, qtbot)
    await scanned(dialog, floor, until)
    await mended_by(dialog, "netum_2d")
    assert shown_code(dialog) == "3030053"


@english
async def test_the_maker_is_kept_for_this_scanner(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await scanned(doctor, floor, until, suffix="none")
    assert next(visible(doctor, MendCard)).makers.currentData() == "other"
    await mended_by(doctor, "netum_ccd")
    again(doctor)
    await scanned(doctor, floor, until, suffix="none")
    assert next(visible(doctor, MendCard)).makers.currentData() == "netum_ccd"
    assert floor.settings["scanner-maker.counter"] == "netum_ccd"


@english
async def test_one_scanner_has_one_maker_for_all_its_causes(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await scanned(doctor, floor, until, lambda code: f"]C1{code.swapcase()}", "none")
    await mended_by(doctor, "netum_ccd")
    assert [each.makers.currentData() for each in visible(doctor, MendCard)] == ["netum_ccd"] * 3
    assert "0212@" in [each.code.strip() for each in visible(doctor, Barcode)]


@english
async def test_of_several_codes_one_is_shown_at_a_time(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await scanned(doctor, floor, until, lambda code: code * 2)
    await mended_by(doctor, "netum_2d")
    assert [each.code for each in visible(doctor, Barcode)] == ["3030C91"]
    QTest.keyClick(button(doctor, "Same Code Delay: Delay 3s"), Qt.Key.Key_Space)
    assert [each.code for each in visible(doctor, Barcode)] == ["3030C93"]


@english
async def test_a_scanner_that_types_its_setting_presses_nothing_and_is_told_apart(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    floor.settings.put("scanner-maker.counter", "netum_2d")
    await scanned(doctor, floor, until, suffix="none")
    area = doctor.focusWidget()
    assert isinstance(area, SettingShown)
    QTest.keyClicks(area, "3030052")
    QTest.keyClick(area, Qt.Key.Key_Return)
    assert "The scanner typed the code instead of obeying it" in texts(doctor)
    assert doctor.isVisible()
    QTest.keyClick(area, Qt.Key.Key_Tab)
    assert doctor.focusWidget() is not area  # the keyboard is not caught


@english
async def test_one_press_prints_the_copy_on_a_named_printer(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    code = await listening(doctor, until)
    button(doctor, "Print it on: 前台打印机").click()
    await until(lambda: "前台打印机 has the code" in texts(doctor))
    (page,) = floor.devices[FRONT].printed
    assert isinstance(page, CodesPage)
    ((caption, _),) = page.pictures(Head.of(80))
    assert caption == on_paper(code)
    scan = Scan(on_paper(code), "enter", floor.clock.now(), 0.1)
    floor.devices[COUNTER].scanned.put_nowait(scan)
    await until(lambda: f"Read from paper. Now scan the code {code} on this screen" in texts(doctor))


@english
async def test_a_scanner_that_reads_paper_alone_is_told_so(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = await listening(doctor, until)
    floor.devices[COUNTER].scanned.put_nowait(Scan(on_paper(code), "enter", floor.clock.now(), 0.1))
    await until(lambda: "Read from paper" in texts(doctor))
    button(doctor, "Stop").click()
    await until(lambda: button_of(doctor, "Start"))
    monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 1.5)
    button(doctor, "Start").click()
    code = await listening(doctor, until)
    floor.devices[COUNTER].scanned.put_nowait(Scan(on_paper(code), "enter", floor.clock.now(), 0.1))
    await until(lambda: button_of(doctor, "Scan once more"))
    assert "The scanner reads paper, but no screen" in texts(doctor)
    assert [each.told for each in visible(doctor, ScanComparison)] == ["No place differs"]


@english
async def test_a_printer_that_printed_nothing_says_why(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    floor.devices[FRONT].proof = Proof(Grade.E, say("Only the bytes were accepted"))
    await listening(doctor, until)
    button(doctor, "Print it on: 前台打印机").click()
    await until(lambda: "前台打印机: Only the bytes were accepted" in texts(doctor))


TYPED: list[tuple[str, Callable[[str], str], str, str]] = [
    ("caps", str.swapcase, "\r", "scanner.caps_lock"),
    ("layout", lambda code: code.translate(str.maketrans("yz-/:@", 'zy/&>"')), "\r", "scanner.layout"),
    ("none", str, "", "scanner.missing_suffix"),
    ("tab", str, "\t", "scanner.wrong_suffix"),
    ("lost", lambda code: code[:4] + code[6:], "\r", "scanner.dropped_characters"),
    ("twice", lambda code: f"{code}\r{code}", "\r", "scanner.double_read"),
    ("aim", lambda code: f"]C1{code}", "\r", "scanner.extra_prefix"),
]


@english
@pytest.mark.parametrize(
    ("change", "end", "cause"), [each[1:] for each in TYPED], ids=[each[0] for each in TYPED]
)
async def test_a_typing_scanners_trouble_is_found_from_its_keys_in_the_window(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until,
    change: Callable[[str], str], end: str, cause: str,
) -> None:  # fmt: skip
    console, clock = floor.console, floor.clock
    driver = KeyboardScanner(clock)
    console.typed = driver.typed
    console.selftest = SelftestService(
        "x", Roster({COUNTER: driver}), floor.table, clock, lambda: console.language, str,
        console.board.put, {},
    )  # fmt: skip
    dialog = made(context, qtbot)
    code = await listening(dialog, until)
    area = dialog.focusWidget()
    keys = {"\r": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}
    for each in change(code) + end:
        if each in keys:
            QTest.keyClick(area, keys[each])
        else:
            QTest.keyClicks(area, each)
    clock.advance(0.3)  # the silence after a code that has no end key
    await until(lambda: button_of(dialog, "Scan once more"))
    result = console.selftest.last(COUNTER)
    assert result is not None
    assert result.finding.cause == cause


@english
async def test_the_device_card_leads_to_the_doctor_and_so_does_the_cause(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    page = DevicesPage(context)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    floor.show(COUNTER, "scanner.missing_suffix")
    page.show_subject(COUNTER)
    (detail,) = visible(page, DeviceDetail)
    button(detail, "Scanner doctor…").click()  # among the steps against the cause, and nowhere else
    (dialog,) = page.window().findChildren(ScannerDoctor)
    assert dialog.isVisible()
    dialog.reject()
    floor.show(COUNTER, Light.OK)
    page.show_subject(COUNTER)
    await until(lambda: "Solved" in texts(detail))
    button(detail, "Scanner doctor…")  # now where every device has its test


@english
async def test_today_leads_to_the_doctor(
    context: Context, floor: ShopFloor, qtbot: QtBot, until: Until
) -> None:
    floor.morning({COUNTER: "scanner.ime_on"})
    card = NowCard(context)
    qtbot.addWidget(card)
    card.show()
    button(card, "Scanner doctor…").click()
    (dialog,) = card.findChildren(ScannerDoctor)
    code = await listening(dialog, until)
    assert code
    dialog.reject()
    floor.show(COUNTER, "scanner.not_found")  # no scan can tell more of it
    card.refresh()
    await until(lambda: "Scanner doctor…" not in texts(card))


@english
async def test_stopping_leads_to_the_choice_of_the_code_and_back(doctor: ScannerDoctor, until: Until) -> None:
    await listening(doctor, until)
    button(doctor, "Stop").click()
    await until(lambda: "Which code shall be scanned?" in texts(doctor))
    button(doctor, "An article number (EAN-13)").click()
    button(doctor, "Start").click()
    assert is_gtin(await listening(doctor, until))


@pytest.mark.parametrize("floor", ["zh_CN", "en"], indirect=True)
async def test_nothing_is_cut_off_nameless_or_too_small(
    doctor: ScannerDoctor, floor: ShopFloor, until: Until
) -> None:
    await listening(doctor, until)
    await until(lambda: not cut_off(doctor))
    assert (nameless(doctor), too_small(doctor)) == ([], [])
    await scanned(doctor, floor, until, lambda code: f"]C1{code.swapcase()}", "none")
    for maker in scanner_settings().makers:
        await mended_by(doctor, maker)
        await until(lambda: not cut_off(doctor))
        assert (nameless(doctor), too_small(doctor)) == ([], [])


def test_the_advice_names_the_button_as_it_stands_there() -> None:
    for code in ("zh_CN", "en"):
        language = Language(code)
        press = language.text(say("Scanner doctor…"))
        for cause in scanner_settings().mends:
            assert all(press in each.text for each in language.cause(cause).todo if each.doctor)
