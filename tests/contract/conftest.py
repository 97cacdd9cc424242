"""What every device test needs: a clock, the store's diagnosis table, and a simulator on each transport."""

from __future__ import annotations

import os
import time
import tomllib
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.diagnosis import DiagnosisTable
from console.domain.evidence import Evidence
from console.domain.findings import Finding, judge
from console.domain.ports import Transport
from console.domain.subjects import Subject
from console.drivers.printer.driver import DirectPrinter, Turn
from console.drivers.registry import connector
from console.simulators.scanner import ScannerSimulator
from console.simulators.usb import UsbBus
from tests.contract.families import Family, benches

KNOWLEDGE = Path(__file__).parents[2] / "resources" / "knowledge"
ON_USB = "TILLKEEPER_TEST_ON_USB"  # set in a process that was started to see a simulated bus
PATIENT_SECONDS = 2.0  # for an answer, on a machine that is busy with other tests


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

    sim: Any
    family: Family
    line: str
    clock: WallClock

    @property
    def connect(self) -> Callable[[], Transport]:
        return connector(parse_address(self.sim.address, "printer"))

    def driver(
        self,
        answer_seconds: float = PATIENT_SECONDS,
        echo_seconds: float = 30.0,
        turn: Turn | None = None,
        hold: bool = False,
    ) -> DirectPrinter:
        language = self.family.language(
            self.clock, frozenset({self.line, "drawer.open_high"}), answer_seconds
        )
        return DirectPrinter(
            self.connect, language, self.clock, turn=turn, echo_seconds=echo_seconds, hold=hold
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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What needs a USB bus is run by test_on_usb.py, in a process that sees one."""
    if ON_USB not in os.environ:
        left = [item for item in items if item.get_closest_marker("usb")]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


@pytest.fixture(scope="session")
def usb_bus() -> Iterator[UsbBus | None]:
    """A USB bus that this process sees; None where it cannot see one."""
    if ON_USB not in os.environ:
        yield None
        return
    bus = UsbBus.start()
    os.environ.update(bus.environment)
    yield bus
    bus.stop()


@asynccontextmanager
async def on_the_bench(
    case: tuple[Family, str], clock: WallClock, bus: UsbBus | None
) -> AsyncGenerator[PrinterBench, None]:
    family, wire = case
    line = {"tcp": "network"}.get(wire, wire)
    async with family.make(wire, bus) as sim:
        yield PrinterBench(sim, family, f"line.{line}", clock)


@pytest.fixture(params=benches())
async def bench(
    request: pytest.FixtureRequest, clock: WallClock, usb_bus: UsbBus | None
) -> AsyncGenerator[PrinterBench, None]:
    async with on_the_bench(request.param, clock, usb_bus) as made:
        yield made


@pytest.fixture
async def scanner() -> AsyncGenerator[ScannerSimulator, None]:
    async with ScannerSimulator.pty() as sim:
        yield sim


@pytest.fixture
def page() -> Page:
    return Page()
