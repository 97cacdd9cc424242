"""The TCP rung: does anybody answer at that address and port?"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
from collections.abc import Sequence

from console.domain.errors import Unsupported
from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words, say
from console.platforms.base import Platform
from console.platforms.threads import in_thread
from console.probes.notes import ask

# A failed neighbour lookup says so only after 3.06 s.
SECONDS = 4.0
_SIBLING_SECONDS = 3.0
# A router that forbids the way says so at once, or when the first packet is repeated after a second; one
# that looks for the host in vain needs three.
_AT_ONCE = 2.0


def connect(
    address: str, port: int, platform: Platform, clock: Clock, seconds: float = SECONDS
) -> tuple[Evidence, socket.socket | None]:
    """The open socket, or why there is none.

    Signs tcp.connected, refused, timeout, prohibited (unreachable at once), host_unreachable (nobody has
    that address), net_unreachable, reset, denied (this computer forbids it), or route.none.
    """
    asked = ask(clock, f"tcp.{address}:{port}")
    where = f"{address}:{port}"
    try:
        line = socket.create_connection((address, port), timeout=seconds)
    except OSError as error:
        code = errno.ETIMEDOUT if isinstance(error, TimeoutError) else error.errno or 0
        sign, meaning = _meaning(code, where, asked.seconds)
        if sign == "tcp.net_unreachable" and not _has_route(address, platform):
            sign, meaning = "route.none", say("This computer knows no way to {where}", where=where)
        return asked.saw(errno.errorcode.get(code, str(error)), meaning, sign), None
    meaning = say(
        "{where} accepts connections ({milliseconds} ms)",
        where=where,
        milliseconds=round(asked.seconds * 1000, 1),
    )
    return asked.saw("connected", meaning, "tcp.connected", address=address), line


def _meaning(code: int, where: str, seconds: float) -> tuple[str, Words]:
    if code in (errno.EHOSTUNREACH, errno.EHOSTDOWN):
        if seconds < _AT_ONCE:
            return "tcp.prohibited", say("A router on the way forbids {where}", where=where)
        return "tcp.host_unreachable", say("No computer answers to the address of {where}", where=where)
    return {
        errno.ECONNREFUSED: ("tcp.refused", say("{where} refuses connections at once", where=where)),
        errno.ETIMEDOUT: (
            "tcp.timeout",
            say("{where} is silent: no answer in {seconds} s", where=where, seconds=round(seconds, 1)),
        ),
        errno.ENETUNREACH: (
            "tcp.net_unreachable",
            say("The router says there is no way to {where}", where=where),
        ),
        errno.ECONNRESET: ("tcp.reset", say("{where} broke the connection while it was made", where=where)),
        errno.EPERM: ("tcp.denied", say("This computer's own rules forbid {where}", where=where)),
        errno.EACCES: ("tcp.denied", say("This computer's own rules forbid {where}", where=where)),
    }.get(code, ("tcp.failed", say("{where} could not be connected", where=where)))


def _has_route(address: str, platform: Platform) -> bool:
    try:
        return platform.route_to(ipaddress.ip_address(address)) is not None
    except Unsupported:
        return True


async def siblings(address: str, ports: Sequence[int], clock: Clock) -> Evidence:
    """Signs tcp.sibling_ok when any of the other ports accepts, else tcp.sibling_dead."""
    asked = ask(clock, f"tcp.siblings.{address}")
    accepted = await asyncio.gather(*(in_thread(_accepts, address, port) for port in ports))
    working = ", ".join(str(port) for port, works in zip(ports, accepted, strict=True) if works)
    if working:
        return asked.saw(
            working, say("Other ports of the same computer work: {ports}", ports=working), "tcp.sibling_ok"
        )
    names = ", ".join(map(str, ports))
    return asked.saw(
        "none", say("Other ports of the same computer fail as well: {ports}", ports=names), "tcp.sibling_dead"
    )


def _accepts(address: str, port: int) -> bool:
    try:
        socket.create_connection((address, port), timeout=_SIBLING_SECONDS).close()
    except OSError:
        return False
    return True
