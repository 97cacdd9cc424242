"""Which driver is found for which entry."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

from console.domain.profile import (
    Display,
    Drawer,
    Printer,
    Rfid,
    Scale,
    Scanner,
    Store,
    StoreProfile,
    Terminal,
)
from console.drivers.display import SerialDisplay
from console.drivers.drawer import PrinterDrawer
from console.drivers.printer.driver import DirectPrinter
from console.drivers.registry import open_driver
from console.drivers.rfid.serial import SerialTagReader
from console.drivers.scale import SerialScale
from console.drivers.scanner.hid import HidScanner
from console.drivers.scanner.keyboard import KeyboardScanner
from console.drivers.scanner.serial import SerialScanner
from console.drivers.told import WithTold


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return time.monotonic()


PROFILE = StoreProfile(
    Store("x"),
    printer=(
        Printer("net", "tcp://192.0.2.1:9100"),
        Printer("wire", "serial:///dev/ttyUSB0?baud=19200", protocol="auto"),
        Printer("usb", "usb://04b8:0202"),
        Printer("cups", "cups://receipts"),
        Printer("star", "tcp://192.0.2.2:9100", protocol="star"),
        Printer("label", "tcp://192.0.2.3:9100", protocol="tspl"),
    ),
    scanner=(
        Scanner("keys", "keyboard:", suffix="tab"),
        Scanner("wire", "serial:///dev/ttyS1"),
        Scanner("hid", "hid://05e0:1200"),
        Scanner("usb", "usb://05e0:1200"),
    ),
    drawer=(Drawer("till", "net"),),
    display=(Display("pole", "serial:///dev/ttyS2"),),
    scale=(Scale("deli", "serial:///dev/ttyS3"),),
    rfid=(Rfid("tags", "serial:///dev/ttyS4"),),
    terminal=(Terminal("card", "192.0.2.60"),),
)
DRIVERS = {subject: open_driver(subject, entry, PROFILE, WallClock()) for subject, entry in PROFILE.entries()}


def test_each_entry_has_its_driver() -> None:
    kinds = {str(subject): type(driver) for subject, driver in DRIVERS.items()}
    assert kinds["printer:net"] is kinds["printer:star"] is DirectPrinter
    assert kinds["printer:wire"] is kinds["printer:usb"] is WithTold
    assert kinds["scanner:keys"] is KeyboardScanner
    assert kinds["scanner:wire"] is SerialScanner
    assert kinds["scanner:hid"] is kinds["scanner:usb"] is HidScanner
    assert kinds["drawer:till"] is PrinterDrawer
    assert kinds["scale:deli"] is SerialScale
    assert kinds["display:pole"] is SerialDisplay
    assert kinds["rfid:tags"] is SerialTagReader


async def test_what_is_examined_elsewhere_says_so() -> None:
    """A card terminal has no bytes of ours; `probes/terminal.py` examines it."""
    driver = next(driver for subject, driver in DRIVERS.items() if subject.kind == "terminal")
    (evidence,) = await driver.examine()
    assert evidence.signs == {"unsupported"}


def test_a_drawer_behind_an_unsupported_printer_is_no_accident() -> None:
    profile = StoreProfile(Store("x"), printer=(PROFILE.printer[3],), drawer=(Drawer("till", "cups"),))
    (_, _), (subject, entry) = profile.entries()
    assert isinstance(open_driver(subject, entry, profile, WallClock()), PrinterDrawer)


def test_the_registry_imports_no_driver_by_itself() -> None:
    code = (
        "import sys, console.drivers.registry;"
        "print([name for name in sys.modules if name == 'serial' or 'drivers.printer' in name])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
