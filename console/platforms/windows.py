"""Windows: psutil, and the numbers in what `route` and `arp` print.

Nobody has run this on Windows yet; it is tested on outputs in the recorded Chinese and English forms.
Words differ from language to language, so only numbers are read.
"""

from __future__ import annotations

import ipaddress
import os
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
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
    linked_cards,
    loopback_route,
)

_SECONDS = 5.0
_IP = r"(\d+\.\d+\.\d+\.\d+)"
_ROUTE = re.compile(rf"^\s*{_IP}\s+{_IP}\s+(\S.*?)\s+{_IP}\s+(\d+)\s*$", re.MULTILINE)
_ARP = re.compile(rf"^\s*{_IP}\s+([0-9a-fA-F]{{2}}(?:-[0-9a-fA-F]{{2}}){{5}})\s", re.MULTILINE)


def run_command(command: Sequence[str]) -> str:
    """What `command` prints, only its ASCII intact; Unsupported when it cannot be run."""
    try:
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise Unsupported(
            say('"{command}" gave no answer: {error}', command=" ".join(command), error=str(error))
        ) from error
    return done.stdout.decode("ascii", "replace")


class Windows:
    """A Windows system."""

    def __init__(
        self,
        run: Callable[[Sequence[str]], str] = run_command,
        addresses: Callable[[], Mapping[str, tuple[IPInterface, ...]]] = addresses_of_cards,
        linked: Callable[[], Mapping[str, bool]] = linked_cards,
    ) -> None:
        self._run = run
        self._addresses = addresses
        self._linked = linked

    def interfaces(self) -> tuple[Interface, ...]:
        """Every card that is switched on; Windows does not list the others."""
        linked = self._linked()
        return tuple(
            Interface(name, True, linked.get(name), None, None, addresses)
            for name, addresses in self._addresses().items()
        )

    def default_routes(self) -> tuple[Route, ...]:
        """The IPv4 ways to everywhere else, the preferred one first."""
        return defaults(self._routes())

    def route_to(self, address: IPAddress) -> Route | None:
        """The route that packets to `address` take; Unsupported for IPv6."""
        local = loopback_route(address, self.interfaces())
        if local is None and address.version == 6:
            raise Unsupported(say("IPv6 routes are not read on this system"))
        return local or best_route(self._routes(), address)

    def neighbour(self, address: IPAddress) -> Neighbour:
        """The state of `address` in the ARP table."""
        known = dict(_ARP.findall(self._run(("arp", "-a")) + "\n"))
        hardware = known.get(str(address))
        if hardware is None:
            return Neighbour.NONE
        return Neighbour.FAILED if set(hardware) <= {"0", "-"} else Neighbour.COMPLETE

    def stations(self) -> Mapping[str, str]:
        """The lines of the ARP table that hold an address."""
        known = _ARP.findall(self._run(("arp", "-a")) + "\n")
        return {
            host: hardware.replace("-", ":").lower() for host, hardware in known if set(hardware) - {"0", "-"}
        }

    def resolvers(self) -> tuple[str, ...]:
        """Addresses of the DNS servers that the system asks, from the registry."""
        from dns.resolver import Resolver  # slow to import, and only wanted here

        return tuple(str(each) for each in Resolver().nameservers)

    def hosts(self, name: str) -> tuple[str, ...]:
        """The addresses that the hosts file gives to `name`."""
        root = os.environ.get("SYSTEMROOT", r"C:\Windows")
        return in_hosts_file(Path(root, "System32", "drivers", "etc", "hosts"), name)

    def _routes(self) -> list[Route]:
        card_of = {str(held.ip): name for name, all_held in self._addresses().items() for held in all_held}
        return [
            Route(
                ipaddress.IPv4Network(f"{target}/{mask}"),
                ipaddress.IPv4Address(gateway) if re.fullmatch(_IP, gateway) else None,
                card_of.get(own, own),
                int(metric),
            )
            for target, mask, gateway, own, metric in _ROUTE.findall(self._run(("route", "print", "-4")))
        ]
