"""Every printer driver on every transport against its simulator: one promise a test."""

from __future__ import annotations

import asyncio
import socket
import time
import unicodedata
from collections.abc import Callable
from typing import Any

import pytest

from console.domain.evidence import signs_of
from console.domain.lights import Light
from console.domain.profile import Drawer, Printer, Store, StoreProfile
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.printer.driver import DirectPrinter
from console.drivers.printer.escpos.language import Escpos
from console.drivers.registry import open_driver
from console.drivers.transports.serial import SerialTransport
from console.drivers.transports.tcp import TcpTransport
from console.simulators.faults import FAULTS
from console.simulators.printer import PrinterSimulator
from tests.contract.families import FAMILIES, Family, each_fault
from tests.waiting import until

HASTY = 0.2  # seconds for an answer of a printer that is silent or late on purpose


@pytest.mark.parametrize("family", FAMILIES.values(), ids=lambda family: family.name)
def test_every_fault_of_the_simulator_is_examined_here(family: Family) -> None:
    assert {*family.states, *family.lines, *family.unseen} == set(FAULTS[family.kind])


async def test_a_healthy_printer_is_ok(bench: Any, judged: Any) -> None:
    evidence = await bench.driver().examine()
    assert judged("printer", evidence).light is Light.OK


@each_fault(lambda family: family.states)
async def test_what_the_printer_reports_becomes_its_cause(bench: Any, judged: Any, fault: str) -> None:
    bench.sim.set_fault(fault)
    finding = judged("printer", await bench.driver().examine())
    assert (finding.light, finding.cause) == bench.family.states[fault]
    bench.sim.set_fault(fault, False)
    assert judged("printer", await bench.driver().examine()).light is Light.OK


@each_fault(lambda family: family.lines)
async def test_a_bad_line_is_never_a_good_printer(bench: Any, judged: Any, fault: str) -> None:
    bench.sim.set_fault(fault)
    light, causes = bench.family.lines[fault]
    finding = judged("printer", await bench.driver(HASTY).examine())
    assert finding.light is light
    assert finding.cause in causes
    bench.sim.set_fault(fault, False)
    await until_ok(bench, judged)


async def test_a_slow_printer_is_told_as_slow(bench: Any, judged: Any) -> None:
    bench.sim.set_fault("slow")
    finding = judged("printer", await bench.driver().examine())
    assert (finding.light, finding.cause) == (Light.ATTENTION, "printer.slow")


@pytest.mark.parametrize("fault", ["mute", "late_reply"])
async def test_silence_is_told_within_the_default_bound(clock: Any, judged: Any, fault: str) -> None:
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault(fault)
        entry = Printer("front", sim.address)
        driver = open_driver(
            Subject("printer", "front"), entry, StoreProfile(Store("x"), printer=(entry,)), clock
        )
        began = time.monotonic()
        finding = judged("printer", await driver.examine())
        # Asked twice, and once in three other languages; what comes late is looked into.
        assert time.monotonic() - began < (6.0 if fault == "late_reply" else 4.5)
        if fault == "mute":
            began = time.monotonic()
            await driver.examine()
            assert time.monotonic() - began < 3.5  # the labels' languages are not asked again so soon
    assert finding.light is Light.UNKNOWN
    assert {each.cause for each in finding.candidates} == {
        "printer.no_answer",
        "printer.write_only",
        "printer.busy",
    }
    assert finding.distinguish == "print_page"


async def test_late_answers_are_never_taken_for_newer_ones(bench: Any, judged: Any) -> None:
    """The cover is opened while answers from before are still under way."""
    driver = bench.driver(HASTY)
    bench.sim.set_fault("late_reply")
    await driver.examine()
    bench.sim.set_fault("cover_open")
    bench.sim.set_fault("late_reply", False)
    for _ in range(20):
        assert judged("printer", await driver.examine()).light is not Light.OK


async def test_a_printer_that_comes_back_is_ok_again(bench: Any, judged: Any) -> None:
    driver = bench.driver()
    assert judged("printer", await driver.examine()).light is Light.OK
    await bench.sim.unplug()
    gone = judged("printer", await driver.examine())
    assert gone.light is Light.FAULT
    assert gone.cause in ("printer.not_found", "printer.wrong_address")
    await bench.sim.plug_in()
    assert judged("printer", await driver.examine()).light is Light.OK


async def test_a_page_is_printed_and_confirmed(bench: Any, judged: Any, page: Any) -> None:
    proof, evidence = await bench.driver().print_test_page(page, ignore)
    assert proof.grade is bench.family.best
    assert judged("printer", evidence).light is Light.OK
    printed = plain(bench.sim.text())
    wanted = filter(bench.family.readable, (page.title, *page.lines, page.code))
    assert all(plain(text) in printed for text in wanted)


async def test_a_printer_that_is_not_ready_is_sent_nothing(bench: Any, judged: Any, page: Any) -> None:
    bench.sim.set_fault("cover_open")
    proof, evidence = await bench.driver().print_test_page(page, ignore)
    assert proof.grade is Grade.E
    assert judged("printer", evidence).cause == "printer.cover_open"
    bench.sim.set_fault("cover_open", False)
    assert not bench.sim.papers
    assert (await bench.driver().print_test_page(page, ignore))[0].grade is bench.family.best
    one_page = len(bench.sim.papers)
    assert (await bench.driver().print_test_page(page, ignore))[0].grade is bench.family.best
    assert len(bench.sim.papers) == 2 * one_page


async def test_a_printer_that_only_prints_proves_no_more_than_acceptance(
    bench: Any, judged: Any, page: Any
) -> None:
    bench.sim.set_fault("write_only")
    proof, evidence = await bench.driver(HASTY).print_test_page(page, ignore)
    assert proof.grade is Grade.D
    finding = judged("printer", evidence)
    assert finding.light is Light.ATTENTION
    assert {"printer.write_only", "printer.print_not_proven"} <= {each.cause for each in finding.candidates}


@each_fault(lambda family: family.stopping)
async def test_trouble_in_mid_page_ends_the_page(bench: Any, judged: Any, page: Any, fault: str) -> None:
    began = time.monotonic()
    proof, evidence = await bench.driver().print_test_page(
        page, at("Sending", lambda: bench.sim.set_fault(fault))
    )
    assert proof.grade is Grade.E
    assert judged("printer", evidence).cause == bench.family.states[fault][1]
    assert time.monotonic() - began < 15  # it does not sit the whole wait of 30 s out


@pytest.mark.parametrize("moment", ["Asking", "Sending", "Waiting"])
async def test_pulling_the_cable_in_mid_page(bench: Any, judged: Any, page: Any, moment: str) -> None:
    pulled: list[asyncio.Task[None]] = []

    def report(doing: Words) -> None:
        if not doing.text.startswith("Asking"):
            bench.sim.set_fault("mute")  # so that the page is not through before the cable is out
        if doing.text.startswith(moment) and not pulled:
            pulled.append(asyncio.create_task(bench.sim.unplug()))

    proof, evidence = await bench.driver().print_test_page(page, report)
    await pulled[0]
    assert proof.grade is Grade.E
    assert judged("printer", evidence).light in (Light.FAULT, Light.UNKNOWN)
    assert signs_of(evidence) & {"tcp.closed", "tcp.reset", "serial.lost", "usb.lost"}
    bench.sim.set_fault("mute", False)
    await bench.sim.plug_in()
    await until_ok(bench, judged)


async def test_a_cancelled_page_lets_go_of_the_line(bench: Any, judged: Any, page: Any) -> None:
    waiting = asyncio.Event()

    def hold() -> None:
        bench.sim.set_fault("mute")
        waiting.set()

    job = asyncio.create_task(bench.driver(echo_seconds=30).print_test_page(page, at("Sending", hold)))
    await asyncio.wait_for(waiting.wait(), 5)
    await cancelled(job)
    bench.sim.set_fault("mute", False)
    await until_ok(bench, judged)


async def test_a_cancelled_examination_lets_go_of_the_line(bench: Any, judged: Any) -> None:
    bench.sim.set_fault("mute")
    driver = bench.driver(answer_seconds=30)
    asking = asyncio.create_task(driver.examine())
    await until(lambda: bench.sim.connected)
    await cancelled(asking)
    bench.sim.set_fault("mute", False)
    await until_ok(bench, judged)
    assert judged("printer", await driver.examine()).light is Light.OK


async def test_questions_and_pages_stand_in_one_queue(bench: Any, judged: Any, page: Any) -> None:
    driver = bench.driver()
    (proof, _), *rounds = await asyncio.gather(
        driver.print_test_page(page, ignore), *(driver.examine() for _ in range(5))
    )
    assert proof.grade is bench.family.best
    assert all(judged("printer", each).light is Light.OK for each in rounds)
    assert all(each is rounds[0] for each in rounds)  # asked once for all who waited


async def test_another_program_on_the_same_network_printer(clock: Any, judged: Any) -> None:
    async with PrinterSimulator.tcp() as sim:
        host, port = sim.address.removeprefix("tcp://").split(":")
        driver = DirectPrinter(
            lambda: TcpTransport(host, int(port)), Escpos(clock, answer_seconds=HASTY), clock
        )
        _, till = await asyncio.open_connection(host, int(port))
        till.write(b"\x1b@")
        await until(lambda: sim.connected)
        waiting = judged("printer", await driver.examine())
        assert waiting.light is Light.UNKNOWN
        assert [each.cause for each in waiting.candidates[:2]] == ["printer.no_answer", "printer.busy"]
        till.close()
        await till.wait_closed()
        await until(lambda: not sim.connected)
        assert judged("printer", await driver.examine()).light is Light.OK


async def test_a_printer_that_turns_a_second_program_away(clock: Any, judged: Any) -> None:
    """Some take no second connection at all; one that is held and one that is not there look the same."""
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()
    with socket.create_connection((host, port)) as till, listener.accept()[0] as served:
        listener.close()
        assert till.getpeername() == served.getsockname()
        driver = DirectPrinter(lambda: TcpTransport(host, port), Escpos(clock), clock)
        refused = judged("printer", await driver.examine())
    assert refused.light is Light.FAULT
    likely = {each.cause: each.weight for each in refused.candidates}
    assert set(likely) == {"printer.wrong_address", "printer.busy"}
    assert likely["printer.busy"] >= likely["printer.wrong_address"]
    assert refused.distinguish == "close_other_programs"


async def test_another_program_on_the_same_serial_port(clock: Any, judged: Any) -> None:
    async with PrinterSimulator.pty() as sim:
        place = sim.address.removeprefix("serial://")
        till = SerialTransport(place)
        await till.open(lambda data: None, lambda trouble: None)
        driver = DirectPrinter(
            lambda: SerialTransport(place), Escpos(clock, frozenset({"line.serial"})), clock
        )
        held = judged("printer", await driver.examine())
        assert (held.light, held.cause) == (Light.ATTENTION, "printer.busy")
        await till.close()
        assert judged("printer", await driver.examine()).light is Light.OK


async def test_identity_and_counters_stand_under_their_unifiedpos_names(bench: Any) -> None:
    identity, counters = await bench.driver().identify()
    named = {name: getattr(bench.sim.model, field) for name, field in bench.family.identity.items()}
    assert named.items() <= identity.items()
    assert set(counters) == bench.family.counters


@each_fault(lambda family: family.untold)
async def test_a_printer_that_cannot_tell_has_no_identity(bench: Any, fault: str) -> None:
    bench.sim.set_fault(fault)
    assert await bench.driver(HASTY).identify() == ({}, {})


async def test_the_drawer_shares_its_printers_line(clock: Any, judged: Any) -> None:
    async with PrinterSimulator.pty() as sim:  # a serial port turns a second opener away
        entry = Printer("front", sim.address)
        profile = StoreProfile(Store("x"), printer=(entry,), drawer=(Drawer("till", "front"),))
        printer, drawer = (open_driver(subject, each, profile, clock) for subject, each in profile.entries())
        seen = await asyncio.gather(printer.examine(), drawer.examine())
        assert judged("printer", seen[0]).light is Light.OK
        assert judged("drawer", seen[1]).light is Light.OK
        assert not sim.pulses  # looking opens nothing
        sim.set_fault("mute")
        assert judged("drawer", await drawer.examine()).light is Light.UNKNOWN


@pytest.mark.parametrize(
    ("sense", "contact_high", "contact_low"),
    [("high", "Open", "Closed"), ("low", "Closed", "Open"), ("none", "The profile", "The profile")],
)
async def test_the_drawer_says_open_or_closed(
    clock: Any, sense: Any, contact_high: str, contact_low: str
) -> None:
    async with PrinterSimulator.tcp() as sim:
        entry = Printer("front", sim.address, drawer_sense=sense)
        drawer = Drawer("till", "front")
        profile = StoreProfile(Store("x"), printer=(entry,), drawer=(drawer,))
        driver = open_driver(Subject("drawer", "till"), drawer, profile, clock)
        for level, words in ((True, contact_high), (False, contact_low)):
            sim.set_fault("drawer_open", level)
            (evidence,) = await driver.examine()
            assert str(evidence.meaning).startswith(words)


def ignore(doing: Words) -> None:
    pass


def plain(text: str) -> str:
    """Without the difference between full and half width, which some fonts do not make."""
    return unicodedata.normalize("NFKC", text)


def at(moment: str, act: Callable[[], None]) -> Callable[[Words], None]:
    """A report that acts once, when the work gets to the step whose text begins with `moment`."""
    pending = [act]

    def report(doing: Words) -> None:
        if doing.text.startswith(moment) and pending:
            pending.pop()()

    return report


async def until_ok(bench: Any, judged: Any) -> None:
    """Late answers of an earlier asking may spoil a round; the line must then come clean by itself."""
    async with asyncio.timeout(5):
        while judged("printer", await bench.driver().examine()).light is not Light.OK:
            pass


async def cancelled(task: asyncio.Task[Any]) -> None:
    began = time.monotonic()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert time.monotonic() - began < 1.0  # 0.2 s is promised; a busy machine may add to it


@pytest.mark.parametrize(
    ("sense", "open_light", "closed_light"),
    [
        ("high", Light.ATTENTION, Light.OK),
        ("low", Light.OK, Light.ATTENTION),
        ("none", Light.OK, Light.OK),
    ],
)
async def test_the_profile_says_which_level_means_an_open_drawer(
    clock: Any, judged: Any, sense: Any, open_light: Light, closed_light: Light
) -> None:
    async with PrinterSimulator.tcp() as sim:
        entry = Printer("front", sim.address, drawer_sense=sense)
        profile = StoreProfile(Store("x"), printer=(entry,))
        driver = open_driver(Subject("printer", "front"), entry, profile, clock)
        for level, light in ((True, open_light), (False, closed_light)):
            sim.set_fault("drawer_open", level)
            assert judged("printer", await driver.examine()).light is light
