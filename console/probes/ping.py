"""An echo request (RFC 792, RFC 4443) without root: by a datagram socket where users get one."""

from __future__ import annotations

import ipaddress
import secrets
import socket
import struct
from contextlib import suppress
from time import monotonic

from console.domain.errors import Unsupported
from console.domain.words import say

_ECHO = {4: (socket.AF_INET, socket.IPPROTO_ICMP, 8), 6: (socket.AF_INET6, socket.IPPROTO_ICMPV6, 128)}


def ping(address: str, seconds: float = 1.0, tries: int = 3) -> float | None:
    """Seconds until the echo came back; None when it did not within `seconds` of the last of the tries.

    Unsupported where this user may not ask.
    """
    family, protocol, kind = _ECHO[ipaddress.ip_address(address).version]
    try:
        line = socket.socket(family, socket.SOCK_DGRAM, protocol)
    except OSError as error:  # Linux: net.ipv4.ping_group_range; Windows has no such sockets
        raise Unsupported(say("This system lets no ordinary user ping")) from error
    token = secrets.token_bytes(16)
    with line, suppress(OSError):  # a router's complaint about the host
        line.connect((address, 0))
        for number in range(tries):
            # Checksum and identifier are filled in by the system; the latter is how it knows our answers.
            line.send(struct.pack("!BBHHH", kind, 0, _checksum(kind, number, token), 0, number) + token)
            begun = monotonic()
            if _came(line, token, begun + seconds):
                return monotonic() - begun
    return None


def _came(line: socket.socket, token: bytes, until: float) -> bool:
    while (left := until - monotonic()) > 0:
        line.settimeout(left)
        with suppress(TimeoutError):
            if token in line.recv(1024):
                return True
    return False


def _checksum(kind: int, number: int, token: bytes) -> int:
    """Ones' complement sum (RFC 1071); IPv6's also covers the addresses and is the system's to make."""
    total: int = sum(struct.unpack("!12H", struct.pack("!BBHHH", kind, 0, 0, 0, number) + token))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
