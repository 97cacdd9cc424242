"""The files of Linux's own driver for HID devices, /dev/hidraw0 and so on, and what sysfs tells of them.

A till's program that reads a HID POS scanner has such a file open; taking the scanner away under it would end
its scanning. Anybody may open the file beside it, so whoever has it open is looked for instead.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from errno import EBUSY
from pathlib import Path

INTERFACES = Path("/sys/bus/usb/devices")
FILES = Path("/dev")
PROCESSES = Path("/proc")


@contextlib.contextmanager
def left_alone(socket: str, configuration: int, interface: int) -> Iterator[None]:
    """OSError (EBUSY) when another program has the device's file open.

    Programs of other users cannot be looked into; they are seen only by root.
    """
    names = INTERFACES.glob(f"{socket}:{configuration}.{interface}/*/hidraw/hidraw*")
    if any(_is_open(FILES / name.name) for name in names):
        raise OSError(EBUSY, os.strerror(EBUSY))
    yield


def report_descriptor(socket: str, configuration: int, interface: int) -> bytes | None:
    """The report descriptor as the system has read it; None where it keeps none."""
    for each in INTERFACES.glob(f"{socket}:{configuration}.{interface}/*/report_descriptor"):
        with contextlib.suppress(OSError):
            return each.read_bytes()
    return None


def _is_open(file: Path) -> bool:
    with contextlib.suppress(OSError):
        wanted = file.stat()
        for each in PROCESSES.glob("[0-9]*/fd/*"):
            with contextlib.suppress(OSError):
                if os.path.samestat(each.stat(), wanted):
                    return True
    return False
