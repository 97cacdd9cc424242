"""A simulator as a program, `tillkeeper simulate KIND`: lines on standard input switch its faults."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import AsyncExitStack
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from console.domain.errors import BadInput, TillkeeperError
from console.domain.words import say
from console.simulators.base import Simulator, nearest
from console.simulators.faults import FAULTS

_PRINTERS = {
    "printer": "console.simulators.printer:PrinterSimulator",
    "star": "console.simulators.star:StarSimulator",
    "starprnt": "console.simulators.star:StarPrntSimulator",
    "tspl": "console.simulators.tspl:TsplSimulator",
    "zpl": "console.simulators.zpl:ZplSimulator",
}
_PRINTER_PLACES = "tcp://HOST:PORT | ipp://HOST:PORT | pty:[LINK][?baud=SPEED] | usb:[VENDOR:PRODUCT]"
_LABEL_PLACES = "tcp://HOST:PORT | pty:[LINK] | usb:[VENDOR:PRODUCT]"
_LABELS = ("tspl", "zpl")
_SCALE_PLACES = "pty:[LINK][?protocol=toledo|cas|lines|aclas|yaohua]"
_DISPLAY_PLACES = "pty:[LINK][?protocol=cd5220|escpos]"
_USB = r"usb:(?://)?(?:([0-9a-f]{4}):([0-9a-f]{4}))?"
_LONGEST = 64 * 1024  # bytes of one command line

__all__ = ["FAULTS", "create", "serve"]


def create(kind: str, at: str | None = None, language: str = "zh_CN") -> Simulator:
    """A simulator that is not open yet; BadInput where the kind or the address is not understood.

    `at` is `tcp://HOST:PORT`, `pty:[LINK][?baud=SPEED]` or `usb:[VENDOR:PRODUCT]` for a receipt printer,
    `ipp://HOST:PORT` for one that speaks IPP,
    `tcp://HOST:PORT`, `pty:[LINK]` or `usb:[VENDOR:PRODUCT]` for a label printer, `pty:[LINK]`,
    `hid:[VENDOR:PRODUCT]` or `keyboard:[VENDOR:PRODUCT]` for a scanner,
    `pty:[LINK][?protocol=NAME]` for a scale or a customer display, `HOST:PORT` or
    `http[s]://HOST:PORT` for a backend, `HOST:PORT` for dns. A demo store chooses its addresses itself, and
    names its devices in `language`.
    """
    makers: dict[str, Callable[[str], Simulator | None]] = {
        **{name: partial(_printer, name) for name in _PRINTERS},
        "scanner": _scanner,
        "scale": _scale,
        "display": _display,
        "backend": _backend,
        "dns": _dns,
        "demo": lambda at: None if at else _demo(language),
    }
    expected = {
        **{name: _LABEL_PLACES if name in _LABELS else _PRINTER_PLACES for name in _PRINTERS},
        "scanner": "pty: | pty:LINK | hid:[VENDOR:PRODUCT] | keyboard:[VENDOR:PRODUCT]",
        "scale": _SCALE_PLACES,
        "display": _DISPLAY_PLACES,
        "backend": "HOST:PORT | http://HOST:PORT",
        "dns": "HOST:PORT",
        "demo": "-",
    }
    if kind not in makers:
        raise BadInput(
            say(
                'There is no simulator "{kind}". Nearest: {nearest}',
                kind=kind,
                nearest=nearest(kind, tuple(makers)),
            )
        )
    simulator = makers[kind](at or "")
    if simulator is None:
        raise BadInput(
            say(
                'Address "{address}" does not suit a simulated {kind}. Expected: {expected}',
                address=at or "",
                kind=kind,
                expected=expected[kind],
            )
        )
    return simulator


def _host_port(at: str) -> tuple[str, int] | None:
    host, colon, port = (at or "127.0.0.1:0").rpartition(":")
    fits = colon and host and port.isascii() and port.isdigit() and int(port) < 65536
    return (host, int(port)) if fits else None


def _link(at: str) -> Path | None:
    return Path(at.removeprefix("pty:")) if at.removeprefix("pty:") else None


def _printer(kind: str, at: str) -> Simulator | None:
    from console.simulators.usb import UsbModel

    if kind == "printer" and at.startswith("ipp://"):
        from console.simulators.ipp import IppSimulator

        there = _host_port(at.removeprefix("ipp://").removesuffix("/ipp/print"))
        return IppSimulator(*there) if there else None
    module, _, name = _PRINTERS[kind].partition(":")
    printer: Any = getattr(import_module(module), name)
    made: Simulator | None = None
    if kind not in _LABELS and (parts := re.fullmatch(r"(pty:.*?)(?:\?baud=([1-9][0-9]{1,6}))?", at)):
        speed = int(parts[2]) if parts[2] else None
        made = printer.pty(_link(parts[1]), printer.standard._replace(baud=speed))
    elif at.startswith("pty:"):
        made = printer.pty(_link(at))
    elif parts := re.fullmatch(_USB, at, re.IGNORECASE):
        vendor, product = parts.groups("")
        made = printer.usb(UsbModel(int(vendor, 16), int(product, 16)) if vendor else UsbModel())
    elif place := _host_port(at.removeprefix("tcp://")) if not at or at.startswith("tcp://") else None:
        made = printer.tcp(*place)
    return made


def _scanner(at: str) -> Simulator | None:
    from console.simulators.hid_scanner import HidScannerSimulator, hid_model
    from console.simulators.key_scanner import KeyModel, KeyScannerSimulator
    from console.simulators.scanner import ScannerSimulator

    if parts := re.fullmatch(_USB.replace("usb", "keyboard", 1), at, re.IGNORECASE):
        vendor, product = parts.groups("")
        return KeyScannerSimulator(KeyModel(int(vendor, 16), int(product, 16)) if vendor else None)
    if parts := re.fullmatch(_USB.replace("usb", "(?:usb|hid)", 1), at, re.IGNORECASE):
        vendor, product = parts.groups("")
        return HidScannerSimulator(hid_model(int(vendor, 16), int(product, 16)) if vendor else None)
    return ScannerSimulator.pty(_link(at)) if not at or at.startswith("pty:") else None


def _spoken(at: str) -> tuple[Path | None, str] | None:
    """The link and the protocol in `pty:[LINK][?protocol=NAME]`; None for another address."""
    parts = re.fullmatch(r"(pty:.*?)(?:\?protocol=([a-z0-9]+))?", at or "pty:")
    return (_link(parts[1]), parts[2] or "") if parts else None


def _scale(at: str) -> Simulator | None:
    from console.simulators.scale import PROTOCOLS, ScaleSimulator

    place = _spoken(at)
    fits = place is not None and place[1] in ("", *PROTOCOLS)
    return ScaleSimulator.pty(place[0], place[1] or "toledo") if place and fits else None


def _display(at: str) -> Simulator | None:
    from console.simulators.display import PROTOCOLS, DisplaySimulator

    place = _spoken(at)
    fits = place is not None and place[1] in ("", *PROTOCOLS)
    return DisplaySimulator.pty(place[0], place[1] or "cd5220") if place and fits else None


def _backend(at: str) -> Simulator | None:
    from console.simulators.backend import BackendSimulator

    place = _host_port(at.removeprefix("https://").removeprefix("http://").rstrip("/"))
    if place is None:
        return None
    return BackendSimulator.start(host=place[0], port=place[1], tls=not at.startswith("http://"))


def _dns(at: str) -> Simulator | None:
    from console.simulators.dns import DnsSimulator

    place = _host_port(at)
    return DnsSimulator.start({"localhost": "127.0.0.1"}, host=place[0], port=place[1]) if place else None


def _demo(language: str) -> Simulator:
    from console.simulators.demo_shop import DemoShop

    return DemoShop(language)


async def serve(
    kind: str,
    at: str | None,
    faults: Sequence[str],
    lines_in: IO[str],
    out: IO[str],
    *,
    language: str = "zh_CN",
    attached: bool = False,
) -> None:
    """Run a simulator until it is interrupted (SIGINT, SIGTERM) or cancelled.

    The first line of `out` is JSON: kind, address, profile. Each line of `lines_in` is a command and is
    answered by a line of JSON; its end stops nothing, unless `attached`. BadInput comes before the first
    line.
    """
    simulator = create(kind, at, language)
    for fault in faults:
        simulator.check_fault(fault)
    await _open(simulator, at)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(simulator.close)
        for fault in faults:
            simulator.set_fault(fault)
        with _interruption() as interrupted:
            first: dict[str, object] = {
                "kind": kind,
                "address": simulator.address,
                "profile": simulator.profile(),
            }
            if simulator.environment:
                first["environment"] = dict(simulator.environment)
            _tell(out, first)
            loop = asyncio.get_running_loop()
            threading.Thread(
                target=_read_commands,
                args=(lines_in.fileno(), loop, simulator, out, interrupted if attached else None),
                name="commands",
                daemon=True,
            ).start()
            await interrupted.wait()


async def _open(simulator: Simulator, at: str | None) -> None:
    try:
        await simulator.open()
    except OSError as error:
        words = say(
            '"{address}" cannot be used: {reason}', address=at or "", reason=error.strerror or str(error)
        )
        raise BadInput(words) from error


def _tell(out: IO[str], answer: dict[str, object]) -> None:
    out.write(json.dumps(answer) + "\n")
    out.flush()


@contextlib.contextmanager
def _interruption() -> Iterator[asyncio.Event]:
    """An event that is set by SIGINT or SIGTERM (where this is the main thread; others cancel)."""
    loop = asyncio.get_running_loop()
    event = asyncio.Event()
    if threading.current_thread() is not threading.main_thread():
        yield event
        return
    posix = os.name == "posix"
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = {number: signal.getsignal(number) for number in numbers}
    for number in numbers:
        if posix:  # a plain handler does not wake a loop that waits, or goes to wait just then
            loop.add_signal_handler(number, event.set)
        else:  # on Windows every signal wakes the loop, and it takes no handlers
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(event.set))
    try:
        yield event
    finally:
        for number, handler in before.items():
            if posix:
                loop.remove_signal_handler(number)
            signal.signal(number, handler)


def _read_commands(
    source: int,
    loop: asyncio.AbstractEventLoop,
    simulator: Simulator,
    out: IO[str],
    ended: asyncio.Event | None,
) -> None:
    """The thread that waits for lines, as no event loop can on every system.

    It reads the descriptor itself: a thread that waits inside a buffered file keeps its lock, and Python
    cannot end while that is held.
    """
    rest = b""
    with contextlib.suppress(OSError, CancelledError, RuntimeError):
        while piece := os.read(source, 4096):
            *lines, rest = (rest + piece).split(b"\n")
            rest = rest[-_LONGEST:]
            for line in lines:
                asyncio.run_coroutine_threadsafe(_command(line, simulator, out), loop).result()
    if ended is not None:
        with contextlib.suppress(RuntimeError):  # the loop has ended before
            loop.call_soon_threadsafe(ended.set)


async def _command(line: bytes, simulator: Simulator, out: IO[str]) -> None:
    text = line.decode(errors="replace").strip()
    if not text:
        return
    try:
        _tell(out, {"ok": True, **await simulator.obey(text)})
    except (TillkeeperError, OSError) as error:
        _tell(out, {"ok": False, "error": str(error)})
