"""A simulated backend: HTTPS (or plain HTTP) on loopback with its own authority, and every way to fail.

`GET /health` answers 200 with JSON, `GET /generate_204` 204 (the known answer of an internet check).
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import ssl
import struct
import tempfile
from collections.abc import Mapping, Sequence
from email.utils import formatdate
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar

from console.simulators.base import Simulator, number

VERSION = "2026.4.1"
_HEAD_LIMIT = 16 * 1024  # bytes of a request's head
_BODY_LIMIT = 1024 * 1024
_IDLE = 75.0  # seconds that a client may keep a connection without asking
_GOODBYE = 5.0  # seconds for the end of a TLS connection
_BANNER = b"SSH-2.0-OpenSSH_9.2\r\n"

_Headers = Mapping[str, str]
_STATUS: dict[str, tuple[int, _Headers]] = {
    "maintenance": (503, {"Retry-After": "120"}),
    "unauthorized": (401, {"WWW-Authenticate": 'Bearer realm="orders"'}),
    "forbidden": (403, {}),
    "not_found": (404, {}),
    "proxy_auth": (407, {"Proxy-Authenticate": 'Basic realm="proxy"'}),
    "rate_limited": (429, {"Retry-After": "30"}),
    "upgrade": (426, {"Upgrade": "HTTP/2.0", "Connection": "Upgrade"}),
    "server_error": (500, {}),
    "redirect_loop": (302, {"Location": "{path}"}),
    "captive_portal": (302, {"Location": "http://portal.example/login"}),
}
_CERTIFICATES = (
    "wrong_host",
    "expired",
    "expires_soon",
    "not_yet_valid",
    "self_signed",
    "untrusted",
    "missing_intermediate",
)


class BackendSimulator(Simulator):
    """The backend; `status` replaces 200 on /health, `delay` is seconds before each answer."""

    kind: ClassVar[str] = "backend"
    usage: ClassVar[tuple[str, ...]] = ("status N", "delay SECONDS")

    def __init__(
        self, directory: Path | None, hosts: Sequence[str], address: tuple[str, int], *, tls: bool
    ) -> None:
        super().__init__()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._directory = directory
        self.hosts = (*dict.fromkeys((*hosts, address[0])),)
        self._host, self._port = address
        self._tls = tls
        self.status = 200
        self.delay = 0.0
        self.requests = 0  # answered or left hanging
        self.ca_file: Path | None = None
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._listener: socket.socket | None = None
        self._keeper: socket.socket | None = None
        self._doors: set[asyncio.Task[None]] = set()
        self._connections: dict[asyncio.Task[None], socket.socket] = {}

    @classmethod
    def start(
        cls,
        directory: Path | None = None,
        *,
        hosts: Sequence[str] = ("localhost",),
        host: str = "127.0.0.1",
        port: int = 0,
        tls: bool = True,
    ) -> BackendSimulator:
        """A backend with certificates for `hosts` and `host` in `directory` (default: a temporary one)."""
        return cls(directory, hosts, (host, port), tls=tls)

    @property
    def address(self) -> str:
        """`https://HOST:PORT`, or `http://…` without TLS."""
        return f"{'https' if self._tls else 'http'}://{self._host}:{self._port}"

    @property
    def url(self) -> str:
        """The address to check."""
        return f"{self.address}/health"

    @property
    def port(self) -> int:
        """The TCP port."""
        return self._port

    def profile(self) -> str:
        """A ready [[backend]] entry."""
        entry = f'[[backend]]\nname = "simulated"\nurl = "{self.url}"\nexpect_status = 200\n'
        return entry + (f"ca_file = {json.dumps(str(self.ca_file))}\n" if self.ca_file else "")

    async def open(self) -> None:
        """Make the certificates and listen."""
        if self._tls:
            await asyncio.to_thread(self._certify)
        self._listen()

    def _certify(self) -> None:
        from console.simulators import certificates

        if self._directory is None:
            self._folder = tempfile.TemporaryDirectory(prefix="tillkeeper-")
            self._directory = Path(self._folder.name)
        self.ca_file = certificates.write(self._directory, self.hosts)
        for kind in certificates.KINDS:
            context = self._contexts[kind] = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self._directory / f"{kind}.pem")

    def _listen(self) -> None:
        if self._keeper:
            self._keeper.close()
            self._keeper = None
        self._listener = socket.create_server((self._host, self._port), backlog=64)
        self._listener.setblocking(False)
        self._port = self._listener.getsockname()[1]
        door = asyncio.create_task(self._accept(self._listener), name=self.address)
        self._doors.add(door)
        door.add_done_callback(self._doors.discard)

    def _refuse(self) -> None:
        """Close the door but keep the number: a socket that is bound and does not listen refuses."""
        if self._listener:
            with contextlib.suppress(NotImplementedError):  # on Windows, closing ends the wait by itself
                asyncio.get_running_loop().remove_reader(self._listener)
            self._listener.close()
            self._listener = None
            self._keeper = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            self._keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self._keeper.bind((self._host, self._port))

    async def close(self) -> None:
        """Stop, cut every connection, remove the temporary certificates."""
        for task in self._doors:
            task.cancel()
        # Connections end by themselves at the end of their input: asyncio leaks one that is cancelled in
        # the TLS handshake. Those that sleep before an answer are cancelled afterwards.
        for client in self._connections.values():
            with contextlib.suppress(OSError):
                client.shutdown(socket.SHUT_RDWR)
        if self._connections:
            _, late = await asyncio.wait(self._connections, timeout=0.2)
            for task in late:
                task.cancel()
        if rest := {*self._doors, *self._connections}:
            await asyncio.wait(rest)
        for door in (self._listener, self._keeper):
            if door:
                door.close()
        self._listener = self._keeper = None
        if self._folder:
            self._folder.cleanup()
            self._folder = self._directory = None

    def set_fault(self, name: str, on: bool = True) -> None:
        """Switch one fault; certificates change for new connections."""
        super().set_fault(name, on)
        if name == "refused" and on:
            self._refuse()
        elif name == "refused" and self._keeper:
            self._listen()

    async def obey(self, line: str) -> dict[str, object]:
        """`status N`, `delay SECONDS`, and what every simulator knows."""
        match line.split():
            case ["status", text]:
                self.status = int(number("status", text, 200, 599))
                return {"status": self.status}
            case ["delay", text]:
                self.delay = number("delay", text, 0, 3600)
                return {"delay": self.delay}
            case _:
                return await super().obey(line)

    # --- connections

    async def _accept(self, listener: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            client, _ = await loop.sock_accept(listener)
            task = asyncio.create_task(self._welcome(client))
            self._connections[task] = client
            task.add_done_callback(self._connections.pop)

    async def _welcome(self, client: socket.socket) -> None:
        """One connection, from the TCP handshake to its end."""
        with contextlib.suppress(OSError, EOFError):
            if "reset" in self._faults:
                with client:
                    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            elif self._faults & {"banner", "hang_tls"}:
                with client:
                    await self._swallow(client, _BANNER if "banner" in self._faults else b"")
            else:
                await self._converse(*await self._streams(client))

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one_request(reader, writer):
                pass
            writer.close()
            await asyncio.wait_for(writer.wait_closed(), _GOODBYE)
        finally:
            writer.transport.abort()
            with contextlib.suppress(OSError):
                await asyncio.wait_for(writer.wait_closed(), _GOODBYE)

    async def _swallow(self, client: socket.socket, greeting: bytes) -> None:
        """Greet, then read until the client gives up, and answer nothing."""
        loop = asyncio.get_running_loop()
        async with asyncio.timeout(_IDLE):
            await loop.sock_sendall(client, greeting)
            while await loop.sock_recv(client, 4096):
                pass

    async def _streams(self, client: socket.socket) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop = asyncio.get_running_loop()
        reader = asyncio.StreamReader(limit=_HEAD_LIMIT)
        protocol = asyncio.StreamReaderProtocol(reader)
        transport, _ = await loop.connect_accepted_socket(
            lambda: protocol, client, ssl=self._context(), ssl_handshake_timeout=10 if self._tls else None
        )
        return reader, asyncio.StreamWriter(transport, protocol, reader, loop)

    def _context(self) -> ssl.SSLContext | None:
        if not self._tls:
            return None
        return self._contexts[next((kind for kind in _CERTIFICATES if kind in self._faults), "good")]

    async def _one_request(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """Read a request and answer it; whether another may follow on this connection."""
        try:
            async with asyncio.timeout(_IDLE):
                head = await reader.readuntil(b"\r\n\r\n")
        except asyncio.LimitOverrunError:
            self._respond(writer, 431, {}, close=True)
            return False
        request = _parse(head)
        if request is None:
            self._respond(writer, 400, {}, close=True)
            return False
        method, path, headers = request
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > _BODY_LIMIT:
            self._respond(writer, 413, {}, close=True)
            return False
        async with asyncio.timeout(_IDLE):
            await reader.readexactly(int(length))
        self.requests += 1
        if "hang" in self._faults:
            await asyncio.wait_for(reader.read(), _IDLE)
            return False
        await asyncio.sleep(self.delay)
        close = headers.get("connection", "").lower() == "close"
        status, extra = self._outcome(method, path)
        self._respond(writer, status, extra, close=close, with_body=method != "HEAD")
        await writer.drain()
        return not close

    def _outcome(self, method: str, path: str) -> tuple[int, _Headers]:
        for name, (status, headers) in _STATUS.items():
            if name in self._faults:
                return status, {key: value.format(path=path) for key, value in headers.items()}
        if path.split("?")[0] == "/generate_204":
            return 204, {}
        if path.split("?")[0] != "/health":
            return 404, {}
        return (self.status, {}) if method in {"GET", "HEAD"} else (405, {"Allow": "GET, HEAD"})

    def _respond(
        self,
        writer: asyncio.StreamWriter,
        status: int,
        extra: _Headers,
        *,
        close: bool,
        with_body: bool = True,
    ) -> None:
        try:
            phrase = HTTPStatus(status).phrase
        except ValueError:
            phrase = "Unknown"
        told = "ok" if status == 200 else phrase.lower()
        body = b"" if status in {204, 304} else json.dumps({"status": told, "version": VERSION}).encode()
        headers = {
            "Date": formatdate(usegmt=True),
            "Server": "tillkeeper-simulator",
            "Content-Type": "application/json",
            "Content-Length": str(len(body)),
            "Connection": "close" if close else "keep-alive",
            **extra,
        }
        if status in {204, 304}:
            del headers["Content-Length"], headers["Content-Type"]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {status} {phrase}\r\n{lines}\r\n".encode("latin-1", "replace"))
        if with_body:
            writer.write(body)


def _parse(head: bytes) -> tuple[str, str, dict[str, str]] | None:
    """Method, target and headers (names in lower case) of a request's head; None where it is none."""
    lines = head.decode("latin-1").split("\r\n")
    parts = lines[0].split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/1.") or not parts[0].isalpha() or not parts[1]:
        return None
    headers = {}
    for line in lines[1:-2]:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            return None
        headers[name.lower()] = value.strip()
    return parts[0], parts[1], headers
