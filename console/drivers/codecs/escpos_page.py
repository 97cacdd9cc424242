"""The test page in ESC/POS.

Built here and not with python-escpos, because that library writes no GB18030: Chinese printers want
FS & (select Kanji character mode), text in GB18030, then FS . (cancel it).
"""

from __future__ import annotations

import re

from console.domain.head import Head, diagonals, ramp
from console.domain.ports import CodesPage, TestPage
from console.drivers.codecs.escpos import INITIALISE
from console.drivers.codecs.page_text import CHARACTER, GOODS, code_bytes, head_numbers, ruler, set_lines

_CHINESE_ON, _CHINESE_OFF = b"\x1c&", b"\x1c."
_LEFT, _CENTRE = b"\x1ba\x00", b"\x1ba\x01"
_LARGE, _NORMAL = b"\x1d!\x11", b"\x1d!\x00"
_REALTIME = re.compile(rb"\x10(?=[\x04\x05\x14])")
_EAN13, _CODE128 = 67, 73
_FEED_AND_CUT = b"\x1dVA\x03"  # GS V function B: feed to the cutting position, cut


def build_page(
    page: TestPage,
    paper: int,
    after_init: bytes = b"",
    head: Head | None = None,
    characters: str = "gb18030",
) -> bytes:
    """All bytes of the page for `paper` mm (58 or 80), the cut last; BadInput for an unprintable code.

    `after_init` goes in behind ESC @, which would undo it if it were sent before; `head` is usual by default,
    `characters` are those of `page_text.encoded`: only GB18030 has a mode of its own to be switched on.
    """
    head = head or Head.of(paper)
    dots = head.dots
    columns = dots // CHARACTER
    before, behind = (_CHINESE_ON, _CHINESE_OFF) if characters == "gb18030" else (b"", b"")
    parts = [INITIALISE, after_init, before, _CENTRE, _LARGE]
    parts += [set_lines(page.title, columns // 2, characters), _NORMAL, _LEFT]
    parts += [set_lines(line, columns, characters) for line in page.lines]
    if isinstance(page, CodesPage):
        for caption, rows in page.pictures(head):
            parts += [set_lines(caption, columns, characters), picture(rows, dots), b"\n"]
    else:
        parts += _proof(page.code, dots)
    return b"".join((*parts, behind, _FEED_AND_CUT))


def _proof(code: str, dots: int) -> list[bytes]:
    """Ruler, pattern and codes, by which a page shows that it came out whole."""
    square = qr(code)
    return [
        ruler(dots // CHARACTER),
        picture(ramp(dots), dots),
        head_numbers(dots),
        picture(diagonals(dots), dots),
        b"\n",
        _CENTRE,
        barcode(_EAN13, GOODS, module=3),
        dense(code, dots),
        square,
        set_lines(code, dots // CHARACTER),
        _LEFT,
    ]


def picture(rows: bytes, dots: int) -> bytes:
    """GS v 0: a picture `dots` wide at its true size.

    Printers carry out DLE EOT, DLE ENQ and DLE DC4 even where they stand in picture data, so no row may
    hold such bytes: one dot more is drawn instead, which nobody sees.
    """
    harmless = _REALTIME.sub(b"\x30", rows)
    width, height = dots // 8, len(rows) * 8 // dots
    return b"\x1dv0\x00" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + harmless


def barcode(kind: int, data: bytes, module: int) -> bytes:
    """GS k function B, `module` dots wide (GS w), 64 dots high (GS h), its text below it (GS H)."""
    size = b"\x1dh\x40\x1dw" + bytes((module,)) + b"\x1dH\x02"
    return size + b"\x1dk" + bytes((kind, len(data))) + data + b"\n"


def dense(code: str, dots: int) -> bytes:
    """`code` as a Code 128 of 2 dots a module, nothing where it would be wider than `dots`.

    Code set B alone: set C packs digits into bytes, and 16 04 would become a realtime command.
    """
    if (11 * len(code) + 35) * 2 > dots:
        return b""
    return barcode(_CODE128, b"{B" + code.replace("{", "{{").encode("ascii"), module=2)


def qr(code: str) -> bytes:
    """GS ( k, functions 165, 167, 169, 180 and 181: `code` as a QR code, model 2, 6 dots a module."""
    data = code_bytes(code)
    return b"".join(
        (
            _symbol(b"A2\x00"),  # model 2
            _symbol(b"C\x06"),
            _symbol(b"E1"),  # error correction M
            _symbol(b"P0" + data),
            _symbol(b"Q0"),
            b"\n",
        )
    )


def _symbol(parameters: bytes) -> bytes:
    return b"\x1d(k" + (len(parameters) + 1).to_bytes(2, "little") + b"1" + parameters
