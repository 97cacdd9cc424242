"""The printer languages under the contract: what each one's simulator shows, and what must be made of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from console.domain.lights import Light
from console.domain.selftest import Grade
from console.drivers.printer.escpos.language import Escpos
from console.drivers.printer.star.language import Star
from console.drivers.printer.tspl.language import Tspl
from console.drivers.printer.zpl.language import Zpl
from console.simulators.label_printer import LabelPrinterModel
from console.simulators.printer import PrinterSimulator
from console.simulators.receipt_printer import ReceiptPrinter
from console.simulators.star import StarPrntSimulator, StarSimulator
from console.simulators.tspl import TsplSimulator
from console.simulators.usb import UsbBus
from console.simulators.zpl import ZplSimulator

WIRES = ("tcp", "serial", "usb")
LATE_SECONDS = 0.3  # a late answer comes after a hasty driver's time-out, but while it asks again

Verdict = tuple[Light, str]


@dataclass(frozen=True)
class Family:
    """One printer language; `make` opens nothing yet; it takes a wire, and the bus for "usb"."""

    name: str
    kind: str  # of simulator, in `simulators.faults.FAULTS`
    language: Callable[..., Any]
    make: Callable[[str, UsbBus | None], Any]
    states: Mapping[str, Verdict]  # faults that the printer itself reports
    lines: Mapping[str, tuple[Light, frozenset[str]]]  # faults of the line: causes that may stand first
    unseen: frozenset[str]  # faults that no question shows
    stopping: tuple[str, ...]  # faults that stop a page in its middle
    best: Grade  # the proof of a page without a scanner
    pushes: bool  # its line may be held, to hear of changes
    identity: Mapping[str, str]  # UnifiedPOS names: the field of the simulator's model behind each
    untold: tuple[str, ...]  # faults with which a printer tells no identity
    counters: frozenset[str] = frozenset()
    resumable: tuple[str, ...] = ()  # faults with which it can be told to go on
    clearable: tuple[str, ...] = ()  # and to forget what it holds
    readable: Callable[[str], bool] = bool  # whether a text stands on the paper as text, not as a picture


def _makes(simulator: type[ReceiptPrinter]) -> Callable[[str, UsbBus | None], ReceiptPrinter]:
    model = simulator.standard._replace(reply_delay_late=LATE_SECONDS)

    def make(wire: str, bus: UsbBus | None) -> ReceiptPrinter:
        if wire == "usb":
            return simulator.usb(bus=bus, model=model)
        return (simulator.tcp if wire == "tcp" else simulator.pty)(model=model)

    return make


SILENT = (Light.UNKNOWN, frozenset({"printer.no_answer"}))
FOREIGN = (Light.FAULT, frozenset({"printer.wrong_protocol", "printer.wrong_speed"}))

ESCPOS = Family(
    name="escpos",
    kind="printer",
    language=Escpos,
    make=_makes(PrinterSimulator),
    states={
        "paper_out": (Light.FAULT, "printer.paper_out"),
        "paper_low": (Light.ATTENTION, "printer.paper_low"),
        "cover_open": (Light.FAULT, "printer.cover_open"),
        "cutter_jam": (Light.FAULT, "printer.cutter_jam"),
        "cutter_stopped": (Light.FAULT, "printer.cutter_jam"),
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
    unseen=frozenset({"slow", "drawer_stuck", "dead_dots"}),  # tested elsewhere: by time, a pulse, eyes
    stopping=("cover_open", "paper_out", "cutter_jam"),
    best=Grade.A,
    pushes=True,
    identity={
        "ManufacturerName": "maker",
        "ModelName": "model",
        "SerialNumber": "serial",
        "FirmwareRevision": "firmware",
    },
    resumable=("cutter_stopped", "waiting"),
    clearable=("cutter_stopped",),
    counters=frozenset({"ReceiptLineFeedCount", "HeadEnergizedCount", "PaperCutCount", "HoursPoweredCount"}),
    untold=("mute", "offline", "garbage", "half_reply", "drop_connection"),
)
STAR = Family(
    name="star",
    kind="star",
    language=Star,
    make=_makes(StarSimulator),
    states={
        "paper_out": (Light.FAULT, "printer.paper_out"),
        "paper_low": (Light.ATTENTION, "printer.paper_low"),
        "paper_low_outer": (Light.ATTENTION, "printer.paper_low"),
        "cover_open": (Light.FAULT, "printer.cover_open"),
        "head_up": (Light.FAULT, "printer.cover_open"),
        "cutter_jam": (Light.FAULT, "printer.cutter_jam"),
        "head_hot": (Light.FAULT, "printer.head_hot"),
        "mechanical": (Light.FAULT, "printer.mechanical"),
        "paper_jam": (Light.FAULT, "printer.mechanical"),
        "unrecoverable": (Light.FAULT, "printer.unrecoverable"),
        "mark_missing": (Light.FAULT, "printer.mark_missing"),
        "overflow": (Light.ATTENTION, "printer.data_lost"),
        "offline": (Light.FAULT, "printer.offline"),
        "waiting": (Light.FAULT, "printer.offline"),
        "drawer_open": (Light.ATTENTION, "printer.drawer_open"),
    },
    lines={**ESCPOS.lines, "half_reply": SILENT},  # what is left of a whole status is no other language
    unseen=frozenset({"slow", "drawer_stuck", "dead_dots", "command_error"}),
    stopping=("cover_open", "paper_out", "cutter_jam"),
    best=Grade.A,
    pushes=True,
    untold=("mute", "offline", "garbage", "half_reply", "drop_connection"),
    identity={"ModelName": "model", "FirmwareRevision": "firmware"},
)
STARPRNT = replace(
    STAR,
    name="starprnt",
    kind="starprnt",
    make=_makes(StarPrntSimulator),
    identity={**STAR.identity, "SerialNumber": "serial"},
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


def _labels(kind: Any) -> Callable[[str, UsbBus | None], Any]:
    model = LabelPrinterModel(reply_delay_late=LATE_SECONDS)

    def make(wire: str, bus: UsbBus | None) -> Any:
        if wire == "usb":
            return kind.usb(bus=bus, model=model)
        return (kind.tcp if wire == "tcp" else kind.pty)(model=model)

    return make


TSPL = Family(
    name="tspl",
    kind="tspl",
    language=Tspl,
    make=_labels(TsplSimulator),
    states={**LABEL_STATES, "gap_error": (Light.FAULT, "printer.label_jam")},  # one bit for both
    lines=LABEL_LINES,
    unseen=frozenset({"slow"}),
    stopping=LABEL_STOPS,
    resumable=("paused",),
    clearable=("paused",),
    best=Grade.B,
    pushes=False,
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
    resumable=("paused",),
    clearable=("paused",),
    best=Grade.B,
    pushes=False,
    identity={"ModelName": "model", "SerialNumber": "serial", "FirmwareRevision": "firmware"},
    counters=frozenset({"HeadTravelCentimetres"}),
    untold=LABEL_UNTOLD,
    readable=str.isascii,
)
FAMILIES = {family.name: family for family in (ESCPOS, STAR, STARPRNT, TSPL, ZPL)}


def _param(family: Family, wire: str, *more: str) -> Any:
    marks = [pytest.mark.usb] if wire == "usb" else []
    return pytest.param((family, wire), *more, id="-".join((family.name, wire, *more)), marks=marks)


def benches(which: Callable[[Family], bool] = lambda family: True) -> list[Any]:
    """Every family of `which` on every transport."""
    return [_param(family, wire) for family in FAMILIES.values() for wire in WIRES if which(family)]


def each_fault(of: Callable[[Family], Any]) -> pytest.MarkDecorator:
    """Parametrises `bench` and `fault` together: every family and transport with its own faults."""
    cases = [
        _param(family, wire, fault) for family in FAMILIES.values() for wire in WIRES for fault in of(family)
    ]
    return pytest.mark.parametrize(("bench", "fault"), cases, indirect=["bench"])
