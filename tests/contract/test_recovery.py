"""A printer that stands still is told to go on, or to forget: every language that can, on every transport."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from console.domain.errors import Unsupported
from console.domain.evidence import signs_of
from console.domain.lights import Light
from console.domain.recovery import Recovery
from console.simulators.printer import PrinterSimulator
from tests.contract.conftest import PrinterBench
from tests.contract.families import ESCPOS, each_fault
from tests.contract.test_printers import plain
from tests.waiting import until

TOLD_ALIKE = {"cutter_jam", "mechanical"}  # whether what was stuck is gone does not show


async def leave(bench: Any, page: Any) -> None:
    """Another program sends a page to a printer that stands still, and leaves."""
    data = await asyncio.to_thread(bench.family.language(bench.clock).page, page, 80)  # it may draw
    line = bench.connect()
    await line.open(lambda data: None, lambda trouble: None)
    await line.write(data)
    await until(lambda: bench.sim.waiting > 0)
    await line.close()


@each_fault(lambda family: family.resumable)
async def test_what_waits_is_printed_when_it_goes_on(bench: Any, judged: Any, page: Any, fault: str) -> None:
    bench.sim.set_fault(fault)
    await leave(bench, page)
    driver = bench.driver()
    assert driver.can_recover(Recovery.RESUME, signs_of(await driver.examine()))
    assert not bench.sim.papers
    evidence = await driver.recover(Recovery.RESUME)
    assert fault not in bench.sim.faults
    assert not driver.can_recover(Recovery.RESUME, signs_of(evidence))
    await until(lambda: plain(page.code) in plain(bench.sim.text()))
    assert judged("printer", await driver.examine()).light is Light.OK


@each_fault(lambda family: family.clearable)
async def test_what_waits_is_forgotten_when_it_is_cleared(
    bench: Any, judged: Any, page: Any, fault: str
) -> None:
    bench.sim.set_fault(fault)
    await leave(bench, page)
    driver = bench.driver()
    await driver.recover(Recovery.CLEAR)
    assert judged("printer", await driver.examine()).light is Light.OK
    assert bench.sim.waiting == 0
    assert plain(page.code) not in plain(bench.sim.text())
    assert (await driver.print_test_page(page, lambda words: None))[0].grade is bench.family.best


@pytest.mark.parametrize("how", Recovery)
async def test_a_printer_that_works_is_told_nothing(bench: Any, page: Any, how: Recovery) -> None:
    driver = bench.driver()
    with pytest.raises(Unsupported):
        await driver.recover(how)
    assert not driver.can_recover(how, signs_of(await driver.examine()))
    assert (await driver.print_test_page(page, lambda words: None))[0].grade is bench.family.best


@each_fault(lambda family: sorted(set(family.states) - TOLD_ALIKE - set(family.resumable)))
async def test_no_other_state_offers_it(bench: Any, fault: str) -> None:
    bench.sim.set_fault(fault)
    driver = bench.driver()
    shown = signs_of(await driver.examine())
    assert not any(driver.can_recover(how, shown) for how in Recovery)


async def test_a_blade_that_is_still_stuck_is_told_as_stuck(clock: Any, judged: Any) -> None:
    """The printer cannot know whether the paper was taken out; it tries, and says the same as before."""
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault("cutter_jam")
        driver = _driver(sim, clock)
        evidence = await driver.recover(Recovery.RESUME)
        assert judged("printer", evidence).cause == "printer.cutter_jam"


async def test_nothing_is_offered_before_the_paper_is_in_and_the_cover_closed(clock: Any) -> None:
    async with PrinterSimulator.tcp() as sim:
        driver = _driver(sim, clock)
        sim.set_fault("waiting")
        for fault in ("paper_out", "cover_open"):
            sim.set_fault(fault)
            assert not driver.can_recover(Recovery.RESUME, signs_of(await driver.examine()))
            with pytest.raises(Unsupported):
                await driver.recover(Recovery.RESUME)
            sim.set_fault(fault, False)
        await driver.recover(Recovery.RESUME)
        assert not sim.faults


def _driver(sim: Any, clock: Any) -> Any:
    return PrinterBench(sim, ESCPOS, "line.network", clock).driver()
