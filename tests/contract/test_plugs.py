"""What is plugged in or out while a whole store is watched: on the real kernel, and on a simulated USB bus.

The store looks at nothing again by itself: a light that changes was told to.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from console.app.store import compose
from console.domain.lights import Light
from console.domain.subjects import Subject
from console.services.console import Console
from console.services.crash import CrashSink
from console.services.monitor import Monitor
from console.services.options import Options
from console.simulators.hid_scanner import HidScannerSimulator
from console.simulators.printer import PrinterSimulator
from console.simulators.scanner import ScannerSimulator
from console.simulators.usb import UsbModel
from tests.waiting import until

EVENTS = Path("/sys/class/tty/tty0/uevent")  # the kernel tells of this device again what is written into it


@asynccontextmanager
async def store_of(entry: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Console, None]:
    """A whole store that is watched."""
    monkeypatch.setenv("TILLKEEPER_HOME", str(home))
    monkeypatch.setattr(Monitor.__init__, "__defaults__", (600.0, 600.0))
    path = home / "store.toml"
    path.write_text(f'[store]\nname = "店"\n{entry}', "utf-8")
    async with AsyncExitStack() as stack:
        console = await stack.enter_async_context(
            compose(Options(profile=path), CrashSink(home / "crashes", str))
        )
        plugs = console.plugs
        assert plugs is not None
        for part in (console.monitor, plugs):
            part.start()
            stack.push_async_callback(part.stop)
        await until(lambda: plugs.looked)
        yield console


async def lit(console: Console, kind: str, light: Light, cause: str | None = None) -> None:
    """Waits until the light of the simulated device is so."""

    def shown() -> bool:
        finding = console.board.finding(Subject(kind, "simulated"))
        return (finding.light, finding.cause) == (light, cause)

    await until(shown)


@pytest.mark.skipif(not os.access(EVENTS, os.W_OK), reason="only root has the kernel tell of a device again")
async def test_a_serial_scanner_by_events_of_the_real_kernel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        ScannerSimulator.pty() as sim,
        store_of(sim.profile(), tmp_path, monkeypatch) as console,
    ):
        await lit(console, "scanner", Light.OK)
        await sim.unplug()
        await asyncio.to_thread(EVENTS.write_text, "remove")
        await lit(console, "scanner", Light.FAULT, "scanner.not_found")
        await sim.plug_in()
        await asyncio.to_thread(EVENTS.write_text, "add")
        await lit(console, "scanner", Light.OK)


@pytest.mark.usb
async def test_a_printer_and_a_scanner_on_usb(
    usb_bus: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with (
        PrinterSimulator.usb(UsbModel(), usb_bus) as printer,
        HidScannerSimulator(None, usb_bus) as scanner,
        store_of(printer.profile() + scanner.profile(), tmp_path, monkeypatch) as console,
    ):
        for sim, kind in ((printer, "printer"), (scanner, "scanner")):
            await lit(console, kind, Light.OK)
            await sim.unplug()
            await lit(console, kind, Light.FAULT, f"{kind}.not_found")
            await sim.plug_in()
            await lit(console, kind, Light.OK)
        assert console.plugs is not None
        assert console.plugs.offers == []  # both are set up


@pytest.mark.usb
async def test_new_devices_on_usb_offer_themselves_by_name(
    usb_bus: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with store_of("", tmp_path, monkeypatch) as console:
        plugs = console.plugs
        assert plugs is not None
        async with (
            PrinterSimulator.usb(UsbModel(), usb_bus) as printer,
            HidScannerSimulator(None, usb_bus) as scanner,
        ):
            wanted = {(printer.address, "Simulated SP-80"), (scanner.address, "Simulated HS-1")}
            await until(lambda: {(each.address, each.identity) for each in plugs.offers} == wanted)
        await until(lambda: plugs.offers == [])  # unplugged again
