"""Counters and wear on a device's page, paper that ends soon, and the drawer's contact."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from console.domain.errors import TillkeeperError
from console.domain.models import CUTS, HOURS, LINES
from console.domain.paper import ROLL
from console.domain.profile import StoreProfile
from console.domain.wear import Reading
from console.domain.words import say
from console.storage.profile_file import ProfileFile
from console.ui.context import Context
from console.ui.dialogs.drawer_sense import DrawerSenseDialog
from console.ui.dialogs.entry_fields import EntryFields
from console.ui.pages.today import TodayPage
from console.ui.theme import Theme
from console.ui.widgets.device_detail import DeviceDetail
from console.ui.widgets.meter import Curve, Meter
from console.ui.widgets.paper_card import PaperCard
from console.ui.widgets.wear_card import WearCard
from tests.ui.conftest import Until
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import FRONT, TILL, ShopFloor

english = pytest.mark.parametrize("floor", ["en"], indirect=True)
both = pytest.mark.parametrize("floor", ["zh_CN", "en"], indirect=True)
HOUR = timedelta(hours=1)


def lines(root: QWidget) -> list[str]:
    return texts(root).splitlines()


def content(file: Path) -> str:
    return file.read_text("utf-8")


def worn(floor: ShopFloor, weeks: int = 3, an_hour: int = 200) -> None:
    """Weeks of hourly readings, a roll of 4000 lines changed when it ends, 3400 of the present one fed."""
    now, hours = floor.clock.now(), weeks * 7 * 24
    kept = floor.book.kept.setdefault(FRONT, [])
    for n in range(hours + 1):
        at, lines = now - (hours - n) * HOUR, 2_000_000 + n * an_hour
        kept += [
            Reading(at, LINES, lines, "A1"),
            Reading(at, CUTS, 1_600_000 + n * 8, "A1"),
            Reading(at, HOURS, 9_000 + n, "A1"),
        ]
        left = (hours - n) * an_hour - 3400
        if left >= 0 and left % 4000 == 0:
            kept.append(Reading(at, ROLL, lines, "A1"))


async def known(floor: ShopFloor) -> None:
    await floor.console.wear.keep(FRONT, {"ModelName": "TM-T90", "ManufacturerName": "EPSON"}, {})


@pytest.fixture
def card(context: Context, qtbot: QtBot) -> WearCard:
    made = WearCard(context, FRONT)
    qtbot.addWidget(made)
    made.resize(600, 700)
    made.show()
    return made


@english
async def test_an_empty_state_that_teaches(card: WearCard, until: Until) -> None:
    card.read()
    await until(lambda: any(text.startswith("No counter was read yet") for text in lines(card)))
    assert any("once a new roll was put in" in text for text in lines(card))
    assert not list(visible(card, Meter))


@english
async def test_parts_with_bars_words_and_sources(card: WearCard, floor: ShopFloor, until: Until) -> None:
    worn(floor)
    await known(floor)
    card.read()
    await until(lambda: list(visible(card, Meter)))
    shown = lines(card)
    assert "1.6 million of 2 million cuts (80 %)" in shown
    assert "8.9 of 150 km (6 %)" in shown
    assert any("TM-T90 Specification" in text and "documented" in text for text in shown)
    assert any(text.startswith("Used up about 20") for text in shown)
    assert {each.accessibleName() for each in list(visible(card, Meter))} == {
        "Print head: 8.9 of 150 km (6 %)",
        "Cutter: 1.6 million of 2 million cuts (80 %)",
    }
    assert all(each.accessibleName() for each in list(visible(card, Curve)))


@english
async def test_the_paper_and_its_band(card: WearCard, floor: ShopFloor, until: Until) -> None:
    worn(floor)
    await known(floor)
    card.read()
    # 600 lines are left at 200 an hour, and it is 09:32
    await until(
        lambda: any(text.startswith("Paper lasts until about 12:32 (between") for text in lines(card))
    )


@english
async def test_a_pressed_new_roll_is_kept(card: WearCard, floor: ShopFloor, until: Until) -> None:
    button(card, "New roll is in").click()
    await until(lambda: any(each.name == ROLL for each in floor.book.kept.get(FRONT, [])))
    await until(lambda: any(text.startswith("New roll: 09:32; 0 lines") for text in lines(card)))


@both
async def test_what_was_odd_is_told(card: WearCard, floor: ShopFloor, until: Until) -> None:
    now = floor.clock.now()
    floor.book.kept[FRONT] = [
        Reading(now - 2 * HOUR, CUTS, 500_000, "A1"),
        Reading(now - HOUR, CUTS, 12, "A1"),
        Reading(now, CUTS, 90, "B2"),
    ]
    card.read()
    told = {
        "zh_CN": "09:32：这里换了一台打印机，从它自己的计数算起",
        "en": "09:32: another printer stands here; its own count begins",
    }
    await until(lambda: told[floor.console.language.code] in lines(card))


@english
async def test_without_a_database_one_clear_note(card: WearCard, floor: ShopFloor, until: Until) -> None:
    floor.book.trouble = TillkeeperError(say("the disk is full"))
    card.read()
    await until(lambda: "Wear is not kept: the disk is full" in lines(card))
    assert sum("disk is full" in text for text in lines(card)) == 1


@english
async def test_what_is_known_of_a_model_unfolds(card: WearCard, floor: ShopFloor, until: Until) -> None:
    worn(floor)
    await known(floor)
    card.read()
    await until(lambda: any("Model: Epson TM-T90" in text for text in lines(card)))
    documented = "GS g 2: 148, 149, 178, 198 (documented: Epson ESC/POS"
    probed = "it tells 3 of them (found out by asking the printer)"
    assert not any(text.startswith(documented) for text in lines(card))
    button(card, "What is known of this model").click()
    assert any(text.startswith(documented) for text in lines(card))
    assert probed in lines(card)


@both
@pytest.mark.parametrize("theme", ["light", "dark", "contrast"])
async def test_nothing_is_cut_off_or_nameless(
    floor: ShopFloor, context: Context, qtbot: QtBot, until: Until, theme: str
) -> None:
    worn(floor)
    await known(floor)
    context.theme = Theme.named(theme)
    shown = DeviceDetail(context, FRONT)
    qtbot.addWidget(shown)
    shown.resize(560, 700)
    shown.show()
    await until(lambda: list(visible(shown, Meter)))
    assert [*nameless(shown), *cut_off(shown), *too_small(shown)] == []
    shown.grab()  # painted without an error


@english
async def test_today_tells_of_paper_that_ends_soon(
    floor: ShopFloor, context: Context, qtbot: QtBot, until: Until
) -> None:
    worn(floor)
    await known(floor)
    page = TodayPage(context)
    qtbot.addWidget(page)
    page.resize(928, 704)
    page.show()
    await asyncio.sleep(0)
    await page.paper.read()
    assert not list(visible(page, PaperCard))  # three hours are not soon
    kept = floor.book.kept[FRONT]
    kept.append(Reading(floor.clock.now(), LINES, kept[-3].value + 300, "A1"))
    await page.paper.read()
    assert [each.startswith("Paper lasts until about") for each in lines(page.paper)].count(True) == 1


def shown_models(holder: QWidget) -> list[str]:
    boxes = holder.findChildren(QComboBox)
    (models,) = [box for box in boxes if box.accessibleName() == "Model"]
    return [models.itemText(n) for n in range(models.count())]


@english
async def test_the_form_of_a_printer_offers_models(context: Context, qtbot: QtBot) -> None:
    fields = EntryFields(context, "printer", context.console.profile, {"name": "x", "model": "Epson TM-T90"})
    qtbot.addWidget(fields)
    assert shown_models(fields)[0] == "Find out by itself"
    assert "Epson TM-T90" in shown_models(fields)
    assert fields.texts()["model"] == "Epson TM-T90"


# --- the drawer's contact


@pytest.fixture
def file(tmp_path: Path, floor: ShopFloor) -> Path:
    path = tmp_path / "store.toml"
    path.write_text(
        '[store]\nname = "店"\n[[printer]]\nname = "front" # by the door\naddress = "tcp://192.0.2.50:9100"\n'
        '[[drawer]]\nname = "till"\nprinter = "front"\n',
        "utf-8",
    )
    floor.console.editor = ProfileFile(path)
    floor.console.profile_path = path
    return path


@pytest.fixture
def lesson(context: Context, qtbot: QtBot) -> Iterator[DrawerSenseDialog]:
    dialog = DrawerSenseDialog(context, TILL, None)
    dialog.open()
    yield dialog
    if isValid(dialog):  # it deletes itself when it closes
        dialog.close()


@english
async def test_two_presses_learn_the_contact_and_settings_can_undo(
    lesson: DrawerSenseDialog, floor: ShopFloor, file: Path, until: Until
) -> None:
    floor.devices[TILL].level = "high"
    saved: list[StoreProfile] = []
    lesson.saved.connect(saved.append)
    button(lesson, "The drawer is closed now").click()
    await until(lambda: "Closed: the contact is high" in lines(lesson))
    floor.devices[TILL].level = "low"  # opened by its key
    button(lesson, "It is open now").click()
    await until(lambda: "The contact is high when closed and low when open" in lines(lesson))
    assert "low" not in content(file)  # nothing is written before the last press
    button(lesson, "Save").click()
    await until(lambda: saved)
    assert saved[0].printer[0].drawer_sense == "low"
    assert "# by the door" in content(file)
    assert "changed\t前台打印机" in floor.settings["profile.last_change"]
    assert floor.devices[TILL].pulses == 0


@english
async def test_a_pulse_only_by_the_press_that_names_it(
    lesson: DrawerSenseDialog, floor: ShopFloor, until: Until
) -> None:
    button(lesson, "The drawer is closed now").click()
    await until(lambda: "Step 2 of 2" in lines(lesson))
    assert floor.devices[TILL].pulses == 0
    button(lesson, "Open 钱箱 now").click()
    await until(lambda: floor.devices[TILL].pulses == 1)
    await until(lambda: button(lesson, "It is open now").isEnabled())
    button(lesson, "It is open now").click()
    await until(lambda: "The profile says the same already: nothing to change." in lines(lesson))


@english
async def test_equal_levels_write_none_only_when_the_person_agrees(
    lesson: DrawerSenseDialog, floor: ShopFloor, file: Path, until: Until
) -> None:
    button(lesson, "The drawer is closed now").click()
    await until(lambda: "Step 2 of 2" in lines(lesson))
    button(lesson, "It is open now").click()
    await until(lambda: any("nothing is wired to it" in text for text in lines(lesson)))
    assert "none" not in content(file)
    button(lesson, "Nothing is wired: save that").click()
    await until(lambda: 'drawer_sense = "none"' in content(file))


@english
async def test_a_printer_that_tells_no_contact_teaches_nothing(
    lesson: DrawerSenseDialog, floor: ShopFloor, until: Until
) -> None:
    floor.devices[TILL].level = None
    button(lesson, "The drawer is closed now").click()
    await until(lambda: any("see to the printer first" in text for text in lines(lesson)))
    assert button(lesson, "The drawer is closed now").isEnabled()
