"""Label printers' commands as the simulators carry them out, byte by byte and seen with a scanner's eyes."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from console.drivers.codecs import tspl_page, zpl_page
from console.drivers.printer.zpl.picture import drawn
from console.simulators.label_printer import LabelPrinter, LabelPrinterModel
from console.simulators.paper import Bits, Run
from console.simulators.tspl import Commands, TsplSimulator, arguments
from console.simulators.zpl import ZplSimulator
from tests.client_end import ClientEnd

CODE = "TK0123456789"


class Page:
    title = "测试页"
    lines = ("Hello ^XZ ~HS", "价格")
    code = CODE


def play(printer: LabelPrinter, data: bytes) -> bytes:
    """What is answered to `data`, once all is read and printed."""
    client = ClientEnd()
    printer.received(client, data)
    while printer.can_print and (printer._buffer or printer._labels):
        printer._step()
    return client.heard


def seen(picture: bytes) -> list[tuple[str, str]]:
    image = Image.open(BytesIO(picture)).convert("L")
    padded = Image.new("L", (image.width + 80, image.height + 80), 255)
    padded.paste(image, (40, 40))
    return sorted((str(found.format).split(".")[-1], found.text) for found in zxingcpp.read_barcodes(padded))


@pytest.mark.parametrize("size", [(40, 30), (60, 40)])
@pytest.mark.parametrize("kind", [TsplSimulator, ZplSimulator])
def test_both_codes_of_the_test_page_can_be_scanned_off_the_labels(kind: Any, size: tuple[int, int]) -> None:
    printer = kind.tcp()
    page = Page()
    zpl = kind is ZplSimulator
    play(printer, zpl_page.build_page(page, size, drawn) if zpl else tspl_page.build_page(page, size))
    found = [code for label in printer.papers for code in seen(label.picture())]
    assert {text for _, text in found} == {CODE}
    assert len(found) == 2
    assert {(label.width, label.height) for label in printer.papers} == {(size[0] * 8, size[1] * 8)}
    assert "Hello ^XZ ~HS" in printer.text()


def test_tspl_text_bars_and_pictures() -> None:
    printer = TsplSimulator.tcp()
    play(
        printer,
        b'SIZE 30 mm,20 mm\r\nCLS\r\nTEXT 8,8,"TSS24.BF2",0,2,1,"\xb2\xe2\\["]x"\r\nBAR 0,40,100,4\r\n'
        b"BITMAP 8,60,2,2,0,\xff\x00\r\n\x0f\r\nBOX 0,80,50,120,2\r\nPRINT 1,2\r\nPRINT 1\r\n",
    )
    assert len(printer.papers) == 3
    label = printer.papers[0]
    assert (label.width, label.height) == (240, 160)
    run = next(item for _, item in label.items if isinstance(item, Run))
    assert (run.text, run.style.wide, run.style.high) == ('测"x', 2, 1)
    pictures = [item for _, item in label.items if isinstance(item, Bits) and item.columns == 16]
    assert [item.rows for item in pictures] == [b"\x00\xff\xf2\xf5"]  # 0 is black in TSPL
    dots = Image.open(BytesIO(label.picture())).convert("L")
    assert dots.getpixel((99, 42)) == 0
    assert dots.getpixel((101, 42)) == 255
    assert (dots.getpixel((49, 100)), dots.getpixel((25, 100))) == (0, 255)  # a frame is hollow


def test_tspl_questions() -> None:
    printer = TsplSimulator.tcp(model=LabelPrinterModel(labels=41))
    assert play(printer, b"\x1b!?") == b"\x00"
    assert play(printer, b"\x1b!S") == b"\x02@@@@\x03\r\n"
    assert play(printer, b"~!T\r\n") == b"SL-60\r"
    assert play(printer, b"PRINT 1,1\r\nOUT @LABEL\r\n") == b"41\r\n"  # OUT does not wait for the label
    assert play(printer, b"OUT @LABEL\r\n") == b"42\r\n"
    assert play(printer, b'OUT "AB12"\r\n') == b"AB12\r\n"
    assert play(printer, b'OUT GETSETTING$("SYSTEM","INFORMATION","SERIAL")\r\n') == b"SL60000001\r\n"


@pytest.mark.parametrize(
    ("faults", "byte", "frame"),
    [
        ({"cover_open"}, 0x01, b"E@@`"),
        ({"label_jam"}, 0x02, b"E@@B"),
        ({"gap_error"}, 0x02, b"E@@B"),
        ({"paper_out"}, 0x04, b"E@@A"),
        ({"ribbon_out"}, 0x08, b"E@@D"),
        ({"ribbon_out", "paper_out", "cover_open"}, 0x0D, b"E@@e"),
        ({"paused"}, 0x10, b"`@@@"),
        ({"head_hot"}, 0x80, b"E@A@"),
        ({"cutter_jam"}, 0x80, b"E@H@"),
        ({"paper_low"}, 0x00, b"@A@@"),
        ({"label_waiting"}, 0x00, b"L@@@"),
    ],
)
def test_tspl_faults_are_the_manuals_bits(faults: set[str], byte: int, frame: bytes) -> None:
    printer = TsplSimulator.tcp()
    for fault in faults:
        printer.set_fault(fault)
    assert play(printer, b"\x1b!?\x1b!S") == bytes((byte,)) + b"\x02" + frame + b"\x03\r\n"


def test_tspl_arguments() -> None:
    assert arguments(b'1, 2,"a,b",0,"x\\["]y"') == ["1", "2", "a,b", "0", 'x"y']


def test_a_tspl_picture_may_hold_line_ends_and_come_in_pieces() -> None:
    whole = b"CLS\r\nBITMAP 0,0,1,4,0,\r\n\r\nPRINT 1\r\n"
    expected = list(Commands().feed(whole))
    assert [command for command, _ in expected] == [b"CLS", b"BITMAP 0,0,1,4,0,", b"PRINT 1"]
    for cut in range(len(whole) + 1):
        commands = Commands()
        assert [*commands.feed(whole[:cut]), *commands.feed(whole[cut:])] == expected


def test_zpl_fields() -> None:
    printer = ZplSimulator.tcp()
    play(
        printer,
        b"^XA^CI28^PW240^LL160^FO8,8^ADN,36,10^FH^FDa_5Eb_E6_B5_8B^FS^FO0,60^GB100,4,4^FS"
        b"^FO16,80^GFA,4,4,2,FF00\r\n00FF^FS^FO0,100^GB50,40,2^FS^PQ2^XZ",
    )
    assert len(printer.papers) == 2
    label = printer.papers[0]
    assert (label.width, label.height) == (240, 160)
    run = next(item for _, item in label.items if isinstance(item, Run))
    assert (run.text, run.style.wide, run.style.high) == ("a^b测", 1, 2)
    pictures = [item for _, item in label.items if isinstance(item, Bits) and item.columns == 16]
    assert [item.rows for item in pictures] == [b"\xff\x00\x00\xff"]
    dots = Image.open(BytesIO(label.picture())).convert("L")
    assert (dots.getpixel((99, 62)), dots.getpixel((101, 62))) == (0, 255)
    assert (dots.getpixel((49, 120)), dots.getpixel((25, 120))) == (0, 255)


def test_zpl_questions() -> None:
    printer = ZplSimulator.tcp()
    assert play(printer, b"~HS") == (
        b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n"
        b"\x02000,0,0,0,1,2,6,0,00000000,1,000\x03\r\n"
        b"\x021234,0\x03\r\n"
    )
    assert play(printer, b"~HI") == b"\x02SL-60,V1.00,8,8192KB\x03\r\n"
    assert b"SL60000001" in play(printer, b"~HQSN")
    assert b"TOTAL NONRESETTABLE:            0 cm" in play(printer, b"~HQOD")
    play(printer, b"^XA^XZ")
    assert b"TOTAL NONRESETTABLE:            4 cm" in play(printer, b"~HQOD")
    assert b",001," in play(printer, b"^XA^XZ~HS")  # the format waits while it is asked
    assert b",0,0,1,000,0,0,0\x03" in play(printer, b"^XA~HS")  # and here it is not whole


@pytest.mark.parametrize(
    ("fault", "errors", "strings"),
    [
        ("paper_out", "00000001", b"030,1,0,"),
        ("ribbon_out", "00000002", b"000,0,0,1,"),
        ("cover_open", "00000004", b"000,0,1,0,"),
        ("cutter_jam", "00000008", b"030,0,0,"),
        ("head_hot", "00000010", b",000,0,0,1\x03"),
        ("label_jam", "00004000", b"030,0,0,"),
        ("paused", "00010000", b"030,0,1,"),
        ("gap_error", "00080000", b"030,0,0,"),
    ],
)
def test_zpl_faults_are_the_manuals_flags(fault: str, errors: str, strings: bytes) -> None:
    printer = ZplSimulator.tcp()
    printer.set_fault(fault)
    assert strings in play(printer, b"~HS")
    assert f"ERRORS:         1 00000000 {errors}".encode() in play(printer, b"~HQES")


@pytest.mark.parametrize(("kind", "page"), [(TsplSimulator, b"PRINT 1\r\n"), (ZplSimulator, b"^XA^XZ")])
def test_what_waits_behind_a_fault_comes_out_when_it_is_mended(kind: Any, page: bytes) -> None:
    printer = kind.tcp()
    printer.set_fault("ribbon_out")
    play(printer, page)
    assert not printer.papers
    printer.set_fault("ribbon_out", False)
    play(printer, b"")
    assert len(printer.papers) == 1
