"""What every device test needs: a clock, the store's diagnosis table, and a simulator on each transport."""

from __future__ import annotations

import time
import tomllib
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.domain.diagnosis import DiagnosisTable
from console.domain.evidence import Evidence
from console.domain.findings import Finding, judge
from console.domain.ports import Transport
from console.domain.profile import parse_address
from console.domain.subjects import Subject
from console.drivers.printer.escpos import EscposPrinter
from console.drivers.registry import connector
from console.simulators.printer import PrinterModel, PrinterSimulator
from console.simulators.scanner import ScannerSimulator

KNOWLEDGE = Path(__file__).parents[2] / "resources" / "knowledge"
ANSWER_SECONDS = 0.15  # short, so that silence is told quickly


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return time.monotonic()


@dataclass(frozen=True)
class Page:
    title: str = "人民路店 测试页"
    lines: Sequence[str] = ("Hello 你好", "价格：¥12.50")
    code: str = "TK-1234-ABCD"


@dataclass
class PrinterBench:
    """A simulated printer and what a driver needs to reach it."""

    sim: PrinterSimulator
    line: str
    clock: WallClock

    @property
    def connect(self) -> Callable[[], Transport]:
        return connector(parse_address(self.sim.address, "printer"))

    def driver(self, answer_seconds: float = ANSWER_SECONDS, echo_seconds: float = 3.0) -> EscposPrinter:
        return EscposPrinter(
            self.connect,
            self.clock,
            traits=frozenset({self.line, "drawer.open_high"}),
            answer_seconds=answer_seconds,
            echo_seconds=echo_seconds,
        )


Judge = Callable[[str, Sequence[Evidence]], Finding]


@pytest.fixture
def clock() -> WallClock:
    return WallClock()


@pytest.fixture(scope="session")
def table() -> DiagnosisTable:
    return DiagnosisTable.from_data(tomllib.loads((KNOWLEDGE / "diagnosis.devices.toml").read_text("utf-8")))


@pytest.fixture(name="judged")
def judged_fixture(table: DiagnosisTable) -> Judge:
    return lambda kind, evidence: judge(Subject(kind, "it"), evidence, table)


@pytest.fixture(params=["tcp", "serial"])
async def bench(request: pytest.FixtureRequest, clock: WallClock) -> AsyncGenerator[PrinterBench, None]:
    make = PrinterSimulator.tcp if request.param == "tcp" else PrinterSimulator.pty
    # A late answer comes after the driver's time-out, but while it asks again.
    async with make(model=PrinterModel(reply_delay_late=ANSWER_SECONDS * 1.5)) as sim:
        yield PrinterBench(sim, "line.network" if request.param == "tcp" else "line.serial", clock)


@pytest.fixture
async def scanner() -> AsyncGenerator[ScannerSimulator, None]:
    async with ScannerSimulator.pty() as sim:
        yield sim


@pytest.fixture
def page() -> Page:
    return Page()
