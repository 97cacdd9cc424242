"""Searches for devices: serial ports of this computer, and printers on a network at TCP 9100."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from functools import partial

from console.domain.discovery import Found
from console.domain.errors import BadInput, TillkeeperError
from console.domain.ports import Report, Transport
from console.domain.words import say
from console.drivers.codecs import escpos
from console.drivers.codecs.escpos import Kind
from console.drivers.entries import found as _found
from console.drivers.printer.conversation import Conversation
from console.drivers.transports.serial import SerialTransport
from console.drivers.transports.tcp import TcpTransport

PRINTER_PORT = 9100
_CONNECT_SECONDS = 0.5
_ANSWER_SECONDS = 0.5
_AT_ONCE = 64
_LARGEST_PREFIX = 22  # 1024 addresses, 8 s at most when all are silent

Ports = Callable[[], Iterable[tuple[str, str]]]  # each port's device path and what the system calls it


def _system_ports() -> Sequence[tuple[str, str]]:
    from serial.tools.list_ports import comports

    return [(port.device, port.description or "") for port in comports()]


class SerialSearch:
    """The serial ports of this computer; with `probe` each is asked DLE EOT 1, which prints nothing."""

    def __init__(self, probe: bool = False, ports: Ports = _system_ports) -> None:
        self._probe = probe
        self._ports = ports

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each port; a printer that answered is `probed`, any other a `guess` that it may be a scanner."""
        report(say("Looking for serial ports"))
        for device, description in await asyncio.to_thread(lambda: list(self._ports())):
            answer = await _ask(partial(SerialTransport, device)) if self._probe else None
            # COM3 needs two slashes, /dev/ttyS0 three: both are `serial://` and the port's name.
            address = f"serial://{device}"
            if answer:
                yield _found("printer", address, answer, "probed")
            else:
                yield _found("scanner", address, description, "guess")


class TcpSearch:
    """Printers in the network `cidr` (at most 1024 addresses); BadInput for a bad or larger one."""

    def __init__(self, cidr: str, port: int = PRINTER_PORT) -> None:
        self._hosts = hosts(cidr)
        self._port = port

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each address with an open port: `probed` when it answered ESC/POS, else a `guess`."""
        report(say("Trying {count} addresses on port {port}", count=len(self._hosts), port=self._port))
        turns = asyncio.Semaphore(_AT_ONCE)
        tasks = [asyncio.create_task(self._try(host, turns)) for host in self._hosts]
        try:
            for task in asyncio.as_completed(tasks):
                if (found := await task) is not None:
                    yield found
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _try(self, host: str, turns: asyncio.Semaphore) -> Found | None:
        async with turns:
            answer = await _ask(lambda: TcpTransport(host, self._port, connect_seconds=_CONNECT_SECONDS))
        if answer is None:
            return None
        literal = f"[{host}]" if ":" in host else host
        address = f"tcp://{literal}:{self._port}"
        return _found("printer", address, answer, "probed" if answer else "guess")


def hosts(cidr: str) -> list[str]:
    """The addresses of a network written as 192.168.1.0/24; BadInput when it is none, or too large."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        raise BadInput(say('"{value}" is no network; write it as 192.168.1.0/24', value=cidr)) from None
    if network.num_addresses > 2 ** (32 - _LARGEST_PREFIX):
        raise BadInput(
            say(
                "{value} holds {count} addresses; at most {limit} (a /22) are searched at once",
                value=cidr,
                count=network.num_addresses,
                limit=2 ** (32 - _LARGEST_PREFIX),
            )
        )
    return [str(host) for host in network.hosts()]


async def _ask(connect: Callable[[], Transport]) -> str | None:
    """The model (or language) that an ESC/POS printer names; "" for another device, None for no device."""
    opened = False
    try:
        async with Conversation(connect) as line:
            opened = True
            status = await line.ask(escpos.status_request(1), Kind.REALTIME, _ANSWER_SECONDS)
            if status is None or line.garbled:
                return ""
            model = await line.ask(escpos.identity_request(67), Kind.BLOCK, _ANSWER_SECONDS)
            named = model.data.decode("ascii", "replace").strip() if model else ""
            return named or "ESC/POS"
    except TillkeeperError:
        return "" if opened else None
