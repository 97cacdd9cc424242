"""What Linux says when a device comes or goes (netlink, NETLINK_KOBJECT_UEVENT).

The kernel's own message is ACTION@DEVPATH and lines KEY=VALUE, each ended by NUL; udev's, which comes when
permissions are set, has a head of its own: "libudev", a magic number, and where the same lines stand
(libudev-monitor.c; the head's numbers are in the processor's order but for the magic one).
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

_UDEV = struct.Struct(
    "=8s4xIII"
)  # prefix, magic (left out), size of the head, offset and length of the lines
_PREFIX = b"libudev\0"
# What devices of a till are: serial ports, USB devices and printers, HID devices, keyboards.
_WATCHED = frozenset({"tty", "usb", "usbmisc", "hidraw", "input"})
_COMES_OR_GOES = frozenset({"add", "remove"})


def read_uevent(message: bytes) -> Mapping[str, str]:
    """The message's lines; none for what is no such message."""
    if message.startswith(_PREFIX):
        if len(message) < _UDEV.size:
            return {}
        _, _, at, length = _UDEV.unpack_from(message)
        lines = message[at : at + length]
    else:
        lines = message.partition(b"\0")[2]
    pairs = (line.partition("=") for line in lines.decode("utf-8", "replace").split("\0"))
    return {key: value for key, equals, value in pairs if equals}


def concerns_devices(message: bytes) -> bool:
    """Whether a device that a till may have came or went."""
    told = read_uevent(message)
    return told.get("ACTION") in _COMES_OR_GOES and told.get("SUBSYSTEM") in _WATCHED
