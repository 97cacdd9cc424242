"""A whole store for window tests: real services over devices that say what a test tells them to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from console.domain.check import CheckResult, LightChange
from console.domain.diagnosis import DiagnosisTable
from console.domain.drawer import ContactLevel
from console.domain.errors import Busy, TillkeeperError
from console.domain.evidence import Evidence
from console.domain.findings import judge, switched_off
from console.domain.lights import Light
from console.domain.ports import Report, TestPage
from console.domain.profile import Backend, Drawer, Printer, Scanner, Store, StoreProfile, Terminal
from console.domain.scan import Scan
from console.domain.selftest import Grade, Proof
from console.domain.subjects import NETWORK, Subject
from console.domain.wear import Reading
from console.domain.words import Words, say
from console.platforms.files import resource
from console.services.board import Board
from console.services.check import CheckService
from console.services.chronicle import Chronicle
from console.services.console import Console
from console.services.drawer_sense import DrawerSense
from console.services.emergency import EmergencyService
from console.services.language import LANGUAGES, Language, diagnosis_table
from console.services.monitor import Monitor
from console.services.parents import parents_of
from console.services.repair import RepairService
from console.services.roster import Roster
from console.services.scanner_figures import ScannerFigures
from console.services.scanner_trials import ScannerTrials
from console.services.selftest import SelftestService
from console.services.support_bundle import SupportBundle
from console.services.wear import WearService
from console.services.worked import LastWorked, urls_of
from console.storage.bundle import BundleFiles
from console.storage.models import shipped_models
from console.storage.plan import read_plan
from console.storage.recording_lines import recording_text

PLANS = {code: read_plan(resource("plans", f"{code}.toml"), code) for code in LANGUAGES}
MORNING = datetime(2026, 11, 22, 9, 32, tzinfo=ZoneInfo("Asia/Shanghai"))

FRONT, KITCHEN = Subject("printer", "front"), Subject("printer", "kitchen")
COUNTER, SECOND = Subject("scanner", "counter"), Subject("scanner", "second")
TILL, CARD = Subject("drawer", "till"), Subject("terminal", "card")
ORDERS = Subject("backend", "orders")

shipped_models()  # read before any loop runs, as the program does

PROFILE = StoreProfile(
    Store("人民路店"),
    printer=(
        Printer("front", "tcp://192.0.2.50:9100", label="前台打印机"),
        Printer("kitchen", "tcp://192.0.2.51:9100", label="后厨打印机"),
    ),
    scanner=(
        Scanner("counter", "keyboard:", label="收银扫码枪"),
        Scanner("second", "serial:///dev/ttyACM0", label="二号扫码枪", enabled=False),
    ),
    drawer=(Drawer("till", "front", label="钱箱"),),
    terminal=(Terminal("card", "192.0.2.60", label="刷卡终端"),),
    backend=(Backend("orders", "https://orders.example/health", label="订单后台"),),
)
# Nothing can prove yet that a card terminal is well.
PROVABLE = replace(PROFILE, terminal=())
# What the usual mixed morning shows; subjects that are not named are well.
MIXED: Mapping[Subject, str | Light] = {
    FRONT: "printer.paper_low",
    CARD: Light.UNKNOWN,
    ORDERS: "tls.expired",
}


class StoppedClock:
    """A clock that moves when a test says so."""

    def __init__(self, now: datetime = MORNING) -> None:
        self._now = now
        self._seconds = 1000.0

    def now(self) -> datetime:
        return self._now

    def seconds(self) -> float:
        return self._seconds

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._seconds += seconds


class ScriptedDevice:
    """Printer and scanner in one: answers with `evidence`; while `held` is cleared it does not answer."""

    suffix = "enter"

    def __init__(self) -> None:
        self.evidence: tuple[Evidence, ...] = ()
        self.held = asyncio.Event()
        self.held.set()
        self.asked = 0
        self.printed: list[TestPage] = []
        self.proof = Proof(Grade.A, say("The printer confirmed the end of the page"))
        self.scanned: asyncio.Queue[Scan] = asyncio.Queue()
        self.in_use = False  # by another program, so that no scan is heard
        self.level: ContactLevel | None = "low"  # of a drawer's contact
        self.opens_to: ContactLevel | None = "high"  # its level after a pulse
        self.pulses = 0

    async def examine(self) -> Sequence[Evidence]:
        self.asked += 1
        await self.held.wait()
        return self.evidence

    async def identify(self) -> tuple[Mapping[str, str], Mapping[str, int]]:
        return {"Model": "TM-T88V", "FirmwareRevision": "1.20"}, {"ReceiptLinePrintedCount": 10432}

    async def print_test_page(self, page: TestPage, report: Report) -> tuple[Proof, Sequence[Evidence]]:
        report(say("Printing"))
        await self.held.wait()
        self.printed.append(page)
        return self.proof, ()

    async def contact(self) -> ContactLevel | None:
        return self.level

    async def kick(self) -> None:
        self.pulses += 1
        self.level = self.opens_to

    async def scans(self, listening: Callable[[], None]) -> AsyncIterator[Scan]:
        if self.in_use:
            raise Busy(say("Another program holds it"), "serial.busy")
        listening()
        while True:
            yield await self.scanned.get()


def unexpected(error: BaseException, where: str) -> None:
    """No scripted examiner raises; one that does is a fault of the test."""
    raise AssertionError(where) from error


class MemoryHistory:
    """Keeps checks and changes for as long as the test runs."""

    def __init__(self) -> None:
        self.checks: list[CheckResult] = []
        self.kept: list[tuple[datetime, str, str, str | None]] = []

    async def open(self) -> Words | None:
        return None

    async def add_check(self, result: CheckResult) -> None:
        self.checks.append(result)

    async def add_change(self, change: LightChange) -> None:
        finding = change.finding
        self.kept.insert(0, (change.at, str(finding.subject), finding.light.value, finding.cause))

    async def changes(self, limit: int) -> Sequence[tuple[datetime, str, str, str | None]]:
        return self.kept[:limit]

    async def last_check(self) -> tuple[datetime, float, int] | None:
        if not self.checks:
            return None
        newest = self.checks[-1]
        return newest.started, newest.seconds, len(newest.findings)


class MemoryBook:
    """Keeps readings for as long as the test runs; with a `trouble` it keeps nothing."""

    def __init__(self) -> None:
        self.kept: dict[Subject, list[Reading]] = {}
        self.trouble: TillkeeperError | None = None

    async def add_readings(self, subject: Subject, readings: Sequence[Reading]) -> None:
        if self.trouble is not None:
            raise self.trouble
        self.kept.setdefault(subject, []).extend(readings)

    async def readings(self, subject: Subject, recent: datetime) -> Sequence[Reading]:
        if self.trouble is not None:
            raise self.trouble
        return tuple(self.kept.get(subject, ()))


class MemorySettings(dict[str, str]):
    """Choices that are forgotten with the test."""

    def get(self, name: str, otherwise: str) -> str:  # type: ignore[override]
        return super().get(name, otherwise)

    def put(self, name: str, value: str) -> None:
        self[name] = value


class MemoryRuns:
    """Keeps a running emergency for as long as the test runs."""

    note: Words | None = None

    def __init__(self) -> None:
        self.text: str | None = None

    def read(self) -> str | None:
        return self.text

    def write(self, text: str | None) -> None:
        self.text = text


@dataclass(slots=True)
class ShopFloor:
    """The console under test and the strings behind it."""

    console: Console
    clock: StoppedClock
    devices: Mapping[Subject, ScriptedDevice]
    history: MemoryHistory
    settings: MemorySettings
    table: DiagnosisTable
    typed: list[tuple[str, float]]
    runs: MemoryRuns
    book: MemoryBook

    def say(self, subject: Subject, state: str | Light, meaning: Words | None = None) -> None:
        """From now on the device behaves as a cause's code or a plain light would have it."""
        self.devices[subject].evidence = evidence_of(self.table, self.clock, subject, state, meaning)

    def show(self, subject: Subject, state: str | Light, meaning: Words | None = None) -> None:
        """The same, and the board has heard it already."""
        self.say(subject, state, meaning)
        self.console.board.put(judge(subject, self.devices[subject].evidence, self.table))

    def morning(self, states: Mapping[Subject, str | Light] = MIXED) -> None:
        """Bring every light to what `states` says; what it does not name is as well as can be proven."""
        switched_on = {
            subject: getattr(entry, "enabled", True) for subject, entry in self.console.profile.entries()
        }
        for subject in self.devices:
            if switched_on.get(subject, True):
                best = Light.OK if subject.kind in self.table.proof else Light.UNKNOWN
                self.show(subject, states.get(subject, best))
            else:
                self.console.board.put(switched_off(subject))


def evidence_of(
    table: DiagnosisTable, clock: StoppedClock, subject: Subject, state: str | Light, meaning: Words | None
) -> tuple[Evidence, ...]:
    """Evidence whose signs make the table say `state`: a cause's code, OK, or UNKNOWN."""
    if state is Light.UNKNOWN:
        return ()
    if state is Light.OK:
        signs = table.proof[subject.kind][0]
    else:
        signs = next(rule.when[0] for rule in table.rules if rule.cause == state)
    words = meaning or (
        say("It answers and reports no trouble") if state is Light.OK else say("It says so itself")
    )
    probe = "escpos.dle_eot.4" if subject.kind == "printer" else f"{subject.kind}.asked"
    return (Evidence(probe, "0x12", words, clock.now(), 0.004, signs),)


def shop_floor(profile: StoreProfile = PROFILE, language: str = "zh_CN") -> ShopFloor:
    """A store where nothing has been asked yet. Needs a running loop."""
    clock, history, settings, table = StoppedClock(), MemoryHistory(), MemorySettings(), diagnosis_table()
    devices = {subject: ScriptedDevice() for subject in profile.subjects()}
    entries = dict(profile.entries())
    roster = Roster(
        {
            each: device if each == NETWORK or entries[each].enabled else None
            for each, device in devices.items()
        }
    )
    parent_of, typed, runs = parents_of(profile), list[tuple[str, float]](), MemoryRuns()
    board = Board(roster.subjects, parent_of, table, clock)
    check = CheckService(profile.store.name, roster, parent_of, table, clock, board, history, {}, unexpected)
    book = MemoryBook()
    wear = WearService(profile, roster, board, book, clock, shipped_models, unexpected)
    figures = ScannerFigures(book, clock)
    console = Console(
        profile=profile,
        profile_path=None,
        language=Language(language),
        clock=clock,
        board=board,
        check=check,
        selftest=SelftestService(
            profile.store.name, roster, table, clock, lambda: console.language, str, board.put, {}, wear.keep
        ),
        repair=RepairService(roster, check),
        emergency=EmergencyService(PLANS.__getitem__, runs, board, clock, lambda: console.language),
        monitor=Monitor(check, (), unexpected),
        chronicle=Chronicle(board, history, unexpected),
        wear=wear,
        trials=ScannerTrials(roster),
        figures=figures,
        history=history,
        settings=settings,
        editor=None,
        examiner=lambda subject, entry: devices.get(subject) or ScriptedDevice(),
        searchers=lambda cidr: (),
        drawer=lambda subject: DrawerSense(devices[subject], clock),
        models=shipped_models,
        bundle=SupportBundle(BundleFiles(), recording_text),
        typed=lambda character, at: typed.append((character, at)),
        worked=LastWorked(board, urls_of(profile), settings),
    )
    return ShopFloor(console, clock, devices, history, settings, table, typed, runs, book)
