"""What is plugged into this computer now, as the system knows it; of a USB device its name is asked."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from console.domain.discovery import Found
from console.domain.errors import TillkeeperError
from console.drivers.entries import found
from console.drivers.transports import usb_hid, usb_interface

# Makers of scanners (USB vendor numbers), and words by which others call theirs; any other keyboard is one to
# type on. 0c2e Honeywell, 05e0 Zebra, 05f9 Datalogic, 1eab Newland, 065a Opticon (the last one unchecked).
_MAKERS = frozenset({0x0C2E, 0x05E0, 0x05F9, 0x1EAB, 0x065A})
_WORDS = ("scan", "barcode", "bar code", "2d imager")


def plugged() -> list[Found]:
    """Serial ports, USB printers, HID POS scanners and keyboards that are scanners. Blocks shortly."""
    return [*_ports(), *_on_usb(), *keyboard_scanners()]


def _ports() -> Iterator[Found]:
    for device, description in system_ports():
        yield found("scanner", f"serial://{device}", ("", description), "guess")


def _on_usb() -> Iterator[Found]:
    with contextlib.suppress(TillkeeperError):  # no library for USB
        for kind, devices in (("printer", usb_printers()), ("scanner", hid_scanners())):
            for address, name in devices:
                yield found(kind, address, ("", name), "documented")


def keyboard_scanners() -> Iterator[Found]:
    """Keyboards whose maker or name says that they are scanners."""
    if sys.platform != "linux":
        return
    from console.drivers.transports.input_device import keyboards, which_of

    there = [each for each in keyboards() if _is_scanner(each.vendor, each.name)]
    for each in there:
        alike = [other for other in there if (other.vendor, other.product) == (each.vendor, each.product)]
        which = f"/{which_of(each, alike)}" if len(alike) > 1 else ""
        address = f"keyboard://{each.vendor:04x}:{each.product:04x}{which}"
        yield found("scanner", address, ("", each.name), "guess")


def _is_scanner(vendor: int, name: str) -> bool:
    return vendor in _MAKERS or any(word in name.lower() for word in _WORDS)


def system_ports() -> Sequence[tuple[str, str]]:
    """Each serial port of this computer with what the system calls it."""
    from serial.tools.list_ports import comports

    return [(port.device, port.description or "") for port in comports()]


def usb_printers() -> list[tuple[str, str]]:
    """Each printer's address and what it calls itself; Unreachable without a library for USB."""
    printers = (each for each in usb_interface.devices() if usb_interface.is_printer(each))
    return list(_told_apart("usb", printers))


def hid_scanners() -> list[tuple[str, str]]:
    """Each HID POS scanner's address and what it calls itself; Unreachable without a library for USB."""
    return list(_told_apart("hid", usb_hid.scanners()))


def _told_apart(scheme: str, devices: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Each device's address, with what tells it apart where another one has the same, and its name."""
    groups: dict[str, list[Any]] = {}
    for device in devices:
        groups.setdefault(f"{scheme}://{device.idVendor:04x}:{device.idProduct:04x}", []).append(device)
    for address, alike in groups.items():
        for device in alike:
            which = usb_interface.which_of(device, alike) if len(alike) > 1 else ""
            yield f"{address}/{which}" if which else address, usb_interface.name_of(device)
