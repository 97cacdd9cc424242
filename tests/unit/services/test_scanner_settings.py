"""What is known of scanners' settings: a mend for each symptom and maker, and no code but certain ones."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from console.domain.evidence import Evidence
from console.domain.head import Head
from console.domain.scanner_settings import OTHER, Configuration, ScannerSettings
from console.domain.words import say
from console.services.codes import drawn, kind_of
from console.services.doctor_sheet import known_sheet, setting_sheet
from console.services.language import LANGUAGES, Language, diagnosis_table
from console.services.scanner_settings import maker_chosen, maker_told, scanner_settings

KNOWN = scanner_settings()
ALL = [
    (maker.key, setting, each)
    for maker in KNOWN.makers.values()
    for setting, several in maker.settings.items()
    for each in several
]
DRAWN = [(maker, each, code) for maker, _, each in ALL for code in each.drawn]
# The causes of the facts' symptom table, and whether the scanner's settings mend them or hands at the till.
SYMPTOMS = {
    "scanner.ime_on": False,
    "scanner.caps_lock": True,
    "scanner.layout": True,
    "scanner.missing_suffix": True,
    "scanner.wrong_suffix": True,
    "scanner.dropped_characters": True,
    "scanner.double_read": True,
    "scanner.extra_prefix": True,
    "scanner.missing_digit": True,
    "scanner.screen_unread": True,
    "scanner.slow": True,
    "scanner.misread": False,
}


def read(picture: Image.Image) -> Any:
    (found,) = zxingcpp.read_barcodes(picture)
    return found


def on_screen(code: str, init: bool) -> Image.Image:
    bars = drawn(kind_of(code, init), code, init)
    return Image.frombytes("L", (bars.width * 3, bars.tall * 3), bars.pixels(3))


def on_paper(rows: bytes, dots: int) -> Image.Image:
    inked = Image.frombytes("1", (dots, len(rows) * 8 // dots), bytes(~each & 0xFF for each in rows))
    paper = Image.new("L", (dots + 80, inked.height + 80), 255)
    paper.paste(inked, (40, 40))
    return paper


@pytest.mark.parametrize("suffix", ["enter", "tab", "lf", "crlf", "none"])
@pytest.mark.parametrize("maker", KNOWN.makers)
def test_every_cause_that_a_setting_mends_has_its_mend_for_every_maker(maker: str, suffix: str) -> None:
    for cause in KNOWN.mends:
        for setting, several in KNOWN.mend(cause, maker, suffix):
            assert several, (cause, setting)
            assert all(each.name for each in several)


@pytest.mark.parametrize("cause", SYMPTOMS)
def test_every_symptom_is_mended_by_a_setting_or_by_hand(cause: str) -> None:
    assert (cause in KNOWN.mends) is SYMPTOMS[cause]
    for language in map(Language, LANGUAGES):
        assert [each for each in language.cause(cause).todo if not each.doctor]


def test_nothing_is_mended_that_no_scan_can_show() -> None:
    assert KNOWN.mends.keys() <= {each.cause for each in diagnosis_table().rules}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_has_a_title_in_each_language(language: str) -> None:
    wanted = {setting for several in KNOWN.mends.values() for setting in several}
    assert wanted == set(KNOWN.titles)
    assert all(each[language] for each in KNOWN.titles.values())


@pytest.mark.parametrize(("maker", "each", "code"), DRAWN)
def test_a_code_that_is_drawn_reads_as_it_must(maker: str, each: Configuration, code: str) -> None:
    assert each.source, (maker, each.name)
    for picture in (on_screen(code, each.init), *paper_of(each)):
        found = read(picture)
        assert (found.text, found.format) == (code, zxingcpp.BarcodeFormat.Code128)
        assert not each.init or "ReaderInit" in found.extra
    # zxing-cpp sees FNC3 in a check symbol of the same value too: a real one makes the code longer.
    kind = kind_of(code, each.init)
    assert (drawn(kind, code, each.init).width > drawn(kind, code).width) is each.init


def paper_of(each: Configuration) -> list[Image.Image]:
    sheet = setting_sheet(str, each.name, each.drawn, each.init)
    return [
        on_paper(rows, head.dots) for head in (Head.of(58), Head.of(80)) for _, rows in sheet.pictures(head)
    ]


@pytest.mark.parametrize(("maker", "setting", "each"), ALL)
def test_no_code_is_drawn_that_a_second_source_does_not_confirm(
    maker: str, setting: str, each: Configuration
) -> None:
    assert each.drawn == (each.codes if each.checked else ())
    assert not each.checked or each.codes


def test_the_makers_of_a_till_are_known_and_some_codes_are_certain() -> None:
    assert {"honeywell", "zebra", "datalogic", "newland", OTHER} <= KNOWN.makers.keys()
    assert {maker for maker, _, _ in DRAWN} == {"datalogic", "honeywell", "netum_2d", "netum_ccd", "zebra"}
    wanted = dict(KNOWN.mend("scanner.wrong_suffix", "netum_ccd", "tab"))["suffix"]
    assert [each.codes for each in wanted] == [("0212@\t",)]


def test_a_suffix_that_a_maker_does_not_name_falls_back_to_its_setting() -> None:
    data = {
        "mends": {"scanner.missing_suffix": ["suffix"]},
        "setting": {},
        "maker": {"x": {"name": "X", "manual": "", "set": {"suffix": [{"name": "any"}]}}},
    }
    ((setting, (found,)),) = ScannerSettings.of(data).mend("scanner.missing_suffix", "x", "tab")
    assert (setting, found.name) == ("suffix", "any")


@pytest.mark.parametrize(
    ("address", "maker"),
    [
        ("hid://0c2e:0b81", "honeywell"),
        ("hid://05E0:1200", "zebra"),
        ("hid://05f9:4204", "datalogic"),
        ("hid://1eab:0c03", "newland"),
        ("hid://ffff:0001", None),
        ("keyboard://0c2e:0b81", "honeywell"),
        ("keyboard:", None),
    ],
)
def test_usb_numbers_tell_the_maker(address: str, maker: str | None) -> None:
    assert maker_told(address, ()) == maker


def told(**facts: str) -> Evidence:
    words = say("The scanner answered")
    return Evidence("scanner.descriptor", "x", words, datetime.now(UTC), 0.1, frozenset(), facts)


@pytest.mark.parametrize(
    ("facts", "maker"),
    [
        ({"ManufacturerName": "Symbol Technologies, Inc, 2008"}, "zebra"),
        ({"ManufacturerName": "Newland Auto-ID"}, "newland"),
        ({"ManufacturerName": "NETUM"}, None),  # two families with different codes
        ({"ManufacturerName": "Other"}, None),
        ({"expected": "TK-1", "arrived": "jTK-1"}, "honeywell"),  # its code ID for Code 128
        ({"expected": "TK-1", "arrived": "DTK-1"}, None),  # Honeywell's EAN-8 or Zebra's Code 128
        ({"expected": "TK-1", "arrived": "TK-1"}, None),
    ],
)
def test_what_a_scanner_tells_and_sends_names_its_maker(facts: dict[str, str], maker: str | None) -> None:
    assert maker_told("keyboard:", [told(**facts)]) == maker


def test_two_makers_at_once_name_none() -> None:
    assert maker_told("hid://05e0:1200", [told(expected="TK-1", arrived="jTK-1")]) is None


def test_an_answer_to_honeywells_question_tells_the_maker_and_a_persons_choice_counts_more() -> None:
    signs, words = frozenset({"scanner.identified"}), say("The scanner answered")
    answered = Evidence("scanner.revinf", "x", words, datetime.now(UTC), 0.1, signs)
    serial = "serial:///dev/ttyS1"
    assert maker_told(serial, [answered]) == "honeywell"
    assert maker_chosen("", serial, [answered]) == "honeywell"
    assert maker_chosen("netum_2d", serial, [answered]) == "netum_2d"
    assert maker_chosen("gone", serial, ()) == OTHER


@pytest.mark.parametrize("code", ["TP-47110081/y:@z", "2801234567891"])
@pytest.mark.parametrize("paper", [58, 80])
def test_the_known_code_reads_from_paper(code: str, paper: int) -> None:
    head = Head.of(paper)
    ((caption, rows),) = known_sheet(str, code).pictures(head)
    assert caption == code
    assert read(on_paper(rows, head.dots)).text == code
