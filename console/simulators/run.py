"""A simulator as a program, `tillkeeper simulate KIND`: lines on standard input switch its faults."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import AsyncExitStack
from pathlib import Path
from typing import IO

from console.domain.errors import BadInput, TillkeeperError
from console.domain.words import say
from console.simulators.base import Simulator, nearest
from console.simulators.faults import FAULTS

_LONGEST = 64 * 1024  # bytes of one command line

__all__ = ["FAULTS", "create", "serve"]


def create(kind: str, at: str | None = None) -> Simulator:
    """A simulator that is not open yet; BadInput where the kind or the address is not understood.

    `at` is `tcp://HOST:PORT`, `ipp://HOST:PORT` or `pty:[LINK]` for a printer, `pty:[LINK]` for a scanner,
    `HOST:PORT` or `http[s]://HOST:PORT` for a backend, `HOST:PORT` for dns.
    """
    makers: dict[str, Callable[[str], Simulator | None]] = {
        "printer": _printer,
        "scanner": _scanner,
        "backend": _backend,
        "dns": _dns,
    }
    expected = {
        "printer": "tcp://HOST:PORT | ipp://HOST:PORT | pty: | pty:LINK",
        "scanner": "pty: | pty:LINK",
        "backend": "HOST:PORT | http://HOST:PORT",
        "dns": "HOST:PORT",
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


def _printer(at: str) -> Simulator | None:
    from console.simulators.printer import PrinterSimulator

    if at.startswith("pty:"):
        return PrinterSimulator.pty(_link(at))
    if at.startswith("ipp://"):
        from console.simulators.ipp import IppSimulator

        at_place = _host_port(at.removeprefix("ipp://").removesuffix("/ipp/print"))
        return IppSimulator(*at_place) if at_place else None
    place = _host_port(at.removeprefix("tcp://")) if not at or at.startswith("tcp://") else None
    return PrinterSimulator.tcp(*place) if place else None


def _scanner(at: str) -> Simulator | None:
    from console.simulators.scanner import ScannerSimulator

    return ScannerSimulator.pty(_link(at)) if not at or at.startswith("pty:") else None


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


async def serve(kind: str, at: str | None, faults: Sequence[str], lines_in: IO[str], out: IO[str]) -> None:
    """Run a simulator until it is interrupted (SIGINT, SIGTERM) or cancelled.

    The first line of `out` is JSON: kind, address, profile. Each line of `lines_in` is a command and is
    answered by a line of JSON; its end stops nothing. BadInput comes before the first line.
    """
    simulator = create(kind, at)
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
            _tell(out, first)
            loop = asyncio.get_running_loop()
            threading.Thread(
                target=_read_commands,
                args=(lines_in.fileno(), loop, simulator, out),
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
    before = {}
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            before[number] = signal.signal(number, lambda *_: loop.call_soon_threadsafe(event.set))
    try:
        yield event
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _read_commands(source: int, loop: asyncio.AbstractEventLoop, simulator: Simulator, out: IO[str]) -> None:
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


async def _command(line: bytes, simulator: Simulator, out: IO[str]) -> None:
    text = line.decode(errors="replace").strip()
    if not text:
        return
    try:
        _tell(out, {"ok": True, **await simulator.obey(text)})
    except (TillkeeperError, OSError) as error:
        _tell(out, {"ok": False, "error": str(error)})
