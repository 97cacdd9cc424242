"""Where an IPP printer or a queue of CUPS is, and how it is reached."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

from console.domain.addresses import Address
from console.domain.errors import BadInput
from console.domain.ports import Transport
from console.domain.words import say
from console.drivers.transports.tcp import TcpTransport
from console.drivers.transports.unix import UnixTransport

PORT = 631
_SOCKET = "/run/cups/cups.sock"
_USUAL_PATH = "/ipp/print"  # PWG 5100.14, and what AirPrint printers use


@dataclass(frozen=True, slots=True)
class Place:
    """A printer's `uri` (RFC 8011 5.4.1), the HTTP `host` and `path`, and a way to connect."""

    uri: str
    host: str
    path: str
    connect: Callable[[], Transport]
    local_queue: bool = False  # a queue of this computer's CUPS

    @property
    def own_computer(self) -> bool:
        """True for the computer that says it of itself."""
        return (urlsplit(self.uri).hostname or "") in ("localhost", "127.0.0.1", "::1")


def place_of(address: Address) -> Place:
    """The place of `ipp://host/path` or `cups://queue`; BadInput for a host or port that cannot be."""
    return local_queue(address.place) if address.scheme == "cups" else remote(f"ipp://{address.place}")


def remote(uri: str) -> Place:
    """A printer at an `ipp:` address."""
    try:
        parts = urlsplit(uri)
        host, port = parts.hostname, parts.port or PORT
        if not host:
            raise ValueError
    except ValueError:
        raise BadInput(say('"{value}" names no printer; write ipp://host/ipp/print', value=uri)) from None
    path = parts.path if len(parts.path) > 1 else _USUAL_PATH
    where = f"[{host}]" if ":" in host else host
    named = where if port == PORT else f"{where}:{port}"
    return Place(f"ipp://{named}{path}", named, path, lambda: TcpTransport(host, port))


def local_queue(name: str) -> Place:
    """A queue of this computer's CUPS, which listens where CUPS_SERVER says or in its usual place."""
    path = f"/printers/{quote(name, safe='')}"
    return Place(f"ipp://localhost{path}", "localhost", path, cups_connector(), local_queue=True)


def cups_connector() -> Callable[[], Transport]:
    """A way to CUPS itself: its socket, else port 631 (cups-client.conf(5), ServerName)."""
    server = os.environ.get("CUPS_SERVER") or _SOCKET
    if server.startswith("/"):
        if server != _SOCKET or Path(server).exists():
            return lambda: UnixTransport(server)
        server = "localhost"
    host, colon, port = server.partition("/")[0].rpartition(":")
    if not colon or not port.isdigit():
        host, port = server.partition("/")[0], str(PORT)
    return lambda: TcpTransport(host, int(port))
