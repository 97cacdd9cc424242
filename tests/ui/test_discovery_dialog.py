"""The search for devices."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QProgressBar
from pytestqt.qtbot import QtBot

from console.domain.discovery import Found
from console.domain.errors import BadInput
from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.profile import Printer, StoreProfile
from console.domain.subjects import NETWORK
from console.domain.words import say
from console.ui.context import Context
from console.ui.dialogs.discovery import DiscoveryDialog
from console.ui.dialogs.entry import EntryDialog
from tests.ui.conftest import Until
from tests.ui.own_file import Search, give_file, written
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import ShopFloor

pytestmark = pytest.mark.parametrize("floor", ["en"], indirect=True)

NEW = Found(
    "printer", "tcp://192.0.2.9:9100", "TM-T88V", "probed",
    '[[printer]]\nname = "front"\naddress = "tcp://192.0.2.9:9100"\npaper = 58\n',
)  # fmt: skip
KNOWN = Found(
    "printer", "tcp://192.0.2.50:9100", "", "guess",
    '[[printer]]\nname = "printer"\naddress = "tcp://192.0.2.50:9100"\n',
)  # fmt: skip


@pytest.fixture
def search(floor: ShopFloor) -> Search:
    made = Search([NEW, KNOWN])
    asked: list[str | None] = []

    def searchers(cidr: str | None) -> list[Search]:
        asked.append(cidr)
        return [made]

    floor.console.searchers = searchers
    made.asked = asked  # type: ignore[attr-defined]
    return made


@pytest.fixture
def path(floor: ShopFloor, tmp_path: Path) -> Path:
    return give_file(floor, tmp_path)


def opened(context: Context, qtbot: QtBot) -> DiscoveryDialog:
    dialog = DiscoveryDialog(context)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.open()
    return dialog


async def test_this_computer_is_searched_at_once_and_the_network_only_when_asked(
    context: Context, search: Search, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot)
    await until(lambda: "printer · TM-T88V" in texts(dialog))
    assert "tcp://192.0.2.9:9100 · it answered" in texts(dialog)
    assert search.asked == [None]  # type: ignore[attr-defined]
    (lan,) = visible(dialog, QCheckBox)
    lan.click()
    (cidr,) = visible(dialog, QLineEdit)
    QTest.keyClicks(cidr, "192.0.2.77/24")
    assert "256 addresses in 192.0.2.0/24" in texts(dialog)
    button(dialog, "Search").click()
    await until(lambda: len(search.asked) == 2)  # type: ignore[attr-defined]
    assert search.asked[1] == "192.0.2.0/24"  # type: ignore[attr-defined]


async def test_a_wide_network_is_searched_only_after_a_second_press(
    context: Context, search: Search, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot)
    await until(lambda: "printer · TM-T88V" in texts(dialog))
    next(visible(dialog, QCheckBox)).click()
    cidr = next(visible(dialog, QLineEdit))
    QTest.keyClicks(cidr, "192.0.0.0/22")
    button(dialog, "Search").click()
    assert "1024 addresses, more than a shop's network usually has" in texts(dialog)
    cidr.clear()
    QTest.keyClicks(cidr, "192.0.0.0/23")  # another one is asked about anew
    button(dialog, "Search").click()
    assert search.asked == [None]  # type: ignore[attr-defined]
    await until(lambda: cut_off(dialog) == [])
    button(dialog, "Yes, search it all").click()
    await until(lambda: search.asked == [None, "192.0.0.0/23"])  # type: ignore[attr-defined]


async def test_the_tills_own_network_is_proposed(
    context: Context, search: Search, floor: ShopFloor, qtbot: QtBot
) -> None:
    facts = {"address": "192.0.2.77", "prefix": "25"}
    seen = Evidence("address", "", say("x"), floor.clock.now(), 0.0, frozenset(), facts)
    floor.console.board.put(Finding(NETWORK, Light.OK, evidence=(seen,)))
    dialog = opened(context, qtbot)
    assert dialog.findChild(QLineEdit).text() == "192.0.2.0/25"  # type: ignore[union-attr]


@pytest.mark.parametrize("typed", ["", "192.0.2", "shop", "192.0.2.0/99"])
async def test_no_network_no_search(
    context: Context, search: Search, qtbot: QtBot, until: Until, typed: str
) -> None:
    dialog = opened(context, qtbot)
    await until(lambda: not list(visible(dialog, QProgressBar)))
    next(visible(dialog, QCheckBox)).click()
    QTest.keyClicks(next(visible(dialog, QLineEdit)), typed)
    assert not button(dialog, "Search").isEnabled()
    assert "Write a network such as 192.168.1.0/24" in texts(dialog)


async def test_a_search_shows_what_it_does_and_stops_when_told(
    context: Context, search: Search, qtbot: QtBot, until: Until
) -> None:
    search.held.clear()
    dialog = opened(context, qtbot)
    await until(lambda: "Asking 192.0.2.9" in texts(dialog))
    assert list(visible(dialog, QProgressBar))
    button(dialog, "Stop").click()
    await until(lambda: search.stopped)
    await until(lambda: button(dialog, "Search").isEnabled())
    assert not list(visible(dialog, QProgressBar))


async def test_closing_stops_the_search(context: Context, search: Search, qtbot: QtBot, until: Until) -> None:
    search.held.clear()
    dialog = opened(context, qtbot)
    await until(lambda: "Asking 192.0.2.9" in texts(dialog))
    dialog.reject()
    await until(lambda: search.stopped)


async def test_what_is_known_cannot_be_added_twice(
    context: Context, search: Search, qtbot: QtBot, until: Until, path: Path
) -> None:
    dialog = opened(context, qtbot)
    await until(lambda: "Added" in texts(dialog))
    assert not button(dialog, "Added").isEnabled()
    assert button(dialog, "Add…").isEnabled()


async def test_a_found_device_is_added_with_a_free_name_and_the_window_hears_of_it_once(
    context: Context, search: Search, qtbot: QtBot, until: Until, path: Path
) -> None:
    dialog = opened(context, qtbot)
    told: list[StoreProfile] = []
    dialog.profile_changed.connect(told.append)
    await until(lambda: "TM-T88V" in texts(dialog))
    button(dialog, "Add…").click()
    (entry,) = dialog.findChildren(EntryDialog)
    button(entry, "Save").click()
    await until(lambda: "Add…" not in texts(dialog))
    assert (await written(path)).printer[-1] == Printer("front-2", "tcp://192.0.2.9:9100", paper=58)
    assert told == []
    button(dialog, "Close").click()
    assert told == [await written(path)]


async def test_nothing_found_says_what_to_look_at(
    context: Context, search: Search, qtbot: QtBot, until: Until
) -> None:
    search.found = []
    dialog = opened(context, qtbot)
    await until(lambda: "Nothing was found" in texts(dialog))


async def test_trouble_is_told_in_words(
    context: Context, search: Search, qtbot: QtBot, until: Until, floor: ShopFloor
) -> None:
    def refuse(cidr: str | None) -> list[Search]:
        raise BadInput(say('"{value}" is larger than /22', value="10.0.0.0/8"))

    floor.console.searchers = refuse
    dialog = opened(context, qtbot)
    await until(lambda: '"10.0.0.0/8" is larger than /22' in texts(dialog))


async def test_the_demo_finds_but_keeps_nothing(
    context: Context, search: Search, qtbot: QtBot, until: Until
) -> None:
    dialog = opened(context, qtbot)
    await until(lambda: "TM-T88V" in texts(dialog))
    assert not button(dialog, "Add…").isEnabled()
    assert "The demo store cannot keep devices." in texts(dialog)
    assert (cut_off(dialog), nameless(dialog), too_small(dialog)) == ([], [], [])
