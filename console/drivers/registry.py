"""Which driver speaks to which device: two tables of names that are imported when first needed."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any
from weakref import WeakValueDictionary

from console.domain.ports import Clock, Examiner, Transport
from console.domain.profile import Address, Drawer, Entry, Printer, Scanner, StoreProfile, parse_address
from console.domain.subjects import Subject
from console.domain.words import say

TRANSPORTS = {
    "tcp": "console.drivers.transports.tcp:TcpTransport",
    "serial": "console.drivers.transports.serial:SerialTransport",
}
DRIVERS = {
    ("printer", "escpos"): "console.drivers.printer.escpos:EscposPrinter",
    ("printer", "auto"): "console.drivers.printer.escpos:EscposPrinter",
    ("printer", "ipp"): "console.drivers.printer.ipp.driver:IppPrinter",
    ("printer", "windows"): "console.drivers.printer.windows:WindowsPrinter",
    ("scanner", "serial"): "console.drivers.scanner.serial:SerialScanner",
    ("scanner", "keyboard"): "console.drivers.scanner.keyboard:KeyboardScanner",
    ("drawer", "printer"): "console.drivers.drawer:PrinterDrawer",
}

# A printer, the drawer behind it and a self-test use one line, so they stand in one queue, kept by address.
_turns: WeakValueDictionary[str, Any] = WeakValueDictionary()


def open_driver(subject: Subject, entry: Entry, profile: StoreProfile, clock: Clock) -> Examiner:
    """The driver for `entry`; for a kind or protocol that has none, an examiner that says so.

    Nothing is opened yet. What comes back for a printer is a `PrinterDriver`, for a scanner a
    `ScannerDriver`.
    """
    match entry:
        case Printer():
            return _printer(entry, clock)
        case Scanner():
            return _scanner(entry, clock)
        case Drawer():
            behind = next(printer for printer in profile.printer if printer.name == entry.printer)
            printer: Examiner = _printer(behind, clock)
            sense = behind.drawer_sense
            drawer: Examiner = _load(DRIVERS["drawer", "printer"])(printer, clock, sense)
            return drawer
        case _:
            return _unsupported(clock, subject.kind, getattr(entry, "address", ""))


def connector(address: Address) -> Callable[[], Transport]:
    """What makes a transport to `address` for each opening; KeyError for a scheme without one."""
    way = _load(TRANSPORTS[address.scheme])
    return lambda: way.at(address)


def _printer(entry: Printer, clock: Clock) -> Examiner:
    address = parse_address(entry.address, "printer")
    if address.scheme in ("ipp", "cups"):
        place = _load("console.drivers.printer.ipp.place:place_of")(address)
        by_ipp: Examiner = _load(DRIVERS["printer", "ipp"])(place, clock, entry.protocol, entry.paper)
        return by_ipp
    if address.scheme == "windows":
        by_spooler: Examiner = _load(DRIVERS["printer", "windows"])(
            address, clock, entry.protocol, entry.paper
        )
        return by_spooler
    if address.scheme not in TRANSPORTS or ("printer", entry.protocol) not in DRIVERS:
        return _unsupported(clock, "printer", f"{entry.protocol} {address.scheme}:")
    line = "line.serial" if address.scheme == "serial" else "line.network"
    traits = frozenset({line, f"drawer.open_{entry.drawer_sense}"})
    turn = _turns.setdefault(entry.address, _load("console.drivers.printer.escpos:Turn")())
    driver = _load(DRIVERS["printer", entry.protocol])
    opened: Examiner = driver(connector(address), clock, entry.paper, traits, turn)
    return opened


def _scanner(entry: Scanner, clock: Clock) -> Examiner:
    address = parse_address(entry.address, "scanner")
    if ("scanner", address.scheme) not in DRIVERS:
        return _unsupported(clock, "scanner", f"{address.scheme}:")
    driver = _load(DRIVERS["scanner", address.scheme])
    way = () if address.scheme == "keyboard" else (connector(address),)
    opened: Examiner = driver(*way, clock, entry.suffix)
    return opened


def _unsupported(clock: Clock, kind: str, what: str) -> Examiner:
    from console.drivers.unsupported import UnsupportedDevice

    meaning = {
        "printer": say(
            "This program speaks ESC/POS to printers on tcp: and serial: addresses, and to print queues on "
            "ipp:, cups: and windows: addresses, nothing else yet"
        ),
        "scanner": say(
            "This program listens to scanners on keyboard: and serial: addresses, nothing else yet"
        ),
    }.get(kind, say("This program cannot check this kind of device yet"))
    return UnsupportedDevice(clock, f"{kind} {what}", meaning)


def _load(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return getattr(import_module(module), attribute)
