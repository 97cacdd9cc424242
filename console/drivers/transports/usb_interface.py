"""A printer's interface on USB, by pyusb and libusb: found, taken from the system's driver, given back.

Everything here blocks, for at most `SLICE_MS` a transfer; it belongs to threads of `usb.py` and `search.py`.
On Windows libusb reaches only devices that have the WinUSB driver (unverified: nobody has run this there).
"""

from __future__ import annotations

import contextlib
import errno
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, Self, TypeVar

from console.domain.errors import Busy, Denied, TillkeeperError, Unreachable
from console.domain.words import say
from console.drivers.codecs import usb_printer
from console.drivers.transports import usblp

SLICE_MS = 50  # how long closing may go unnoticed
_INSTALL = "sudo cp {} /etc/udev/rules.d/ && sudo udevadm control --reload && sudo udevadm trigger"
_PRINTER_CLASS, _VENDOR_CLASS = 7, 0xFF
# Printing Devices 1.1, section 4.3: 1 one way, 2 both ways, 3 packets of IEEE 1284.4; 4 is IPP over USB,
# which takes no bytes of a receipt printer's language.
_RANKS = {2: 5, 1: 4, 3: 3, 4: 0}
_READ_SIZE = 4096  # a multiple of every packet size, so that no packet overflows it
_WRITE_SIZE = 16 * 1024
_CONTROL_MS = 200
_STALE_MS, _STALE_READS = 10, 20
_PAUSE_SECONDS = 0.01  # after a halt or an empty packet, so that a mad device does not keep a core busy
_NOT_SUPPORTED = NotImplementedError  # how pyusb raises libusb's LIBUSB_ERROR_NOT_SUPPORTED
_first = threading.Lock()
_T = TypeVar("_T")


class UsbInterface:
    """A claimed interface with its two endpoints; one that has no way back is never heard."""

    scheme = "usb"  # of its addresses
    rule = "installer/udev/70-tillkeeper-usb-printers.rules"  # gives permission

    def __init__(self, device: Any) -> None:
        self._device = device
        self._interface: Any = None
        self._out: Any = None
        self._in: Any = None
        self._detached = False

    @classmethod
    def take(cls, vendor: int, product: int, which: str) -> Self:
        """Claim the device's interface; Unreachable, Busy or Denied with the mend."""
        name = f"{vendor:04x}:{product:04x}" + (f"/{which}" if which else "")
        with _told_as(name, cls.rule):
            taken = cls(_find(vendor, product, which, name, cls.scheme))
            try:
                taken._claim(name)
            except BaseException:
                taken.give_back()
                raise
            return taken

    def _claim(self, name: str) -> None:
        configuration = active_configuration(self._device)
        self._interface = printing_interface(configuration)
        if self._interface is None:
            raise Unreachable(
                say("The USB device {name} takes no print data; is it a printer?", name=name),
                "usb.no_printer",
            )
        self._out, self._in = _ends(self._interface)
        self._take_over(configuration.bConfigurationValue, usblp.held)

    def _take_over(self, configuration: int, held: Callable[..., AbstractContextManager[None]]) -> None:
        """Ask the system's driver aside, unless somebody has its file, and claim the interface."""
        import usb.util

        number = self._interface.bInterfaceNumber
        with contextlib.suppress(_NOT_SUPPORTED):  # no kernel driver can be in the way here
            if self._device.is_kernel_driver_active(number):
                with held(socket_of(self._device), configuration, number):
                    self._device.detach_kernel_driver(number)
                self._detached = True
        usb.util.claim_interface(self._device, number)
        if self._interface.bAlternateSetting:
            self._interface.set_altsetting()

    def give_back(self) -> None:
        """Release the interface, and let the system's own driver have it again if it had it before."""
        import usb.util

        self._release()
        usb.util.dispose_resources(self._device)

    def _release(self) -> None:
        import usb.core
        import usb.util

        if self._interface is not None:
            number = self._interface.bInterfaceNumber
            with contextlib.suppress(usb.core.USBError):  # pulled out meanwhile
                usb.util.release_interface(self._device, number)
            with contextlib.suppress(usb.core.USBError):
                if self._detached:
                    self._device.attach_kernel_driver(number)
            self._detached = False

    @property
    def hears(self) -> bool:
        """Whether there is a way back from the printer."""
        return self._in is not None

    def read(self, milliseconds: int = SLICE_MS) -> bytes:
        """What came, b"" for nothing within the time; OSError when the device is gone."""
        return self._patiently(self._in, lambda end: bytes(end.read(_READ_SIZE, milliseconds)), b"")

    def forget(self) -> None:
        """Throw away what the device said to somebody before; it waits there until it is fetched."""
        for _ in range(_STALE_READS if self.hears else 0):
            if not self.read(_STALE_MS):
                return

    def write(self, data: bytes, at: int = 0) -> int:
        """How many bytes of `data` behind `at` were taken within the slice; OSError when it is gone."""
        return self._patiently(
            self._out, lambda end: int(end.write(data[at : at + _WRITE_SIZE], SLICE_MS)), 0
        )

    @staticmethod
    def _patiently(end: Any, move: Callable[[Any], _T], nothing: _T) -> _T:
        import usb.core

        try:
            if moved := move(end):
                return moved
        except usb.core.USBTimeoutError:
            return nothing
        except usb.core.USBError as error:
            if error.errno != errno.EPIPE:
                raise
            end.clear_halt()
        threading.Event().wait(_PAUSE_SECONDS)
        return nothing

    def port_status(self) -> int | None:
        """The byte of GET_PORT_STATUS; None from a printer that does not know the request."""
        answer = self._control(usb_printer.GET_PORT_STATUS, 0, self._interface.bInterfaceNumber, 1)
        return answer[0] if answer else None

    def device_id(self) -> Mapping[str, str]:
        """The fields of GET_DEVICE_ID; none from a printer that does not know the request."""
        index = self._interface.bInterfaceNumber << 8 | self._interface.bAlternateSetting
        return usb_printer.parse_device_id(self._control(usb_printer.GET_DEVICE_ID, 0, index, 1024))

    def _control(self, request: int, value: int, index: int, size: int) -> bytes:
        import usb.core

        try:
            return bytes(
                self._device.ctrl_transfer(
                    usb_printer.FROM_INTERFACE, request, value, index, size, _CONTROL_MS
                )
            )
        except usb.core.USBError as error:
            if error.errno == errno.ENODEV:
                raise
            return b""


def devices() -> Iterator[Any]:
    """Every device that libusb sees, socket by socket, none of them opened; Unreachable without libusb."""
    import usb.core

    yield from sorted(usb.core.find(find_all=True, backend=_library()), key=socket_of)


def socket_of(device: Any) -> str:
    """Where a device is plugged in, as the system names it: 1-2.3 is bus 1, port 2, then port 3 of a hub."""
    return f"{device.bus}-{'.'.join(map(str, device.port_numbers or (0,)))}"


def serial_of(device: Any) -> str:
    """The serial number; "" where it has none."""
    import usb.util

    if not device.iSerialNumber:
        return ""
    try:
        return (usb.util.get_string(device, device.iSerialNumber) or "").strip()
    except ValueError:  # it has a number for the text, and no text
        return ""


def name_of(device: Any) -> str:
    """Maker and model as the device calls itself; "" where it does not say, or may not be asked."""
    import usb.core
    import usb.util

    told = []
    for number in filter(None, (device.iManufacturer, device.iProduct)):
        with contextlib.suppress(usb.core.USBError, _NOT_SUPPORTED, ValueError):
            told.append((usb.util.get_string(device, number) or "").strip())
    return " ".join(told)


def printing_interface(configuration: Any) -> Any | None:
    """The interface and alternate setting for print data: printer class first, the talkative one first."""
    best = max(configuration, key=_rank, default=None)
    return best if best is not None and _rank(best) else None


def is_printer(device: Any) -> bool:
    """Whether it has an interface of the printer class that takes print data; it need not be opened."""
    return any(
        interface.bInterfaceClass == _PRINTER_CLASS and _rank(interface) > 0
        for configuration in device
        for interface in configuration
    )


def which_of(device: Any, alike: Sequence[Any]) -> str:
    """What tells a device from those `alike`: its serial number, else its socket."""
    serial = _serial_if_allowed(device)
    shared = [_serial_if_allowed(each) for each in alike].count(serial) > 1
    return socket_of(device) if shared or not serial else serial


def _serial_if_allowed(device: Any) -> str:
    import usb.core

    try:
        return serial_of(device)
    except (usb.core.USBError, _NOT_SUPPORTED):  # held, or not ours to open; its socket tells it apart too
        return ""


def _rank(interface: Any) -> int:
    out_end, in_end = _ends(interface)
    if out_end is None:
        return 0
    if interface.bInterfaceClass == _PRINTER_CLASS:
        return _RANKS.get(interface.bInterfaceProtocol, 2)
    return int(interface.bInterfaceClass == _VENDOR_CLASS and in_end is not None)


def _ends(interface: Any) -> tuple[Any, Any]:
    """The bulk endpoints out and in, None for one that is not there."""
    ends: dict[bool, Any] = {}
    for end in interface:
        if end.bmAttributes & 3 == 2:  # bulk
            ends.setdefault(bool(end.bEndpointAddress & 0x80), end)
    return ends.get(False), ends.get(True)


def _find(vendor: int, product: int, which: str, name: str, scheme: str) -> Any:
    found = [each for each in devices() if (each.idVendor, each.idProduct) == (vendor, product)]
    if which:
        found = [each for each in found if which in (socket_of(each), serial_of(each))]
    if not found:
        raise Unreachable(
            say("No USB device {name} is plugged in; is its cable in, and is it on?", name=name),
            "usb.not_found",
        )
    if len(found) > 1:
        choices = ", ".join(f"{scheme}://{name}/{which_of(each, found)}" for each in found)
        raise Unreachable(
            say(
                "There are {count} USB devices {name}; write which one into the address: {choices}",
                count=len(found),
                name=name,
                choices=choices,
            ),
            "usb.ambiguous",
        )
    return found[0]


def active_configuration(device: Any) -> Any:
    """The configuration that the device has, or its first where it had none yet."""
    import usb.core

    try:
        return device.get_active_configuration()
    except usb.core.USBError as error:
        if error.errno is not None:
            raise
        device.set_configuration()  # it had none yet
        return device.get_active_configuration()


def _library() -> Any:
    from usb.backend import libusb1

    with _first:  # two threads would each set it up
        library = libusb1.get_backend()
    if library is None:
        mend = "libusb-1.0.dll" if sys.platform == "win32" else "sudo apt-get install libusb-1.0-0"
        raise Unreachable(
            say("This computer lacks the library for USB devices; install it: {mend}", mend=mend),
            "usb.no_library",
        )
    return library


@contextlib.contextmanager
def _told_as(name: str, rule: str) -> Iterator[None]:
    """What libusb or the system refuses, in words with the mend."""
    try:
        yield
    except _NOT_SUPPORTED as error:  # Windows: the device has another driver than WinUSB
        raise Denied(
            say(
                "Windows lets no program speak to {name}; give it the WinUSB driver, for instance with Zadig",
                name=name,
            ),
            "usb.no_driver",
        ) from error
    except OSError as error:
        raise _trouble(name, rule, error) from error


def _trouble(name: str, rule: str, error: OSError) -> TillkeeperError:
    if error.errno in (errno.EACCES, errno.EPERM):
        return Denied(
            say(
                'This user may not open the USB device {name}: run "{command}", then plug it in again',
                name=name,
                command=_INSTALL.format(rule),
            ),
            "usb.denied",
        )
    if error.errno == errno.EBUSY:
        return Busy(
            say(
                "The USB device {name} is held by another program; close that program, or wait until it is"
                " done",
                name=name,
            ),
            "usb.busy",
        )
    if error.errno in (errno.ENODEV, errno.ENOENT):
        return Unreachable(
            say("The USB device {name} vanished; was the cable pulled?", name=name), "usb.lost"
        )
    return Unreachable(
        say("The USB device {name} cannot be used ({error})", name=name, error=str(error)), "usb.failed"
    )
