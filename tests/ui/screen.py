"""A real X server without a screen, keys from it, and a whole self-test in front of them.

Only for tests marked `screen`, which test_on_screen.py runs in a process that sees such a server.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.scan import Scan
from console.drivers.scanner.keyboard import KeyboardScanner
from console.platforms.clock import SystemClock
from console.services.roster import Roster
from console.services.selftest import SelftestService
from console.ui.context import Context
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.widgets.barcode import Barcode
from tests.ui.seen import button, texts, visible
from tests.ui.store import COUNTER, ShopFloor

SECONDS = 60.0  # that a busy machine may need for thousands of keys
QUIET_SECONDS = 0.3
STEADY_SECONDS = 0.035
TRIES = 12


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(SECONDS):
        while not condition():  # noqa: ASYNC110 - what is waited for is seen, not signalled
            await asyncio.sleep(0.01)


async def xdotool(*words: str, standard_input: str = "") -> None:
    """What a person or a scanner does at this X server."""
    process = await asyncio.create_subprocess_exec("xdotool", *words, stdin=asyncio.subprocess.PIPE)
    await process.communicate(standard_input.encode())
    assert process.returncode == 0


async def types(text: str, delay: int = 1) -> None:
    """Each key down and up, `delay` milliseconds a key; Enter and Tab as scanners send them."""
    await xdotool("type", "--delay", str(delay), "--file", "-", standard_input=text)


async def presses(*keys: str) -> None:
    """Keys by their names, such as ctrl+bracketright."""
    await xdotool("key", "--delay", "1", *keys)


async def focus(widget: QWidget) -> None:
    """There is no window manager: the server is told which window has the keys."""
    window = widget.window()
    await until(lambda: window.windowHandle() is not None and window.windowHandle().isExposed())
    await xdotool("windowfocus", str(int(window.winId())))
    await until(lambda: QApplication.activeWindow() is window)


@dataclass
class Till:
    """A running self-test of a scanner that types, its keys with their time, and the codes made of them."""

    context: Context
    dialog: SelftestDialog
    driver: KeyboardScanner
    heard: list[Scan]
    keys: list[tuple[str, float]]
    following: asyncio.Task[None]

    @property
    def code(self) -> str:
        """The code on the screen."""
        return next(visible(self.dialog, Barcode)).code

    @property
    def said(self) -> str:
        """What the dialog says."""
        return texts(self.dialog)

    @property
    def typed(self) -> str:
        """Every key that arrived."""
        return "".join(text for text, _ in self.keys)

    async def quiet(self) -> None:
        """Wait until no more keys come."""
        seen = -1
        while seen != len(self.keys):
            seen = len(self.keys)
            await asyncio.sleep(QUIET_SECONDS)

    def steady(self, last: int) -> bool:
        """Whether the last so many keys came at a scanner's speed; a busy machine does not always type so."""
        times = [at for _, at in self.keys[-last:]]
        return all(later - earlier < STEADY_SECONDS for earlier, later in pairwise(times))

    async def end(self) -> None:
        """Stop it while the loop still runs; each test does that last."""
        self.following.cancel()
        self.dialog.done(0)
        await until(lambda: self.following.done() and not self.context._tasks)
        self.dialog.deleteLater()


async def scanning(context: Context, floor: ShopFloor) -> Till:
    """The real driver, services and dialog, with real time, waiting for the code on the screen."""
    console, clock = floor.console, SystemClock("Asia/Shanghai")
    driver = KeyboardScanner(clock)
    keys: list[tuple[str, float]] = []

    def typed(text: str, at: float) -> None:
        keys.append((text, at))
        driver.typed(text, at)

    console.clock, console.typed = clock, typed
    console.selftest = SelftestService(
        "x", Roster({COUNTER: driver}), floor.table, clock, lambda: console.language, str,
        console.board.put, {},
    )  # fmt: skip
    dialog = SelftestDialog(context, COUNTER)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    heard: list[Scan] = []
    dialog.open()
    await focus(dialog)
    button(dialog, "Scan a code from this screen").click()
    button(dialog, "Start").click()
    await until(lambda: "Waiting for the code" in texts(dialog))
    following = asyncio.create_task(_follow(driver, heard.append))
    return Till(context, dialog, driver, heard, keys, following)


async def scanned(
    context: Context, floor: ShopFloor, act: Callable[[Till], Awaitable[None]], last: int = 17
) -> Till:
    """A self-test into which `act` typed; begun anew where the machine typed the last keys too slowly."""
    for _ in range(TRIES):
        till = await scanning(context, floor)
        await act(till)
        await till.quiet()
        if till.steady(last):
            return till
        await till.end()
    raise AssertionError("this machine is too busy to type at a scanner's speed")


async def _follow(driver: KeyboardScanner, heard: Callable[[Scan], None]) -> None:
    async for scan in driver.scans(lambda: None):
        heard(scan)


def texts_of(scans: Sequence[Scan]) -> list[str]:
    """What was scanned."""
    return [each.text for each in scans]
