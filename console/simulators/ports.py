"""Where a simulated device is plugged in: a TCP port that serves one client at a time, or a pseudo-terminal.

Each can be unplugged and plugged in again at the same address.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from console.domain.errors import Unsupported
from console.domain.words import say
from console.simulators.uart import misread, speed_of

if TYPE_CHECKING:
    from tempfile import TemporaryDirectory

# Answers that a client does not read are dropped beyond this many bytes.
_UNREAD = 64 * 1024
_LOOK_SECONDS = 0.01


class Line(Protocol):
    """One way back to one client."""

    @property
    def closed(self) -> bool:
        """Whether nobody can hear any more."""
        ...

    def write(self, data: bytes) -> None:
        """Send at once, or drop where nobody listens."""
        ...

    def pause(self, on: bool) -> None:
        """Stop or go on reading, so that the sender has to wait."""
        ...

    def hang_up(self) -> None:
        """Close the connection after what was written; a wire stays."""
        ...


class Device(Protocol):
    """What is plugged in."""

    def received(self, line: Line, data: bytes) -> None:
        """Bytes came."""
        ...

    def lost(self, line: Line) -> None:
        """The client went away, or the plug was pulled."""
        ...


class Port(Protocol):
    """A place to plug a device in."""

    @property
    def address(self) -> str:
        """`tcp://HOST:PORT` or `serial:///PATH`."""
        ...

    async def open(self, device: Device) -> None:
        """Plug `device` in; OSError where that cannot be."""
        ...

    async def unplug(self) -> None:
        """Pull the plug: clients see the connection or the port vanish."""
        ...

    async def close(self) -> None:
        """Unplug for good."""
        ...


class _TcpLine(asyncio.Protocol):
    def __init__(self, device: Device) -> None:
        self._device = device
        self.made, self.gone = asyncio.Event(), asyncio.Event()
        self._transport: asyncio.Transport | None = None
        self._paused = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self.made.set()

    def data_received(self, data: bytes) -> None:
        self._device.received(self, data)

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        self._device.lost(self)
        self.gone.set()

    @property
    def closed(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def write(self, data: bytes) -> None:
        if self._transport and not self.closed and self._transport.get_write_buffer_size() < _UNREAD:
            self._transport.write(data)

    def pause(self, on: bool) -> None:
        if self._transport and not self.closed:
            (self._transport.pause_reading if on else self._transport.resume_reading)()
            self._paused = on
            self._look()

    def _look(self) -> None:
        """A printer that takes no data learns all the same that its client broke the connection off."""
        if self._paused and self._transport and not self.closed:
            client = self._transport.get_extra_info("socket")
            if client.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR):
                self._transport.abort()
            else:
                asyncio.get_running_loop().call_later(_LOOK_SECONDS, self._look)

    def hang_up(self) -> None:
        if self._transport:
            self._transport.close()

    async def abort(self) -> None:
        await self.made.wait()
        if self._transport:
            self._transport.abort()
            await self.gone.wait()


def _itself(line: _TcpLine) -> _TcpLine:
    return line


class TcpPort:
    """A TCP port whose second client waits in the backlog until the first has gone."""

    def __init__(self, host: str = "127.0.0.1", port: int = 0) -> None:
        self._host, self._port = host, port
        self._listener: socket.socket | None = None
        self._line: _TcpLine | None = None
        self._serving: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """`tcp://HOST:PORT`; the port is known once it was opened."""
        return f"tcp://{self._host}:{self._port}"

    async def open(self, device: Device) -> None:
        """Listen, on the same port as before where it was open before."""
        self._listener = socket.create_server((self._host, self._port), backlog=8)
        self._listener.setblocking(False)
        self._port = self._listener.getsockname()[1]
        self._serving = asyncio.create_task(self._serve(self._listener, device), name=self.address)

    async def _serve(self, listener: socket.socket, device: Device) -> None:
        loop = asyncio.get_running_loop()
        while True:
            client, _ = await loop.sock_accept(listener)
            line = self._line = _TcpLine(device)
            # Shielded: a connection that is given up half made would never be closed.
            await asyncio.shield(loop.connect_accepted_socket(partial(_itself, line), client))
            await line.gone.wait()
            self._line = None

    async def close(self) -> None:
        """See unplug."""
        await self.unplug()

    async def unplug(self) -> None:
        """Stop listening and cut the connection off."""
        if self._serving:
            self._serving.cancel()
            await asyncio.wait([self._serving])
        if self._line:
            await self._line.abort()
        if self._listener:
            self._listener.close()
        self._serving = self._line = self._listener = None


class _PtyLine:
    def __init__(self, device: Device, ends: tuple[int, int], baud: int | None) -> None:
        self._device = device
        self._master, self._slave = ends
        self._baud = baud
        self._unsent = b""
        self._loop = asyncio.get_running_loop()
        self.closed = False
        self._loop.add_reader(self._master, self._read)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            data = os.read(self._master, 65536)
            self._hear(data)

    def _hear(self, data: bytes) -> None:
        if heard := misread(data, speed_of(self._slave), self._baud) if self._baud else data:
            self._device.received(self, heard)

    def write(self, data: bytes) -> None:
        if self.closed or len(self._unsent) > _UNREAD:
            return
        self._unsent += misread(data, self._baud, speed_of(self._slave)) if self._baud else data
        self._flush()

    def _flush(self) -> None:
        with contextlib.suppress(BlockingIOError):
            self._unsent = self._unsent[os.write(self._master, self._unsent) :]
        if self._unsent:
            self._loop.add_writer(self._master, self._flush)
        else:
            self._loop.remove_writer(self._master)

    def pause(self, on: bool) -> None:
        if self.closed:
            return
        if on:
            self._loop.remove_reader(self._master)
        else:
            self._loop.add_reader(self._master, self._read)

    def hang_up(self) -> None:
        """A wire has nothing to hang up."""

    def end(self) -> None:
        self.closed = True
        self._loop.remove_reader(self._master)
        self._loop.remove_writer(self._master)
        self._device.lost(self)


class _Wire(_PtyLine):
    """Bytes take their time, and what the client throws away (TCOFLUSH) never arrives: as behind a UART."""

    _STEP = 0.01  # seconds

    def __init__(self, device: Device, ends: tuple[int, int], baud: int) -> None:
        import fcntl
        import termios

        fcntl.ioctl(ends[0], termios.TIOCPKT, b"\1\0\0\0")  # each read then begins with what the client did
        self._thrown_away = termios.TIOCPKT_FLUSHWRITE
        self._stock = bytearray()  # handed over, and not carried yet
        self._per_byte = 10 / baud
        self._free_at = 0.0  # the loop's time at which the wire is through with what it carries
        self._next: asyncio.TimerHandle | None = None
        self._paused = False
        super().__init__(device, ends, baud)

    def _read(self) -> None:
        with contextlib.suppress(BlockingIOError):
            did, *came = os.read(self._master, 4096)
            if did & self._thrown_away:
                self._stock.clear()
            self._stock += bytes(came)
        if len(self._stock) > _UNREAD:
            self._loop.remove_reader(self._master)
        if self._next is None:
            self.pause(self._paused)

    def _carry(self) -> None:
        count = max(1, int((self._loop.time() - self._free_at + self._STEP) / self._per_byte))
        carried = bytes(self._stock[:count])
        del self._stock[:count]
        self._free_at += len(carried) * self._per_byte
        self._next = self._loop.call_at(self._free_at, self._carry) if carried else None
        if len(self._stock) <= _UNREAD:
            self._loop.add_reader(self._master, self._read)
        if carried:
            self._hear(carried)

    def pause(self, on: bool) -> None:
        self._paused = on
        if self._next:
            self._next.cancel()
            self._next = None
        if not on and not self.closed:
            self._free_at = max(self._free_at, self._loop.time())
            self._next = self._loop.call_at(self._free_at, self._carry)

    def end(self) -> None:
        self.pause(True)
        super().end()


class PtyPort:
    """A pseudo-terminal behind a lasting name; clients may open and close it as often as they like.

    A device with a `baud` of its own is misunderstood by a client with another one, and the other way round;
    `paced`, its bytes take the time that they take at that speed.
    """

    def __init__(
        self, name: str, link: Path | None = None, baud: int | None = None, paced: bool = False
    ) -> None:
        self._name, self._link = name, link
        self._baud, self._paced = baud, paced
        self._folder: TemporaryDirectory[str] | None = None
        self._ends: tuple[int, int] | None = None
        self._line: _PtyLine | None = None

    @property
    def address(self) -> str:
        """`serial:///PATH`, with the speed where it matters."""
        return f"serial://{self._link}" + (f"?baud={self._baud}" if self._baud else "")

    async def open(self, device: Device) -> None:
        """Make the pseudo-terminal; Unsupported where the system has none."""
        if sys.platform == "win32":
            raise Unsupported(
                say(
                    'This system has no pseudo-terminals. Use "{address}" instead',
                    address="tcp://127.0.0.1:0",
                )
            )
        import tempfile
        import tty

        if self._link is None:
            self._folder = tempfile.TemporaryDirectory(prefix="tillkeeper-")
            self._link = Path(self._folder.name) / self._name
        self._ends = master, slave = os.openpty()
        tty.setraw(slave)
        os.set_blocking(master, False)
        self._link.symlink_to(os.ttyname(slave))
        # The other end stays open here too: else a client that closes would end the terminal.
        if self._paced and self._baud:
            self._line = _Wire(device, self._ends, self._baud)
        else:
            self._line = _PtyLine(device, self._ends, self._baud)

    @property
    def line(self) -> Line | None:
        """The wire to whoever listens; None while unplugged."""
        return self._line

    def write(self, data: bytes) -> None:
        """Send unasked; unheard while unplugged."""
        if self._line:
            self._line.write(data)

    async def unplug(self) -> None:
        """Make the port vanish: clients read an error or nothing, and its name is gone."""
        if self._line:
            self._line.end()
        for end in self._ends or ():
            os.close(end)
        if self._link and self._ends:
            self._link.unlink(missing_ok=True)
        self._line = self._ends = None

    async def close(self) -> None:
        """Unplug, and remove the folder that held the name."""
        await self.unplug()
        if self._folder:
            self._folder.cleanup()
            self._folder = self._link = None
