"""A printer that speaks IPP against its simulator: one promise a test."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.errors import BadInput
from console.domain.head import Head
from console.domain.lights import Light
from console.domain.profile import Drawer, Printer, Store, StoreProfile
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.printer.ipp.driver import IppPrinter
from console.drivers.printer.ipp.place import place_of
from console.drivers.registry import open_driver
from console.simulators.faults import IPP_PRINTER
from console.simulators.ipp import IppModel, IppSimulator, Job
from tests.waiting import until

STATE_FAULTS = {
    "paper_out": (Light.FAULT, "printer.paper_out"),
    "paper_low": (Light.ATTENTION, "printer.paper_low"),
    "cover_open": (Light.FAULT, "printer.cover_open"),
    "jam": (Light.FAULT, "printer.mechanical"),
    "paused": (Light.FAULT, "printer.queue_stopped"),
    "rejecting": (Light.FAULT, "printer.queue_stopped"),
}
LINE_FAULTS = {
    "busy": (Light.ATTENTION, "printer.busy"),
    "mute": (Light.UNKNOWN, "printer.no_answer"),
    "garbage": (Light.FAULT, "printer.wrong_protocol"),
    "half_reply": (Light.UNKNOWN, "printer.no_answer"),
    "unauthorized": (Light.FAULT, "printer.denied"),
    "not_found": (Light.FAULT, "printer.wrong_address"),
    "slow": (Light.ATTENTION, "printer.slow"),
}
JOB_FAULTS = {"job_aborted": Grade.E, "never_completes": Grade.D}


def driver(
    sim: IppSimulator, clock: Any, answer: float = 2.0, finish: float = 5.0, **more: Any
) -> IppPrinter:
    return IppPrinter(
        place_of(parse_address(sim.address, "printer")),
        clock,
        answer_seconds=answer,
        finish_seconds=finish,
        **more,
    )


@pytest.fixture
async def sim() -> AsyncGenerator[IppSimulator, None]:
    async with IppSimulator() as printer:
        yield printer


def ignore(doing: Words) -> None:
    pass


def test_every_fault_of_the_simulator_is_examined_here() -> None:
    assert {*STATE_FAULTS, *LINE_FAULTS, *JOB_FAULTS} == set(IPP_PRINTER)


async def test_a_healthy_printer_is_ok(sim: IppSimulator, clock: Any, judged: Any) -> None:
    assert judged("printer", await driver(sim, clock).examine()).light is Light.OK


@pytest.mark.parametrize("fault", [*STATE_FAULTS, *LINE_FAULTS])
async def test_each_fault_becomes_its_cause(sim: IppSimulator, clock: Any, judged: Any, fault: str) -> None:
    sim.set_fault(fault)
    asked = driver(sim, clock, answer=0.3 if fault == "mute" else 3.0)
    finding = judged("printer", await asked.examine())
    assert (finding.light, finding.cause) == {**STATE_FAULTS, **LINE_FAULTS}[fault]
    sim.set_fault(fault, False)
    assert judged("printer", await asked.examine()).light is Light.OK


async def test_a_printer_that_is_gone_is_told_so_and_may_come_back(clock: Any, judged: Any) -> None:
    sim = IppSimulator()
    async with sim:
        asked = driver(sim, clock)
    finding = judged("printer", await asked.examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.wrong_address")
    async with sim:
        assert judged("printer", await asked.examine()).light is Light.OK


async def test_a_page_that_the_printer_counted_is_proven(
    sim: IppSimulator, clock: Any, judged: Any, page: Any
) -> None:
    proof, evidence = await driver(sim, clock).print_test_page(page, ignore)
    assert proof.grade is Grade.A
    assert judged("printer", evidence).light is Light.OK
    (printed,) = sim.printed
    assert printed.kind == "image/jpeg"
    assert printed.document.startswith(b"\xff\xd8")
    assert page.code in printed.name


@pytest.mark.parametrize("fault", JOB_FAULTS)
async def test_a_job_that_does_not_end_well(
    sim: IppSimulator, clock: Any, judged: Any, page: Any, fault: str
) -> None:
    sim.set_fault(fault)
    proof, evidence = await driver(sim, clock, finish=0.6).print_test_page(page, ignore)
    assert proof.grade is JOB_FAULTS[fault]
    assert judged("printer", evidence).light is Light.ATTENTION
    sim.set_fault(fault, False)
    assert all(job.state in (7, 8) for job in sim.jobs.values())  # aborted by itself, or taken out
    assert not sim.printed


async def test_a_printer_without_create_job_prints_all_the_same(clock: Any, page: Any) -> None:
    async with IppSimulator(model=IppModel(creates_jobs=False)) as sim:
        proof, _ = await driver(sim, clock).print_test_page(page, ignore)
        assert proof.grade is Grade.A
        assert len(sim.printed) == 1


async def test_a_receipt_printer_is_sent_its_own_language(clock: Any, page: Any) -> None:
    model = IppModel(commands="ESC/POS", formats=("application/octet-stream", "image/jpeg"))
    async with IppSimulator(model=model) as sim:
        printer = driver(sim, clock, protocol="escpos")
        await printer.print_test_page(page, ignore)
        assert sim.printed[0].kind == "application/octet-stream"
        assert sim.printed[0].document.startswith(b"\x1b@")
        assert printer.head() == Head.of(80)  # whose pattern stands on the page


async def test_an_office_printer_is_never_sent_receipt_bytes(clock: Any, page: Any) -> None:
    model = IppModel(formats=("application/octet-stream", "image/jpeg"))
    async with IppSimulator(model=model) as sim:
        printer = driver(sim, clock, protocol="escpos")
        await printer.print_test_page(page, ignore)
        assert sim.printed[0].kind == "image/jpeg"
        assert printer.head() is None


async def test_a_printer_that_takes_nothing_we_can_make(clock: Any, page: Any) -> None:
    async with IppSimulator(model=IppModel(formats=("image/urf",))) as sim:
        proof, _ = await driver(sim, clock).print_test_page(page, ignore)
        assert proof.grade is Grade.E
        assert not sim.jobs


@pytest.mark.parametrize("fault", ["cover_open", "paper_out", "paused"])
async def test_a_printer_that_is_not_ready_is_sent_nothing(
    sim: IppSimulator, clock: Any, page: Any, fault: str
) -> None:
    sim.set_fault(fault)
    proof, _ = await driver(sim, clock).print_test_page(page, ignore)
    assert proof.grade is Grade.E
    assert not sim.jobs


@pytest.mark.parametrize("fault", ["cover_open", "paper_out"])
async def test_trouble_in_mid_page_ends_it_and_nothing_prints_later(
    sim: IppSimulator, clock: Any, judged: Any, page: Any, fault: str
) -> None:
    proof, evidence = await driver(sim, clock).print_test_page(
        page, at("Sending", lambda: sim.set_fault(fault))
    )
    assert proof.grade is Grade.E
    assert judged("printer", evidence).cause == STATE_FAULTS[fault][1]
    sim.set_fault(fault, False)
    assert {job.state for job in sim.jobs.values()} == {7}
    assert not sim.printed


@pytest.mark.parametrize("fault", ["busy", "mute"])
async def test_a_printer_that_is_quiet_while_it_prints_is_waited_for(
    clock: Any, judged: Any, page: Any, fault: str
) -> None:
    async with IppSimulator(model=IppModel(print_seconds=0.5)) as sim:
        quiet = asyncio.Event()

        def silence() -> None:
            sim.set_fault(fault)
            quiet.set()

        printing = asyncio.create_task(
            driver(sim, clock, answer=0.3, finish=20.0).print_test_page(page, at("Waiting", silence))
        )
        await asyncio.wait_for(quiet.wait(), 10)
        await asyncio.wait([printing], timeout=0.6)
        sim.set_fault(fault, False)
        proof, evidence = await printing
    assert proof.grade is Grade.A
    assert judged("printer", evidence).light is Light.OK


async def test_trouble_after_the_page_is_told_and_the_page_still_counts(
    sim: IppSimulator, clock: Any, judged: Any, page: Any
) -> None:
    sim.after_print = lambda: sim.set_fault("paper_out")
    proof, evidence = await driver(sim, clock).print_test_page(page, ignore)
    assert proof.grade is Grade.A
    assert "out of paper" in str(proof.reason)
    assert judged("printer", evidence).cause == "printer.paper_out"


@pytest.mark.parametrize("fault", ["never_completes", "slow"])
async def test_a_cancelled_page_is_taken_out_of_the_printer(
    sim: IppSimulator, clock: Any, page: Any, fault: str
) -> None:
    waiting = asyncio.Event()
    sim.set_fault("never_completes")
    job = asyncio.create_task(
        driver(sim, clock, finish=30.0).print_test_page(page, at("Waiting", waiting.set))
    )
    await asyncio.wait_for(waiting.wait(), 10)
    sim.set_fault(fault)  # a slow printer takes the job out after the wait for it is over
    began = time.monotonic()
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    assert time.monotonic() - began < 1.0  # 0.2 s is promised; a busy machine may add to it
    await until(lambda: all(each.state == 7 for each in sim.jobs.values()))
    assert len(sim.jobs) == 1


async def test_a_cancel_at_any_moment_leaves_nothing_that_prints(clock: Any, page: Any) -> None:
    """Cut off a little later each time; a job whose number nobody heard has no page either."""
    for step in range(12):
        async with IppSimulator(model=IppModel(print_seconds=60.0)) as sim:
            job = asyncio.create_task(driver(sim, clock).print_test_page(page, ignore))
            await until(lambda: bool(sim.jobs))
            await asyncio.wait([job], timeout=step * 0.002)
            job.cancel()
            with pytest.raises(asyncio.CancelledError):
                await job
            await until(lambda: all(each.state == 7 or not each.document for each in sim.jobs.values()))
            assert not sim.printed


async def test_jobs_that_stand_still_are_told_with_their_number(
    sim: IppSimulator, clock: Any, judged: Any
) -> None:
    for number, age in ((1, 300), (2, 10)):
        sim.jobs[number] = Job("till", time.monotonic() - age)
    (evidence,) = await driver(sim, clock).examine()
    assert judged("printer", [evidence]).cause == "printer.jobs_waiting"
    assert "2 jobs wait" in str(evidence.meaning)
    assert evidence.facts["jobs"] == "2"
    sim.jobs[1].state = 9
    assert judged("printer", await driver(sim, clock).examine()).light is Light.OK  # 10 s are no trouble


async def test_identity_and_counters(sim: IppSimulator, clock: Any) -> None:
    identity, counters = await driver(sim, clock).identify()
    assert identity == {
        "ModelName": sim.model.model,
        "ManufacturerName": sim.model.maker,
        "FirmwareRevision": sim.model.firmware,
        "SerialNumber": sim.model.serial,
    }
    assert counters == {"ImpressionCount": 100}


async def test_an_endless_answer_is_given_up(clock: Any, judged: Any) -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: application/ipp\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        try:
            while True:
                writer.write(b"10000\r\n" + b"\x01" * 65536 + b"\r\n")
                await writer.drain()
        except OSError:
            writer.close()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    place = place_of(parse_address(f"ipp://{host}:{port}/ipp/print", "printer"))
    async with server:
        began = time.monotonic()
        finding = judged("printer", await IppPrinter(place, clock, answer_seconds=8.0).examine())
        assert time.monotonic() - began < 6.0
    assert finding.cause == "printer.wrong_protocol"


async def test_the_profile_finds_the_driver_and_a_drawer_behind_it_is_unknown(
    sim: IppSimulator, clock: Any, judged: Any
) -> None:
    entry = Printer("front", sim.address)
    profile = StoreProfile(Store("x"), printer=(entry,), drawer=(Drawer("till", "front"),))
    printer, drawer = (open_driver(subject, each, profile, clock) for subject, each in profile.entries())
    assert judged("printer", await printer.examine()).light is Light.OK
    assert judged("drawer", await drawer.examine()).light is Light.UNKNOWN
    assert Subject("printer", "front") in dict(profile.entries())


@pytest.mark.parametrize("address", ["ipp://:631/ipp", "ipp://host:0x/ipp", "ipp://host:99999/"])
def test_an_address_that_cannot_be(address: str) -> None:
    with pytest.raises(BadInput):
        place_of(parse_address(address, "printer"))


def at(moment: str, act: Callable[[], None]) -> Callable[[Words], None]:
    """A report that acts once, when the work gets to the step whose text begins with `moment`."""
    pending = [act]

    def report(doing: Words) -> None:
        if doing.text.startswith(moment) and pending:
            pending.pop()()

    return report
