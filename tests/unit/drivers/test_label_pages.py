"""The test page on labels, in both languages."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

import pytest

from console.domain.errors import BadInput
from console.domain.profile import Printer
from console.drivers.codecs import tspl_page, zpl_page
from console.drivers.codecs.label_page import DOTS, Box, Piece, Text, laid_out
from console.drivers.printer.zpl.picture import drawn

SIZES = [(40, 30), (60, 40), (30, 20), (100, 150)]


@dataclass(frozen=True)
class Page:
    title: str = "测试页"
    lines: Sequence[str] = field(default=('say "hi" ^XZ ~HS _5E', "价格：¥12.50"))
    code: str = "TK0123456789"


def tspl(page: Page, size: tuple[int, int] = (60, 40)) -> bytes:
    return tspl_page.build_page(page, size)


def zpl(page: Page, size: tuple[int, int] = (60, 40)) -> bytes:
    return zpl_page.build_page(page, size, drawn)


def extent(piece: Piece) -> tuple[int, int]:
    if isinstance(piece, Text):
        return sum(12 if character.isascii() else 24 for character in piece.text), 24
    if isinstance(piece, Box):
        return piece.width, piece.height
    return 21 * piece.module, piece.height or 21 * piece.module


@pytest.mark.parametrize("size", SIZES)
def test_everything_stands_inside_its_label(size: tuple[int, int]) -> None:
    width, height = size[0] * DOTS, size[1] * DOTS
    page = Page(lines=("ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz", "中" * 30))
    labels = laid_out(page, size)
    for piece in (piece for label in labels for piece in label):
        wide, high = extent(piece)
        assert 0 <= piece.x < piece.x + wide <= width
        assert 0 <= piece.y < piece.y + high <= height
    shown = "".join(piece.text for label in labels for piece in label if isinstance(piece, Text))
    assert all(line.replace(" ", "") in shown.replace(" ", "") for line in (page.title, *page.lines))


def test_tspl_golden_bytes() -> None:
    data = tspl(Page(title="AB测", lines=(), code="TK1"))
    assert data.startswith(b"\r\nSIZE 60 mm,40 mm\r\nCLS\r\n")
    assert b'TEXT 8,8,"TSS24.BF2",0,1,1,"AB\xb2\xe2"\r\n' in data
    assert b'QRCODE 28,70,M,5,A,0,"TK1"\r\n' in data
    assert b'TEXT 153,70,"TSS24.BF2",0,1,1,"TK1"\r\n' in data
    assert b'BARCODE 20,195,"128",48,0,0,2,2,"TK1"\r\n' in data
    assert data.endswith(b"PRINT 1,1\r\n")
    assert b"GAP" not in data  # the shop's own setting


def test_zpl_golden_bytes() -> None:
    data = zpl(Page(title="AB", lines=("测",), code="TK1"))
    assert data.startswith(b"^XA^CI28^PW480^LL320^LH0,0\r\n^FO8,8^ADN,18,10^FH^FDAB^FS\r\n")
    assert b"^FO8,34^GFA,72,72,3," in data
    assert b"^BQN,2,5^FH^FDMA,TK1^FS" in data
    assert b"^BY2^BCN,48,N,N,N,A^FH^FDTK1^FS" in data
    assert data.endswith(b"^PQ1^XZ\r\n")


def test_a_text_cannot_become_a_command() -> None:
    assert rb'"say \["]hi\["] ^XZ ~HS _5E"' in tspl(Page())
    data = zpl(Page())
    assert b'say "hi" _5EXZ _7EHS _5F5E' in data
    assert data.count(b"^XZ") == data.count(b"^XA")


def test_a_backslash_before_a_bracket_begins_no_escape() -> None:
    """The character 乗 ends in a backslash in GBK."""
    assert "乗".encode("gbk").endswith(b"\\")
    for text, at in ((r"a\[R]", 8 + 2 * 12), ("乗[R]", 8 + 2 * 12)):
        data = tspl(Page(title=text, lines=()))
        assert b"\\[" not in data
        assert b'TEXT %d,8,"TSS24.BF2",0,1,1,"[R]"' % at in data


@pytest.mark.parametrize("text", ["😀", "𠮷", "\x1b!?", "a\r\nPRINT 9\r\n", "\ud800"])
def test_what_cannot_be_printed_is_a_visible_box(text: str) -> None:
    page = Page(title=text, lines=())
    assert "□".encode("gbk") in tspl(page)
    assert b"\x1b" not in tspl(page)
    assert tspl(page).count(b"PRINT 9") <= 1  # in the text alone
    assert b"^GFA" in zpl(page)


def test_a_rare_character_that_the_printers_font_lacks_is_a_box_too() -> None:
    assert tspl_page.text_bytes("㐀") == "□".encode("gbk")  # four bytes in GB18030
    assert tspl_page.text_bytes("¥") == "￥".encode("gbk")


def test_a_character_without_a_glyph_is_drawn_and_not_left_out() -> None:
    assert any(drawn("\U0010fffe")[1])
    assert drawn("\U0010fffe") != drawn("测")
    assert any(drawn("测")[1])
    assert not any(drawn("\u3000")[1])


@pytest.mark.parametrize("build", [tspl, zpl])
@pytest.mark.parametrize("character", ["x", "测", "😀", '"', "^", "\\["])
def test_a_line_of_20_kb_is_cut_visibly(build: object, character: str) -> None:
    page = Page(lines=(character * 20_000,))
    data = build(page, (40, 30))  # type: ignore[operator]  # one of two functions
    assert len(data) < 60_000
    rows = [piece.text for label in laid_out(page, (40, 30)) for piece in label if isinstance(piece, Text)]
    assert sum(row.endswith("...") for row in rows) == 1


@pytest.mark.parametrize("code", ["", "x" * 65, "测", "a\n"])
@pytest.mark.parametrize("build", [tspl, zpl])
def test_a_code_that_cannot_be_printed_is_told(build: object, code: str) -> None:
    with pytest.raises(BadInput):
        build(Page(code=code))  # type: ignore[operator]  # one of two functions


def test_a_code_too_long_for_bars_stands_as_qr_and_text() -> None:
    data = tspl(Page(code="A" * 64))
    assert b"QRCODE" in data
    assert b"BARCODE" not in data
    assert re.findall(rb'"(A+)"', data)


def test_any_text_gives_a_page() -> None:
    chance = Random(3)
    for _ in range(100):
        points = (chance.choice((chance.randrange(128), chance.randrange(0x110000))) for _ in range(40))
        text = "".join(map(chr, points))
        page = Page(title=text, lines=(text, text[::-1]))
        assert tspl(page).count(b"\x1b") == 0
        data = zpl(page)
        assert data.count(b"^XA") == data.count(b"^XZ")
        assert b"~" not in data


@pytest.mark.parametrize(
    ("paper", "written", "size"), [(58, "", (40, 30)), (80, "", (60, 40)), (80, "100x150", (100, 150))]
)
def test_the_profile_says_how_large_a_label_is(paper: int, written: str, size: tuple[int, int]) -> None:
    entry = Printer("labels", "tcp://h", "tspl", paper=paper, label_size=written)  # type: ignore[arg-type]  # 58, 80
    assert entry.label_mm == size


@pytest.mark.parametrize(
    "written", ["40", "40x", "x30", "0x0", "10x10", "999x40", "40x999", "40 x 30", "４0x30"]
)
def test_a_label_of_no_size_is_refused(written: str) -> None:
    with pytest.raises(BadInput) as caught:
        Printer("labels", "tcp://h", "tspl", label_size=written)
    assert ("key", "label_size") in caught.value.words.values
