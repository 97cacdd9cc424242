"""Is the card terminal on the network, and still the same one? Its own line to the bank is not seen here.

Silence proves little: a terminal may be told to ignore every question, and is then known only by its hardware
address in the neighbour table, which forgets a dead one within a minute.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from time import monotonic

from console.domain.errors import Unsupported
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Settings
from console.domain.profile import Terminal
from console.domain.words import say
from console.platforms.base import IPAddress, Neighbour, Platform
from console.platforms.threads import in_thread
from console.probes.notes import ask
from console.probes.ping import ping

_SECONDS = 3.2  # a neighbour lookup gives up after 3.06 s (three tries)
_LIKELY_PORTS = (80, 443)  # tried where the profile names none: a refusal is an answer as well
_MADE_UP = 0x02  # bit of a hardware address that no maker gave: phones and radios change such ones at will


class TerminalExaminer:
    """Subject `terminal:NAME`. `noted` keeps the hardware address that was seen first."""

    def __init__(self, entry: Terminal, platform: Platform, clock: Clock, noted: Settings) -> None:
        self._entry = entry
        self._platform = platform
        self._clock = clock
        self._noted = noted

    @property
    def serial_number(self) -> str:
        """What stands on its label, as far as the profile knows."""
        return self._entry.serial_number or ""

    async def examine(self) -> Sequence[Evidence]:
        """Ping, TCP and the neighbour table side by side; within four seconds."""
        if self._entry.address is None:
            meaning = say(
                "Its address is not in the profile, so nobody can ask it; write it there in Settings"
            )
            return (ask(self._clock, "terminal").saw("", meaning, "terminal.no_address", **self._identity()),)
        address = ipaddress.ip_address(self._entry.address)
        seen = await self._answers(str(address))
        seen += await in_thread(self._on_the_cable, address, "terminal.alive" in signs_of(seen))
        return (*seen, self._outcome(signs_of(seen)))

    def _identity(self) -> dict[str, str]:
        entry = self._entry
        told = {
            "ModelName": entry.model,
            "SerialNumber": entry.serial_number,
            "FirmwareRevision": entry.firmware,
        }
        return {name: value for name, value in told.items() if value}

    async def _answers(self, address: str) -> list[Evidence]:
        """What came back until the profile's port answered; without one, until anything did."""
        port = self._entry.port
        looks = [
            asyncio.ensure_future(in_thread(self._connect, address, each, port is not None))
            for each in ((port,) if port else _LIKELY_PORTS)
        ]
        echo = asyncio.ensure_future(in_thread(self._ping, address))
        seen: list[Evidence] = []
        try:
            for finished in asyncio.as_completed([echo, *looks]):
                seen.append(await finished)
                if "terminal.alive" in signs_of(seen) and (port is None or looks[0].done()):
                    break
        finally:
            for task in (echo, *looks):
                task.cancel()
        return seen

    def _ping(self, address: str) -> Evidence:
        asked = ask(self._clock, "terminal.ping")
        try:
            seconds = ping(address)
        except Unsupported as error:
            return asked.saw("?", error.words)
        if seconds is None:
            return asked.saw("no answer", say("It does not answer a ping; a firewall may forbid it"))
        milliseconds = round(seconds * 1000, 1)
        meaning = say("It answers a ping within {milliseconds} ms", milliseconds=milliseconds)
        return asked.saw(f"{milliseconds} ms", meaning, "terminal.alive")

    def _connect(self, address: str, port: int, wanted: bool) -> Evidence:
        """A refusal proves a host as well; only of the profile's own port it is a trouble."""
        asked, begun = ask(self._clock, f"terminal.tcp.{port}"), monotonic()
        try:
            socket.create_connection((address, port), timeout=_SECONDS).close()
        except OSError as error:
            code = errno.ETIMEDOUT if isinstance(error, TimeoutError) else error.errno or 0
            result = errno.errorcode.get(code, str(error))
            if code in (errno.ECONNREFUSED, errno.ECONNRESET):
                signs = ("terminal.alive", "terminal.port_closed") if wanted else ("terminal.alive",)
                return asked.saw(result, say("It is there and refuses port {port}", port=port), *signs)
            return asked.saw(result, say("Port {port} gives no answer", port=port))
        milliseconds = round((monotonic() - begun) * 1000, 1)
        meaning = say(
            "It accepts connections at port {port} ({milliseconds} ms)", port=port, milliseconds=milliseconds
        )
        return asked.saw("connected", meaning, "terminal.alive")

    def _on_the_cable(self, address: IPAddress, alive: bool) -> list[Evidence]:
        """Its hardware address, and whether the neighbour table knows it where it answered nothing."""
        asked = ask(self._clock, "terminal.neighbour")
        try:
            hardware = self._platform.stations().get(str(address))
            state = Neighbour.COMPLETE if hardware else self._platform.neighbour(address)
        except Unsupported as error:
            return [asked.saw("?", error.words)]
        if hardware is not None:
            seen = [self._compared(hardware)]
            if not alive:
                meaning = say(
                    "The cable knows it, but it answers nothing: switched off just now, or a firewall"
                )
                seen.append(asked.saw(state.value, meaning, "terminal.known"))
            return seen
        if alive or state is Neighbour.NONE:
            return []  # behind a router, or this computer itself
        meaning = say("Nobody on the cable has this address")
        return [asked.saw(state.value, meaning, "terminal.absent")]

    def _compared(self, hardware: str) -> Evidence:
        asked = ask(self._clock, "terminal.hardware")
        if int(hardware[:2], 16) & _MADE_UP:
            meaning = say("Its hardware address is one that it made up, so it does not tell devices apart")
            return asked.saw(hardware, meaning, HardwareAddress=hardware)
        # A new serial number in the profile says that the device was exchanged on purpose.
        key = f"{self._entry.name}/{self.serial_number}"
        known, _, since = self._noted.get(key, "").partition(" ")
        if not known:
            since = self._clock.now().date().isoformat()
            self._noted.put(key, f"{hardware} {since}")
        if known in ("", hardware):
            meaning = say("Its hardware address is the one that was noted on {day}", day=_day(since))
            return asked.saw(hardware, meaning, HardwareAddress=hardware, HardwareAddressSince=since)
        meaning = say(
            "Another device answers at its address: {now} instead of {before}", now=hardware, before=known
        )
        return asked.saw(hardware, meaning, "terminal.swapped", HardwareAddress=hardware)

    def _outcome(self, signs: frozenset[str]) -> Evidence:
        asked, identity = ask(self._clock, "terminal.path"), self._identity()
        if "terminal.alive" in signs:
            meaning = say(
                "It is on the network. Its line to the bank is its own: a payment shows whether it works"
            )
            return asked.saw("reachable", meaning, **identity)
        if signs & {"terminal.known", "terminal.absent"}:
            return asked.saw("", say("Its line to the bank is its own and is not seen from here"), **identity)
        meaning = say("Nothing answers there; a firewall that forbids every question looks the same")
        return asked.saw("silent", meaning, "terminal.silent", **identity)


def _day(text: str) -> str:
    with suppress(ValueError):
        return date.fromisoformat(text).isoformat()
    return "?"
