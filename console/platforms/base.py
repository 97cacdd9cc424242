"""What every operating system is asked about its network."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import psutil

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IPInterface = ipaddress.IPv4Interface | ipaddress.IPv6Interface
IPNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class Neighbour(StrEnum):
    """What the system knows of a station on the same cable."""

    COMPLETE = "complete"  # its hardware address is known
    FAILED = "failed"  # it was asked for and has not answered
    NONE = "none"  # nobody asked, or the entry has gone


@dataclass(frozen=True, slots=True)
class Interface:
    """A network card; None where the system does not tell. `addresses` carry their prefix."""

    name: str
    up: bool  # switched on by the administrator
    carrier: bool | None  # a cable or access point is at the other end
    wireless: bool | None
    hardware: bool | None  # a real card, not a bridge or tunnel
    addresses: tuple[IPInterface, ...] = ()


@dataclass(frozen=True, slots=True)
class Route:
    """A line of the routing table; `gateway` is None when the target is on the same cable."""

    target: IPNetwork
    gateway: IPAddress | None
    interface: str
    metric: int


class Platform(Protocol):
    """Facts of the operating system; each call blocks shortly and raises Unsupported if it cannot tell."""

    def interfaces(self) -> tuple[Interface, ...]:
        """Every network card, the loopback one too."""

    def default_routes(self) -> tuple[Route, ...]:
        """The ways to everywhere else, the preferred one first."""

    def route_to(self, address: IPAddress) -> Route | None:
        """The route that packets to `address` take; None when there is no way."""

    def neighbour(self, address: IPAddress) -> Neighbour:
        """The state of `address` in the neighbour table."""

    def stations(self) -> Mapping[str, str]:
        """For each IPv4 address on the same cable its hardware address, as 00:00:5e:00:53:01."""

    def resolvers(self) -> tuple[str, ...]:
        """Addresses of the DNS servers that the system asks."""

    def hosts(self, name: str) -> tuple[str, ...]:
        """The addresses that the system's own hosts file gives to `name`."""


def addresses_of_cards() -> Mapping[str, tuple[IPInterface, ...]]:
    """For each card its addresses with prefix."""
    return {
        name: tuple(
            _interface(each.address, each.netmask)
            for each in addresses
            if each.family.name in ("AF_INET", "AF_INET6")
        )
        for name, addresses in psutil.net_if_addrs().items()
    }


def linked_cards() -> Mapping[str, bool]:
    """For each card whether anything is at the other end."""
    return {name: card.isup for name, card in psutil.net_if_stats().items()}


def _interface(address: str, netmask: str | None) -> IPInterface:
    # Python reads no IPv6 netmask, and Windows reports none at all for IPv6.
    if netmask and ":" in netmask:
        netmask = str(int(ipaddress.IPv6Address(netmask)).bit_count())
    return ipaddress.ip_interface(f"{address}/{netmask}" if netmask else address)


def defaults(routes: Iterable[Route]) -> tuple[Route, ...]:
    """The default routes among `routes`: IPv4 before IPv6, the cheapest first."""
    found = (each for each in routes if each.target.prefixlen == 0)
    return tuple(sorted(found, key=lambda each: (each.target.version, each.metric)))


def best_route(routes: Iterable[Route], address: IPAddress) -> Route | None:
    """The route of the longest prefix to `address`, the cheapest of these."""
    fitting = [each for each in routes if address.version == each.target.version and address in each.target]
    return max(fitting, key=lambda each: (each.target.prefixlen, -each.metric), default=None)


def loopback_route(address: IPAddress, interfaces: Iterable[Interface]) -> Route | None:
    """The way to one of this computer's own addresses; None when `address` is somebody else's."""
    own = {held.ip for card in interfaces for held in card.addresses}
    if not address.is_loopback and address not in own:
        return None
    loopback = (card.name for card in interfaces if any(held.ip.is_loopback for held in card.addresses))
    return Route(ipaddress.ip_network(address), None, next(loopback, "lo"), 0)


def in_hosts_file(path: Path, name: str) -> tuple[str, ...]:
    """The addresses of `name` in a hosts(5) file; empty without the file."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ()
    words = (line.partition("#")[0].lower().split() for line in lines)
    return tuple(line[0] for line in words if name.lower() in line[1:])
