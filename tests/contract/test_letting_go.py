"""A page that ends badly lets its port go: another program can use it at once."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

import pytest
import serial

from console.domain.addresses import parse_address
from console.domain.selftest import Grade
from console.drivers.transports.serial import SerialTransport
from console.simulators.ports import Line
from console.simulators.printer import PrinterModel, PrinterSimulator
from tests.contract.conftest import PrinterBench, WallClock
from tests.contract.families import ESCPOS
from tests.waiting import until

PROMISED = 2.0  # seconds; 0.2 on a machine that does nothing else, see tests/bench/test_cancel.py
CRAWLING = PrinterModel(reply_delay_slow=0.0, slow_bytes_per_second=320)
FULL_SOON = CRAWLING._replace(buffer_size=512)


class Noting(PrinterSimulator):
    """A printer that notes how much came."""

    came = 0

    def received(self, line: Line, data: bytes) -> None:
        self.came += len(data)
        super().received(line, data)


@pytest.fixture(params=["tcp", "serial"])
async def crawling(request: pytest.FixtureRequest, clock: WallClock) -> AsyncGenerator[PrinterBench, None]:
    """A printer that takes a page more slowly than it is sent, or a wire that does."""
    if request.param == "tcp":
        sim, line = Noting.tcp(model=FULL_SOON), "line.network"
    else:
        sim, line = Noting.pty(model=CRAWLING._replace(baud=9600, paced=True)), "line.serial"
    async with sim:
        sim.set_fault("slow")
        yield PrinterBench(sim, ESCPOS, line, clock)


def over_tcp(address: str) -> bytes:
    host, port = address.removeprefix("tcp://").split(":")
    with socket.create_connection((host, int(port)), timeout=10) as line:
        line.sendall(b"\x10\x04\x01")
        return line.recv(1)


def over_serial(address: str) -> bytes:
    with serial.Serial(address.removeprefix("serial://").partition("?")[0], 9600, timeout=10) as line:
        line.write(b"\x10\x04\x01")
        return line.read(1)


OTHER: Mapping[str, Callable[[str], bytes]] = {"line.network": over_tcp, "line.serial": over_serial}


async def asked_by_another_program(bench: PrinterBench) -> tuple[bytes, float]:
    """Its answer, and after how many seconds."""
    began = time.monotonic()
    answer = await asyncio.to_thread(OTHER[bench.line], bench.sim.address)
    return answer, time.monotonic() - began


async def test_a_cancelled_page_gives_the_port_to_the_next(crawling: PrinterBench, page: Any) -> None:
    job = asyncio.create_task(crawling.driver(echo_seconds=30).print_test_page(page, lambda doing: None))
    await until(lambda: "GS a" in crawling.sim.commands)  # the page has begun
    job.cancel()
    await asyncio.wait([job])
    answer, seconds = await asked_by_another_program(crawling)
    assert answer in (b"\x12", b"\x16")
    assert seconds < PROMISED


async def test_what_is_dropped_never_reaches_a_serial_printer(clock: WallClock) -> None:
    async with Noting.pty(model=CRAWLING._replace(baud=9600, paced=True)) as sim:
        line = SerialTransport.at(parse_address(sim.address, "printer"))
        await line.open(lambda data: None, lambda trouble: None)
        await line.write(b"x" * 4000)
        await until(lambda: sim.came > 0)
        line.drop()
        await line.write(b"last")
        await line.close()
        answer, _ = await asked_by_another_program(PrinterBench(sim, ESCPOS, "line.serial", clock))
        assert answer
        assert sim.came < 1000


async def test_a_page_that_a_cover_ends_does_not_keep_a_full_printer(clock: WallClock, page: Any) -> None:
    async with Noting.tcp(model=FULL_SOON) as sim:
        bench = PrinterBench(sim, ESCPOS, "line.network", clock)
        sim.set_fault("slow")
        job = asyncio.create_task(bench.driver(echo_seconds=30).print_test_page(page, lambda doing: None))
        await until(lambda: "GS a" in sim.commands)  # it will tell by itself
        sim.set_fault("cover_open")
        proof, _ = await job
        assert proof.grade is Grade.E
        answer, seconds = await asked_by_another_program(bench)
        assert answer in (b"\x1a", b"\x1e")  # not online
        assert seconds < PROMISED


class Uart(serial.Serial):
    """A port whose driver holds bytes, as no pseudo-terminal does; `goes` of them go out at each look."""

    holds, goes = 256, 0
    thrown_away = False
    closed_with: int | None = None

    @property
    def out_waiting(self) -> int:
        self.holds = max(0, self.holds - self.goes)
        return self.holds

    def write(self, data: Any, /) -> int | None:
        """With nothing in stock; a wire that has not carried all within the time-out is stuck."""
        if len(data) * 10 / self.baudrate > (self.write_timeout or 0):
            raise serial.SerialTimeoutException
        return super().write(data)

    def reset_output_buffer(self) -> None:
        type(self).thrown_away, self.holds = True, 0

    def close(self) -> None:
        if self.is_open:
            type(self).closed_with = self.holds
        super().close()


@pytest.fixture
def uart(monkeypatch: pytest.MonkeyPatch) -> type[Uart]:
    class Fresh(Uart):
        pass

    monkeypatch.setattr(serial, "Serial", Fresh)
    return Fresh


async def closed(dropped: bool, seconds: float) -> float:
    """How many seconds closing took, of a port that waits `seconds` for a wire that stands still."""
    async with PrinterSimulator.pty() as sim:
        line = SerialTransport(sim.address.removeprefix("serial://"), write_seconds=seconds, flow="rtscts")
        await line.open(lambda data: None, lambda trouble: None)
        await line.write(b"x")
        if dropped:
            line.drop()
        began = time.monotonic()
        await line.close()
        return time.monotonic() - began


async def test_what_was_written_goes_out_before_a_port_is_closed(uart: type[Uart]) -> None:
    uart.goes = 8
    await closed(dropped=False, seconds=2.0)
    assert (uart.closed_with, uart.thrown_away) == (0, False)


async def test_a_wire_that_stands_still_is_not_waited_for(uart: type[Uart]) -> None:
    """Linux would keep a port that is closed with bytes in it for 30 s."""
    assert 0.2 < await closed(dropped=False, seconds=0.2) < PROMISED
    assert (uart.closed_with, uart.thrown_away) == (0, True)


async def test_a_dropped_port_is_closed_without_its_bytes(uart: type[Uart]) -> None:
    assert await closed(dropped=True, seconds=30) < PROMISED
    assert (uart.closed_with, uart.thrown_away) == (0, True)


@pytest.mark.usefixtures("uart")
async def test_a_slow_wire_is_not_taken_for_a_stuck_one() -> None:
    async with PrinterSimulator.pty() as sim:
        line = SerialTransport(sim.address.removeprefix("serial://"), baud=1200, write_seconds=2.0)
        await line.open(lambda data: None, lambda trouble: None)
        await line.write(bytes(1000))
        line.drop()
        await line.close()
