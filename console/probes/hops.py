"""How far packets get: which router on the way still answers, and whether the far computer does; no root.

A UDP packet that may pass only so many routers comes back as an ICMP error from the last of them (RFC 1122,
3.2.2.4), one that arrives as "port unreachable" (3.2.2.1). Linux hands these errors to the socket that sent
the packet (ip(7), IP_RECVERR); elsewhere this rung tells nothing.
"""

from __future__ import annotations

import ipaddress
import selectors
import socket
import struct
import sys
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from time import monotonic
from typing import Any

from console.domain.errors import Unsupported
from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import say
from console.platforms.base import Platform
from console.probes.notes import Asked, ask

HOPS = 12  # that are looked at; the shop's own and its provider's are among them
SECONDS = 1.5
_FIRST = 0.6  # of these, for the far computer alone
_FAR = 64  # hops; as many as any packet is given
_PORT = 33434  # and those above it: where traceroute knocks, and nobody listens


@dataclass(frozen=True, slots=True)
class _Family:
    """The numbers of one version of IP: <bits/in.h>, and ICMP's types and code."""

    kind: socket.AddressFamily
    level: int
    ttl: int
    recverr: int
    exceeded: int
    unreachable: int
    port_code: int
    offender: str  # struct of the address behind the error
    at: int


_IP4 = _Family(
    socket.AF_INET, socket.IPPROTO_IP, 2, 11, exceeded=11, unreachable=3, port_code=3, offender="4s", at=4
)
_IP6 = _Family(
    socket.AF_INET6, socket.IPPROTO_IPV6, 16, 25, exceeded=3, unreachable=1, port_code=4, offender="16s", at=8
)
_ERROR = struct.Struct("=IBBBBII")  # struct sock_extended_err, <linux/errqueue.h>


@dataclass(frozen=True, slots=True)
class _Answer:
    hop: int
    who: str
    arrived: bool


def look(address: str, platform: Platform, clock: Clock, seconds: float = SECONDS) -> tuple[Evidence, ...]:
    """Signs hops.reached, lost_after_gateway, lost or none of them; empty where it cannot be asked."""
    if sys.platform != "linux":
        return ()
    asked = ask(clock, f"internet.hops.{address}")
    try:
        route = platform.route_to(ipaddress.ip_address(address))
        answers = _gathered(address, seconds)
    except (OSError, Unsupported):
        return ()
    gateway = str(route.gateway) if route and route.gateway else None
    return (_told(answers, address, gateway, asked),)


def _told(answers: Sequence[_Answer], address: str, gateway: str | None, asked: Asked) -> Evidence:
    if any(each.arrived for each in answers):
        meaning = say("Packets reach {address}: its computer is there and answers", address=address)
        return asked.saw("reached", meaning, "hops.reached")
    if not answers:
        return asked.saw("none", say("No router on the way to {address} shows itself", address=address))
    last = max(answers, key=lambda each: each.hop)
    facts = {"hop": str(last.hop), "last": last.who}
    if last.who == gateway:
        meaning = say("Packets to {address} get as far as the shop's router and no further", address=address)
        return asked.saw(last.who, meaning, "hops.lost_after_gateway", **facts)
    meaning = say(
        "The last that answers on the way to {address} is {last}, {hop} routers away",
        address=address,
        last=last.who,
        hop=last.hop,
    )
    return asked.saw(last.who, meaning, "hops.lost", **facts)


def _gathered(address: str, seconds: float) -> list[_Answer]:
    """Who answered: the far computer, or else the routers; OSError without a way.

    The far one is asked first and alone: it rations its answers (icmp_ratelimit, icmp(7)).
    """
    end = monotonic() + seconds
    return _sent(address, (_FAR,), monotonic() + _FIRST) or _sent(address, (*range(1, HOPS + 1), _FAR), end)


def _sent(address: str, hops: Iterable[int], end: float) -> list[_Answer]:
    """The answers to one packet for each number of hops until `end`, or until the far computer's."""
    family = _IP6 if ":" in address else _IP4
    answers: list[_Answer] = []
    with ExitStack() as stack, selectors.DefaultSelector() as selector:
        for hop in hops:
            line = stack.enter_context(socket.socket(family.kind, socket.SOCK_DGRAM))
            line.setblocking(False)
            line.setsockopt(family.level, family.ttl, hop)
            line.setsockopt(family.level, family.recverr, 1)
            line.connect((address, _PORT + hop))
            line.send(b"Tillkeeper")
            selector.register(line, selectors.EVENT_READ, hop)
        while selector.get_map() and (left := end - monotonic()) > 0:
            for key, _ in selector.select(left):
                selector.unregister(key.fileobj)
                answer = _answer(key.fileobj, family, key.data, address)
                if answer is not None:
                    answers.append(answer)
                    if answer.arrived:
                        return answers
    return answers


def _answer(line: Any, family: _Family, hop: int, address: str) -> _Answer | None:
    """The ICMP error that came for the packet; None for any other trouble."""
    try:
        _, notes, _, _ = line.recvmsg(64, 256, socket.MSG_ERRQUEUE)
    except OSError:
        return None
    for level, kind, data in notes:
        if (level, kind) != (family.level, family.recverr) or len(data) < _ERROR.size + family.at + 4:
            continue
        _, origin, icmp, code, *_ = _ERROR.unpack_from(data)
        if origin not in (2, 3):  # SO_EE_ORIGIN_ICMP, SO_EE_ORIGIN_ICMP6; 1 is this computer itself
            continue
        (raw,) = struct.unpack_from(family.offender, data, _ERROR.size + family.at)
        who = socket.inet_ntop(family.kind, raw)
        arrived = who == address or (icmp == family.unreachable and code == family.port_code)
        if arrived or icmp == family.exceeded:
            return _Answer(hop, who, arrived)
    return None
