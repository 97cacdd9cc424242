"""Cancelling a self-test in the middle. Goal: another program can use the port within 200 ms.

Measured from the cancel until another program has opened the port and heard the printer answer. The cancels
come at random moments after the page was begun, on printers that take no more (their buffer is full), and on
a wire of 9600 baud that is in the middle of the page. The floor is that other program opening, asking and
closing where nobody has the port. A UART that holds bytes back is not among them (unchecked on hardware).
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import serial

from console.app.store import compose
from console.domain.errors import Unsupported
from console.domain.selftest import Level
from console.domain.subjects import Subject
from console.services.console import Console
from console.services.crash import CrashSink
from console.services.options import Options
from console.simulators.usb import UsbBus
from tests.bench.conftest import ROOT, Tell
from tests.bench.devices import Devices, devices

pytestmark = pytest.mark.bench

CANCELS = 40
ON_USB = "TILLKEEPER_TEST_ON_USB"  # set in a process that was started to see a simulated bus
FRONT = Subject("printer", "front")
ASK = b"\x10\x04\x01"  # DLE EOT 1
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"  # DLE DC4 fn 8: forget the half page
Other = Callable[[str, bytes], None]  # the other program, until the printer at the address has answered
CRAWLING = {"reply_delay_slow": 0.0, "slow_bytes_per_second": 320}
WIRES: Mapping[str, Mapping[str, Any]] = {
    "tcp": {"buffer_size": 512, **CRAWLING},
    "pty": {"baud": 9600, "paced": True, **CRAWLING},
    "usb": {"buffer_size": 512, **CRAWLING},
}


def over_tcp(address: str, request: bytes) -> None:
    host, port = address.removeprefix("tcp://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(request)
        while not is_answer(line.recv(64)):
            pass


def over_pty(address: str, request: bytes) -> None:
    place = address.removeprefix("serial://").partition("?")[0]
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            line = serial.Serial(place, 9600, timeout=0.05, exclusive=True)
        except serial.SerialException:
            continue
        with line:
            while time.monotonic() < deadline:
                line.write(request)
                if is_answer(line.read(1)):
                    return
    raise AssertionError("the port stayed taken")


def over_usb(address: str, request: bytes) -> None:
    import usb.core
    import usb.util

    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        device: Any = usb.core.find(idVendor=0x04B8, idProduct=0x0202)
        try:
            if device.is_kernel_driver_active(0):
                device.detach_kernel_driver(0)
            usb.util.claim_interface(device, 0)
            if request == ASK:  # no bytes get through to a printer that is full; GET_PORT_STATUS does
                device.ctrl_transfer(0xA1, 0x01, 0, 0, 1, 100)
                return
            device.write(0x01, request, 100)
            while not is_answer(bytes(device.read(0x82, 64, 100))):
                pass
            return
        except usb.core.USBError:
            continue
        finally:
            usb.util.dispose_resources(device)
    raise AssertionError("the port stayed taken")


def is_answer(data: bytes) -> bool:
    """An answer to DLE EOT: bits 0 and 7 off, 1 and 4 on."""
    return any(byte & 0x93 == 0x12 for byte in data)


async def timed(other: Other, address: str) -> float:
    began = time.perf_counter()
    await asyncio.to_thread(other, address, ASK)
    return time.perf_counter() - began


async def cancelled(console: Console, there: Devices, other: Other, latest: float) -> float:
    """Seconds from the cancel of a self-test that prints until the other program had its answer."""
    there.tell(0, "fault slow on")
    job = console.selftest.start(FRONT, Level.EXTERNAL)
    async for step in job.steps():
        if step.doing.text.startswith(("Sending", "Waiting")):
            break
    await asyncio.wait([asyncio.ensure_future(job.result())], timeout=random.uniform(0, latest))
    assert job.running, await job.result()
    job.cancel()
    seconds = await timed(other, there.addresses[0])
    there.tell(0, "fault slow off")
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(job.result(), 1)
    await asyncio.to_thread(other, there.addresses[0], CLEAR + ASK)
    return seconds


@pytest.mark.parametrize(("wire", "other"), [("tcp", over_tcp), ("pty", over_pty), ("usb", over_usb)])
async def test_cancel(
    wire: str,
    other: Other,
    environment: dict[str, str],
    tmp_path: Path,
    tell: Tell,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if wire == "usb" and ON_USB not in os.environ:
        tell(on_usb())
        return
    monkeypatch.setenv("TILLKEEPER_HOME", environment["TILLKEEPER_HOME"])
    with devices([{"wire": wire, "model": WIRES[wire]}], environment) as there:
        for name, value in there.environment.items():
            monkeypatch.setenv(name, value)
        address = there.addresses[0]
        entry = f'[[printer]]\nname = "front"\naddress = {json.dumps(address)}\n'
        profile = tmp_path / "store.toml"
        profile.write_text('[store]\nname = "x"\n' + entry, encoding="utf-8")
        floor = sorted([await timed(other, address) for _ in range(CANCELS)])
        async with compose(Options(profile=profile), CrashSink(tmp_path, str)) as console:
            seen = sorted([await cancelled(console, there, other, 2.0) for _ in range(CANCELS)])
    middle, late = CANCELS // 2, CANCELS * 99 // 100
    tell(
        f"{wire}: usable again {seen[middle] * 1e3:.0f} ms after a cancel, p99 {seen[late] * 1e3:.0f} ms"
        f" (goal 200); where nobody had it {floor[middle] * 1e3:.0f} and {floor[late] * 1e3:.0f} ms"
    )


def on_usb() -> str:
    """What this same benchmark tells in a process that sees a simulated USB bus."""
    try:
        bus = UsbBus.start()
    except Unsupported as missing:
        return str(missing)
    bus.stop()
    again = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "bench", "-k", "usb"]
    done = subprocess.run(
        [*again, __file__],
        cwd=ROOT, env=os.environ | {"LD_PRELOAD": bus.environment["LD_PRELOAD"], ON_USB: "1"},
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return next(line.strip() for line in done.stdout.splitlines() if "usable again" in line)
