"""A scanner that types into a real window, at its speed and beside a person (see test_on_screen.py)."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from console.domain.evidence import signs_of
from console.domain.lights import Light
from console.drivers.scanner.keyboard import KeyboardScanner
from console.platforms.clock import SystemClock
from console.ui.context import Context
from console.ui.main_window import MainWindow
from console.ui.widgets.light import LightShape
from tests.ui.screen import Till, focus, presses, scanned, scanning, texts_of, types, until
from tests.ui.seen import visible
from tests.ui.store import ShopFloor

pytestmark = [pytest.mark.screen, pytest.mark.parametrize("floor", ["en"], indirect=True)]


@pytest.mark.parametrize("delay", [1, 10])
async def test_the_code_on_the_screen_passes(context: Context, floor: ShopFloor, delay: int) -> None:
    till = await scanned(context, floor, lambda till: types(f"{till.code}\r", delay))
    await until(lambda: "Passed" in till.said)
    (shape,) = visible(till.dialog, LightShape)
    assert shape.light is Light.OK
    await till.end()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (str.swapcase, "Caps Lock"),
        (lambda code: code[:5] + code[6:], "are missing"),
        (lambda code: f"]C1{code}", "AIM identifier"),
    ],
    ids=["caps", "dropped", "prefix"],
)
async def test_what_is_wrong_is_named(
    context: Context, floor: ShopFloor, change: Callable[[str], str], words: str
) -> None:
    till = await scanned(context, floor, lambda till: types(change(till.code) + "\r"), 20)
    await until(lambda: "Failed" in till.said)
    assert words in till.said
    await till.end()


async def test_seven_thousand_keys_as_fast_as_they_go_all_arrive(context: Context, floor: ShopFloor) -> None:
    code = "PDF417 " * 1000
    till = await scanning(context, floor)
    await types(code, 0)
    await until(lambda: len(till.typed) >= len(code))
    assert till.typed == code
    times = [at for _, at in till.keys]
    assert times == sorted(times)
    await till.end()


async def test_control_characters_and_separators_are_the_codes_own(
    context: Context, floor: ShopFloor
) -> None:
    """GS as Ctrl+]; Ctrl+Q, Ctrl+L and Esc in the middle of a code neither quit nor stop anything."""
    keys = ["0", "1", "ctrl+bracketright", "2", "ctrl+q", "3", "ctrl+l", "4", "Escape", "5", "Return"]
    till = await scanned(context, floor, lambda _: presses(*keys), len(keys))
    await until(lambda: till.heard)
    assert texts_of(till.heard) == ["01\x1d2\x113\x0c4\x1b5"]
    await till.end()


async def test_escape_from_a_person_stops(context: Context, floor: ShopFloor) -> None:
    till = await scanning(context, floor)
    await presses("Escape")
    await until(lambda: not till.dialog.isVisible())
    await till.end()


async def test_a_window_that_was_busy_meanwhile_tears_no_code(context: Context, floor: ShopFloor) -> None:
    code = ""

    async def act(till: Till) -> None:
        nonlocal code
        code = till.code
        typing = asyncio.create_task(types(f"{code}\r", 10))
        await asyncio.sleep(0.05)
        threading.Event().wait(0.5)  # the whole window stands still
        await typing

    till = await scanned(context, floor, act)
    await until(lambda: till.heard)
    assert texts_of(till.heard) == [code]
    await till.end()


async def test_a_person_who_types_before_a_scan_is_no_part_of_it(context: Context, floor: ShopFloor) -> None:
    code = ""

    async def act(till: Till) -> None:
        nonlocal code
        code = till.code
        await types("hello", 150)
        await types(f"{code}\r", 2)

    till = await scanned(context, floor, act)
    await until(lambda: till.heard)
    assert texts_of(till.heard) == [code]
    await till.end()


async def test_a_person_who_types_during_a_scan_is_named(context: Context, floor: ShopFloor) -> None:
    till = await scanned(context, floor, lambda till: types(f"{till.code[:5]}w{till.code[5:]}\r", 8), 18)
    await until(lambda: "Failed" in till.said)
    assert "typed during the scan" in till.said
    await till.end()


async def test_two_scanners_at_once_are_no_good_scan(context: Context, floor: ShopFloor) -> None:
    async def act(till: Till) -> None:
        await asyncio.gather(types(f"{till.code}\r", 8), types("6901234567892000\r", 8))

    till = await scanned(context, floor, act, 34)
    await until(lambda: "Failed" in till.said)
    await till.end()


async def test_a_scanner_that_types_for_ever_ends_the_test(context: Context, floor: ShopFloor) -> None:
    till = await scanning(context, floor)
    await types("x" * 8200, 0)
    await until(lambda: "Failed" in till.said)
    await till.end()


async def test_keys_that_are_no_scan_reach_the_focused_field_unchanged(
    context: Context, floor: ShopFloor
) -> None:
    """A field of another window has the focus: it gets a person's keys and a scanner's, each once."""
    till = await scanning(context, floor)
    window = QWidget()
    field = QLineEdit()
    QVBoxLayout(window).addWidget(field)
    till.dialog.hide()
    window.show()
    await focus(window)
    field.setFocus()
    await types("Hello-/:@yz ", 80)
    await types("6901234567892", 1)
    await until(lambda: field.text().endswith("892"))
    assert field.text() == "Hello-/:@yz 6901234567892"
    assert till.heard == []
    await presses("BackSpace")
    await until(lambda: field.text().endswith("89"))
    window.close()
    await till.end()


async def test_a_scan_into_the_main_window_lights_its_scanner_and_is_taken_from_nobody(
    floor: ShopFloor, failures: list[BaseException]
) -> None:
    clock = SystemClock("Asia/Shanghai")
    driver = KeyboardScanner(clock)
    floor.console.clock, floor.console.typed = clock, driver.typed
    window = MainWindow(floor.settings, lambda error, where: failures.append(error), floor.console.language)
    window.show_starting()
    window.bind(floor.console)
    field = QLineEdit(window)
    field.show()
    field.setFocus()
    await focus(window)
    await types("by a person", 120)
    await until(lambda: field.text() == "by a person")
    assert "scanner.not_seen" in signs_of(await driver.examine())
    for _ in range(12):  # a busy machine does not always type at a scanner's speed
        field.clear()
        await types("6901234567892\r", 2)
        await until(lambda: field.text() == "6901234567892")
        if "scanner.scanned" in signs_of(await driver.examine()):
            break
    assert "scanner.scanned" in signs_of(await driver.examine())
    await window.shut_down()
    window.close()
    window.deleteLater()
