"""The gateway rung: is the shop's router there? Works without root."""

from __future__ import annotations

import asyncio
import errno
import socket
from contextlib import suppress
from time import monotonic

from console.domain.errors import Unsupported
from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import say
from console.platforms.base import IPAddress, Neighbour, Platform
from console.platforms.threads import in_thread
from console.probes.notes import Asked, ask

# A neighbour lookup gives up after 3.06 s (three tries); a shorter look would miss that.
_SECONDS = 3.2
_PORTS = (80, 443, 53)
_DISCARD = 9


async def look(address: IPAddress, platform: Platform, clock: Clock) -> Evidence:
    """Signs gateway.alive, gateway.known (on the cable, but mute) or gateway.silent."""
    asked = ask(clock, f"gateway.{address}")
    gateway = str(address)
    if address.is_loopback or address in await in_thread(_own, platform):
        meaning = say("The gateway {gateway} is this computer itself", gateway=gateway)
        return asked.saw("local", meaning, "gateway.alive", gateway=gateway)
    with suppress(OSError):
        _stir(address)
    seconds = await _first_answer(gateway)
    if seconds is not None:
        meaning = say(
            "The gateway {gateway} answers within {milliseconds} ms",
            gateway=gateway,
            milliseconds=round(seconds * 1000, 1),
        )
        return asked.saw("answers", meaning, "gateway.alive", gateway=gateway, seconds=f"{seconds:.4f}")
    return await in_thread(_by_neighbour, address, platform, asked)


def _own(platform: Platform) -> set[IPAddress]:
    return {held.ip for card in platform.interfaces() for held in card.addresses}


def _by_neighbour(address: IPAddress, platform: Platform, asked: Asked) -> Evidence:
    gateway = str(address)
    try:
        state = platform.neighbour(address)
    except Unsupported as error:
        return asked.saw("?", error.words, gateway=gateway)
    if state is Neighbour.COMPLETE:
        meaning = say("The gateway {gateway} is on the cable but answers nothing", gateway=gateway)
        return asked.saw(state.value, meaning, "gateway.known", gateway=gateway)
    meaning = say("The gateway {gateway} does not answer, not even on the cable", gateway=gateway)
    return asked.saw(state.value, meaning, "gateway.silent", gateway=gateway)


def _stir(address: IPAddress) -> None:
    """Make the system look for the neighbour now."""
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    with socket.socket(family, socket.SOCK_DGRAM) as line:
        line.setblocking(False)
        line.sendto(b"", (str(address), _DISCARD))


async def _first_answer(gateway: str) -> float | None:
    """Seconds until a port answered, be it with a refusal; None when none did."""
    tasks = [asyncio.ensure_future(in_thread(_answers, gateway, port)) for port in _PORTS]
    try:
        for finished in asyncio.as_completed(tasks):
            seconds = await finished
            if seconds is not None:
                return seconds
        return None
    finally:
        for task in tasks:
            task.cancel()


def _answers(gateway: str, port: int) -> float | None:
    begun = monotonic()
    try:
        socket.create_connection((gateway, port), timeout=_SECONDS).close()
    except OSError as error:
        if error.errno not in (errno.ECONNREFUSED, errno.ECONNRESET):
            return None
    return monotonic() - begun
