"""The thread that hosts simulators."""

import asyncio
import socket
import threading
import time

import pytest

from console.simulators.dns import DnsSimulator
from console.simulators.printer import PrinterSimulator
from console.simulators.thread import SimulatorThread


def status(printer: PrinterSimulator) -> bytes:
    host, port = printer.address.removeprefix("tcp://").split(":")
    with socket.create_connection((host, int(port)), 5) as client:
        client.sendall(b"\x10\x04\x01")
        return client.recv(1)


def test_it_hosts_several_and_ends_them_all() -> None:
    with SimulatorThread() as thread:
        first, second = thread.host(PrinterSimulator.tcp()), thread.host(PrinterSimulator.tcp())
        thread.host(DnsSimulator.start({}))
        thread.call(first.set_fault, "cover_open")
        assert (status(first), status(second)) == (b"\x1a", b"\x12")
    assert not [running for running in threading.enumerate() if running.name == "simulators"]
    with pytest.raises(ConnectionRefusedError):
        status(first)


def test_errors_come_back_to_the_caller() -> None:
    with SimulatorThread() as thread:
        printer = thread.host(PrinterSimulator.tcp())
        with pytest.raises(ValueError, match="no fault"):
            thread.call(printer.set_fault, "nonsense")
        taken = int(printer.address.rsplit(":", 1)[1])
        with pytest.raises(OSError, match="in use"):
            thread.host(PrinterSimulator.tcp(port=taken))
        assert status(printer) == b"\x12"


def test_a_call_that_takes_too_long_is_given_up() -> None:
    with SimulatorThread() as thread:
        begun = time.monotonic()
        with pytest.raises(TimeoutError):
            thread.call(asyncio.sleep, 60, timeout=0.05)
        thread.submit(asyncio.sleep, 60)
    assert time.monotonic() - begun < 5


def test_it_may_be_stopped_twice_or_never_started() -> None:
    thread = SimulatorThread().start()
    thread.stop()
    thread.stop()
    SimulatorThread().stop()
