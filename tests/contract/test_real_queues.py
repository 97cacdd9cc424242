"""A real CUPS and a real IPP printer: paused, rejecting and stuck for real, pages printed for real."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.evidence import signs_of
from console.domain.lights import Light
from console.domain.profile import Printer, Store, StoreProfile
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.printer.ipp.driver import IppPrinter
from console.drivers.printer.ipp.place import place_of
from console.drivers.queues import CupsSearch
from console.drivers.registry import open_driver
from console.simulators.ipp import IppSimulator
from console.simulators.printer import PrinterSimulator
from tests.contract.cups import EvePrinter, Queues, cups, eve_printer, needs_cups, wait_for
from tests.waiting import until

pytestmark = [needs_cups]


@pytest.fixture(scope="module")
def queues() -> Iterator[Queues]:
    # Not pytest's own folder: CUPS' backends run as another user, who may not look into that.
    with TemporaryDirectory(prefix="tillkeeper-cups-") as folder, cups(Path(folder)) as server:
        yield server


@pytest.fixture
def here(queues: Queues, monkeypatch: pytest.MonkeyPatch) -> Queues:
    """This computer's CUPS."""
    monkeypatch.setenv("CUPS_SERVER", str(queues.socket))
    return queues


@pytest.fixture
def eve(tmp_path: Path) -> Iterator[EvePrinter]:
    with eve_printer(tmp_path) as printer:
        yield printer


@pytest.fixture
async def receipt() -> AsyncGenerator[PrinterSimulator, None]:
    async with PrinterSimulator.tcp() as sim:
        yield sim


def driver(address: str, clock: Any, protocol: Any = "auto") -> Any:
    entry = Printer("front", address, protocol)
    return open_driver(Subject("printer", "front"), entry, StoreProfile(Store("x"), printer=(entry,)), clock)


def device(sim: PrinterSimulator) -> str:
    return sim.address.replace("tcp://", "socket://")


def ignore(doing: Words) -> None:
    pass


async def test_a_real_ipp_printer_is_well_and_names_itself(eve: EvePrinter, clock: Any, judged: Any) -> None:
    printer = driver(eve.address, clock)
    assert judged("printer", await printer.examine()).light is Light.OK
    identity, _ = await printer.identify()
    assert identity["ModelName"]
    assert identity["ManufacturerName"]


async def test_a_page_comes_out_of_a_real_ipp_printer(
    eve: EvePrinter, clock: Any, judged: Any, page: Any
) -> None:
    proof, evidence = await driver(eve.address, clock).print_test_page(page, ignore)
    assert proof.grade is Grade.A
    assert judged("printer", evidence).light is Light.OK
    (printed,) = eve.printed
    assert printed.startswith(b"\xff\xd8")


@pytest.mark.parametrize(
    ("reason", "cause"),
    [
        ("media-empty", "printer.paper_out"),
        ("media-low-warning", "printer.paper_low"),
        ("cover-open", "printer.cover_open"),
        ("media-jam", "printer.mechanical"),
    ],
)
async def test_what_a_real_printer_reports_becomes_its_cause(
    eve: EvePrinter, clock: Any, judged: Any, page: Any, reason: str, cause: str
) -> None:
    eve.becomes(f"STATE: +{reason}")
    printer = driver(eve.address, clock)
    await printer.print_test_page(page, ignore)
    assert judged("printer", await printer.examine()).cause == cause


async def test_a_cancel_reaches_a_real_printer(eve: EvePrinter, clock: Any, page: Any) -> None:
    eve.holds(True)
    job = asyncio.create_task(driver(eve.address, clock).print_test_page(page, ignore))
    await asyncio.to_thread(wait_for, lambda: eve.begun == 1, "the job")
    job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job
    eve.holds(False)  # it ends its printing command before it says so; without the cancel: completed
    await asyncio.to_thread(wait_for, lambda: eve.job_state(1) == "canceled", "the job's end")


async def test_a_wrong_path_at_a_real_printer(eve: EvePrinter, clock: Any, judged: Any) -> None:
    wrong = eve.address.replace("/ipp/print", "/printers/none")
    assert judged("printer", await driver(wrong, clock).examine()).cause == "printer.wrong_address"


async def test_a_raw_queue_is_ready_but_blind(
    here: Queues, receipt: PrinterSimulator, clock: Any, judged: Any
) -> None:
    here.add("blind", device(receipt))
    finding = judged("printer", await driver("cups://blind", clock).examine())
    assert (finding.light, finding.cause) == (Light.ATTENTION, "printer.write_only")


async def test_a_receipt_goes_through_a_raw_queue(
    here: Queues, receipt: PrinterSimulator, clock: Any, page: Any
) -> None:
    here.add("till", device(receipt))
    proof, evidence = await driver("cups://till", clock, "escpos").print_test_page(page, ignore)
    assert proof.grade is Grade.D
    assert "print.unproven" in signs_of(evidence)
    await until(lambda: bool(receipt.papers))
    assert page.code in receipt.papers[-1].text


async def test_a_raw_queue_is_sent_no_picture(
    here: Queues, receipt: PrinterSimulator, clock: Any, page: Any
) -> None:
    here.add("unset", device(receipt))
    proof, _ = await driver("cups://unset", clock, "auto").print_test_page(page, ignore)
    assert proof.grade is Grade.E
    assert not here.jobs()
    assert not receipt.papers


@pytest.mark.parametrize(
    ("stop", "resume"),
    [
        (("cupsdisable", "shut"), ("cupsenable", "shut")),
        (("cupsreject", "shut"), ("cupsaccept", "shut")),
    ],
)
async def test_a_stopped_queue_is_told_and_sent_nothing(
    here: Queues,
    receipt: PrinterSimulator,
    clock: Any,
    judged: Any,
    page: Any,
    stop: tuple[str, ...],
    resume: tuple[str, ...],
) -> None:
    here.add("shut", device(receipt))
    here.run(*stop)
    queue = driver("cups://shut", clock, "escpos")
    finding = judged("printer", await queue.examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.queue_stopped")
    assert (await queue.print_test_page(page, ignore))[0].grade is Grade.E
    assert not here.jobs()
    here.run(*resume)
    assert judged("printer", await queue.examine()).cause == "printer.write_only"


async def test_jobs_in_a_paused_queue_are_counted(
    here: Queues, receipt: PrinterSimulator, clock: Any, tmp_path: Path
) -> None:
    here.add("full", device(receipt))
    here.run("cupsdisable", "full")
    receipt_file = tmp_path / "receipt"
    receipt_file.write_bytes(b"\x1b@hello\n")
    for _ in range(2):
        here.run("lp", "-d", "full", "-o", "raw", str(receipt_file))
    (evidence,) = await driver("cups://full", clock).examine()
    assert "2 jobs wait" in str(evidence.meaning)
    here.run("cancel", "-a", "full")


async def test_a_job_that_cannot_reach_its_printer_is_told(
    here: Queues, clock: Any, judged: Any, tmp_path: Path
) -> None:
    with socket.socket() as closed:  # bound, but it listens to nobody
        closed.bind(("127.0.0.1", 0))
        here.add("stuck", f"socket://127.0.0.1:{closed.getsockname()[1]}")
        receipt_file = tmp_path / "receipt"
        receipt_file.write_bytes(b"\x1b@hello\n")
        here.run("lp", "-d", "stuck", "-o", "raw", str(receipt_file))
        queue = IppPrinter(place_of(parse_address("cups://stuck", "printer")), clock, stuck_seconds=0.5)
        causes: set[str | None] = set()
        async with asyncio.timeout(20):
            while "printer.jobs_waiting" not in causes:
                causes = {each.cause for each in judged("printer", await queue.examine()).candidates}
        here.run("cancel", "-a", "stuck")


async def test_a_cancelled_page_leaves_the_queue(
    here: Queues, receipt: PrinterSimulator, clock: Any, page: Any
) -> None:
    here.add("slow", device(receipt))
    receipt.set_fault("mute")
    waiting = asyncio.Event()
    with socket.create_connection(tuple_of(receipt)):  # somebody else holds the printer, so the job waits
        job = asyncio.create_task(
            driver("cups://slow", clock, "escpos").print_test_page(page, on("Waiting", waiting.set))
        )
        await asyncio.wait_for(waiting.wait(), 10)
        job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job
        await asyncio.to_thread(wait_for, lambda: not here.jobs(), "an empty queue")


async def test_the_printer_behind_an_ipp_queue_is_asked_itself(
    here: Queues, eve: EvePrinter, clock: Any, judged: Any, page: Any
) -> None:
    here.add("paper", eve.address)
    queue = driver("cups://paper", clock)
    assert judged("printer", await queue.examine()).light is Light.OK
    eve.becomes("STATE: +cover-open")
    await driver(eve.address, clock).print_test_page(page, ignore)
    assert judged("printer", await queue.examine()).cause == "printer.cover_open"


async def test_a_page_through_an_ipp_queue_is_as_good_as_what_the_printer_counts(
    here: Queues, eve: EvePrinter, clock: Any, judged: Any, page: Any
) -> None:
    here.add("uncounted", eve.address)
    proof, evidence = await driver("cups://uncounted", clock).print_test_page(page, ignore)
    assert proof.grade is Grade.C
    assert judged("printer", evidence).cause == "printer.print_not_proven"
    assert len(eve.printed) == 1
    async with IppSimulator() as counting:
        here.add("counted", counting.address)
        proof, evidence = await driver("cups://counted", clock).print_test_page(page, ignore)
        assert proof.grade is Grade.B
        assert judged("printer", evidence).light is Light.OK
        assert len(counting.printed) == 1


async def test_no_such_queue(here: Queues, clock: Any, judged: Any) -> None:
    finding = judged("printer", await driver("cups://nowhere", clock).examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.no_queue")


async def test_no_cups_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: Any, judged: Any
) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "none.sock"))
    finding = judged("printer", await driver("cups://front", clock).examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.no_print_service")


async def test_a_queue_that_wants_a_password(
    here: Queues, receipt: PrinterSimulator, clock: Any, judged: Any
) -> None:
    here.add("locked", device(receipt))
    locked = driver(f"ipp://127.0.0.1:{here.port}/printers/locked", clock)
    finding = judged("printer", await locked.examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.denied")


async def test_queues_are_found(here: Queues, receipt: PrinterSimulator) -> None:
    here.add("listed", device(receipt))
    found = {each.address: each async for each in CupsSearch().search(ignore)}
    assert found["cups://listed"].sure == "documented"
    assert "Raw" in found["cups://listed"].identity


async def test_without_cups_nothing_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", str(tmp_path / "none.sock"))
    assert [each async for each in CupsSearch().search(ignore)] == []


def tuple_of(sim: PrinterSimulator) -> tuple[str, int]:
    host, _, port = sim.address.removeprefix("tcp://").partition(":")
    return host, int(port)


def on(moment: str, act: Callable[[], None]) -> Callable[[Words], None]:
    return lambda doing: act() if doing.text.startswith(moment) else None


def test_the_environment_is_not_this_computers(queues: Queues) -> None:
    """A wrong CUPS_SERVER would let these tests disable the queues of a real shop."""
    assert str(queues.socket) != os.environ.get("CUPS_SERVER", "/run/cups/cups.sock")
    assert not str(queues.socket).startswith("/run/")
