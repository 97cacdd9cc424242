"""A device that is plugged in while the window is open offers itself above the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from console.domain.discovery import Found
from console.domain.profile import StoreProfile
from console.services.plugs import Plugs
from console.ui.dialogs.entry import EntryDialog
from console.ui.main_window import MainWindow
from console.ui.widgets.plugged_bar import PluggedBar
from tests.ui.conftest import Until
from tests.ui.own_file import give_file
from tests.ui.seen import button, cut_off, nameless, texts, too_small, visible
from tests.ui.store import ShopFloor

ZEBRA = Found(
    "printer", "usb://04b8:0202", "EPSON TM-T88V", "documented",
    '[[printer]]\nname = "04b8-0202"\naddress = "usb://04b8:0202"\nprotocol = "auto"\n',
)  # fmt: skip
PORT = Found(
    "scanner", "serial:///dev/ttyACM3", "", "guess",
    '[[scanner]]\nname = "ttyacm3"\naddress = "serial:///dev/ttyACM3"\n',
)  # fmt: skip


@dataclass
class Sockets:
    """What is plugged in, as the store's services hear of it."""

    there: list[Found] = field(default_factory=list)
    tell: Callable[[], None] = lambda: None

    def watch(self, changed: Callable[[], None]) -> Callable[[], object]:
        self.tell = changed
        return lambda: None

    def becomes(self, *there: Found) -> None:
        self.there[:] = there
        self.tell()


@pytest.fixture
async def shop(
    floor: ShopFloor, failures: list[BaseException], tmp_path: Path, until: Until
) -> AsyncIterator[tuple[MainWindow, Sockets]]:
    """A window with a file of its own, and the sockets of its computer."""
    await asyncio.to_thread(give_file, floor, tmp_path)
    console, sockets = floor.console, Sockets()
    console.plugs = plugs = Plugs(
        console.profile, console.monitor, sockets.watch, lambda: tuple(sockets.there),
        lambda error, where: failures.append(error), 0.01,
    )  # fmt: skip
    window = MainWindow(floor.settings, lambda error, where: failures.append(error), console.language)
    window.show_starting()
    window.showNormal()
    window.resize(1024, 768)
    window.bind(console)
    plugs.start()
    await until(lambda: plugs.looked)
    yield window, sockets
    await plugs.stop()
    await window.shut_down()
    window.close()
    window.deleteLater()


def bar(window: MainWindow) -> PluggedBar | None:
    return next(visible(window, PluggedBar), None)


async def test_it_is_taken_up_with_what_is_known_of_it(
    shop: tuple[MainWindow, Sockets], until: Until
) -> None:
    window, sockets = shop
    profiles: list[StoreProfile] = []
    window.profile_changed.connect(profiles.append)
    assert bar(window) is None
    sockets.becomes(ZEBRA)
    await until(lambda: bar(window))
    shown = bar(window)
    assert shown is not None
    assert "EPSON TM-T88V" in texts(shown)
    assert (cut_off(shown), nameless(shown), too_small(shown)) == ([], [], [])
    shown.add.click()
    (dialog,) = window.findChildren(EntryDialog)
    assert dialog.isVisible()
    button(dialog, "保存").click()
    await until(lambda: profiles)
    assert [each.address for each in profiles[0].printer][-1] == "usb://04b8:0202"


async def test_it_goes_when_it_is_unplugged_or_put_away(
    shop: tuple[MainWindow, Sockets], until: Until
) -> None:
    window, sockets = shop
    sockets.becomes(ZEBRA, PORT)
    await until(lambda: bar(window))
    sockets.becomes(PORT)
    await until(lambda: "/dev/ttyACM3" in texts(window))
    shown = bar(window)
    assert shown is not None
    window.set_language("en")  # another frame, the same offer
    await until(lambda: "Is it a scanner?" in texts(window))
    shown = bar(window)
    assert shown is not None
    shown.put_away.click()
    assert bar(window) is None
