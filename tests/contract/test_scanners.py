"""Every scanner driver against its simulator."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.errors import Unreachable
from console.domain.lights import Light
from console.domain.ports import Heard, Lost, Transport
from console.domain.profile import Scanner, Store, StoreProfile
from console.domain.scan import Scan, compare
from console.domain.subjects import Subject
from console.drivers.registry import connector, open_driver
from console.drivers.scanner.keyboard import KeyboardScanner
from console.drivers.scanner.serial import SerialScanner
from console.simulators.scanner import ScannerSimulator

CODE = "TK-0042-Kassenbon"


class Announced:
    """The simulator's transports, with an event that is set when one is open."""

    def __init__(self, sim: Any) -> None:
        self._way = connector(parse_address(sim.address, "scanner"))
        self.opened = asyncio.Event()

    def __call__(self) -> Transport:
        transport = self._way()
        opening = transport.open

        async def announce(heard: Heard, lost: Lost) -> None:
            await opening(heard, lost)
            self.opened.set()

        transport.open = announce  # type: ignore[method-assign]
        return transport


def driver(sim: Any, clock: Any) -> SerialScanner:
    return SerialScanner(connector(parse_address(sim.address, "scanner")), clock, "enter", 0.15)


@asynccontextmanager
async def listening(
    sim: Any, clock: Any
) -> AsyncGenerator[tuple[SerialScanner, AsyncGenerator[Scan, None], Any], None]:
    """A driver whose port is open, its codes, and the first one that is to come."""
    announced = Announced(sim)
    listener = SerialScanner(announced, clock, "enter", 0.15)
    codes = listener.scans(lambda: None)
    coming = asyncio.ensure_future(anext(codes))
    await asyncio.wait_for(announced.opened.wait(), 5)
    yield listener, codes, coming
    coming.cancel()
    await asyncio.wait([coming])
    await codes.aclose()


async def first_scan(sim: Any, clock: Any, code: str = CODE) -> Scan:
    """The first code that arrives when the simulator reads `code`."""
    async with listening(sim, clock) as (_, _, coming):
        await sim.scan(code)
        scan: Scan = await asyncio.wait_for(coming, 5)
        return scan


async def test_a_scanner_that_answers_is_ok(scanner: Any, clock: Any, judged: Any) -> None:
    evidence = await driver(scanner, clock).examine()
    assert judged("scanner", evidence).light is Light.OK
    assert "Simulated SS-1" in evidence[0].result


async def test_a_scanner_that_never_answers_is_proved_by_a_scan(
    scanner: Any, clock: Any, judged: Any
) -> None:
    async with listening(scanner, clock) as (listener, _, coming):
        await scanner.scan(CODE)
        await coming
    scanner.set_fault("mute")
    assert judged("scanner", await listener.examine()).light is Light.OK


async def test_a_silent_scanner_is_unknown(scanner: Any, clock: Any, judged: Any) -> None:
    scanner.set_fault("mute")
    finding = judged("scanner", await driver(scanner, clock).examine())
    assert (finding.light, finding.cause) == (Light.UNKNOWN, "scanner.no_answer")


async def test_an_unplugged_scanner_is_a_fault_until_it_is_back(
    scanner: Any, clock: Any, judged: Any
) -> None:
    await scanner.unplug()
    finding = judged("scanner", await driver(scanner, clock).examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "scanner.not_found")
    await scanner.plug_in()
    assert judged("scanner", await driver(scanner, clock).examine()).light is Light.OK


@pytest.mark.parametrize("suffix", ["enter", "lf", "crlf", "tab", "none"])
async def test_each_suffix_is_known(scanner: Any, clock: Any, suffix: str) -> None:
    scanner.suffix = suffix
    scan = await first_scan(scanner, clock)
    assert (scan.text, scan.suffix) == (CODE, suffix)


async def test_a_slow_scanners_code_stays_whole_and_is_timed(scanner: Any, clock: Any) -> None:
    scanner.delay = 0.01
    scan = await first_scan(scanner, clock)
    assert (scan.text, scan.suffix) == (CODE, "enter")
    assert scan.seconds >= 0.01 * (len(CODE) - 1)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("missing_suffix", "scanner.missing_suffix"),
        ("dropped_characters", "scanner.dropped_characters"),
        ("extra_prefix", "scanner.extra_prefix"),
    ],
)
async def test_a_known_code_shows_the_fault(
    scanner: Any, clock: Any, judged: Any, fault: str, cause: str
) -> None:
    scanner.set_fault(fault)
    finding = judged("scanner", [compare(CODE, await first_scan(scanner, clock), "enter")])
    assert finding.cause == cause
    assert finding.light in (Light.FAULT, Light.ATTENTION)


async def test_a_code_read_twice_arrives_twice(scanner: Any, clock: Any) -> None:
    scanner.set_fault("double_read")
    async with listening(scanner, clock) as (_, codes, coming), asyncio.timeout(5):
        await scanner.scan(CODE)
        assert [(await coming).text, (await anext(codes)).text] == [CODE, CODE]


async def test_examining_while_listening_does_not_wait(scanner: Any, clock: Any, judged: Any) -> None:
    async with listening(scanner, clock) as (listener, _, coming), asyncio.timeout(5):
        assert judged("scanner", await listener.examine()).light is Light.UNKNOWN
        await scanner.scan(CODE)
        await coming
        assert judged("scanner", await listener.examine()).light is Light.OK


async def test_pulling_the_cable_ends_listening(scanner: Any, clock: Any) -> None:
    async with listening(scanner, clock) as (_, _, coming):
        await scanner.unplug()
        with pytest.raises(Unreachable):
            await asyncio.wait_for(coming, 5)


async def test_a_cancelled_listener_lets_go_of_the_port(scanner: Any, clock: Any, judged: Any) -> None:
    async with listening(scanner, clock) as (_, _, coming):
        began = time.monotonic()
        coming.cancel()
        await asyncio.wait([coming])
        assert time.monotonic() - began < 1.0
        assert judged("scanner", await driver(scanner, clock).examine()).light is Light.OK


async def test_keys_of_a_keyboard_scanner_become_a_code(clock: Any, judged: Any) -> None:
    scanner = KeyboardScanner(clock)
    assert judged("scanner", await scanner.examine()).light is Light.UNKNOWN
    codes = scanner.scans(lambda: None)
    coming = asyncio.ensure_future(anext(codes))
    await asyncio.sleep(0)
    start = clock.seconds()
    for index, key in enumerate(CODE + "\r"):
        scanner.typed(key, start + index * 0.01)
    scan = await asyncio.wait_for(coming, 5)
    assert (scan.text, scan.suffix) == (CODE, "enter")
    assert judged("scanner", await scanner.examine()).light is Light.OK
    await codes.aclose()


async def test_a_keyboard_scanner_without_suffix_ends_by_silence(clock: Any) -> None:
    scanner = KeyboardScanner(clock)
    codes = scanner.scans(lambda: None)
    coming = asyncio.ensure_future(anext(codes))
    await asyncio.sleep(0)
    start = clock.seconds()
    for index, key in enumerate(CODE):
        scanner.typed(key, start + index * 0.001)
    scan = await asyncio.wait_for(coming, 5)
    assert (scan.text, scan.suffix) == (CODE, "none")
    await codes.aclose()


async def test_a_scanner_that_answered_stays_known_while_codes_are_awaited(judged: Any, clock: Any) -> None:
    async with ScannerSimulator.pty() as sim:
        entry = Scanner("counter", sim.address)
        driver: Any = open_driver(
            Subject("scanner", "counter"), entry, StoreProfile(Store("x"), scanner=(entry,)), clock
        )
        await driver.examine()
        listening = asyncio.Event()
        codes = driver.scans(listening.set)
        waiting = asyncio.ensure_future(anext(codes))
        await asyncio.wait_for(listening.wait(), 10)
        assert judged("scanner", await driver.examine()).light is Light.OK
        waiting.cancel()
        await asyncio.wait([waiting])
        await codes.aclose()
