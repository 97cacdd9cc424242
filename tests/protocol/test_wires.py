"""The wires of simulated printers: a serial one with a speed, a network one that breaks while it is full."""

from __future__ import annotations

import asyncio
import socket
import struct
import termios
import time

import pytest
import serial

from console.simulators.ports import Line, PtyPort, TcpPort

BAUD = 19200
RESET = struct.pack("ii", 1, 0)  # struct linger: throw away, and reset


class Taker:
    """A device that only takes bytes, and stops taking when it is told to."""

    def __init__(self) -> None:
        self.came = b""
        self.line: Line | None = None
        self.gone = asyncio.Event()
        self.news = asyncio.Event()

    def received(self, line: Line, data: bytes) -> None:
        self.came, self.line = self.came + data, line
        self.news.set()

    def lost(self, line: Line) -> None:
        self.gone.set()

    async def until(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.came) < count:
                self.news.clear()
                await self.news.wait()


def opened(port: PtyPort) -> serial.Serial:
    return serial.Serial(port.address.removeprefix("serial://").partition("?")[0], BAUD, write_timeout=10)


@pytest.fixture
async def wire() -> PtyPort:
    return PtyPort("printer", baud=BAUD, paced=True)


async def test_bytes_take_their_time_on_a_wire_with_a_speed(wire: PtyPort) -> None:
    taker = Taker()
    await wire.open(taker)
    with opened(wire) as client:
        began = time.monotonic()
        client.write(bytes(range(256)) * 4)
        await taker.until(1024)
        assert time.monotonic() - began > 0.9 * 1024 * 10 / BAUD
    assert taker.came == bytes(range(256)) * 4
    await wire.close()


async def test_what_a_client_throws_away_is_not_carried(wire: PtyPort) -> None:
    taker = Taker()
    await wire.open(taker)
    with opened(wire) as client:
        client.write(b"x" * 4000)
        await taker.until(1)
        termios.tcflush(client.fileno(), termios.TCOFLUSH)
        client.write(b"end")
        async with asyncio.timeout(10):
            while not taker.came.endswith(b"end"):
                taker.news.clear()
                await taker.news.wait()
    assert len(taker.came) < 1000
    await wire.close()


async def test_a_wire_carries_nothing_to_a_device_that_holds_it_back(wire: PtyPort) -> None:
    taker = Taker()
    await wire.open(taker)
    with opened(wire) as client:
        client.write(b"x" * 1000)
        await taker.until(1)
        assert taker.line
        taker.line.pause(True)
        before = len(taker.came)
        await asyncio.wait({asyncio.ensure_future(taker.until(before + 1))}, timeout=0.1)
        assert len(taker.came) == before
        taker.line.pause(False)
        await taker.until(1000)
    await wire.close()


async def test_a_full_device_learns_that_its_client_broke_off() -> None:
    port, taker = TcpPort(), Taker()
    await port.open(taker)
    host, _, number = port.address.removeprefix("tcp://").partition(":")
    with socket.create_connection((host, int(number))) as client:
        client.sendall(b"x")
        await taker.until(1)
        assert taker.line
        taker.line.pause(True)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    await asyncio.wait_for(taker.gone.wait(), 5)
    await port.close()
