"""The scanner doctor's codes on paper, read from what the printers print."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from console.domain.scan import on_paper
from console.domain.selftest import Grade
from console.services.code_sheet import CodeSheet
from console.services.doctor_sheet import known_sheet, setting_sheet
from console.services.scan_test import article_code, known_code
from console.services.scanner_settings import scanner_settings
from console.simulators.receipt_printer import ReceiptPrinter
from tests.protocol.test_code_sheets import RECEIPTS, Paper, printed

KNOWN = scanner_settings()


async def read(simulator: type[ReceiptPrinter], sheet: CodeSheet, paper: Paper) -> list[tuple[str, bool]]:
    """Each code on the paper, and whether FNC3 stands in front of it."""
    async with simulator.tcp() as sim:
        proof = await printed(sim, sheet, paper)
        assert proof.grade is Grade.A
        picture = Image.open(BytesIO(sim.picture())).convert("L")
        found = zxingcpp.read_barcodes(picture)
    return [(each.text, isinstance(each.extra, dict) and "ReaderInit" in each.extra) for each in found]


@pytest.mark.parametrize("simulator", RECEIPTS)
@pytest.mark.parametrize("paper", [80, 58])
@pytest.mark.parametrize("code", [known_code, article_code])
async def test_the_known_codes_copy_is_read_from_paper(
    simulator: type[ReceiptPrinter], paper: Paper, code: Callable[[], str]
) -> None:
    copy = on_paper(code())
    assert [text for text, _ in await read(simulator, known_sheet(str, copy), paper)] == [copy]


@pytest.mark.parametrize("simulator", RECEIPTS)
@pytest.mark.parametrize("maker", ["honeywell", "datalogic", "netum_ccd"])
async def test_a_code_that_sets_a_scanner_keeps_its_fnc3_on_paper(
    simulator: type[ReceiptPrinter], maker: str
) -> None:
    found = next(iter(KNOWN.mend("scanner.extra_prefix", maker, "enter")))[1][0]
    sheet = setting_sheet(str, found.name, found.drawn, found.init)
    assert await read(simulator, sheet, 58) == [(each, True) for each in found.drawn]
