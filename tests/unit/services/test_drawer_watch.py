"""How long a drawer stands open and how often it was opened, on a simulated printer and a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from console.domain.check import LightChange
from console.domain.drawer import BY_US, FAILED, GOOD, Opens, daily_opens
from console.domain.findings import judge
from console.domain.lights import Light
from console.domain.profile import Drawer, Printer, Store, StoreProfile
from console.domain.subjects import Subject
from console.domain.wear import Reading
from console.drivers.registry import open_driver
from console.services.board import Board
from console.services.check import CheckService
from console.services.drawer_watch import DrawerWatch, WatchedDrawer
from console.services.language import diagnosis_table
from console.services.monitor import Monitor
from console.services.roster import Roster
from console.simulators.printer import PrinterSimulator
from console.storage.counters import Readings
from console.storage.database import Database
from console.storage.history import CheckHistory
from tests.waiting import until

TILL, FRONT = Subject("drawer", "till"), Subject("printer", "front")
ZONE = ZoneInfo("Asia/Shanghai")
TABLE = diagnosis_table()
LIMIT = 60


class Clock:
    """A clock that stands, or moves as a test says."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 24, 14, 2, tzinfo=ZONE)
        self.monotonic = 1000.0

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.monotonic

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        self.monotonic += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def printer() -> AsyncIterator[PrinterSimulator]:
    async with PrinterSimulator.tcp() as made:
        yield made


@pytest.fixture
async def book(tmp_path: Path) -> AsyncIterator[Readings]:
    database = Database(tmp_path / "history.db")
    history = CheckHistory(database)
    await history.open()
    yield Readings(database)
    await history.close()


def profile_of(printer: PrinterSimulator, hold: bool = False, limit: int = LIMIT) -> StoreProfile:
    return StoreProfile(
        Store("店"),
        printer=(Printer("front", printer.address, hold=hold),),
        drawer=(Drawer("till", "front", open_limit=limit),),
    )


Make = Callable[..., WatchedDrawer]


class Notes(dict[str, str]):
    """What was noted: it outlives the program, as `noted.json` does."""

    def put(self, name: str, value: str) -> None:
        self[name] = value


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def make(printer: PrinterSimulator, clock: Clock, book: Readings, notes: Notes) -> Make:
    """A new program's drawer, each time."""

    def made(keeps: bool = True) -> WatchedDrawer:
        profile = profile_of(printer)
        inner: Any = open_driver(TILL, profile.drawer[0], profile, clock)
        drawer = WatchedDrawer(TILL, inner, LIMIT, book, notes, clock)
        drawer.keeps = keeps
        return drawer

    return made


async def looked(drawer: WatchedDrawer) -> tuple[Light, str | None]:
    finding = judge(TILL, await drawer.examine(), TABLE)
    return finding.light, finding.cause


async def test_open_for_too_long_is_an_alarm_that_clears_itself(
    make: Make, printer: PrinterSimulator, clock: Clock
) -> None:
    drawer = make()
    assert await looked(drawer) == (Light.OK, None)
    printer.set_fault("drawer_open")
    assert await looked(drawer) == (Light.OK, None)
    assert drawer.alarm_in == LIMIT
    clock.advance(LIMIT - 1)
    assert await looked(drawer) == (Light.OK, None)
    clock.advance(1)
    assert await looked(drawer) == (Light.ATTENTION, "drawer.open_too_long")
    assert drawer.alarm_in is None
    (_, told) = await drawer.examine()
    assert "Open since 14:02" in str(told.meaning)
    printer.set_fault("drawer_open", False)
    assert await looked(drawer) == (Light.OK, None)
    printer.set_fault("drawer_open")
    assert await looked(drawer) == (Light.OK, None)  # its time begins anew


async def test_a_new_program_goes_on_timing_a_drawer_that_was_left_open(
    make: Make, printer: PrinterSimulator, clock: Clock
) -> None:
    first = make()
    await first.examine()
    printer.set_fault("drawer_open")
    await first.examine()
    await first.write()
    clock.advance(LIMIT + 600)
    second = make()
    assert await looked(second) == (Light.ATTENTION, "drawer.open_too_long")
    assert "14:02" in str((await second.examine())[-1].meaning)
    assert (await second.totals())[GOOD] == 1  # the same opening
    printer.set_fault("drawer_open", False)
    await second.examine()
    await second.write()
    clock.advance(1)
    printer.set_fault("drawer_open")
    third = make()
    assert await looked(third) == (Light.OK, None)  # it was seen closed in between
    assert (await third.totals())[GOOD] == 2


async def test_a_single_check_reads_what_was_noted_and_notes_nothing(
    make: Make, printer: PrinterSimulator, clock: Clock, notes: Notes
) -> None:
    await make().examine()
    printer.set_fault("drawer_open")
    await make().examine()
    clock.advance(LIMIT)
    kept = make(keeps=False)
    before = dict(notes)
    assert await looked(kept) == (Light.ATTENTION, "drawer.open_too_long")
    printer.set_fault("drawer_open", False)
    assert await looked(kept) == (Light.OK, None)
    assert notes == before


@pytest.mark.parametrize("damage", ["", "high", "high yesterday closed", "low 2026-11-24T14:02 -", "x y z"])
async def test_notes_that_cannot_be_read_claim_nothing(
    make: Make, printer: PrinterSimulator, clock: Clock, notes: Notes, damage: str
) -> None:
    notes[str(TILL)] = damage
    printer.set_fault("drawer_open")
    drawer = make()
    assert await looked(drawer) == (Light.OK, None)  # open as of now
    clock.advance(LIMIT)
    assert (await looked(drawer))[1] in ("drawer.polarity_unknown", "drawer.open_too_long")


async def test_a_contact_that_was_never_seen_closed_may_say_the_opposite(
    make: Make, printer: PrinterSimulator, clock: Clock
) -> None:
    printer.set_fault("drawer_open")
    drawer = make()
    await drawer.examine()
    clock.advance(LIMIT)
    finding = judge(TILL, await drawer.examine(), TABLE)
    assert [each.cause for each in finding.candidates] == ["drawer.polarity_unknown", "drawer.open_too_long"]
    assert (finding.light, finding.distinguish) == (Light.UNKNOWN, "look_at_drawer")
    assert (await drawer.totals())[GOOD] == 0  # nobody saw it opened


async def test_without_a_limit_it_may_stay_open(
    printer: PrinterSimulator, clock: Clock, book: Readings, notes: Notes
) -> None:
    profile = profile_of(printer, limit=0)
    inner: Any = open_driver(TILL, profile.drawer[0], profile, clock)
    drawer = WatchedDrawer(TILL, inner, 0, book, notes, clock)
    await drawer.examine()
    printer.set_fault("drawer_open")
    await drawer.examine()
    clock.advance(86_400)
    assert await looked(drawer) == (Light.OK, None)


async def test_opens_are_counted_by_day_and_by_whom(
    make: Make, printer: PrinterSimulator, clock: Clock
) -> None:
    drawer = make()
    await drawer.examine()
    for day in range(2):
        for _ in range(2 + day):
            printer.set_fault("drawer_open")
            await drawer.examine()
            printer.set_fault("drawer_open", False)
            await drawer.examine()
        await drawer.write()
        clock.advance(86_400)
    printer.set_fault("drawer_stuck")
    await drawer.kick()
    await drawer.examine()
    clock.advance(4)
    await drawer.examine()
    await drawer.write()
    days = await make().opens()
    first = datetime(2026, 11, 24, tzinfo=ZONE).date()
    assert [days[first + timedelta(days=each)] for each in range(3)] == [
        Opens(2), Opens(3), Opens(0, 1, 1),
    ]  # fmt: skip
    assert await make().totals() == {GOOD: 5, BY_US: 1, FAILED: 1}


async def test_a_pulse_that_opened_it_was_not_in_vain(
    make: Make, printer: PrinterSimulator, clock: Clock
) -> None:
    drawer = make()
    await drawer.examine()
    await drawer.kick()
    await until(lambda: "drawer_open" in printer.faults)
    await drawer.examine()
    clock.advance(10)
    printer.set_fault("drawer_open", False)
    await drawer.examine()
    assert (await drawer.totals())[FAILED] == 0


def test_a_count_that_began_anew_is_no_loss() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=ZONE)
    readings = [Reading(at, GOOD, 7), Reading(at, GOOD, 1), Reading(at, GOOD, 3), Reading(at, "Other", 9)]
    assert daily_opens(readings, at) == {at.date(): Opens(9)}


@pytest.mark.parametrize("hold", [True, False])
async def test_the_monitor_alarms_in_time_and_by_push(
    printer: PrinterSimulator, book: Readings, notes: Notes, hold: bool
) -> None:
    """Real time, a limit of one second; a held printer tells of the drawer at once, no poll is near."""
    from console.platforms.clock import SystemClock

    clock = SystemClock("Asia/Shanghai")
    profile = profile_of(printer, hold=hold, limit=1)
    inner: Any = open_driver(TILL, profile.drawer[0], profile, clock)
    drawer = WatchedDrawer(TILL, inner, 1, book, notes, clock)
    roster = Roster({FRONT: open_driver(FRONT, profile.printer[0], profile, clock), TILL: drawer})
    board = Board(roster.subjects, {TILL: FRONT}.get, TABLE, clock)
    failures: list[BaseException] = []

    class NoHistory:
        async def add_check(self, _: object) -> None: ...

    check = CheckService(
        "店", roster, {TILL: FRONT}.get, TABLE, clock, board, NoHistory(), {},  # type: ignore[arg-type]  # not asked
        lambda error, _: failures.append(error),
    )  # fmt: skip
    watch = DrawerWatch({TILL: drawer}, {TILL: FRONT}, board, check, lambda error, _: failures.append(error))
    seen: list[LightChange] = []
    board.subscribe(seen.append)
    calm = 3600.0 if hold else 0.2
    monitor = Monitor(check, roster.subjects, lambda error, _: failures.append(error), calm=calm, alert=calm)
    async with AsyncExitStack() as stack:
        for part in (watch, monitor):
            part.start()
            stack.push_async_callback(part.stop)
        await until(lambda: board.finding(TILL).light is Light.OK)
        printer.set_fault("drawer_open")
        await until(lambda: board.finding(TILL).cause == "drawer.open_too_long")
        assert board.finding(TILL).light is Light.ATTENTION
        printer.set_fault("drawer_open", False)
        await until(lambda: board.finding(TILL).light is Light.OK)
        await until(lambda: not drawer.waits)
    assert failures == []
    assert (await drawer.totals())[GOOD] == 1
