"""Being told when a device is plugged in or out, without asking again and again.

Linux says so on a netlink socket, Windows to a window (unverified: nobody has run that). Elsewhere, and where
the socket is refused, the folders of device files are looked at once a second, which costs three stats.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from console.domain.errors import Unsupported
from console.platforms.uevents import concerns_devices

LOOK_SECONDS = 1.0
_FOLDERS = (Path("/dev"), Path("/dev/bus/usb"), Path("/dev/input"))
_UEVENTS, _KERNEL, _UDEV = 15, 1, 2  # NETLINK_KOBJECT_UEVENT and its two groups
_LARGEST = 16 * 1024

Changed = Callable[[], None]
Stop = Callable[[], object]


def watch_plugs(changed: Changed) -> Stop:
    """Call `changed` on the running loop whenever a device came or went, until the answer is called."""
    with contextlib.suppress(OSError, Unsupported, AttributeError):  # no such socket, or no right to it
        if sys.platform == "win32":
            return _by_window(changed)
        return _by_netlink(changed)
    return _by_folders(changed)


def _by_netlink(changed: Changed) -> Stop:
    loop = asyncio.get_running_loop()
    line = socket.socket(
        socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, _UEVENTS
    )
    try:
        line.bind((0, _KERNEL | _UDEV))
        loop.add_reader(line.fileno(), _hear, line, changed)
    except BaseException:
        line.close()
        raise

    def stop() -> None:
        loop.remove_reader(line.fileno())
        line.close()

    return stop


def _hear(line: socket.socket, changed: Changed) -> None:
    """Everything that waits; so much at once that the kernel dropped some is a change as well."""
    told = False
    while True:
        try:
            told |= concerns_devices(line.recv(_LARGEST))
        except BlockingIOError:
            break
        except OSError:  # ENOBUFS
            told = True
            break
    if told:
        changed()


def _by_window(changed: Changed) -> Stop:
    from console.platforms.message_window import MessageWindow, listen_to_plugs

    loop = asyncio.get_running_loop()

    def told(message: int, value: int) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has gone
            loop.call_soon_threadsafe(changed)

    window = MessageWindow(told, listen_to_plugs)
    window.open()
    return window.close


def _by_folders(changed: Changed) -> Stop:
    """The same by the times at which folders of device files last changed."""
    seen = _times()

    async def look() -> None:
        nonlocal seen
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if seen != (seen := _times()):
                changed()

    return asyncio.get_running_loop().create_task(look(), name="looking at folders of devices").cancel


def _times() -> Sequence[int]:
    times = []
    for folder in _FOLDERS:
        with contextlib.suppress(OSError):
            times.append(folder.stat().st_mtime_ns)
    return times
