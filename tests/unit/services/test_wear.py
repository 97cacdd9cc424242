"""Counters of a simulated printer, read by the real driver, kept in the real database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from console.domain.lights import Light
from console.domain.models import CUTS, LINES
from console.domain.paper import ROLL
from console.domain.profile import Printer, Store, StoreProfile
from console.domain.subjects import Subject
from console.domain.wear import Reading
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from console.services import wear as service
from console.services.board import Board
from console.services.check import CheckService
from console.services.language import diagnosis_table
from console.services.roster import Roster
from console.services.wear import WearService
from console.simulators.printer import PrinterModel, PrinterSimulator
from console.storage.counters import Readings
from console.storage.database import Database
from console.storage.history import CheckHistory
from console.storage.models import shipped_models

FRONT = Subject("printer", "front")
T90 = PrinterModel(
    maker="EPSON", model="TM-T90", serial="A1", counters={148: 250_000, 178: 412_000, 198: 900}
)
Until = Callable[[Callable[[], Awaitable[object]]], Awaitable[None]]


class Moved(SystemClock):
    """The system's clock, moved on by what a test says."""

    ahead = timedelta()

    def now(self) -> datetime:
        return super().now() + self.ahead

    def seconds(self) -> float:
        return super().seconds() + self.ahead.total_seconds()


@dataclass
class Shop:
    printer: PrinterSimulator
    wear: WearService
    book: Readings
    check: CheckService
    board: Board
    clock: Moved

    async def look(self) -> Light:
        return (await self.check.examine(FRONT)).light

    async def rolls(self) -> list[Reading]:
        kept = await self.book.readings(FRONT, self.clock.now() - timedelta(days=1))
        return [each for each in kept if each.name == ROLL]


def fail(error: BaseException, where: str) -> None:
    raise AssertionError(where) from error


async def until(condition: Callable[[], Awaitable[object]]) -> None:
    async with asyncio.timeout(10):
        while not await condition():  # noqa: ASYNC110 - the database signals nothing
            await asyncio.sleep(0.02)


def shop(simulator: PrinterSimulator, folder: Path, model: str = "auto") -> tuple[Shop, Database]:
    printer = Printer("front", simulator.address, model=model)
    profile = StoreProfile(Store("店"), printer=(printer,))
    clock, table = Moved("Asia/Shanghai"), diagnosis_table()
    roster = Roster({FRONT: open_driver(FRONT, printer, profile, clock, models=shipped_models)})
    board = Board([FRONT], lambda _: None, table, clock)
    database = Database(folder / "history.db")
    check = CheckService("店", roster, lambda _: None, table, clock, board, CheckHistory(database), {}, fail)
    book = Readings(database)
    wear = WearService(profile, roster, board, book, clock, shipped_models, fail)
    return Shop(simulator, wear, book, check, board, clock), database


@pytest.fixture
async def front(tmp_path: Path) -> AsyncIterator[Shop]:
    simulator = PrinterSimulator.tcp(model=T90)
    await simulator.open()
    made, database = shop(simulator, tmp_path)
    yield made
    await made.wear.stop()
    await simulator.close()
    await database.close()


async def test_what_the_printer_tells_becomes_wear_with_its_source(front: Shop) -> None:
    await front.wear.read(FRONT)
    told = await front.wear.wear(FRONT)
    assert told.model.name == "Epson TM-T90"
    head, cutter, hours = told.parts
    assert head.done == pytest.approx(250_000 * 4.23 / 1e6)
    assert cutter.done == 412_000
    assert cutter.share == pytest.approx(0.206)
    assert cutter.life is not None
    assert "TM-T90 Specification" in cutter.life.source
    assert (hours.done, hours.life) == (900, None)
    assert front.wear.note is None


async def test_another_printer_at_the_same_address_starts_its_own_life(front: Shop) -> None:
    await front.wear.read(FRONT)
    front.printer.model = T90._replace(serial="B2", counters={148: 40, 178: 3})
    await front.wear.read(FRONT)
    head, cutter, _ = (await front.wear.wear(FRONT)).parts
    assert cutter.done == 3
    assert [each.what for each in head.oddities] == ["swapped"]


async def test_once_an_hour_while_it_is_well(front: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "ROUND", 0.01)
    asked: list[float] = []
    real = front.wear.read

    async def counted(subject: Subject) -> object:
        asked.append(front.clock.seconds())
        return await real(subject)

    async def reads(times: int, state: str | None = None) -> None:
        """In `state` the printer is read for the so manieth time; then not again for many rounds."""
        front.printer.clear_faults()
        if state:
            front.printer.set_fault(state)
        await front.look()
        front.clock.ahead += timedelta(hours=1)
        async with asyncio.timeout(10):
            while len(asked) < times:  # noqa: ASYNC110 - a reading signals nothing
                await asyncio.sleep(0.01)
        for _ in range(20):
            await asyncio.sleep(0.01)
        assert len(asked) == times

    monkeypatch.setattr(front.wear, "read", counted)
    front.wear.start()
    await reads(1)
    await reads(1, "head_hot")
    await reads(2, "paper_low")  # it prints all the same, and now is when its end matters
    await reads(3)


async def test_paper_out_and_in_again_is_a_new_roll(front: Shop) -> None:
    front.wear.start()
    for fault, on in (("paper_out", True), ("paper_out", False)):
        front.printer.set_fault(fault, on)
        await front.look()
    await until(front.rolls)
    (roll,) = await front.rolls()
    assert roll.value == 250_000
    assert (await front.wear.wear(FRONT)).rolls.fed == 0


async def test_a_cover_opened_early_in_a_roll_is_no_new_roll(front: Shop) -> None:
    await front.wear.new_roll(FRONT)
    front.wear.start()
    for on in (True, False):
        front.printer.set_fault("cover_open", on)
        await front.look()
    front.printer.model = T90._replace(counters={148: 250_500, 178: 412_000})  # half a roll later
    await front.wear.read(FRONT)
    assert len(await front.rolls()) == 1
    for on in (True, False):
        front.printer.set_fault("cover_open", on)
        await front.look()

    async def two() -> bool:
        return len(await front.rolls()) == 2

    await until(two)


@pytest.mark.parametrize(
    "count", [b"12a4", b"", b"-5", b"9" * 20], ids=["letters", "none", "minus", "20 digits"]
)
async def test_a_count_that_is_none_is_left_out(
    front: Shop, monkeypatch: pytest.MonkeyPatch, count: bytes
) -> None:
    real = front.printer.received

    def lying(line: object, data: bytes) -> None:
        if data[:3] == b"\x1dg2":
            line.send(b"\x5f" + count + b"\0")  # type: ignore[attr-defined]
        else:
            real(line, data)  # type: ignore[arg-type]

    monkeypatch.setattr(front.printer, "received", lying)
    assert LINES not in await front.wear.read(FRONT)
    told = await front.wear.wear(FRONT)
    assert told.parts == ()
    assert told.model.name == "Epson TM-T90"


async def test_counts_beyond_reason_are_not_kept(front: Shop) -> None:
    await front.wear.keep(FRONT, {}, {LINES: 10**20, CUTS: 5})
    kept = await front.book.readings(FRONT, front.clock.now() - timedelta(hours=1))
    assert [(each.name, each.value) for each in kept] == [(CUTS, 5)]


async def test_without_a_database_one_note_and_the_model(tmp_path: Path) -> None:
    (tmp_path / "history.db").mkdir()
    simulator = PrinterSimulator.tcp(model=T90)
    await simulator.open()
    made, database = shop(simulator, tmp_path)
    assert await made.wear.read(FRONT)
    told = await made.wear.wear(FRONT)
    assert told.parts == ()
    assert told.model.name == "Epson TM-T90"
    assert made.wear.note is not None
    assert await made.look() is Light.OK
    await simulator.close()
    await database.close()


async def test_a_chosen_model_goes_before_what_the_printer_says(tmp_path: Path) -> None:
    simulator = PrinterSimulator.tcp(model=T90._replace(counters={20: 777}))
    await simulator.open()
    made, database = shop(simulator, tmp_path, "HPRT TP80x")
    counters = await made.wear.read(FRONT)
    assert counters[LINES] == 777  # number 20, not 148
    assert (await made.wear.wear(FRONT)).chosen
    await simulator.close()
    await database.close()
