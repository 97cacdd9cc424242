"""What the driver prints can be scanned from the simulated paper, by a reader that neither side wrote."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from io import BytesIO

import pytest
import zxingcpp
from escpos.printer import Dummy
from PIL import Image

from console.drivers.codecs import escpos_page, star_page
from console.services.tape import Page
from console.simulators.printer import PrinterSimulator
from console.simulators.receipt_printer import PrinterModel, ReceiptPrinter
from console.simulators.star import StarPrntSimulator, StarSimulator


def codes(picture: bytes) -> set[str]:
    return {code.text for code in read(picture)}


def read(picture: bytes) -> list[zxingcpp.Barcode]:
    paper = Image.open(BytesIO(picture)).convert("L")
    desk = Image.new("L", (paper.width + 80, paper.height + 80), 255)
    desk.paste(paper, (40, 40))
    return list(zxingcpp.read_barcodes(desk))


async def printed(data: bytes, kind: type[ReceiptPrinter] = PrinterSimulator) -> bytes:
    async with kind.tcp() as printer:
        await send(printer, data, b"\x10\x04\x01" if kind is PrinterSimulator else b"\x1b\x06\x01")
        assert not printer.pulses
        return printer.picture(printer.papers[-1])


async def send(printer: ReceiptPrinter, data: bytes, question: bytes) -> None:
    host, port = printer.address.removeprefix("tcp://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(data)
    async with asyncio.timeout(20):
        while not printer.papers:
            writer.write(question)
            await reader.read(1)
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("paper", [58, 80])
@pytest.mark.parametrize(
    ("kind", "build"),
    [
        (PrinterSimulator, escpos_page.build_page),
        (StarSimulator, star_page.build_page),
        (StarPrntSimulator, star_page.build_page),
    ],
)
async def test_the_test_page_s_code_can_be_scanned(
    paper: int, kind: type[ReceiptPrinter], build: Callable[[Page, int], bytes]
) -> None:
    page = Page("收银守护 测试页", ("人民路店",), "TK4711008156")
    picture = await printed(build(page, paper), kind)
    kinds = {(code.format.name, code.text) for code in read(picture)}
    assert kinds == {("QRCode", "TK4711008156"), ("Code128", "TK4711008156"), ("EAN13", "6901234567892")}


async def test_codes_of_another_program_can_be_scanned() -> None:
    peer = Dummy(profile="TM-T88III")
    peer.barcode("690123456789", "EAN13", 64, 2, "BELOW", "A")
    peer.text("\n\n")
    peer.qr("https://example.com/t/1", native=True, size=6)
    peer.cut()
    assert codes(await printed(peer.output)) == {"6901234567892", "https://example.com/t/1"}


@pytest.mark.parametrize(
    ("kind", "build"),
    [(PrinterSimulator, escpos_page.build_page), (StarSimulator, star_page.build_page)],
)
async def test_the_pattern_stands_on_the_paper_dot_by_dot(
    kind: type[ReceiptPrinter], build: Callable[[Page, int], bytes]
) -> None:
    """Columns that print nothing are white from the page's top to its end; all others are as they were."""
    page = Page("Test", (), "TK4711008156")
    whole = Image.open(BytesIO(await printed(build(page, 80), kind))).convert("L")
    async with kind.tcp(model=PrinterModel(dead_dots=(7, 216, 217, 575))) as printer:
        printer.set_fault("dead_dots")
        await send(printer, build(page, 80), b"\x10\x04\x01" if kind is PrinterSimulator else b"\x1b\x06\x01")
        printer.set_fault("dead_dots", False)  # paper keeps what was printed on it
        broken = Image.open(BytesIO(printer.picture(printer.papers[-1]))).convert("L")
    for column in range(576):
        left, right = (each.crop((column, 0, column + 1, whole.height - 12)) for each in (whole, broken))
        if column in (7, 216, 217, 575):
            assert left.getextrema()[0] == 0  # there was ink
            assert right.getextrema() == (255, 255)
        else:
            assert left.tobytes() == right.tobytes()
