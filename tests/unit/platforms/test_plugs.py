"""Devices that come and go: what Linux says of them, and the ways to be told."""

from __future__ import annotations

import asyncio
import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from console.platforms import plugs
from console.platforms.plugs import watch_plugs
from console.platforms.uevents import concerns_devices, read_uevent

# As Linux 6.18 sent it for /dev/null.
FROM_THE_KERNEL = (
    b"add@/devices/virtual/mem/null\0ACTION=add\0DEVPATH=/devices/virtual/mem/null\0SUBSYSTEM=mem\0"
    b"SYNTH_UUID=0\0MAJOR=1\0MINOR=3\0DEVNAME=null\0DEVMODE=0666\0SEQNUM=2643\0"
)
REPEATED = Path("/sys/class/tty/tty0/uevent")  # the kernel tells again of what is written into it


def from_udev(lines: bytes) -> bytes:
    """With the head of libudev-monitor.c: prefix, magic, head's size, where the lines are, four filters."""
    return struct.pack("=8s", b"libudev\0") + struct.pack(">I", 0xFEEDCAFE) + struct.pack(
        "=7I", 40, 40, len(lines), 0, 0, 0, 0
    ) + lines  # fmt: skip


def test_a_message_of_the_kernel() -> None:
    told = read_uevent(FROM_THE_KERNEL)
    assert (told["ACTION"], told["SUBSYSTEM"], told["DEVNAME"]) == ("add", "mem", "null")


def test_a_message_of_udev() -> None:
    told = read_uevent(from_udev(b"ACTION=remove\0SUBSYSTEM=tty\0DEVNAME=/dev/ttyACM0\0"))
    assert told == {"ACTION": "remove", "SUBSYSTEM": "tty", "DEVNAME": "/dev/ttyACM0"}


@pytest.mark.parametrize(
    ("message", "counts"),
    [
        (b"add@/x\0ACTION=add\0SUBSYSTEM=tty\0", True),
        (b"remove@/x\0ACTION=remove\0SUBSYSTEM=input\0", True),
        (b"change@/x\0ACTION=change\0SUBSYSTEM=tty\0", False),
        (FROM_THE_KERNEL, False),
        (from_udev(b"ACTION=add\0SUBSYSTEM=usb\0"), True),
        (from_udev(b"")[:20], False),
        (b"libudev\0", False),
        (b"\xff\xfe", False),
        (b"", False),
    ],
)
def test_which_messages_count(message: bytes, counts: bool) -> None:
    assert concerns_devices(message) is counts


async def heard(
    begin: Callable[[Callable[[], None]], Callable[[], object]], act: Callable[[], object]
) -> bool:
    """Whether `act` is told of within ten seconds."""
    told = asyncio.Event()
    stop = begin(told.set)
    try:
        await asyncio.to_thread(act)
        async with asyncio.timeout(10):
            return await told.wait()
    finally:
        stop()


@pytest.mark.skipif(
    not os.access(REPEATED, os.W_OK), reason="only root has the kernel tell of a device again"
)
async def test_the_kernel_tells_of_a_device_that_comes() -> None:
    assert await heard(watch_plugs, lambda: REPEATED.write_text("add"))


async def test_where_the_socket_is_refused_folders_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(plugs, "_by_netlink", refused)
    monkeypatch.setattr(plugs, "_FOLDERS", (tmp_path, tmp_path / "none"))
    monkeypatch.setattr(plugs, "LOOK_SECONDS", 0.01)
    for act in ((tmp_path / "ttyACM0").touch, (tmp_path / "ttyACM0").unlink):
        os.utime(tmp_path, (1, 1))  # long ago: the system's clock of files is coarse
        assert await heard(watch_plugs, act)
