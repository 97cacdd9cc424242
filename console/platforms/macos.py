"""macOS, as far as psutil and resolv.conf go; what they do not hold is said to be unknown.

Nobody has run this on macOS yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from console.domain.errors import Unsupported
from console.domain.words import say
from console.platforms.base import (
    Interface,
    IPAddress,
    Neighbour,
    Route,
    addresses_of_cards,
    linked_cards,
    loopback_route,
)
from console.platforms.linux import Linux


class MacOS:
    """A macOS system."""

    def interfaces(self) -> tuple[Interface, ...]:
        """Every network card, the loopback one too."""
        linked = linked_cards()
        return tuple(
            Interface(name, True, linked.get(name), None, None, addresses)
            for name, addresses in addresses_of_cards().items()
        )

    def default_routes(self) -> tuple[Route, ...]:
        """Unsupported."""
        raise Unsupported(say("The routing table is not read on this system"))

    def route_to(self, address: IPAddress) -> Route | None:
        """The way to one of this computer's own addresses; Unsupported for all others."""
        local = loopback_route(address, self.interfaces())
        if local is None:
            raise Unsupported(say("The routing table is not read on this system"))
        return local

    def neighbour(self, address: IPAddress) -> Neighbour:
        """Unsupported."""
        raise Unsupported(say("The neighbour table is not read on this system"))

    def stations(self) -> Mapping[str, str]:
        """Unsupported."""
        raise Unsupported(say("The neighbour table is not read on this system"))

    def resolvers(self) -> tuple[str, ...]:
        """The nameserver lines of resolv.conf(5)."""
        return Linux(Path("/")).resolvers()

    def hosts(self, name: str) -> tuple[str, ...]:
        """The addresses that /etc/hosts gives to `name`."""
        return Linux(Path("/")).hosts(name)
