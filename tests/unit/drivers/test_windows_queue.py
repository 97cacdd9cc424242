"""A Windows queue: what the documented form of PRINTER_INFO_2 says, and what becomes of it."""

from __future__ import annotations

import struct
import sys
import time
import tomllib
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from console.domain.addresses import parse_address
from console.domain.errors import BadInput, TillkeeperError, Unsupported
from console.domain.findings import judge
from console.domain.head import Head
from console.domain.lights import Light
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.printer.windows import WindowsPrinter, judged
from console.drivers.queues import WindowsSearch
from console.platforms import spooler
from console.platforms.spooler import Spooled, spooled
from console.services.language import diagnosis_table


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return time.monotonic()


class Page:
    title, lines, code = "Test", ("Hello",), "TK-1"


def answer(status: int, jobs: int = 0, attributes: int = 0x840, pointer: int = 8) -> bytes:
    """A PRINTER_INFO_2 as winspool.h lays it out, with the texts behind it."""
    numbers = struct.pack("<8I", attributes, 1, 0, 0, 0, status, jobs, 0)
    return b"\x11" * (13 * pointer) + numbers + "EPSON TM-T20III\0USB001\0".encode("utf-16-le")


# PRINTER_STATUS_* of winspool.h, each alone.
BITS = {
    0x00000001: ("windows.paused", "printer.queue_stopped"),  # PAUSED
    0x00000002: ("windows.error", "printer.offline"),  # ERROR
    0x00000008: ("windows.jam", "printer.mechanical"),  # PAPER_JAM
    0x00000010: ("windows.paper_end", "printer.paper_out"),  # PAPER_OUT
    0x00000040: ("windows.paper_end", "printer.paper_out"),  # PAPER_PROBLEM
    0x00000080: ("windows.offline", "printer.offline"),  # OFFLINE
    0x00001000: ("windows.offline", "printer.offline"),  # NOT_AVAILABLE
    0x00100000: ("windows.error", "printer.offline"),  # USER_INTERVENTION
    0x00200000: ("windows.error", "printer.offline"),  # OUT_OF_MEMORY
    0x00400000: ("windows.cover_open", "printer.cover_open"),  # DOOR_OPEN
    0x00800000: ("windows.offline", "printer.offline"),  # SERVER_UNKNOWN
}


@pytest.mark.parametrize("pointer", [4, 8])
def test_the_numbers_behind_the_pointers(pointer: int) -> None:
    assert spooled(answer(0x90, 3, pointer=pointer), pointer) == Spooled(0x840, 0x90, 3)


@pytest.mark.parametrize("size", [0, 104, 135])
def test_half_an_answer(size: int) -> None:
    with pytest.raises(ValueError, match="half"):
        spooled(answer(0)[:size])


@pytest.mark.parametrize("bit", BITS)
def test_each_bit_has_its_sign(bit: int) -> None:
    assert judged(spooled(answer(bit)))[0] == {BITS[bit][0]}


@pytest.mark.parametrize("bit", [0x100, 0x200, 0x400, 0x4000, 0x20000, 0x1000000])
def test_a_printer_at_work_proves_nothing(bit: int) -> None:
    assert judged(spooled(answer(bit)))[0] == {"queue.blind"}


def test_work_offline_is_offline() -> None:
    assert judged(spooled(answer(0, attributes=0xC40)))[0] == {"windows.offline"}


def test_jobs_are_counted() -> None:
    assert "2 jobs wait" in str(judged(spooled(answer(1, jobs=2)))[1])


class Queue:
    """A spooler that answers as recorded, and keeps what it is sent."""

    def __init__(self, status: int = 0, error: int = 0) -> None:
        self.status, self.error = status, error
        self.asked: list[str] = []
        self.sent: list[bytes] = []

    def state(self, name: str) -> Spooled:
        self.asked.append(name)
        if self.error:
            raise spooler.trouble(self.error, name)
        return spooled(answer(self.status))

    def send(self, name: str, title: str, data: bytes) -> int:
        self.sent.append(data)
        return 7

    def driver(self, protocol: str = "escpos") -> WindowsPrinter:
        address = parse_address("windows://EPSON%20TM-T20", "printer")
        return WindowsPrinter(address, WallClock(), protocol, state=self.state, send=self.send)


@pytest.mark.parametrize("bit", BITS)
async def test_each_bit_becomes_its_cause(bit: int) -> None:
    evidence = await Queue(bit).driver().examine()
    assert judge(Subject("printer", "it"), evidence, diagnosis_table()).cause == BITS[bit][1]


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        (5, "printer.denied"),
        (1801, "printer.no_queue"),
        (1722, "printer.no_print_service"),
        (87, "printer.no_answer"),
    ],
)
async def test_each_error_becomes_its_cause(error: int, cause: str) -> None:
    evidence = await Queue(error=error).driver().examine()
    assert judge(Subject("printer", "it"), evidence, diagnosis_table()).cause == cause


async def test_a_queue_without_complaints_is_not_green() -> None:
    queue = Queue()
    finding = judge(Subject("printer", "it"), await queue.driver().examine(), diagnosis_table())
    assert (finding.light, finding.cause) == (Light.ATTENTION, "printer.write_only")
    assert queue.asked == ["EPSON TM-T20"]


async def test_a_page_that_the_spooler_took_proves_no_more() -> None:
    queue = Queue()
    proof, _ = await queue.driver().print_test_page(Page(), lambda _: None)
    assert proof.grade is Grade.D
    assert queue.sent[0].startswith(b"\x1b@")


@pytest.mark.parametrize(("status", "protocol"), [(0x10, "escpos"), (0, "auto")])
async def test_nothing_is_sent_blindly(status: int, protocol: str) -> None:
    queue = Queue(status)
    proof, _ = await queue.driver(protocol).print_test_page(Page(), lambda _: None)
    assert proof.grade is Grade.E
    assert not queue.sent


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has a spooler")
def test_another_system_says_that_it_has_none() -> None:
    for call in (spooler.queues, lambda: spooler.state("x"), lambda: spooler.send("x", "t", b"")):
        with pytest.raises(Unsupported):
            call()


async def found_by(names: Sequence[str]) -> list[str]:
    def quiet(doing: Words) -> None:
        pass

    found = [each async for each in WindowsSearch(lambda: names).search(quiet)]
    assert all(tomllib.loads(each.entry)["printer"][0]["address"] == each.address for each in found)
    return [each.address for each in found]


async def test_queues_are_found_under_names_that_an_address_can_hold() -> None:
    found = await found_by(["EPSON TM-T20", r"\\server\till", "收银"])
    assert len({parse_address(each, "printer").place for each in found}) == 3
    assert found[0] == "windows://EPSON%20TM-T20"


async def test_a_broken_spooler_finds_nothing() -> None:
    def broken() -> Sequence[str]:
        raise spooler.trouble(1722, "")

    assert [each async for each in WindowsSearch(broken).search(lambda _: None)] == []
    assert isinstance(spooler.trouble(1722, ""), TillkeeperError)
    assert not isinstance(spooler.trouble(1722, ""), BadInput)


def test_the_pattern_is_spoken_of_only_where_a_page_with_it_is_printed() -> None:
    assert Queue().driver().head() == Head.of(80)
    assert Queue().driver("auto").head() is None
