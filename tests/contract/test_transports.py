"""Every transport: bytes both ways, one loss, bounded writes, and letting go."""

from __future__ import annotations

import asyncio
import os
import pty
import socket
import termios
import threading
import time
import tty
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.errors import Busy, Denied, TillkeeperError, Timeout, Unreachable
from console.domain.ports import Transport
from console.drivers.transports import serial as serial_transport
from console.drivers.transports.serial import SerialTransport
from console.drivers.transports.tcp import TcpTransport
from console.drivers.transports.usb import UsbTransport
from console.simulators.ports import Line
from console.simulators.usb import UsbBus, UsbModel, UsbPort


class Heard:
    """What came over a transport."""

    def __init__(self) -> None:
        self.data = b""
        self.losses: list[TillkeeperError] = []
        self._news = asyncio.Event()

    def take(self, data: bytes) -> None:
        self.data += data
        self._news.set()

    def lose(self, trouble: TillkeeperError) -> None:
        self.losses.append(trouble)
        self._news.set()

    async def until(self, true: Callable[[Heard], bool]) -> None:
        async with asyncio.timeout(5):
            while not true(self):
                self._news.clear()
                await self._news.wait()


class FarEnd:
    """What a transport is tried on."""

    async def begin(self, bus: UsbBus | None) -> None:
        pass

    async def end(self) -> None:
        pass


class TcpFarEnd(FarEnd):
    """A peer on a socket."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(5)
        self._peer: socket.socket | None = None

    def way(self, write_seconds: float = 0.3) -> Transport:
        return TcpTransport("127.0.0.1", self._listener.getsockname()[1], write_seconds=write_seconds)

    async def meet(self) -> None:
        if self._peer:
            self._peer.close()
        peer, _ = await asyncio.to_thread(self._listener.accept)
        peer.settimeout(5)
        self._peer = peer

    async def read(self, count: int) -> bytes:
        assert self._peer
        return await asyncio.to_thread(self._peer.recv, count, socket.MSG_WAITALL)

    def send(self, data: bytes) -> None:
        assert self._peer
        self._peer.sendall(data)

    def vanish(self) -> None:
        for each in (self._peer, self._listener):
            if each:
                each.close()


class SerialFarEnd(FarEnd):
    """A peer on the other end of a pseudo-terminal."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._slave)
        self.place = os.ttyname(self._slave)

    def way(self, write_seconds: float = 0.3) -> Transport:
        return SerialTransport(self.place, write_seconds=write_seconds)

    async def meet(self) -> None:
        pass

    async def read(self, count: int) -> bytes:
        got = b""
        while len(got) < count:
            got += await asyncio.wait_for(asyncio.to_thread(os.read, self._master, count), 5)
        return got

    def send(self, data: bytes) -> None:
        os.write(self._master, data)

    def vanish(self) -> None:
        if self._master >= 0:
            os.close(self._slave)
            os.close(self._master)
            self._master = -1


class UsbFarEnd(FarEnd):
    """A device on a simulated bus."""

    def __init__(self) -> None:
        self._got = b""
        self._news = asyncio.Event()
        self._line: Line | None = None

    async def begin(self, bus: UsbBus | None) -> None:
        self.port = UsbPort(UsbModel(), bus)
        await self.port.open(self)

    def received(self, line: Line, data: bytes) -> None:
        self._got += data
        self._news.set()
        if len(self._got) > 65536:
            line.pause(True)

    def lost(self, line: Line) -> None:
        pass

    def way(self, write_seconds: float = 0.3) -> Transport:
        return UsbTransport(0x04B8, 0x0202, write_seconds=write_seconds)

    async def meet(self) -> None:
        pass

    async def read(self, count: int) -> bytes:
        async with asyncio.timeout(5):
            while len(self._got) < count:
                self._news.clear()
                await self._news.wait()
        return self._got

    def send(self, data: bytes) -> None:
        self.port.order(**{"in": data.hex()})

    def vanish(self) -> None:
        self.port.order(unplug=True)

    async def end(self) -> None:
        await self.port.close()


@pytest.fixture(params=[TcpFarEnd, SerialFarEnd, pytest.param(UsbFarEnd, marks=pytest.mark.usb)])
async def far(request: pytest.FixtureRequest, usb_bus: UsbBus | None) -> AsyncGenerator[Any, None]:
    end = request.param()
    await end.begin(usb_bus)
    yield end
    end.vanish()
    await end.end()


@pytest.fixture
async def opened(far: Any) -> AsyncGenerator[tuple[Transport, Heard], None]:
    transport, heard = far.way(), Heard()
    await transport.open(heard.take, heard.lose)
    await far.meet()
    yield transport, heard
    await transport.close()


async def test_bytes_go_both_ways_unchanged(far: Any, opened: Any) -> None:
    transport, heard = opened
    every_byte = bytes(range(256))
    await transport.write(every_byte)
    assert await far.read(256) == every_byte
    far.send(every_byte)
    await heard.until(lambda it: it.data == every_byte)


async def test_a_loss_is_told_once_and_ends_writing(far: Any, opened: Any) -> None:
    transport, heard = opened
    far.vanish()
    await heard.until(lambda it: bool(it.losses))
    with pytest.raises(Unreachable):
        await transport.write(b"x")
    await transport.close()
    assert [type(each) for each in heard.losses] == [Unreachable]
    assert heard.losses[0].sign in ("tcp.closed", "tcp.reset", "serial.lost", "usb.lost")


async def test_closing_twice_is_no_loss(opened: Any) -> None:
    transport, heard = opened
    await transport.close()
    await transport.close()
    assert heard.losses == []
    with pytest.raises(Unreachable):
        await transport.write(b"x")


async def test_a_peer_that_takes_nothing_times_the_write_out(opened: Any) -> None:
    transport, _ = opened
    began = time.monotonic()
    with pytest.raises(Timeout) as caught:
        await transport.write(b"x" * 16_000_000)
    assert caught.value.sign in ("tcp.write_timeout", "serial.write_timeout", "usb.write_timeout")
    assert time.monotonic() - began < 2


async def test_a_stuck_write_can_be_cancelled_and_closed(far: Any) -> None:
    transport = far.way(write_seconds=30)
    await transport.open(lambda data: None, lambda trouble: None)
    await far.meet()
    writing = asyncio.create_task(transport.write(b"x" * 16_000_000))
    await asyncio.sleep(0)
    began = time.monotonic()
    writing.cancel()
    await asyncio.wait([writing])
    await transport.close()
    assert time.monotonic() - began < 1.0


async def test_a_port_can_be_opened_again_at_once(far: Any) -> None:
    for _ in range(3):
        transport = far.way()
        await transport.open(lambda data: None, lambda trouble: None)
        await far.meet()
        await transport.close()


async def test_nothing_listens_on_the_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert await opening_sign(TcpTransport("127.0.0.1", port)) == "tcp.refused"
    assert await opening_sign(TcpTransport("localhost", port)) == "tcp.refused"  # of both its addresses


async def test_a_name_without_address() -> None:
    assert await opening_sign(TcpTransport("no-such-host.invalid", 9100)) == "tcp.unknown_name"
    assert await opening_sign(TcpTransport("a" * 70 + ".invalid", 9100)) == "tcp.unknown_name"


async def test_a_slow_resolver_holds_neither_the_opening_nor_the_programs_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    released = threading.Event()
    asked: list[threading.Thread] = []

    def slow(*_: object, **__: object) -> list[object]:
        asked.append(threading.current_thread())
        released.wait(10)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    try:
        assert await opening_sign(TcpTransport("printer.example", 9100, connect_seconds=0.1)) == "tcp.timeout"
        assert [each.daemon for each in asked] == [True]  # the interpreter waits for all others
    finally:
        released.set()


async def test_a_name_leads_to_any_of_its_addresses() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = TcpTransport("localhost", listener.getsockname()[1])
        await transport.open(lambda data: None, lambda trouble: None)
        await transport.close()


async def test_a_number_is_looked_up_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty printers would else begin thirty threads."""

    def start(*_: object) -> None:
        raise AssertionError("a thread for a number")

    monkeypatch.setattr(threading.Thread, "start", start)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = TcpTransport("127.0.0.1", listener.getsockname()[1])
        await transport.open(lambda data: None, lambda trouble: None)
        await transport.close()


async def test_a_host_that_takes_no_connection_in_time() -> None:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    fillers = [socket.socket() for _ in range(3)]
    for filler in fillers:  # a full backlog drops what comes after
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
    try:
        sign = await opening_sign(TcpTransport("127.0.0.1", listener.getsockname()[1], connect_seconds=0.3))
        assert sign == "tcp.timeout"
    finally:
        for each in (*fillers, listener):
            each.close()


async def test_a_connection_that_is_reset_is_told_as_such() -> None:
    far = TcpFarEnd()
    transport, heard = far.way(), Heard()
    await transport.open(heard.take, heard.lose)
    await far.meet()
    assert far._peer
    far._peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    far.vanish()
    await heard.until(lambda it: bool(it.losses))
    assert heard.losses[0].sign == "tcp.reset"
    await transport.close()


async def test_a_write_on_a_connection_that_was_reset_is_told_as_such() -> None:
    far = TcpFarEnd()
    transport, heard = far.way(), Heard()
    await transport.open(heard.take, heard.lose)
    await far.meet()
    assert far._peer
    far._peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    far.vanish()

    async def write_on() -> None:
        for _ in range(100):
            await transport.write(b"x")

    with pytest.raises(Unreachable) as caught:
        await write_on()
    assert caught.value.sign == "tcp.reset"
    await transport.close()


async def test_a_serial_port_that_is_not_there() -> None:
    assert await opening_sign(SerialTransport("/dev/ttyTillkeeper9")) == "serial.not_found"


async def test_a_serial_port_is_set_as_the_address_says() -> None:
    far = SerialFarEnd()
    address = parse_address(f"serial://{far.place}?baud=19200&parity=even&bits=7&flow=rtscts", "printer")
    transport = SerialTransport.at(address)
    await transport.open(lambda data: None, lambda trouble: None)
    _, _, control, _, speed, *_ = termios.tcgetattr(far._slave)
    port = transport._port
    await transport.close()
    far.vanish()
    assert (speed, bool(control & termios.CRTSCTS)) == (termios.B19200, True)
    assert port is not None
    assert (port.bytesize, port.parity) == (7, "E")  # a pseudo-terminal keeps neither


async def test_a_file_is_no_serial_port(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert await opening_sign(SerialTransport(str(tmp_path / "file"))) == "serial.failed"


async def test_a_serial_port_has_one_user() -> None:
    far = SerialFarEnd()
    first = far.way()
    await first.open(lambda data: None, lambda trouble: None)
    with pytest.raises(Busy):
        await far.way().open(lambda data: None, lambda trouble: None)
    await first.close()
    far.vanish()


@pytest.mark.parametrize(
    ("error", "kind", "part"),
    [
        (PermissionError(13, "Permission denied"), Denied, "sudo usermod -aG dialout $USER"),
        (OSError(16, "Device or resource busy"), Busy, "another program"),
        (
            OSError("could not open port 'COM3': PermissionError(13, 'Access is denied.')"),
            Busy,
            "another program",
        ),
        (OSError("could not open port 'COM9': FileNotFoundError(2, '...')"), Unreachable, "plugged in"),
        (OSError(6, "No such device or address"), Unreachable, "plugged in"),
        (ValueError("Not a valid port"), Unreachable, "cannot be used"),
    ],
)
async def test_each_refusal_of_a_port_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, error: Exception, kind: type[TillkeeperError], part: str
) -> None:
    import serial

    def refuse(*args: object, **options: object) -> None:
        raise error

    monkeypatch.setattr(serial, "Serial", refuse)
    with pytest.raises(kind) as caught:
        await SerialTransport("/dev/ttyS0").open(lambda data: None, lambda trouble: None)
    assert part in str(caught.value)
    assert serial_transport.BAUD == 9600


async def opening_sign(transport: Transport) -> str:
    with pytest.raises(TillkeeperError) as caught:
        await transport.open(lambda data: None, lambda trouble: None)
    await transport.close()
    return caught.value.sign
