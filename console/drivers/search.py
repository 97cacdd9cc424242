"""Searches for devices: serial ports and USB printers of this computer, printers on a network at TCP 9100."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable
from contextlib import aclosing
from functools import partial
from typing import Any

from console.domain.addresses import Address, parse_address
from console.domain.discovery import Found
from console.domain.errors import BadInput, TillkeeperError
from console.domain.ports import Report, Transport
from console.domain.words import say
from console.drivers.codecs.queries import NAMES
from console.drivers.codecs.usb_printer import language
from console.drivers.entries import found as _found
from console.drivers.plugged import hid_scanners, keyboard_scanners, system_ports, usb_printers
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.detection import AnyParser, Wary, find_language
from console.drivers.printer.office import calls_itself_another, is_office_printer
from console.drivers.registry import connector, speaker
from console.drivers.told import Told
from console.drivers.transports.serial import BAUD, SerialTransport
from console.drivers.transports.serial_speed import FoundSpeed
from console.drivers.transports.tcp import TcpTransport
from console.drivers.unasked import unasked
from console.platforms.clock import SystemClock

PRINTER_PORT = 9100
_CONNECT_SECONDS = 0.5
_ANSWER_SECONDS = 0.5
_AT_ONCE = 64
_LARGEST_PREFIX = 22  # 1024 addresses, 8 s at most when all are silent

Ports = Callable[[], Iterable[tuple[str, str]]]  # each port's device path and what the system calls it


class SerialSearch:
    """The serial ports of this computer; with `probe` each is asked for its speed and its printer language.

    All ports are asked at once.
    """

    def __init__(self, probe: bool = False, ports: Ports = system_ports) -> None:
        self._probe = probe
        self._ports = ports

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each port: `probed` for a printer that answered, a scale or RFID reader that sent; else a guess."""
        report(say("Looking for serial ports; hold a tag to an RFID reader, if there is one"))
        ports = await asyncio.to_thread(lambda: list(self._ports()))
        async with aclosing(_all_at_once(self._try(*port) for port in ports)) as found:
            async for each in found:
                yield each

    async def _try(self, device: str, description: str) -> Found:
        # COM3 needs two slashes, /dev/ttyS0 three: both are `serial://` and the port's name.
        address = f"serial://{device}"
        # Listened to first: whoever sends weights or tags unasked need not be asked anything.
        if self._probe and (came := await unasked(lambda: SerialTransport(device))):
            kind, protocol, told_by_it = came
            return _found(kind, f"{address}?baud={BAUD}", (protocol, told_by_it), "probed")
        told: Told = {}
        line = FoundSpeed(Address("serial", device), told)
        answer = await _ask(lambda: line) if self._probe else None
        if not answer or not answer[0]:
            return _found("scanner", address, ("", description), "guess")
        speed = told["serial.speed"].result if "serial.speed" in told else BAUD
        return _found("printer", f"{address}?baud={speed}", answer, "probed")


class UsbSearch:
    """Printers on USB, what they call themselves and in which language they answer; HID POS scanners."""

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each such device; where this computer has no library for USB, only that is told."""
        report(say("Looking for USB devices"))
        try:
            printers = await asyncio.to_thread(usb_printers)
            scanners = await asyncio.to_thread(hid_scanners)
        except TillkeeperError as trouble:
            report(trouble.words)
            return
        for address, _ in printers:
            yield await self._try(address)
        for address, product in scanners:
            yield _found("scanner", address, ("", product), "documented")

    async def _try(self, address: str) -> Found:
        told: Told = {}
        connect = connector(parse_address(address, "printer"), told)
        with contextlib.suppress(TillkeeperError):  # only to hear who it is
            async with Conversation(connect, AnyParser()):
                pass
        fields = told["usb.device_id"].fields if "usb.device_id" in told else {}
        name = " ".join(fields[key] for key in ("MFG", "MDL") if key in fields)
        protocol = language(fields)
        answer = await _ask(connect, Wary(partial(calls_itself_another, told)))
        if answer and answer[0]:
            return _found("printer", address, answer, "probed")
        return _found("printer", address, (protocol, name), "documented" if protocol else "guess")


class KeyboardSearch:
    """Scanners that type, as far as their maker or name gives them away."""

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each such keyboard; nothing is read from it."""
        report(say("Looking for scanners that type"))
        for each in await asyncio.to_thread(lambda: list(keyboard_scanners())):
            yield each


class TcpSearch:
    """Printers in the network `cidr` (at most 1024 addresses); BadInput for a bad or larger one."""

    def __init__(self, cidr: str, port: int = PRINTER_PORT) -> None:
        self._hosts = hosts(cidr)
        self._port = port

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each address with an open port: `probed` when it answered in a printer language, else a `guess`."""
        report(say("Trying {count} addresses on port {port}", count=len(self._hosts), port=self._port))
        turns = asyncio.Semaphore(_AT_ONCE)
        async with aclosing(_all_at_once(self._try(host, turns) for host in self._hosts)) as found:
            async for each in found:
                yield each

    async def _try(self, host: str, turns: asyncio.Semaphore) -> Found | None:
        async with turns:
            answer = await _ask(
                lambda: TcpTransport(host, self._port, connect_seconds=_CONNECT_SECONDS),
                Wary(partial(is_office_printer, host)),
            )
        if answer is None:
            return None
        literal = f"[{host}]" if ":" in host else host
        address = f"tcp://{literal}:{self._port}"
        return _found("printer", address, answer, "probed" if answer[0] else "guess")


async def _all_at_once(tries: Iterable[Coroutine[Any, Any, Found | None]]) -> AsyncGenerator[Found, None]:
    """What each finds, in the order in which they end; the rest is given up when the caller has enough."""
    tasks = [asyncio.create_task(each) for each in tries]
    try:
        for task in asyncio.as_completed(tasks):
            if (found := await task) is not None:
                yield found
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


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


async def _ask(connect: Callable[[], Transport], wary: Wary | None = None) -> tuple[str, str] | None:
    """The language that a printer answers in, and the model it names; two times "" for another device.

    None for no device at all. Whatever it is, it was not made to print, move or change anything.
    """
    opened, language = False, ""
    try:
        async with Conversation(connect, AnyParser()) as line:
            opened = True
            found = await find_language(line, wary or Wary(), _ANSWER_SECONDS)
            if found.query is None:
                return "", ""
            language = found.query.language
            spoken = speaker(language, SystemClock("UTC"), frozenset(), _ANSWER_SECONDS)
            line.turn_to(spoken.parser())
            named = await spoken.identity(line)
            return language, named.get("ModelName") or str(NAMES[language])
    except TillkeeperError:
        return (language, str(NAMES[language]) if language else "") if opened else None
