"""A simulated name server on loopback: UDP, A records of one zone map (RFC 1035), and its faults."""

from __future__ import annotations

import asyncio
import ipaddress
import struct
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, cast

from console.domain.errors import BadInput
from console.domain.words import say
from console.simulators.base import Simulator

SLOW = 2.0  # seconds
_TTL = 5  # seconds: short, so that a switched fault is seen soon
_A, _ANY, _IN = 1, 255, 1
_NO_ERROR, _FORMAT, _FAILURE, _UNKNOWN_NAME, _NOT_IMPLEMENTED, _REFUSED = range(6)
_FAULT_CODES = {"refused": _REFUSED, "server_failure": _FAILURE, "unknown_name": _UNKNOWN_NAME}


class DnsSimulator(Simulator):
    """The name server; `zone` maps names to IPv4 addresses, `wrong` is what wrong_address answers."""

    kind: ClassVar[str] = "dns"
    usage: ClassVar[tuple[str, ...]] = ("name NAME ADDRESS",)

    def __init__(self, zone: Mapping[str, str | Sequence[str]], host: str, port: int, wrong: str) -> None:
        super().__init__()
        self.zone: dict[str, tuple[str, ...]] = {}
        for name, addresses in zone.items():
            self.add(name, addresses)
        self._host, self._port = host, port
        self.wrong = wrong
        self.queries = 0
        self.slow_seconds = SLOW
        self._transport: asyncio.DatagramTransport | None = None

    @classmethod
    def start(
        cls,
        zone: Mapping[str, str | Sequence[str]],
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        wrong: str = "198.51.100.66",
    ) -> DnsSimulator:
        """A name server for `zone`: {"pos.example.com": "127.0.0.1"}, or a list of addresses."""
        return cls(zone, host, port, wrong)

    def add(self, name: str, addresses: str | Sequence[str]) -> None:
        """Put a name into the zone; BadInput where an address is not IPv4."""
        given = (addresses,) if isinstance(addresses, str) else tuple(addresses)
        for address in given:
            try:
                ipaddress.IPv4Address(address)
            except ValueError:
                raise BadInput(
                    say('"{address}" for {name} is not an IPv4 address', address=address, name=name)
                ) from None
        self.zone[name.rstrip(".").lower()] = given

    @property
    def address(self) -> str:
        """`HOST:PORT`."""
        return f"{self._host}:{self._port}"

    @property
    def port(self) -> int:
        """The UDP port."""
        return self._port

    def profile(self) -> str:
        """A ready [network] entry."""
        return f'[network]\ndns = "{self.address}"\n'

    async def open(self) -> None:
        """Bind the port."""
        self._transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: _Datagrams(self), local_addr=(self._host, self._port)
        )
        self._port = self._transport.get_extra_info("sockname")[1]

    async def close(self) -> None:
        """Give the port back."""
        if self._transport:
            self._transport.abort()
            self._transport = None

    async def obey(self, line: str) -> dict[str, object]:
        """`name NAME ADDRESS`, and what every simulator knows."""
        match line.split():
            case ["name", name, address]:
                self.add(name, address)
                return {"name": name, "address": address}
            case _:
                return await super().obey(line)

    def answer(self, query: bytes) -> bytes:
        """The reply to a datagram, as the faults have it; empty: none."""
        if len(query) < 12 or query[2] & 0x80 or "mute" in self._faults:
            return b""
        self.queries += 1
        opcode, count = query[2] >> 3 & 15, struct.unpack_from("!H", query, 4)[0]
        name, end = _name(query, 12)
        if opcode:
            return _reply(query, b"", _NOT_IMPLEMENTED)
        if count != 1 or name is None or end + 4 > len(query):
            return _reply(query, b"", _FORMAT)
        question = query[12 : end + 4]
        kind, family = struct.unpack_from("!HH", query, end)
        for fault, code in _FAULT_CODES.items():
            if fault in self._faults:
                return _reply(query, question, code)
        addresses = self.zone.get(name)
        if addresses is None:
            return _reply(query, question, _UNKNOWN_NAME)
        if "wrong_address" in self._faults:
            addresses = (self.wrong,)
        wanted = kind in {_A, _ANY} and family in {_IN, _ANY}
        return _reply(query, question, _NO_ERROR, addresses if wanted else ())


class _Datagrams(asyncio.DatagramProtocol):
    def __init__(self, server: DnsSimulator) -> None:
        self._server = server

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str | Any, int]) -> None:
        reply = self._server.answer(data)
        if reply:
            delay = self._server.slow_seconds if "slow" in self._server.faults else 0
            asyncio.get_running_loop().call_later(delay, self._send, reply, addr)

    def _send(self, reply: bytes, addr: Any) -> None:
        if not self._transport.is_closing():
            self._transport.sendto(reply, addr)


def _name(query: bytes, at: int) -> tuple[str | None, int]:
    """The name at `at` in lower case, and where it ends; None where broken (questions use no pointers)."""
    labels: list[str] = []
    while at < len(query):
        length = query[at]
        if length == 0:
            name = ".".join(labels)
            return (name, at + 1) if len(name) <= 253 else (None, at)
        if length > 63 or at + 1 + length > len(query):
            break
        labels.append(query[at + 1 : at + 1 + length].decode("latin-1").lower())
        at += 1 + length
    return None, at


def _reply(query: bytes, question: bytes, code: int, addresses: Sequence[str] = ()) -> bytes:
    """Header, the question as it came, and an A record for each address (the name by pointer to byte 12)."""
    flags = 0x8400 | query[2] << 8 & 0x7900 | code  # QR, AA; opcode and RD as asked
    head = query[:2] + struct.pack("!HHHHH", flags, int(bool(question)), len(addresses), 0, 0)
    records = b"".join(
        struct.pack("!HHHIH", 0xC00C, _A, _IN, _TTL, 4) + ipaddress.IPv4Address(address).packed
        for address in addresses
    )
    return head + question + records
