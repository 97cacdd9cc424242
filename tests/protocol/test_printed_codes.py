"""What the driver prints can be scanned from the simulated paper, by a reader that neither side wrote."""

from __future__ import annotations

import asyncio
from io import BytesIO

import pytest
import zxingcpp
from escpos.printer import Dummy
from PIL import Image

from console.drivers.codecs import escpos_page
from console.services.tape import Page
from console.simulators.printer import PrinterSimulator


def codes(picture: bytes) -> set[str]:
    return {code.text for code in read(picture)}


def read(picture: bytes) -> list[zxingcpp.Barcode]:
    paper = Image.open(BytesIO(picture)).convert("L")
    desk = Image.new("L", (paper.width + 80, paper.height + 80), 255)
    desk.paste(paper, (40, 40))
    return list(zxingcpp.read_barcodes(desk))


async def printed(data: bytes) -> bytes:
    async with PrinterSimulator.tcp() as printer:
        await send(printer, data)
        return printer.picture(printer.papers[-1])


async def send(printer: PrinterSimulator, data: bytes) -> None:
    host, port = printer.address.removeprefix("tcp://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(data)
    async with asyncio.timeout(20):
        while not printer.papers:
            writer.write(b"\x10\x04\x01")
            await reader.read(1)
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("paper", [58, 80])
async def test_the_test_page_s_code_can_be_scanned(paper: int) -> None:
    page = Page("收银守护 测试页", ("人民路店",), "TK4711008156")
    picture = await printed(escpos_page.build_page(page, paper))
    kinds = {(code.format.name, code.text) for code in read(picture)}
    assert kinds == {("QRCode", "TK4711008156"), ("Code128", "TK4711008156"), ("EAN13", "6901234567892")}


async def test_codes_of_another_program_can_be_scanned() -> None:
    peer = Dummy(profile="TM-T88III")
    peer.barcode("690123456789", "EAN13", 64, 2, "BELOW", "A")
    peer.text("\n\n")
    peer.qr("https://example.com/t/1", native=True, size=6)
    peer.cut()
    assert codes(await printed(peer.output)) == {"6901234567892", "https://example.com/t/1"}
