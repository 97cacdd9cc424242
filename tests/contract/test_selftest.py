"""Self-tests over real drivers and simulators: what was wrong is named, what was right is proven."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from console.domain.breaks import Breaks, Look, Span
from console.domain.errors import BadInput
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.profile import Entry, Printer, Scanner, Store, StoreProfile
from console.domain.selftest import Grade, Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.registry import open_driver
from console.drivers.transports.serial import SerialTransport
from console.platforms.clock import SystemClock
from console.services.documents import selftest_document
from console.services.language import Language, diagnosis_table
from console.services.roster import Roster
from console.services.selftest import Person, SelftestService
from console.simulators.ipp import IppSimulator
from console.simulators.printer import PrinterSimulator
from console.simulators.receipt_printer import ReceiptPrinter
from console.simulators.scanner import ScannerSimulator
from console.simulators.star import StarPrntSimulator, StarSimulator

CODE = "TK4711008156"
PRINTER, SCANNER = Subject("printer", "front"), Subject("scanner", "counter")


def service(subject: Subject, entry: Entry) -> SelftestService:
    return store({subject: entry})[0]


def store(entries: dict[Subject, Entry]) -> tuple[SelftestService, list[Finding]]:
    clock = SystemClock("Asia/Shanghai")
    profile = StoreProfile(Store("店"))
    roster = Roster({each: open_driver(each, entry, profile, clock) for each, entry in entries.items()})
    language, shown = Language("zh_CN"), list[Finding]()
    tests = SelftestService("店", roster, diagnosis_table(), clock, lambda: language, str, shown.append, {})
    return tests, shown


def answering(answer: bool | None) -> Callable[[Words], Awaitable[bool | None]]:
    async def ask(_: Words) -> bool | None:
        return answer

    return ask


async def scanned(sim: ScannerSimulator, *codes: str) -> SelftestResult:
    """The verdict when the person scans `codes` as soon as the test waits for them."""
    job = service(SCANNER, Scanner("counter", sim.address)).start(
        SCANNER, Level.INTERACTIVE, Person(code=CODE)
    )
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
        result = await tests.start(PRINTER, Level.INTERACTIVE, Person(answering(answer), CODE)).result()
        assert CODE in sim.text()
    assert result.proof is not None
    assert (result.passed, result.proof.grade) == (passed, Grade.A)


async def test_a_person_who_saw_the_page_tells_a_write_only_printer_from_a_dead_one() -> None:
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault("write_only")
        tests = service(PRINTER, Printer("front", sim.address))
        result = await tests.start(PRINTER, Level.INTERACTIVE, Person(answering(True), CODE)).result()
    assert (result.finding.cause, result.finding.light) == ("printer.write_only", Light.ATTENTION)


async def test_identity_and_counters_come_along() -> None:
    async with PrinterSimulator.tcp() as sim:
        tests = service(PRINTER, Printer("front", sim.address))
        result = await tests.start(PRINTER, Level.EXTERNAL, Person(code=CODE)).result()
    assert result.identity["ManufacturerName"]
    assert result.counters["PaperCutCount"] > 0
    assert result.passed is True


async def test_a_printer_behind_ipp_passes_by_its_own_word() -> None:
    async with IppSimulator() as sim:
        tests = service(PRINTER, Printer("front", sim.address))
        result = await tests.start(PRINTER, Level.EXTERNAL, Person(code=CODE)).result()
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
        result = await tests.start(PRINTER, Level.EXTERNAL, Person(code=CODE)).result()
    assert (result.passed, result.finding.cause) == (False, f"printer.{fault}")
    assert result.proof is not None
    assert result.proof.grade in (Grade.D, Grade.E)


async def page_scanned(
    printer: PrinterSimulator, scanner: ScannerSimulator, *codes: str, level: Level = Level.EXTERNAL
) -> tuple[SelftestResult, list[Finding]]:
    """The verdict on a page when the person scans `codes` as soon as they are asked to."""
    entries: dict[Subject, Entry] = {
        PRINTER: Printer("front", printer.address),
        SCANNER: Scanner("counter", scanner.address),
    }
    tests, shown = store(entries)
    job = tests.start(PRINTER, level, Person(answering(False), CODE))
    async with asyncio.timeout(30):
        async for step in job.steps():
            if ("page_code", CODE) in step.doing.values:
                for code in codes:
                    await scanner.scan(code)
        return await job.result(), shown


@pytest.mark.parametrize("level", [Level.EXTERNAL, Level.INTERACTIVE])
async def test_the_printed_code_read_back_proves_printer_and_scanner(level: Level) -> None:
    async with PrinterSimulator.tcp() as printer, ScannerSimulator.pty() as scanner:
        result, shown = await page_scanned(printer, scanner, "6901234567892", CODE, level=level)
    assert result.proof is not None
    assert (result.passed, result.proof.grade) == (True, Grade.A_PLUS)  # nobody was asked, who would say no
    assert [(each.subject, each.light) for each in shown] == [(SCANNER, Light.OK), (PRINTER, Light.OK)]


async def test_a_scan_back_makes_a_write_only_printer_known() -> None:
    async with PrinterSimulator.tcp() as printer, ScannerSimulator.pty() as scanner:
        printer.set_fault("write_only")
        result, _ = await page_scanned(printer, scanner, CODE)
    assert result.proof is not None
    assert (result.proof.grade, result.passed) == (Grade.A_PLUS, True)
    assert [each.cause for each in result.finding.candidates] == ["printer.write_only"]


async def test_a_scan_back_shows_what_is_wrong_with_the_scanner() -> None:
    async with PrinterSimulator.tcp() as printer, ScannerSimulator.pty() as scanner:
        scanner.set_fault("double_read")
        result, shown = await page_scanned(printer, scanner, CODE)
    assert result.proof is not None
    assert (result.proof.grade, result.finding.light) == (Grade.A_PLUS, Light.OK)
    assert (shown[0].subject, shown[0].cause) == (SCANNER, "scanner.double_read")


async def test_a_scanner_that_another_program_holds_keeps_no_page_waiting() -> None:
    async with PrinterSimulator.tcp() as printer, ScannerSimulator.pty() as scanner:
        till = SerialTransport(scanner.address.removeprefix("serial://"))
        await till.open(lambda data: None, lambda trouble: None)
        result, _ = await page_scanned(printer, scanner)
        await till.close()
    assert result.proof is not None
    assert (result.proof.grade, result.passed) == (Grade.A, True)


async def test_whoever_has_no_scanner_at_hand_is_asked_instead() -> None:
    async with PrinterSimulator.tcp() as printer, ScannerSimulator.pty() as scanner:
        entries: dict[Subject, Entry] = {
            PRINTER: Printer("front", printer.address),
            SCANNER: Scanner("counter", scanner.address),
        }
        person = Person(answering(True), CODE)
        person.skip.set()
        result = await store(entries)[0].start(PRINTER, Level.INTERACTIVE, person).result()
    assert result.proof is not None
    assert (result.passed, result.proof.grade) == (True, Grade.A)


# --- what only eyes see on the page

LINE = Breaks((Span(212, 220),), Look.LINE)


async def printed(
    tests: SelftestService, answer: bool | None, level: Level = Level.INTERACTIVE
) -> SelftestResult:
    return await tests.start(PRINTER, level, Person(answering(answer), CODE)).result()


@pytest.mark.parametrize("kind", [PrinterSimulator, StarSimulator, StarPrntSimulator])
@pytest.mark.parametrize("protocol", ["named", "auto"])
async def test_a_line_that_a_person_saw_is_dirt_or_a_dead_dot_and_the_test_has_failed(
    kind: type[ReceiptPrinter], protocol: str
) -> None:
    async with kind.tcp() as sim:
        named: Any = sim.name if protocol == "named" else "auto"
        tests = service(PRINTER, Printer("front", sim.address, protocol=named))
        assert (await printed(tests, None)).breaks is None
        result = tests.mark(PRINTER, LINE)
    assert (result.passed, result.breaks) == (False, LINE)
    assert {each.cause for each in result.finding.candidates} == {"printer.head_dirty", "printer.head_worn"}
    assert (result.finding.light, result.finding.distinguish) == (Light.ATTENTION, "clean_head")
    told = result.finding.evidence[-1]
    assert (told.probe, told.result) == ("selftest.pattern", "212-220")
    assert "Seen by a person" in str(told.meaning)
    assert result.proof is not None
    assert result.proof.grade is Grade.A  # the page came out, as is proven


@pytest.mark.parametrize(
    ("look", "cause"), [(Look.PATCH, "printer.head_dirty"), (Look.CLEANED, "printer.head_worn")]
)
async def test_a_patch_is_dirt_and_what_cleaning_left_is_worn(look: Look, cause: str) -> None:
    async with PrinterSimulator.tcp() as sim:
        tests = service(PRINTER, Printer("front", sim.address))
        await printed(tests, None)
        result = tests.mark(PRINTER, replace(LINE, look=look))
    assert [each.cause for each in result.finding.candidates] == [cause]


async def test_only_a_persons_eyes_end_what_a_persons_eyes_saw() -> None:
    async with PrinterSimulator.tcp() as sim:
        tests, shown = store({PRINTER: Printer("front", sim.address)})
        await printed(tests, None)
        tests.mark(PRINTER, LINE)
        for _ in range(2):
            assert (await printed(tests, None, Level.EXTERNAL)).passed is True  # it prints, as is proven
            assert (shown[-1].light, shown[-1].cause) == (Light.ATTENTION, "printer.head_dirty")
        await printed(tests, True)
        assert shown[-1].light is Light.OK
        await printed(tests, None, Level.EXTERNAL)
        assert shown[-1].light is Light.OK


async def test_a_later_mark_takes_the_place_of_an_earlier_one() -> None:
    async with PrinterSimulator.tcp() as sim:
        tests = service(PRINTER, Printer("front", sim.address))
        await printed(tests, False)
        tests.mark(PRINTER, LINE)
        result = tests.mark(PRINTER, Breaks((Span(10, 18),), Look.PATCH))
    probes = [each.probe for each in result.finding.evidence]
    assert (probes.count("selftest.pattern"), probes.count("selftest.person")) == (1, 1)
    assert result.finding.evidence[-1].result == "10-18"


@pytest.mark.parametrize("level", [Level.INTERNAL, Level.EXTERNAL])
async def test_where_no_page_came_out_there_is_no_pattern_to_mark(level: Level) -> None:
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault("paper_out")
        tests = service(PRINTER, Printer("front", sim.address))
        with pytest.raises(BadInput):
            tests.mark(PRINTER, LINE)
        await printed(tests, None, level)
        with pytest.raises(BadInput, match="no pattern was printed"):
            tests.mark(PRINTER, LINE)


async def test_the_document_tells_columns_mm_and_what_becomes_of_the_codes() -> None:
    async with PrinterSimulator.tcp() as sim:
        tests = service(PRINTER, Printer("front", sim.address))
        before = selftest_document(await printed(tests, None), Language("en"))
        document = selftest_document(tests.mark(PRINTER, LINE), Language("en"))
    assert before["print_head"] is None
    told = document["print_head"]
    codes = told.pop("codes")
    assert told == {
        "source": "person", "look": "line", "dots": 576, "columns": [[212, 220]], "mm": [[26.5, 27.6]],
    }  # fmt: skip
    assert [(each["code"], each["place"], each["module_dots"]) for each in codes] == [
        ("QR", "centre", 6), ("EAN-13", "right", 3), ("Code 128", "right", 2),
    ]  # fmt: skip
    assert codes[1]["advice"] == "Still fits: print it aligned to the right"
    assert document["passed"] is False
    assert "alcohol" in " ".join(document["advice"])
