"""A HID POS scanner on USB: `hid://VENDOR:PRODUCT` in hexadecimal, with `/SERIAL` where two are alike.

What is heard first is the report descriptor, after that each piece is one input report. HID 1.11: section 7.1
Get_Descriptor, 7.2 Get_Report and Set_Report.
"""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from typing import Any

from console.domain.errors import ProtocolError, Unreachable, Unsupported
from console.domain.ports import Heard
from console.domain.words import say
from console.drivers.codecs.hid_pos import REDIRECTION, Descriptor, read_descriptor
from console.drivers.told import Fact
from console.drivers.transports import hidraw
from console.drivers.transports.usb import UsbTransport
from console.drivers.transports.usb_interface import (
    SLICE_MS,
    UsbInterface,
    active_configuration,
    devices,
    socket_of,
)

_HID_CLASS, _INTERRUPT = 3, 3
_GET_DESCRIPTOR, _REPORT_DESCRIPTOR = 6, 0x22
_GET_REPORT, _SET_REPORT, _FEATURE = 1, 9, 3
_STANDARD_IN, _CLASS_IN, _CLASS_OUT = 0x81, 0xA1, 0x21
_LARGEST = 4096  # bytes of a report descriptor
_CONTROL_MS = 300
_IDENTITY = {"ManufacturerName": "iManufacturer", "ModelName": "iProduct", "SerialNumber": "iSerialNumber"}


class HidInterface(UsbInterface):
    """A claimed HID interface whose reports are a scanner's."""

    scheme = "hid"
    rule = "installer/udev/70-tillkeeper-hid-scanners.rules"

    def __init__(self, device: Any) -> None:
        super().__init__(device)
        self.descriptor = b""
        self._reports: Descriptor | None = None
        self._redirected: bytes | None = None  # what the feature report said before us

    def _claim(self, name: str) -> None:
        configuration = active_configuration(self._device)
        for interface, end in _candidates(configuration):
            known = _known(self._device, configuration, interface)
            if known is not None and not is_scanner(known):
                continue
            self._interface, self._in = interface, end
            self._take_over(configuration.bConfigurationValue, hidraw.left_alone)
            self.descriptor = self._asked(_STANDARD_IN, _GET_DESCRIPTOR, _REPORT_DESCRIPTOR << 8, _LARGEST)
            with contextlib.suppress(ProtocolError):
                self._reports = read_descriptor(self.descriptor)
                self._redirect(self._reports)
                return
            self._release()
        self._interface = None
        raise Unreachable(
            say(
                'The USB device {name} is no scanner in HID POS mode: scan "USB HID POS" from its manual',
                name=name,
            ),
            "usb.no_scanner",
        )

    def _redirect(self, reports: Descriptor) -> None:
        """Honeywell's scanners send codes here only when told so; what they did before is given back."""
        if reports.redirects:
            self._redirected = self._asked(_CLASS_IN, _GET_REPORT, _FEATURE << 8 | REDIRECTION, 2)
            self._set_redirection(b"\x01")

    def _set_redirection(self, value: bytes) -> None:
        self._device.ctrl_transfer(
            _CLASS_OUT, _SET_REPORT, _FEATURE << 8 | REDIRECTION, self._interface.bInterfaceNumber,
            bytes([REDIRECTION]) + value, _CONTROL_MS,
        )  # fmt: skip

    def _asked(self, kind: int, request: int, value: int, size: int) -> bytes:
        import usb.core

        try:
            number = self._interface.bInterfaceNumber
            return bytes(self._device.ctrl_transfer(kind, request, value, number, size, _CONTROL_MS))
        except usb.core.USBTimeoutError:
            return b""
        except usb.core.USBError as error:
            if error.errno == errno.ENODEV:
                raise
            return b""  # it does not know the question

    def give_back(self) -> None:
        """Let codes go where they went before, then as every interface."""
        if self._redirected is not None and self._redirected[1:]:
            with contextlib.suppress(OSError):  # pulled out meanwhile
                self._set_redirection(self._redirected[1:])
        self._redirected = None
        super().give_back()

    def read(self, milliseconds: int = SLICE_MS) -> bytes:
        """One report, b"" for none within the time; OSError when the device is gone."""
        # A transfer that asks for more than one report would wait for the next.
        size = max(self._reports.size if self._reports else 0, self._in.wMaxPacketSize)
        return self._patiently(self._in, lambda end: bytes(end.read(size, milliseconds)), b"")

    def identity(self) -> dict[str, str]:
        """What the device calls itself, under UnifiedPOS names; only what it tells."""
        import usb.util

        told = {}
        for name, number in _IDENTITY.items():
            with contextlib.suppress(OSError, ValueError):
                if place := getattr(self._device, number):
                    told[name] = (usb.util.get_string(self._device, place) or "").strip()
        return {name: value for name, value in told.items() if value}


class HidTransport(UsbTransport):
    """One opening; nothing is written to a scanner."""

    _kind = HidInterface

    async def write(self, data: bytes) -> None:
        """Unsupported: its language for settings differs from maker to maker."""
        raise Unsupported(say("Nothing is sent to a scanner on USB"))

    def _introduce(self, interface: UsbInterface, heard: Heard) -> None:
        if not isinstance(interface, HidInterface):
            return
        told = interface.identity()
        maker, model = (told.get(name, "?") for name in ("ManufacturerName", "ModelName"))
        words = say("On USB it calls itself {maker} {model}", maker=maker, model=model)
        self._told["usb.product"] = Fact(f"{maker} {model}", words, frozenset(), told)
        self._tell(heard, interface.descriptor)


def is_scanner(descriptor: bytes) -> bool:
    """Whether this report descriptor is a HID POS scanner's."""
    try:
        read_descriptor(descriptor)
    except ProtocolError:
        return False
    return True


def scanners() -> Iterator[Any]:
    """Every device whose report descriptor, as the system has read it, is a scanner's; none is opened."""
    for device in devices():
        known = (
            _known(device, configuration, interface)
            for configuration in device
            for interface, _ in _candidates(configuration)
        )
        if any(descriptor is not None and is_scanner(descriptor) for descriptor in known):
            yield device


def _known(device: Any, configuration: Any, interface: Any) -> bytes | None:
    """The report descriptor, where the system has read it already."""
    return hidraw.report_descriptor(
        socket_of(device), configuration.bConfigurationValue, interface.bInterfaceNumber
    )


def _candidates(configuration: Any) -> Iterator[tuple[Any, Any]]:
    """Each HID interface with its interrupt endpoint to the host."""
    for interface in configuration:
        ends = (
            end for end in interface if end.bmAttributes & 3 == _INTERRUPT and end.bEndpointAddress & 0x80
        )
        if interface.bInterfaceClass == _HID_CLASS and (end := next(ends, None)) is not None:
            yield interface, end
