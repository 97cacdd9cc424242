"""A device behind a TCP port, such as a network printer on 9100."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import ipaddress
import socket
import struct
import sys
from collections.abc import Sequence
from typing import Any

from console.domain.addresses import Address
from console.domain.errors import TillkeeperError, Timeout, Unreachable
from console.domain.ports import Heard, Lost
from console.domain.words import say
from console.drivers.told import Told
from console.platforms.threads import in_thread

CONNECT_SECONDS = 4.0  # a failed neighbour lookup shows itself only after 3.06 s
WRITE_SECONDS = 3.0
_CLOSE_SECONDS = 0.1
# struct linger: on, 0 seconds. What the far side has not taken is thrown away with the connection.
_RESET_AT_ONCE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
_RESET = frozenset({errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE})


class TcpTransport:
    """One connection; for the next one make a new transport. Time-outs are in seconds."""

    def __init__(
        self,
        host: str,
        port: int,
        connect_seconds: float = CONNECT_SECONDS,
        write_seconds: float = WRITE_SECONDS,
    ) -> None:
        self._host = host
        self._port = port
        self._connect_seconds = connect_seconds
        self._write_seconds = write_seconds
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None
        self._lost: TillkeeperError | None = None
        self._dropped = False

    @classmethod
    def at(cls, address: Address, _told: Told | None = None) -> TcpTransport:
        """The way to `tcp://host:port`."""
        return cls(address.place, address.port or 9100)

    async def open(self, heard: Heard, lost: Lost) -> None:
        """Connect and read without pause; Timeout or Unreachable whose sign says in which way it failed."""
        try:
            async with asyncio.timeout(self._connect_seconds):
                reader, self._writer = await self._connect()
        except (OSError, UnicodeError) as error:  # UnicodeError: no host name can look like this
            raise self._trouble(error) from error
        # Then a finished write means that the system has taken everything, so that closing loses nothing.
        self._writer.transport.set_write_buffer_limits(high=0)
        self._reading = asyncio.create_task(self._read(reader, heard, lost), name=f"read {self._name}")

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The first of the host's addresses that accepts; else what was wrong with the first of all."""
        places = await self._places()
        troubles: list[OSError] = []
        for family, kind, protocol, _, place in places:
            line = socket.socket(family, kind, protocol)
            try:
                line.setblocking(False)
                await asyncio.get_running_loop().sock_connect(line, place)
                return await asyncio.open_connection(sock=line)
            except OSError as error:
                line.close()
                troubles.append(error)
            except BaseException:
                line.close()
                raise
        raise troubles[0]

    async def _places(self) -> Sequence[Any]:
        try:
            ipaddress.ip_address(self._host)
        except ValueError:
            # The loop's own look-up would hold the program's end for as long as a resolver is slow.
            return await in_thread(socket.getaddrinfo, self._host, self._port, type=socket.SOCK_STREAM)
        return socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)  # of a number: asks nobody

    async def write(self, data: bytes) -> None:
        """Hand over all of `data`; Timeout when the far side stops taking it, Unreachable when it is gone."""
        if self._writer is None or self._lost is not None:
            raise self._lost or self._closed()
        self._writer.write(data)
        if not self._writer.transport.get_write_buffer_size() and not self._writer.is_closing():
            return  # the system has taken all of it, as it mostly does
        try:
            async with asyncio.timeout(self._write_seconds):
                await self._writer.drain()
        except TimeoutError as error:
            raise Timeout(
                say(
                    "{name} stopped taking data for {seconds} s; it may be offline or busy",
                    name=self._name,
                    seconds=self._write_seconds,
                ),
                "tcp.write_timeout",
            ) from error
        except OSError as error:
            raise self._trouble(error) from error

    def drop(self) -> None:
        """Leave nothing behind at closing: a full printer would keep the connection until it has all."""
        self._dropped = True

    async def close(self) -> None:
        """End the connection; within a tenth of a second, also while a write is stuck."""
        writer, self._writer = self._writer, None
        if writer is None or self._reading is None:
            return
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                if self._dropped:
                    writer.write_eof()
                    await asyncio.wait({self._reading})  # it has read all, and ends the connection
                else:
                    writer.close()
                    await writer.wait_closed()
        except OSError:
            if self._dropped:
                with contextlib.suppress(OSError):  # it may have broken off by itself meanwhile
                    line = writer.get_extra_info("socket")
                    line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_ONCE)
        finally:
            self._reading.cancel()
            writer.transport.abort()

    async def _read(self, reader: asyncio.StreamReader, heard: Heard, lost: Lost) -> None:
        try:
            while data := await reader.read(4096):
                heard(data)
            self._lost = self._closed()
        except OSError as error:
            self._lost = self._trouble(error)
        if self._writer is not None:
            lost(self._lost)

    @property
    def _name(self) -> str:
        return f"{self._host}:{self._port}"

    def _closed(self) -> Unreachable:
        return Unreachable(say("{name} closed the connection", name=self._name), "tcp.closed")

    def _trouble(self, error: OSError | UnicodeError) -> TillkeeperError:
        if isinstance(error, socket.gaierror | UnicodeError):
            words = say(
                "The name {host} has no address; check it, or write the device's number", host=self._host
            )
            return Unreachable(words, "tcp.unknown_name")
        if isinstance(error, TimeoutError):
            words = say("{name} did not answer; is it on and on this network?", name=self._name)
            return Timeout(words, "tcp.timeout")
        if error.errno == errno.ECONNREFUSED:
            words = say(
                "{name} refused the connection: nothing listens there, or another program holds it",
                name=self._name,
            )
            return Unreachable(words, "tcp.refused")
        if error.errno in _RESET or isinstance(error, ConnectionResetError):  # asyncio's own has no number
            return Unreachable(say("{name} broke the connection off", name=self._name), "tcp.reset")
        reason = errno.errorcode.get(error.errno or 0, str(error))
        words = say(
            "{name} cannot be reached ({error}); check its cable and address", name=self._name, error=reason
        )
        return Unreachable(words, "tcp.unreachable")
