"""The printer languages under the contract: what each one's simulator shows, and what must be made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from console.domain.lights import Light
from console.domain.selftest import Grade
from console.drivers.printer.escpos.language import Escpos
from console.drivers.printer.tspl.language import Tspl
from console.drivers.printer.zpl.language import Zpl
from console.simulators.label_printer import LabelPrinterModel
from console.simulators.printer import PrinterModel, PrinterSimulator
from console.simulators.tspl import TsplSimulator
from console.simulators.zpl import ZplSimulator

LATE_SECONDS = 0.225  # a late answer comes after a hasty driver's time-out, but while it asks again

Verdict = tuple[Light, str]


@dataclass(frozen=True)
class Family:
    """One printer language; `make` opens nothing yet and takes "tcp" or "serial"."""

    name: str
    kind: str  # of simulator, in `simulators.faults.FAULTS`
    language: Callable[..., Any]
    make: Callable[[str], Any]
    states: Mapping[str, Verdict]  # faults that the printer itself reports
    lines: Mapping[str, tuple[Light, frozenset[str]]]  # faults of the line: causes that may stand first
    unseen: frozenset[str]  # faults that no question shows
    stopping: tuple[str, ...]  # faults that stop a page in its middle
    best: Grade  # the proof of a page without a scanner
    identity: Mapping[str, str]  # names, and what the simulated model calls them
    counters: frozenset[str]
    untold: tuple[str, ...]  # faults with which a printer tells no identity
    readable: Callable[[str], bool] = bool  # whether a text stands on the paper as text, not as a picture
    wires: tuple[str, ...] = ("tcp", "serial")


def _escpos(wire: str) -> PrinterSimulator:
    make = PrinterSimulator.tcp if wire == "tcp" else PrinterSimulator.pty
    return make(model=PrinterModel(reply_delay_late=LATE_SECONDS))


SILENT = (Light.UNKNOWN, frozenset({"printer.no_answer"}))
FOREIGN = (Light.FAULT, frozenset({"printer.wrong_protocol", "printer.wrong_speed"}))

ESCPOS = Family(
    name="escpos",
    kind="printer",
    language=Escpos,
    make=_escpos,
    states={
        "paper_out": (Light.FAULT, "printer.paper_out"),
        "paper_low": (Light.ATTENTION, "printer.paper_low"),
        "cover_open": (Light.FAULT, "printer.cover_open"),
        "cutter_jam": (Light.FAULT, "printer.cutter_jam"),
        "head_hot": (Light.FAULT, "printer.head_hot"),
        "mechanical": (Light.FAULT, "printer.mechanical"),
        "unrecoverable": (Light.FAULT, "printer.unrecoverable"),
        "offline": (Light.FAULT, "printer.offline"),
        "waiting": (Light.FAULT, "printer.offline"),
        "feed_pressed": (Light.ATTENTION, "printer.feed_pressed"),
        "drawer_open": (Light.ATTENTION, "printer.drawer_open"),
    },
    lines={
        "mute": SILENT,
        "write_only": SILENT,
        "late_reply": SILENT,
        "drop_connection": SILENT,
        "garbage": FOREIGN,
        "half_reply": FOREIGN,
    },
    unseen=frozenset({"slow", "drawer_stuck"}),  # slowness has a test of its own, the drawer needs a pulse
    stopping=("cover_open", "paper_out", "cutter_jam"),
    best=Grade.A,
    identity={
        "ManufacturerName": "maker",
        "ModelName": "model",
        "SerialNumber": "serial",
        "FirmwareRevision": "firmware",
    },
    counters=frozenset({"ReceiptLineFeedCount", "HeadEnergizedCount", "PaperCutCount", "HoursPoweredCount"}),
    untold=("mute", "offline", "garbage", "half_reply", "drop_connection"),
)
LABEL_STATES: Mapping[str, Verdict] = {
    "paper_out": (Light.FAULT, "printer.paper_out"),
    "paper_low": (Light.ATTENTION, "printer.paper_low"),
    "cover_open": (Light.FAULT, "printer.cover_open"),
    "cutter_jam": (Light.FAULT, "printer.cutter_jam"),
    "head_hot": (Light.FAULT, "printer.head_hot"),
    "ribbon_out": (Light.FAULT, "printer.ribbon_out"),
    "paused": (Light.FAULT, "printer.paused"),
    "label_jam": (Light.FAULT, "printer.label_jam"),
    "label_waiting": (Light.ATTENTION, "printer.label_waiting"),
}
LABEL_LINES = {
    **dict.fromkeys(("mute", "write_only", "late_reply", "drop_connection", "half_reply"), SILENT),
    "garbage": FOREIGN,
}
LABEL_STOPS = ("cover_open", "paper_out", "ribbon_out", "paused", "label_jam", "gap_error")
LABEL_UNTOLD = ("mute", "cover_open", "garbage", "half_reply", "drop_connection")


def _labels(kind: Any) -> Callable[[str], Any]:
    model = LabelPrinterModel(reply_delay_late=LATE_SECONDS)
    return lambda wire: (kind.tcp if wire == "tcp" else kind.pty)(model=model)


TSPL = Family(
    name="tspl",
    kind="tspl",
    language=Tspl,
    make=_labels(TsplSimulator),
    states={**LABEL_STATES, "gap_error": (Light.FAULT, "printer.label_jam")},  # one bit for both
    lines=LABEL_LINES,
    unseen=frozenset({"slow"}),
    stopping=LABEL_STOPS,
    best=Grade.B,
    identity={"ModelName": "model", "SerialNumber": "serial", "FirmwareRevision": "firmware"},
    counters=frozenset({"LabelPrintedCount", "MileageKilometres"}),
    untold=LABEL_UNTOLD,
)
ZPL = Family(
    name="zpl",
    kind="zpl",
    language=Zpl,
    make=_labels(ZplSimulator),
    states={**LABEL_STATES, "gap_error": (Light.FAULT, "printer.gap_not_found")},
    lines=LABEL_LINES,
    unseen=frozenset({"slow"}),
    stopping=LABEL_STOPS,
    best=Grade.B,
    identity={"ModelName": "model", "SerialNumber": "serial", "FirmwareRevision": "firmware"},
    counters=frozenset({"HeadTravelCentimetres"}),
    untold=LABEL_UNTOLD,
    readable=str.isascii,
)
FAMILIES = {family.name: family for family in (ESCPOS, TSPL, ZPL)}


def benches() -> list[Any]:
    """Every family on every transport."""
    return [
        pytest.param((family, wire), id=f"{family.name}-{wire}")
        for family in FAMILIES.values()
        for wire in family.wires
    ]


def each_fault(of: Callable[[Family], Any]) -> pytest.MarkDecorator:
    """Parametrises `bench` and `fault` together: every family and transport with its own faults."""
    cases = [
        pytest.param((family, wire), fault, id=f"{family.name}-{wire}-{fault}")
        for family in FAMILIES.values()
        for wire in family.wires
        for fault in of(family)
    ]
    return pytest.mark.parametrize(("bench", "fault"), cases, indirect=["bench"])
