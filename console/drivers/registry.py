"""Which driver speaks to which device: two tables of names that are imported when first needed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import replace
from functools import partial
from importlib import import_module
from operator import attrgetter
from typing import Any
from urllib.parse import unquote
from weakref import WeakValueDictionary

from console.domain.addresses import Address, parse_address
from console.domain.models import Models
from console.domain.ports import Clock, Connect, Examiner, PushingPrinter, Transport
from console.domain.profile import Display, Drawer, Entry, Printer, Rfid, Scale, Scanner, StoreProfile
from console.domain.subjects import Subject
from console.domain.words import say
from console.drivers.told import Told, WithTold

TRANSPORTS = {
    "tcp": "console.drivers.transports.tcp:TcpTransport.at",
    "serial": "console.drivers.transports.serial_speed:at",
    "usb": "console.drivers.transports.usb:UsbTransport.at",
    "hid": "console.drivers.transports.usb_hid:HidTransport.at",
    "keyboard": "console.drivers.transports.keyboard:at",
}
LANGUAGES = {  # of printers
    "escpos": "console.drivers.printer.escpos.language:Escpos",
    "star": "console.drivers.printer.star.language:Star",
    "tspl": "console.drivers.printer.tspl.language:Tspl",
    "zpl": "console.drivers.printer.zpl.language:Zpl",
}
LABELS = frozenset({"tspl", "zpl"})  # languages that must know a label's size
DRIVERS = {
    ("printer", "ipp"): "console.drivers.printer.ipp.driver:IppPrinter",
    ("printer", "windows"): "console.drivers.printer.windows:WindowsPrinter",
    ("scanner", "serial"): "console.drivers.scanner.serial:SerialScanner",
    ("scanner", "hid"): "console.drivers.scanner.hid:HidScanner",
    ("scanner", "keyboard"): "console.drivers.scanner.keys:KeysScanner",
    ("scanner", "typing"): "console.drivers.scanner.keyboard:KeyboardScanner",
    ("drawer", "printer"): "console.drivers.drawer:PrinterDrawer",
    ("scale", "serial"): "console.drivers.scale:SerialScale",
    ("display", "serial"): "console.drivers.display:SerialDisplay",
    ("rfid", "serial"): "console.drivers.rfid.serial:SerialTagReader",
    ("rfid", "keyboard"): "console.drivers.rfid.keyboard:KeyboardTagReader",
    ("rfid", "pcsc"): "console.drivers.rfid.pcsc:CardReader",
}

# A printer, the drawer behind it and a self-test use one line, so they stand in one queue, kept by address.
_turns: WeakValueDictionary[str, Any] = WeakValueDictionary()


def open_driver(
    subject: Subject,
    entry: Entry,
    profile: StoreProfile,
    clock: Clock,
    connect: Connect | None = None,
    turns: MutableMapping[str, Any] = _turns,
    models: Callable[[], Models] = Models,
) -> Examiner:
    """The driver for `entry`; for a kind or protocol that has none, an examiner that says so.

    `models` gives what is known of printers; it is asked off the loop, when a printer is first identified.

    Nothing is opened yet. What comes back for a printer is a `PrinterDriver`, for a scanner a
    `ScannerDriver`. `connect` puts something else than `connector` between driver and device, a recorder
    or a recording; the latter has `turns` of its own.
    """
    connect = connect or connector
    match entry:
        case Printer():
            return _printer(entry, clock, connect, turns, models)
        case Scanner():
            return _scanner(entry, clock, connect)
        case Drawer():
            behind = next(printer for printer in profile.printer if printer.name == entry.printer)
            printer: Examiner = _printer(behind, clock, connect, turns, models)
            sense = behind.drawer_sense
            drawer: Examiner = _load(DRIVERS["drawer", "printer"])(printer, clock, sense, entry.pin)
            return drawer
        case Scale():
            way = connect(parse_address(entry.address, "scale"), {})
            scale: Examiner = _load(DRIVERS["scale", "serial"])(way, clock, entry.protocol)
            return scale
        case Display():
            way = connect(parse_address(entry.address, "display"), {})
            shown: Examiner = _load(DRIVERS["display", "serial"])(way, clock, entry.protocol, entry.chinese)
            return shown
        case Rfid():
            return _tag_reader(entry, clock, connect)
        case _:
            return _unsupported(clock, subject.kind, getattr(entry, "address", ""))


def connector(address: Address, told: Told | None = None) -> Callable[[], Transport]:
    """What makes a transport to `address` for each opening; KeyError for a scheme without one.

    What the openings learn of the line goes into `told`.
    """
    at = _load(TRANSPORTS[address.scheme])
    told = {} if told is None else told
    return lambda: at(address, told)


def speaker(
    language: str,
    clock: Clock,
    traits: frozenset[str] = frozenset(),
    answer_seconds: float | None = None,
    label_mm: tuple[int, int] | None = None,
) -> Any:
    """The `Language` of that name; label printers want `label_mm`; KeyError where there is none."""
    more: dict[str, Any] = {} if answer_seconds is None else {"answer_seconds": answer_seconds}
    if language in LABELS and label_mm is not None:
        more["size"] = label_mm
    return _load(LANGUAGES[language])(clock, traits, **more)


def _printer(
    entry: Printer,
    clock: Clock,
    connect: Connect,
    turns: MutableMapping[str, Any],
    models: Callable[[], Models],
) -> Examiner:
    from console.drivers.printer.auto import AutoPrinter
    from console.drivers.printer.driver import DirectPrinter, Turn

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
    if address.scheme not in TRANSPORTS or entry.protocol not in {*LANGUAGES, "auto"}:
        return _unsupported(clock, "printer", f"{entry.protocol} {address.scheme}:")
    line = {"tcp": "network"}.get(address.scheme, address.scheme)
    traits = frozenset({f"line.{line}", f"drawer.open_{entry.drawer_sense}"})
    turn = turns.setdefault(entry.address, Turn())
    told: Told = turn.told
    opening = connect(address, told)
    if turns is _turns:  # a recording has nothing but its own line
        turn.wary.other = _no_label_printer(address, told)

    def speak(language: str) -> DirectPrinter:
        spoken = speaker(language, clock, traits, label_mm=entry.label_mm)
        if hasattr(spoken, "model_of"):  # a language whose questions differ from model to model
            spoken.model_of = lambda identity: models().find(entry.model, identity)
        return DirectPrinter(opening, spoken, clock, entry.paper, turn, hold=entry.hold)

    auto = entry.protocol == "auto"
    printer: PushingPrinter = (
        AutoPrinter(opening, speak, clock, turn, traits, hold=entry.hold) if auto else speak(entry.protocol)
    )
    if address.scheme == "tcp":
        return printer
    look = None  # a recording has no other speeds
    if turns is _turns and address.scheme == "serial" and address.option("baud", "") != "auto":
        look = partial(_load("console.drivers.transports.serial_speed:look_for_speed"), address, told)
    return WithTold(printer, told, clock, turn.lock, look)


def _no_label_printer(address: Address, told: Told) -> Callable[[], Awaitable[bool]] | None:
    """What tells that a printer for receipts or paper stands at `address`, before its language is known."""
    if address.scheme == "tcp":
        return lambda: _load("console.drivers.printer.office:is_office_printer")(address.place)
    if address.scheme == "usb":
        return lambda: _load("console.drivers.printer.office:calls_itself_another")(told)
    return None


def _scanner(entry: Scanner, clock: Clock, connect: Connect) -> Examiner:
    address = parse_address(entry.address, "scanner")
    if address.scheme == "usb":  # the same way; a scanner on USB speaks HID POS
        address = replace(address, scheme="hid")
    if entry.types_here:
        typing: Examiner = _load(DRIVERS["scanner", "typing"])(clock, entry.suffix)
        return typing
    told: Told = {}
    more = {} if address.scheme == "serial" else {"told": told}
    way = connect(address, told)
    opened: Examiner = _load(DRIVERS["scanner", address.scheme])(way, clock, entry.suffix, **more)
    return opened


def _tag_reader(entry: Rfid, clock: Clock, connect: Connect) -> Examiner:
    address = parse_address(entry.address, "rfid")
    driver = _load(DRIVERS["rfid", address.scheme])
    opened: Examiner = {
        "serial": lambda: driver(connect(address, {}), clock, entry.protocol),
        "keyboard": lambda: driver(clock),
        "pcsc": lambda: driver(unquote(address.place), clock),
    }[address.scheme]()
    return opened


def _unsupported(clock: Clock, kind: str, what: str) -> Examiner:
    from console.drivers.unsupported import UnsupportedDevice

    meaning = {
        "printer": say(
            "This program speaks ESC/POS, Star, TSPL and ZPL to printers on tcp:, serial: and usb: addresses,"
            " and to print queues on ipp:, cups: and windows: addresses, nothing else yet"
        ),
    }.get(kind, say("This program cannot check this kind of device yet"))
    return UnsupportedDevice(clock, f"{kind} {what}", meaning)


def _load(name: str) -> Any:
    module, _, attribute = name.partition(":")
    return attrgetter(attribute)(import_module(module))
