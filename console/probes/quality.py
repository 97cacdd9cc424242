"""How well the way carries: what gets lost is sent again, a second later where a connection is made.

The first packet of a connection is repeated after one second (RFC 6298, 2.1), so a connect that takes longer
than that has lost one. One alone may be chance, several at once are a bad line. Nothing but connections is
made: a service that is slow by itself still accepts them at once.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from contextlib import suppress
from time import monotonic

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import say
from console.platforms.threads import in_thread
from console.probes.notes import ask

BURST = 8  # connections that are made at once
SECONDS = 3.5
_REPEATED = 0.9  # seconds of a connect in which a packet was repeated
_HANDSHAKE = 0.5  # and of the beginning of encryption, which needs two of them
_MANY = 2  # of the burst that are no chance


_CARRIED = frozenset({"tcp.connected", "tls.trusted"})


def looks_lossy(climbed: Sequence[Evidence]) -> bool:
    """Whether a way that carried has taken so long that something may have been sent twice."""
    took = {each.probe.split(".")[0]: each.seconds for each in climbed if each.signs & _CARRIED}
    return took.get("tcp", 0.0) >= _REPEATED or took.get("tls", 0.0) >= _HANDSHAKE


async def look(address: str, port: int, clock: Clock) -> Evidence:
    """Signs quality.lossy where several of some connections had to try again; else none."""
    asked = ask(clock, f"tcp.burst.{address}:{port}")
    seconds = await asyncio.gather(*(in_thread(_seconds_of, address, port) for _ in range(BURST)))
    late = sum(each >= _REPEATED for each in seconds)
    facts = {"late": str(late), "connects": str(BURST)}
    if late < _MANY:
        meaning = say(
            "Of {count} connections to {address} at once, {late} came late: no more than chance",
            count=BURST,
            address=address,
            late=late,
        )
        return asked.saw(f"{late}/{BURST}", meaning, **facts)
    meaning = say(
        "Of {count} connections to {address} at once, {late} had to try again: packets get lost",
        count=BURST,
        address=address,
        late=late,
    )
    return asked.saw(f"{late}/{BURST}", meaning, "quality.lossy", **facts)


def _seconds_of(address: str, port: int) -> float:
    """How long a connection took; those that are refused answered as well."""
    began = monotonic()
    with suppress(OSError):
        socket.create_connection((address, port), timeout=SECONDS).close()
    return monotonic() - began
