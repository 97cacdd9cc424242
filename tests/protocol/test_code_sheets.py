"""Codes on paper: what the printers print is read by zxing-cpp, down to a single dot of the head."""

from __future__ import annotations

from io import BytesIO
from typing import Any, Literal

import pytest
import zxingcpp
from PIL import Image

from console.domain.eye_chart import Medium, chart, row_of
from console.domain.profile import Printer, Store, StoreProfile
from console.domain.selftest import Grade, Proof
from console.domain.specimens import SPECIMENS, Kind
from console.domain.subjects import Subject
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from console.services.code_sheet import CodeSheet, eye_chart_sheet, symbologies_sheet
from console.services.roster import Roster
from console.services.scanner_trials import ScannerTrials
from console.simulators.printer import PrinterSimulator
from console.simulators.receipt_printer import ReceiptPrinter
from console.simulators.star import StarPrntSimulator, StarSimulator
from console.simulators.tspl import TsplSimulator
from console.simulators.zpl import ZplSimulator

FRONT = Subject("printer", "front")
Paper = Literal[58, 80]
RECEIPTS = (PrinterSimulator, StarSimulator, StarPrntSimulator)


async def printed(
    sim: ReceiptPrinter | TsplSimulator | ZplSimulator, sheet: CodeSheet, paper: Paper
) -> Proof:
    protocol: Any = getattr(sim, "name", sim.kind)
    entry = Printer("front", sim.address, protocol, paper=paper)
    profile = StoreProfile(Store("店"), printer=(entry,))
    driver = open_driver(FRONT, entry, profile, SystemClock("Asia/Shanghai"))
    trials = ScannerTrials(Roster({FRONT: driver}))
    assert trials.printers == (FRONT,)
    return await trials.print(FRONT, sheet).result()


def on(paper: bytes) -> set[str]:
    picture = Image.open(BytesIO(paper)).convert("L")
    return {each.text.replace("(", "").replace(")", "") for each in zxingcpp.read_barcodes(picture)}


def paper_cm(sim: ReceiptPrinter) -> float:
    return float(Image.open(BytesIO(sim.picture())).height) / 80


@pytest.mark.parametrize("simulator", RECEIPTS)
@pytest.mark.parametrize("paper", [80, 58])
async def test_every_symbology_is_read_from_paper(simulator: type[ReceiptPrinter], paper: Paper) -> None:
    async with simulator.tcp() as sim:
        proof = await printed(sim, symbologies_sheet(str), paper)
        assert proof.grade is Grade.A
        read = on(sim.picture())
        missing = [each.kind for each in SPECIMENS if read.isdisjoint(each.sent)]
        assert missing == []
        if paper == 80:
            assert 0 <= symbologies_sheet(str).centimetres - paper_cm(sim) <= 8  # nobody is short of paper
        assert not sim.pulses  # nothing in the pictures opened the drawer


@pytest.mark.parametrize("simulator", RECEIPTS)
@pytest.mark.parametrize("kind", [Kind.CODE_128, Kind.QR])
async def test_the_eye_chart_is_read_down_to_one_dot(simulator: type[ReceiptPrinter], kind: Kind) -> None:
    async with simulator.tcp() as sim:
        proof = await printed(sim, eye_chart_sheet(str, kind), 80)
        assert proof.grade is Grade.A
        rows = {row_of(each) for each in on(sim.picture())}
        largest = 4 if kind is Kind.CODE_128 else 6
        assert {*chart(Medium.PAPER, kind, 8.0, (largest, 2, 1))} <= rows
        assert all(str(row.words) in sim.text() for row in rows if row)


@pytest.mark.parametrize("simulator", [TsplSimulator, ZplSimulator])
async def test_a_label_printer_refuses_with_the_mend(
    simulator: type[TsplSimulator] | type[ZplSimulator],
) -> None:
    async with simulator.tcp() as sim:
        proof = await printed(sim, symbologies_sheet(str), 80)
        assert proof.grade is Grade.E
        assert "choose a receipt printer" in str(proof.reason)
        assert sim.printed == 0
