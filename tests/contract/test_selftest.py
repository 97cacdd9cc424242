"""Self-tests over real drivers and simulators: what was wrong is named, what was right is proven."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from console.domain.lights import Light
from console.domain.profile import Entry, Printer, Scanner, Store, StoreProfile
from console.domain.selftest import Grade, Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from console.services.language import Language, diagnosis_table
from console.services.roster import Roster
from console.services.selftest import SelftestService
from console.simulators.ipp import IppSimulator
from console.simulators.printer import PrinterSimulator
from console.simulators.scanner import ScannerSimulator

CODE = "TK4711008156"
PRINTER, SCANNER = Subject("printer", "front"), Subject("scanner", "counter")


def service(subject: Subject, entry: Entry) -> SelftestService:
    clock = SystemClock("Asia/Shanghai")
    driver = open_driver(subject, entry, StoreProfile(Store("店")), clock)
    language = Language("zh_CN")
    return SelftestService(
        "店", Roster({subject: driver}), diagnosis_table(), clock, lambda: language, lambda _: None, {}
    )


def answering(answer: bool | None) -> Callable[[Words], Awaitable[bool | None]]:
    async def ask(_: Words) -> bool | None:
        return answer

    return ask


async def scanned(sim: ScannerSimulator, *codes: str) -> SelftestResult:
    """The verdict when the person scans `codes` as soon as the test waits for them."""
    job = service(SCANNER, Scanner("counter", sim.address)).start(SCANNER, Level.INTERACTIVE, code=CODE)
    async with asyncio.timeout(20):
        async for step in job.steps():
            if CODE in str(step.doing):
                break
        async with asyncio.TaskGroup() as group:
            result = group.create_task(job.result())
            while not result.done():
                for code in codes:
                    await sim.scan(code)
                await asyncio.wait([result], timeout=1.5)
    return result.result()


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("missing_suffix", "scanner.missing_suffix"),
        ("double_read", "scanner.double_read"),
        ("dropped_characters", "scanner.dropped_characters"),
        ("extra_prefix", "scanner.extra_prefix"),
    ],
)
async def test_each_scanner_fault_is_named(fault: str, cause: str) -> None:
    async with ScannerSimulator.pty() as sim:
        sim.set_fault(fault)
        result = await scanned(sim, CODE)
    assert (result.passed, result.finding.cause) == (False, cause)


async def test_a_good_scan_passes() -> None:
    async with ScannerSimulator.pty() as sim:
        result = await scanned(sim, CODE)
    assert (result.passed, result.finding.light) == (True, Light.OK)


@pytest.mark.parametrize(("answer", "passed"), [(True, True), (False, False), (None, None)])
async def test_the_person_has_the_last_word_on_a_page(answer: bool | None, passed: bool | None) -> None:
    async with PrinterSimulator.tcp() as sim:
        tests = service(PRINTER, Printer("front", sim.address))
        result = await tests.start(PRINTER, Level.INTERACTIVE, answering(answer), CODE).result()
        assert CODE in sim.text()
    assert result.proof is not None
    assert (result.passed, result.proof.grade) == (passed, Grade.A)


async def test_a_person_who_saw_the_page_tells_a_write_only_printer_from_a_dead_one() -> None:
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault("write_only")
        tests = service(PRINTER, Printer("front", sim.address))
        result = await tests.start(PRINTER, Level.INTERACTIVE, answering(True), CODE).result()
    assert (result.finding.cause, result.finding.light) == ("printer.write_only", Light.ATTENTION)


async def test_identity_and_counters_come_along() -> None:
    async with PrinterSimulator.tcp() as sim:
        tests = service(PRINTER, Printer("front", sim.address))
        result = await tests.start(PRINTER, Level.EXTERNAL, code=CODE).result()
    assert result.identity["ManufacturerName"]
    assert result.counters["PaperCutCount"] > 0
    assert result.passed is True


async def test_a_printer_behind_ipp_passes_by_its_own_word() -> None:
    async with IppSimulator() as sim:
        tests = service(PRINTER, Printer("front", sim.address))
        result = await tests.start(PRINTER, Level.EXTERNAL, code=CODE).result()
        assert CODE in sim.printed[0].name
    assert result.proof is not None
    assert (result.passed, result.proof.grade) == (True, Grade.A)
    assert result.identity["SerialNumber"] == sim.model.serial
    assert result.counters == {"ImpressionCount": 101}


async def test_a_silent_printer_neither_passes_nor_fails() -> None:
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault("mute")
        tests = service(PRINTER, Printer("front", sim.address))
        result = await tests.start(PRINTER, Level.INTERNAL).result()
    assert result.passed is None


@pytest.mark.parametrize("fault", ["paper_out", "cover_open"])
async def test_a_page_that_cannot_come_out_fails(fault: str) -> None:
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault(fault)
        tests = service(PRINTER, Printer("front", sim.address))
        result = await tests.start(PRINTER, Level.EXTERNAL, code=CODE).result()
    assert (result.passed, result.finding.cause) == (False, f"printer.{fault}")
    assert result.proof is not None
    assert result.proof.grade in (Grade.D, Grade.E)
