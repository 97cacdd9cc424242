"""Linux: /proc and /sys, readable without root; no program is started."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from console.domain.errors import Unsupported
from console.domain.words import say
from console.platforms.base import (
    Interface,
    IPAddress,
    IPInterface,
    Neighbour,
    Route,
    addresses_of_cards,
    best_route,
    defaults,
    in_hosts_file,
    loopback_route,
)

# <linux/route.h>, <linux/if.h>, <linux/if_arp.h>
_RTF_UP, _RTF_GATEWAY, _RTF_REJECT = 0x1, 0x2, 0x200
_IFF_UP, _IFF_NOARP = 0x1, 0x80
_ATF_COM = 0x2


class Linux:
    """A Linux system; `root` is where its /proc, /sys and /etc hang."""

    def __init__(
        self,
        root: Path = Path("/"),
        addresses: Callable[[], Mapping[str, tuple[IPInterface, ...]]] = addresses_of_cards,
    ) -> None:
        self._root = root
        self._addresses = addresses

    def interfaces(self) -> tuple[Interface, ...]:
        """Every network card, the loopback one too."""
        addresses = self._addresses()
        cards = sorted((self._root / "sys/class/net").iterdir())
        return tuple(_card(folder, addresses.get(folder.name, ())) for folder in cards if folder.is_dir())

    def default_routes(self) -> tuple[Route, ...]:
        """The ways to everywhere else, the preferred one first."""
        return defaults(self._routes())

    def route_to(self, address: IPAddress) -> Route | None:
        """The route that packets to `address` take, by the main table (policy routing is not read)."""
        return loopback_route(address, self.interfaces()) or best_route(self._routes(), address)

    def neighbour(self, address: IPAddress) -> Neighbour:
        """The state of `address` in the ARP table, proc_pid_net(5); Unsupported for IPv6."""
        if address.version == 6:
            raise Unsupported(say("The system lists no IPv6 neighbours without special rights"))
        for line in self._lines("proc/net/arp"):
            host, _, flags, *_ = line.split()
            if host == str(address):
                return Neighbour.COMPLETE if int(flags, 16) & _ATF_COM else Neighbour.FAILED
        return Neighbour.NONE

    def stations(self) -> Mapping[str, str]:
        """The complete lines of the ARP table."""
        lines = (line.split() for line in self._lines("proc/net/arp"))
        return {host: hardware for host, _, flags, hardware, *_ in lines if int(flags, 16) & _ATF_COM}

    def resolvers(self) -> tuple[str, ...]:
        """The nameserver lines of resolv.conf(5)."""
        words = (line.split() for line in self._lines("etc/resolv.conf", header=False))
        return tuple(line[1] for line in words if len(line) > 1 and line[0] == "nameserver")

    def hosts(self, name: str) -> tuple[str, ...]:
        """The addresses that /etc/hosts gives to `name`."""
        return in_hosts_file(self._root / "etc/hosts", name)

    def _routes(self) -> list[Route]:
        four = (_route4(line.split()) for line in self._lines("proc/net/route"))
        six = (_route6(line.split()) for line in self._lines("proc/net/ipv6_route", header=False))
        return [each for each in (*four, *six) if each is not None and each.interface != "lo"]

    def _lines(self, path: str, header: bool = True) -> list[str]:
        try:
            lines = (self._root / path).read_text("utf-8", "replace").splitlines()
        except OSError:  # a system without IPv6, or without a resolver
            return []
        return [line for line in lines[1 if header else 0 :] if line.strip()]


def _card(folder: Path, addresses: tuple[IPInterface, ...]) -> Interface:
    flags = int(_word(folder / "flags") or "0", 16)
    up = bool(flags & _IFF_UP)
    wireless = (folder / "wireless").exists() or (folder / "phy80211").exists()
    # Bridges, tunnels and dummies have no device behind them; veth pairs have none either, but speak ARP.
    virtual = bool(flags & _IFF_NOARP) or (folder / "bridge").exists()
    hardware = (folder / "device").exists() or not virtual
    return Interface(folder.name, up, _word(folder / "carrier") == "1", wireless, hardware, addresses)


def _word(path: Path) -> str:
    with suppress(OSError):  # `carrier` of a card that is switched off gives EINVAL
        return path.read_text("ascii").strip()
    return ""


def _route4(fields: list[str]) -> Route | None:
    """A line of /proc/net/route: hexadecimal, in the processor's byte order."""
    interface, target, gateway, flags, _, _, metric, mask = fields[:8]
    if not int(flags, 16) & _RTF_UP or int(flags, 16) & _RTF_REJECT:
        return None
    network = ipaddress.IPv4Network((_ipv4(target), int(mask, 16).bit_count()))
    via = _ipv4(gateway) if int(flags, 16) & _RTF_GATEWAY else None
    return Route(network, via, interface, int(metric))


def _ipv4(text: str) -> ipaddress.IPv4Address:
    return ipaddress.IPv4Address(int(text, 16).to_bytes(4, "little"))


def _route6(fields: list[str]) -> Route | None:
    """A line of /proc/net/ipv6_route: hexadecimal without colons."""
    target, length, _, _, gateway, metric, _, _, flags, interface = fields
    if not int(flags, 16) & _RTF_UP or int(flags, 16) & _RTF_REJECT:
        return None
    network = ipaddress.IPv6Network((bytes.fromhex(target), int(length, 16)))
    via = ipaddress.IPv6Address(bytes.fromhex(gateway)) if int(flags, 16) & _RTF_GATEWAY else None
    if via is not None and via.is_link_local:
        via = ipaddress.IPv6Address(f"{via}%{interface}")
    return Route(network, via, interface, int(metric, 16))
