"""A serial printer's speed: found by asking, remembered, and told when the profile's is wrong.

A pseudo-terminal passes any speed; the simulated printer therefore reads the terminal's and misunderstands
what was sent at another one, bit by bit, as a receiver does.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

import pytest

from console.domain.evidence import Evidence
from console.domain.lights import Light
from console.domain.ports import PrinterDriver
from console.domain.profile import Printer, Store, StoreProfile
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.drivers.registry import open_driver
from console.drivers.transports.serial_speed import SPEEDS
from console.simulators.printer import PrinterModel, PrinterSimulator

pytestmark = pytest.mark.skipif(os.name == "nt", reason="this system has no pseudo-terminals")


def driver(address: str, clock: Any) -> PrinterDriver:
    entry = Printer("front", address)
    opened: Any = open_driver(
        Subject("printer", "front"), entry, StoreProfile(Store("x"), printer=(entry,)), clock
    )
    return opened  # type: ignore[no-any-return]  # registry gives what suits the entry, here a printer's driver


def printer(baud: int, link: Path | None = None) -> PrinterSimulator:
    return PrinterSimulator.pty(link, PrinterModel(baud=baud))


def auto(sim: PrinterSimulator) -> str:
    return sim.address.split("?")[0] + "?baud=auto"


def told(evidence: Any) -> Evidence:
    (found,) = [each for each in evidence if each.probe == "serial.speed"]
    return found  # type: ignore[no-any-return]  # `evidence` is what any driver gives


@pytest.mark.parametrize("baud", SPEEDS)
async def test_the_speed_is_found_remembered_and_told(baud: int, clock: Any, judged: Any, page: Any) -> None:
    async with printer(baud) as sim:
        front = driver(auto(sim), clock)
        evidence = await front.examine()
        assert judged("printer", evidence).light is Light.OK
        assert told(evidence).result == str(baud)
        began = time.monotonic()
        assert judged("printer", await front.examine()).light is Light.OK
        assert time.monotonic() - began < 0.8  # asked at the found speed first: five wrong ones take longer
        assert (await front.print_test_page(page, lambda _: None))[0].grade is Grade.A
        assert page.code in sim.text()


async def test_a_printer_that_was_set_to_another_speed_is_found_again(
    tmp_path: Path, clock: Any, judged: Any
) -> None:
    link = tmp_path / "printer"
    async with printer(19200, link) as sim:
        front = driver(auto(sim), clock)
        await front.examine()
    async with printer(38400, link):
        evidence = await front.examine()
    assert judged("printer", evidence).light is Light.OK
    assert told(evidence).result == "38400"


async def test_a_printer_that_answers_at_no_speed_is_unknown(clock: Any, judged: Any) -> None:
    async with printer(9600) as sim:
        sim.set_fault("mute")
        evidence = await driver(auto(sim), clock).examine()
        finding = judged("printer", evidence)
    assert (finding.light, finding.cause) == (Light.UNKNOWN, "printer.no_answer")


@pytest.mark.parametrize(("baud", "wrong"), [(19200, 9600), (9600, 19200), (9600, 115200), (115200, 9600)])
async def test_a_wrong_speed_is_named_with_the_right_one(
    baud: int, wrong: int, clock: Any, judged: Any
) -> None:
    async with printer(baud) as sim:
        front = driver(sim.address.replace(f"baud={baud}", f"baud={wrong}"), clock)
        evidence = await front.examine()
        finding = judged("printer", evidence)
        assert (finding.light, finding.cause) == (Light.FAULT, "printer.wrong_speed")
        assert f"write baud={baud}" in str(told(evidence).meaning)
        again = await front.examine()  # it is not asked at every speed each time
        assert judged("printer", again).cause == "printer.wrong_speed"


async def test_a_silent_printer_at_the_right_speed_is_not_called_wrong(clock: Any, judged: Any) -> None:
    async with printer(19200) as sim:
        sim.set_fault("write_only")
        finding = judged("printer", await driver(sim.address, clock).examine())
        causes = {each.cause for each in finding.candidates}
        assert causes == {"printer.no_answer", "printer.write_only"}
        sim.set_fault("write_only", False)
        front = driver(sim.address, clock)
        assert judged("printer", await front.examine()).light is Light.OK


async def test_garbage_at_every_speed_is_not_blamed_on_the_speed(clock: Any, judged: Any) -> None:
    async with printer(9600) as sim:
        sim.set_fault("garbage")
        finding = judged("printer", await driver(sim.address, clock).examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.wrong_protocol")
