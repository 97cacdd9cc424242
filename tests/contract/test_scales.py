"""The scale driver against simulated scales of every dialect, on pseudo-terminals."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.errors import TillkeeperError
from console.domain.lights import Light
from console.domain.profile import Scale, Store, StoreProfile
from console.domain.subjects import Subject
from console.domain.weighing import Weighing
from console.drivers.registry import connector, open_driver
from console.drivers.scale import SerialScale
from console.simulators.printer import PrinterSimulator
from console.simulators.scale import PROTOCOLS, ScaleSimulator
from console.simulators.scanner import ScannerSimulator
from tests.waiting import until

SPOKEN = {"toledo": "toledo", "cas": "cas", "lines": "stream", "aclas": "stream", "yaohua": "stream"}
UNITS = {"toledo": "", "cas": "kg", "lines": "kg", "aclas": "kg", "yaohua": ""}


@pytest.fixture(params=PROTOCOLS)
async def scale(request: pytest.FixtureRequest) -> AsyncGenerator[ScaleSimulator, None]:
    async with ScaleSimulator.pty(protocol=request.param) as made:
        yield made


def driver(sim: Any, clock: Any, protocol: str | None = None, settle: float = 2.0) -> SerialScale:
    way = connector(parse_address(sim.address, "scale"))
    return SerialScale(way, clock, protocol or SPOKEN[sim.protocol], 0.5, settle)


async def ended(weighings: AsyncGenerator[Weighing, None]) -> str:
    """The sign of the trouble that ends them."""
    try:
        async for _ in weighings:
            pass
    except TillkeeperError as trouble:
        return trouble.sign
    return ""


async def test_a_weight_at_rest_is_the_proof(scale: Any, clock: Any, judged: Any) -> None:
    scale.put(1235)
    (evidence,) = await driver(scale, clock).examine()
    assert judged("scale", [evidence]).light is Light.OK
    assert (evidence.facts["weight"], evidence.facts["unit"]) == ("1.235", UNITS[scale.protocol])
    assert 0 <= float(evidence.facts["answer_seconds"]) < 5


async def test_by_itself_it_finds_out_how_the_scale_speaks(scale: Any, clock: Any, judged: Any) -> None:
    found = driver(scale, clock, "auto")
    assert judged("scale", await found.examine()).light is Light.OK
    began = time.monotonic()
    assert judged("scale", await found.examine()).light is Light.OK
    assert time.monotonic() - began < 1.0  # and knows it from then on


@pytest.mark.parametrize(
    ("fault", "light", "cause"),
    [
        ("mute", Light.UNKNOWN, "scale.no_answer"),
        ("half_reply", Light.UNKNOWN, "scale.no_answer"),
        ("garbage", Light.FAULT, "scale.wrong_speed"),
        ("endless", Light.FAULT, "scale.wrong_speed"),
        ("unplugged", Light.FAULT, "scale.not_found"),
        ("under_zero", Light.ATTENTION, "scale.under_zero"),
    ],
)
@pytest.mark.parametrize("protocol", [None, "auto"])
async def test_each_fault_has_one_cause_and_an_end(
    scale: Any, clock: Any, judged: Any, fault: str, light: Light, cause: str, protocol: str | None
) -> None:
    scale.set_fault(fault)
    async with asyncio.timeout(15):
        finding = judged("scale", await driver(scale, clock, protocol).examine())
    assert (finding.light, finding.cause) == (light, cause)
    assert (finding.distinguish == "scale_settings") == (cause == "scale.wrong_speed")


@pytest.mark.parametrize("protocol", ["toledo", "cas", "lines", "aclas"])
@pytest.mark.parametrize("fault", ["overload", "unstable"])
async def test_scales_with_a_mark_for_it_tell_overload_and_unrest(
    clock: Any, judged: Any, protocol: str, fault: str
) -> None:
    async with ScaleSimulator.pty(protocol=protocol) as scale:
        scale.set_fault(fault)
        finding = judged("scale", await driver(scale, clock, settle=0.5).examine())
    assert (finding.light, finding.cause) == (Light.ATTENTION, f"scale.{fault}")


@pytest.mark.parametrize("protocol", PROTOCOLS)
async def test_seven_bits_with_parity_are_named(clock: Any, judged: Any, protocol: str) -> None:
    async with ScaleSimulator.pty(protocol=protocol) as scale:
        scale.set_fault("seven_bits")
        finding = judged("scale", await driver(scale, clock).examine())
    assert [each.cause for each in finding.candidates] == ["scale.wrong_speed"]
    assert "bits=7&parity=even" in str(finding.evidence[0].meaning)


async def test_net_is_told_where_the_scale_tells_it(clock: Any) -> None:
    async with ScaleSimulator.pty(protocol="lines") as scale:
        scale.put(500)
        scale.tare()
        scale.put(1000)
        (evidence,) = await driver(scale, clock).examine()
    assert str(evidence.meaning) == "The scale shows 1.000 kg net of its tare"


async def test_a_scale_that_was_unplugged_is_well_again_when_it_is_back(
    scale: Any, clock: Any, judged: Any
) -> None:
    scale.set_fault("unplugged")
    asked = driver(scale, clock)
    assert judged("scale", await asked.examine()).cause == "scale.not_found"
    scale.set_fault("unplugged", False)
    async with asyncio.timeout(10):
        light = Light.FAULT
        while light is not Light.OK:
            light = judged("scale", await asked.examine()).light


async def test_the_weights_can_be_followed_and_a_look_meanwhile_does_not_wait(
    scale: Any, clock: Any, judged: Any
) -> None:
    asked = driver(scale, clock)
    async with asyncio.timeout(10), aclosing(asked.weighings()) as weighings:
        assert (await anext(weighings)).weight == 0
        scale.put(2000)
        async for each in weighings:
            if each.settled and each.weight == 2:
                break
        assert judged("scale", await asked.examine()).light is Light.OK
        scale.set_fault("mute")
        assert await ended(weighings) == "scale.silent"


async def test_pulling_the_cable_ends_following(scale: Any, clock: Any) -> None:
    async with asyncio.timeout(10), aclosing(driver(scale, clock).weighings()) as weighings:
        await anext(weighings)
        await scale.unplug()
        assert await ended(weighings) == "serial.lost"


async def test_whoever_stops_following_lets_go_of_the_port(scale: Any, clock: Any, judged: Any) -> None:
    weighings = driver(scale, clock).weighings()
    await anext(weighings)
    began = time.monotonic()
    await weighings.aclose()
    assert time.monotonic() - began < 2.0
    assert judged("scale", await driver(scale, clock).examine()).light is Light.OK


async def test_a_scanner_in_the_scales_place_is_no_scale(clock: Any, judged: Any) -> None:
    async with ScannerSimulator.pty() as scanner:
        way = connector(parse_address(scanner.address, "scale"))
        look = asyncio.ensure_future(SerialScale(way, clock, "stream", 0.5).examine())
        while not look.done():
            await scanner.scan("6901234567892")
            await asyncio.sleep(0.05)
        finding = judged("scale", look.result())
    assert "scale.wrong_protocol" in {each.cause for each in finding.candidates}
    assert finding.evidence[0].result.endswith(" bytes")  # what they are could be somebody's payment code
    assert finding.light is Light.FAULT


async def test_a_printer_in_the_scales_place_prints_nothing_while_it_is_looked_for(
    clock: Any, judged: Any
) -> None:
    async with PrinterSimulator.pty() as printer:
        way = connector(parse_address(printer.address, "scale"))
        for protocol in ("stream", "cas", "auto"):
            assert (
                judged("scale", await SerialScale(way, clock, protocol, 0.3).examine()).light is not Light.OK
            )
        assert printer.waiting == 0
        line = connector(parse_address(printer.address, "printer"))()
        await line.open(lambda _: None, lambda _: None)
        await line.write(b"total\n")
        await until(lambda: "total" in printer.text())
        await line.close()
        assert "W" not in printer.text()


async def test_the_registry_gives_the_driver_of_the_entry(clock: Any, judged: Any) -> None:
    async with ScaleSimulator.pty(protocol="cas") as scale:
        entry = Scale("deli", scale.address)
        made = open_driver(Subject("scale", "deli"), entry, StoreProfile(Store("x"), scale=(entry,)), clock)
        assert judged("scale", await made.examine()).light is Light.OK
