"""What a printer driver makes of printers that the simulator is not."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from console.domain.errors import Unreachable
from console.domain.evidence import signs_of
from console.domain.findings import judge
from console.domain.lights import Light
from console.domain.ports import Heard, Lost
from console.domain.profile import Printer, Store, StoreProfile
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.domain.words import say
from console.drivers.codecs.escpos import ASB_OFF
from console.drivers.printer.driver import DirectPrinter
from console.drivers.printer.escpos.language import Escpos
from console.drivers.registry import open_driver
from console.services.language import diagnosis_table

STATUS = b"\x10\x04"
COUNTER = b"\x1dg2\x00"
PROCESS_ID = b"\x1d(H"
COVER_OPEN = bytes((0x38, 0x00, 0x00, 0x0F))  # as automatic status tells it


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return time.monotonic()


@dataclass
class Scripted:
    """A printer that answers each written piece with what `script` says."""

    script: Callable[[bytes], Sequence[bytes]]
    written: list[bytes] = field(default_factory=list)
    closed: bool = False
    dropped_at: int | None = None  # how much had been written then
    _heard: Heard = lambda data: None

    async def open(self, heard: Heard, lost: Lost) -> None:
        self._heard = heard

    async def write(self, data: bytes) -> None:
        self.written.append(data)
        for answer in self.script(data):
            asyncio.get_running_loop().call_soon(self._heard, answer)

    def drop(self) -> None:
        if self.dropped_at is None:
            self.dropped_at = len(self.written)

    async def close(self) -> None:
        self.closed = True


@dataclass(frozen=True)
class Page:
    title: str = "t"
    lines: Sequence[str] = ("l",)
    code: str = "C1"


class Tallying:
    """A printer with healthy status and a line counter that moves once a page is there, if at all."""

    def __init__(self, moves: bool) -> None:
        self._moves = moves
        self._lines = 100

    def __call__(self, data: bytes) -> Sequence[bytes]:
        if data.startswith(STATUS):
            return [b"\x12"]
        if data.startswith(COUNTER):
            return [b"_%d\x00" % self._lines]
        if data.startswith(b"\x1b@") and self._moves:
            self._lines += 12
        return []


def printer(
    script: Callable[[bytes], Sequence[bytes]], echo_seconds: float = 0.1
) -> tuple[DirectPrinter, Scripted]:
    line = Scripted(script)
    clock = WallClock()
    language = Escpos(clock, answer_seconds=0.05)
    return DirectPrinter(lambda: line, language, clock, echo_seconds=echo_seconds), line


async def test_counters_that_moved_prove_b() -> None:
    driver, line = printer(Tallying(moves=True))
    proof, evidence = await driver.print_test_page(Page(), lambda words: None)
    assert proof.grade is Grade.B
    assert "print.counted" in signs_of(evidence)
    assert line.written[-1].startswith(COUNTER)
    assert line.closed
    assert line.dropped_at is None


async def test_a_cancelled_page_is_thrown_away_before_the_last_word() -> None:
    driver, line = printer(Tallying(moves=True), echo_seconds=30)
    waiting = asyncio.Event()
    job = asyncio.create_task(
        driver.print_test_page(Page(), lambda words: waiting.set() if "Waiting" in words.text else None)
    )
    await asyncio.wait_for(waiting.wait(), 5)
    job.cancel()
    await asyncio.wait([job])
    assert line.written[line.dropped_at :] == [ASB_OFF]
    assert line.closed


async def test_a_printer_that_takes_everything_at_once_lets_others_have_their_turn() -> None:
    driver, line = printer(Tallying(moves=True))
    job = asyncio.create_task(driver.print_test_page(Page(lines=["x" * 40] * 2500), lambda words: None))
    turns = dict[int, int]()  # how much was written at each
    while not job.done():
        await asyncio.sleep(0)
        turns[len(line.written)] = len(turns)
    assert len(turns) > 300  # of some 400 pieces


async def test_a_page_that_trouble_ends_is_not_left_in_the_line() -> None:
    driver, line = printer(
        lambda data: [b"\x12"] if data.startswith(STATUS) else [COVER_OPEN] if b"\x1dV" in data else []
    )
    proof, _ = await driver.print_test_page(Page(), lambda words: None)
    assert proof.grade is Grade.E
    assert line.written[line.dropped_at :] == [ASB_OFF]


async def test_counters_that_stand_still_prove_c() -> None:
    driver, _ = printer(Tallying(moves=False))
    proof, evidence = await driver.print_test_page(Page(), lambda words: None)
    assert proof.grade is Grade.C
    assert "print.unproven" in signs_of(evidence)


async def test_counters_that_fell_silent_prove_c() -> None:
    asked = 0

    def script(data: bytes) -> Sequence[bytes]:
        nonlocal asked
        if data.startswith(STATUS):
            return [b"\x12"]
        asked += data.startswith(COUNTER)
        return [b"_7\x00"] if data.startswith(COUNTER) and asked <= 4 else []

    driver, _ = printer(script)
    assert (await driver.print_test_page(Page(), lambda words: None))[0].grade is Grade.C


async def test_hours_that_went_by_prove_no_page() -> None:
    hours = 0

    def script(data: bytes) -> Sequence[bytes]:
        nonlocal hours
        if data.startswith(STATUS):
            return [b"\x12"]
        hours += data == COUNTER + b"\xc6\x00"
        return [b"_%d\x00" % hours if data.endswith(b"\xc6\x00") else b"_7\x00"]

    driver, _ = printer(script)
    assert (await driver.print_test_page(Page(), lambda words: None))[0].grade is Grade.C


async def test_a_printer_without_counters_proves_c() -> None:
    driver, _ = printer(lambda data: [b"\x12"] if data.startswith(STATUS) else [])
    assert (await driver.print_test_page(Page(), lambda words: None))[0].grade is Grade.C


async def test_the_echo_of_another_page_proves_nothing() -> None:
    def script(data: bytes) -> Sequence[bytes]:
        if data.startswith(STATUS):
            return [b"\x12"]
        return [b"\x37\x22\x20\x20\x20\x20\x00"] if data.startswith(PROCESS_ID) else []

    driver, _ = printer(script)
    assert (await driver.print_test_page(Page(), lambda words: None))[0].grade is Grade.C


async def test_automatic_status_is_switched_off_again() -> None:
    driver, line = printer(Tallying(moves=True))
    await driver.print_test_page(Page(), lambda words: None)
    sent = b"".join(line.written)
    assert sent.count(b"\x1da\x4f") == sent.count(b"\x1da\x00") == 1
    assert sent.index(b"\x1b@\x1da\x4f") < sent.index(b"\x1da\x00")


async def test_trouble_without_automatic_status_is_found_by_asking() -> None:
    """A printer without GS a runs out of paper in the page."""
    out = False

    def script(data: bytes) -> Sequence[bytes]:
        nonlocal out
        out = out or data.startswith(PROCESS_ID)
        answers = {b"\x01": b"\x1a", b"\x02": b"\x32", b"\x03": b"\x12", b"\x04": b"\x7e"} if out else {}
        return [answers.get(data[2:], b"\x12")] if data.startswith(STATUS) else []

    driver, _ = printer(script)
    proof, evidence = await driver.print_test_page(Page(), lambda words: None)
    assert proof.grade is Grade.E
    assert "status.paper_end" in signs_of(evidence)


@pytest.mark.parametrize(
    ("answers", "sign"),
    [
        ([b"OK\r\n"], "status.wrong_protocol"),
        ([b"R", b"EADY\r\n"], "status.garbage"),  # R alone looks like a status byte
        ([bytes.fromhex("2306" + 7 * "00")], "status.wrong_protocol"),
        ([b"\xff\x80"], "status.garbage"),
        ([b"\x12", b"\x12"], "status.late"),
        ([b"\x14\x00"], "status.half_reply"),
        ([b"\x11", b"\x13"], "status.silent"),
    ],
)
async def test_what_is_no_answer_is_not_taken_for_one(answers: list[bytes], sign: str) -> None:
    driver, _ = printer(lambda data: answers)
    signs = signs_of(await driver.examine())
    assert sign in signs or (sign == "status.garbage" and "status.wrong_protocol" in signs)
    assert "status.paper_present" not in signs


async def test_automatic_status_in_between_is_no_answer_and_no_harm() -> None:
    driver, _ = printer(lambda data: [b"\x10\x00\x00\x0f", b"\x12"])
    assert len(signs_of(await driver.examine()) & {"status.online", "status.paper_present"}) == 2


async def test_a_printer_that_stops_answering_half_way_is_incomplete() -> None:
    driver, _ = printer(lambda data: [b"\x12"] if data[2:] in (b"\x01", b"\x04") else [])
    evidence = await driver.examine()
    assert [each.probe[-1] for each in evidence] == ["1", "4", "2"]
    assert "status.incomplete" in evidence[-1].signs


async def test_a_lost_first_question_is_asked_again() -> None:
    asked = 0

    def script(data: bytes) -> Sequence[bytes]:
        nonlocal asked
        asked += 1
        return [b"\x12"] if asked > 1 else []

    driver, _ = printer(script)
    assert {"status.online", "status.no_error"} <= signs_of(await driver.examine())


async def test_a_flood_of_noise_is_bounded() -> None:
    driver, _ = printer(lambda data: [b"\xff" * 4096] * 20)
    (evidence,) = await driver.examine()
    assert evidence.signs >= {"status.garbage"}
    assert len(evidence.result) < 60


async def test_counters_that_are_no_numbers_are_left_out() -> None:
    def script(data: bytes) -> Sequence[bytes]:
        if data.startswith(STATUS):
            return [b"\x12"]
        return [b"_\xb2\x00"] if data.startswith(COUNTER) else [b"_X\x00"]

    driver, _ = printer(script)
    identity, counters = await driver.identify()
    assert identity["ModelName"] == "X"
    assert counters == {}


async def test_a_line_that_does_not_open_is_evidence_and_is_closed() -> None:
    class Missing(Scripted):
        async def open(self, heard: Heard, lost: Lost) -> None:
            raise Unreachable(say("gone"), "tcp.refused")

    line = Missing(lambda data: [])
    driver = DirectPrinter(lambda: line, Escpos(WallClock()), WallClock())
    (evidence,) = await driver.examine()
    assert evidence.signs == {"tcp.refused"}
    assert line.closed


async def test_a_printer_that_tells_nothing_by_itself_is_not_held() -> None:
    line = Scripted(lambda data: [b"\x12"] if data.startswith(STATUS) else [])
    clock = WallClock()
    driver = DirectPrinter(lambda: line, Escpos(clock, answer_seconds=0.05), clock, hold=True)
    twice = [each async for each in driver.pushes()]
    assert ["status.online" in signs_of(seen) for seen in twice] == [True, True]
    assert line.closed


async def test_a_service_that_repeats_what_it_hears_is_no_printer() -> None:
    """The echo service (RFC 862) on a real TCP port: our own questions come back."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(1024):
            writer.write(data)
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        entry = Printer("front", f"tcp://127.0.0.1:{port}")
        driver = open_driver(
            Subject("printer", "front"), entry, StoreProfile(Store("x"), printer=(entry,)), WallClock()
        )
        finding = judge(Subject("printer", "front"), await driver.examine(), diagnosis_table())
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.wrong_protocol")
    assert finding.evidence[-1].result == "10 04 01"
