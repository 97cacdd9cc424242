"""What the DNS rung says to the store's network and to one backend."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.profile import Backend, NetworkSetup
from console.domain.words import Words, say
from console.platforms.base import Platform
from console.platforms.threads import in_thread
from console.probes.dns import SLOW, Reply, Server, ask_server, is_literal
from console.probes.notes import Asked, ask

_SYSTEM_SECONDS = 2.0
_NAMES = 3  # a network's resolver is judged by this many names; each backend asks for its own


def without_dns(host: str, platform: Platform) -> tuple[str, ...]:
    """The addresses of a host that needs no DNS: a literal one, localhost, or one in the hosts file."""
    if is_literal(host):
        return (host,)
    return platform.hosts(host) or (("127.0.0.1",) if host == "localhost" else ())


def servers(setup: NetworkSetup, platform: Platform) -> tuple[Server, ...]:
    """The DNS servers that the store uses."""
    if setup.resolver is not None:
        return (setup.resolver,)
    return tuple((address, 53) for address in platform.resolvers())


async def resolvers(
    hosts: Sequence[str], setup: NetworkSetup, platform: Platform, clock: Clock
) -> tuple[Evidence, ...]:
    """How each DNS server does, asked for the backends' names.

    Signs dns.answers (with dns.slow), no_answer, refused, servfail, garbage, missing
    (none is configured) or not_needed (no backend goes by a name).
    """
    asked = ask(clock, "dns.servers")
    names, known = await in_thread(_questions, hosts, setup, platform)
    if not names:
        return (asked.saw("-", say("No backend goes by a name, so DNS is not asked"), "dns.not_needed"),)
    if not known:
        return (asked.saw("none", say("No DNS server is set up on this computer"), "dns.missing"),)
    return tuple(await asyncio.gather(*(_server(server, names, clock) for server in known)))


def _questions(
    hosts: Sequence[str], setup: NetworkSetup, platform: Platform
) -> tuple[Sequence[str], Sequence[Server]]:
    names = [host for host in dict.fromkeys(hosts) if not without_dns(host, platform)]
    return names[:_NAMES], servers(setup, platform) if names else ()


async def _server(server: Server, names: Sequence[str], clock: Clock) -> Evidence:
    asked = ask(clock, f"dns.{server[0]}")
    replies = await asyncio.gather(*(in_thread(ask_server, server, name) for name in names))
    good = [reply for reply in replies if reply.answered]
    if not good:
        outcome = replies[0].outcome
        return asked.saw(outcome, _failure(outcome, server[0]), f"dns.{outcome}")
    quickest = min(reply.seconds for reply in good)
    signs = ("dns.answers", "dns.slow") if quickest > SLOW else ("dns.answers",)
    meaning = say(
        "The DNS server {server} answers within {milliseconds} ms",
        server=server[0],
        milliseconds=round(quickest * 1000, 1),
    )
    return asked.saw(good[0].outcome, meaning, *signs)


def _failure(outcome: str, server: str) -> Words:
    return {
        "refused": say("The DNS server {server} refuses to answer", server=server),
        "servfail": say("The DNS server {server} is there but cannot find out anything", server=server),
        "garbage": say("What answers at the DNS server {server} does not speak DNS", server=server),
    }.get(outcome, say("The DNS server {server} does not answer", server=server))


async def backend(
    entry: Backend, setup: NetworkSetup, platform: Platform, clock: Clock
) -> tuple[Evidence, tuple[str, ...]]:
    """The backend's addresses, and how its name was found.

    Signs dns.resolved (with dns.not_known or dns.private_instead where the profile knows other
    addresses), dns.not_needed, missing, nxdomain, empty, no_answer, refused, servfail or garbage.
    """
    asked = ask(clock, f"dns.{entry.host}")
    given, known, replies = await in_thread(_begun, entry.host, setup, platform)
    if given:
        return asked.saw(given[0], say("{host} needs no DNS", host=entry.host), "dns.not_needed"), given
    if not known:
        return asked.saw("none", say("No DNS server is set up on this computer"), "dns.missing"), ()
    replies += await asyncio.gather(
        *(in_thread(ask_server, each, entry.host) for each in known[len(replies) :])
    )
    found = next((reply for reply in replies if reply.outcome == "found"), None)
    if found is not None:
        return _resolved(found.addresses, entry, asked), found.addresses
    answered = next((reply for reply in replies if reply.answered), None)
    if answered is None:
        return asked.saw(
            replies[0].outcome, _failure(replies[0].outcome, replies[0].server), f"dns.{replies[0].outcome}"
        ), ()
    # Search domains and the names of a Windows workgroup are known to the system alone.
    local = await _by_system(entry.host) if setup.resolver is None else ()
    if local:
        return _resolved(local, entry, asked), local
    meaning = say("The DNS servers work, but do not know the name {host}", host=entry.host)
    return asked.saw(answered.outcome, meaning, f"dns.{answered.outcome}"), ()


def _begun(
    host: str, setup: NetworkSetup, platform: Platform
) -> tuple[tuple[str, ...], tuple[Server, ...], list[Reply]]:
    """The addresses that `host` has without DNS; else whom to ask, and what a single server answered."""
    given = without_dns(host, platform)
    known = () if given else servers(setup, platform)
    return given, known, [ask_server(known[0], host)] if len(known) == 1 else []


async def _by_system(host: str) -> tuple[str, ...]:
    try:
        async with asyncio.timeout(_SYSTEM_SECONDS):
            rows = await in_thread(socket.getaddrinfo, host, None, socket.AF_UNSPEC, socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # TimeoutError is the first; a name that cannot be one the second
        return ()
    return tuple(dict.fromkeys(str(row[4][0]) for row in rows))


def _resolved(addresses: Sequence[str], entry: Backend, asked: Asked) -> Evidence:
    shown = ", ".join(addresses)
    if not entry.known_addresses or set(addresses) & set(entry.known_addresses):
        return asked.saw(
            shown, say("{host} is at {addresses}", host=entry.host, addresses=shown), "dns.resolved"
        )
    expected = ", ".join(entry.known_addresses)
    meaning = say(
        "DNS puts {host} at {addresses}, the store knows it at {expected}",
        host=entry.host,
        addresses=shown,
        expected=expected,
    )
    inside = any(private(each) for each in addresses) and not any(
        private(each) for each in entry.known_addresses
    )
    return asked.saw(shown, meaning, "dns.resolved", "dns.private_instead" if inside else "dns.not_known")


_HOME_NETWORKS = tuple(map(ipaddress.ip_network, (
    "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "127.0.0.0/8", "169.254.0.0/16", "100.64.0.0/10",
    "fc00::/7", "fe80::/10", "::1/128",
)))  # fmt: skip


def private(address: str) -> bool:
    """Whether it is one of a network at home, not of the internet."""
    # Not `is_private`: that also holds for the documentation ranges that stand for public addresses.
    place = ipaddress.ip_address(address)
    return any(place in network for network in _HOME_NETWORKS if network.version == place.version)
