"""The driver of Linux's own for USB printers, usblp: /dev/usb/lp0 and so on, one program at a time.

Many a till prints through it. Taking the printer away from under such a program would lose its receipt, so
the file is held before the driver is asked aside; a file that is taken refuses with EBUSY.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

INTERFACES = Path("/sys/bus/usb/devices")
FILES = Path("/dev/usb")


@contextlib.contextmanager
def held(socket: str, configuration: int, interface: int) -> Iterator[None]:
    """Nobody prints through the driver meanwhile; OSError (EBUSY) when somebody does already.

    A file that this user may not open tells nothing, and holds nothing up.
    """
    with contextlib.ExitStack() as stack:
        for name in INTERFACES.glob(f"{socket}:{configuration}.{interface}/usbmisc/lp*"):
            with contextlib.suppress(PermissionError, FileNotFoundError):
                stack.callback(os.close, os.open(FILES / name.name, os.O_RDWR))
        yield
