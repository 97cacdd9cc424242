"""The test page in ESC/POS.

Built here and not with python-escpos, because that library writes no GB18030: Chinese printers want
FS & (select Kanji character mode), text in GB18030, then FS . (cancel it).
"""

from __future__ import annotations

import re

from console.domain.ports import TestPage
from console.drivers.codecs.escpos import INITIALISE
from console.drivers.codecs.page_text import COLUMNS, code_bytes, ruler, set_lines
from console.drivers.codecs.test_pattern import PITCH, diagonals, ramp

DOTS = {58: 384, 80: 576}  # across the paper of so many mm

_CHINESE_ON, _CHINESE_OFF = b"\x1c&", b"\x1c."
_LEFT, _CENTRE = b"\x1ba\x00", b"\x1ba\x01"
_LARGE, _NORMAL = b"\x1d!\x11", b"\x1d!\x00"
_REALTIME = re.compile(rb"\x10(?=[\x04\x05\x14])")
_DOTS_A = 12  # a character of font A
_EAN13, _CODE128 = 67, 73
_GOODS = b"6901234567892"  # a number from the range of Chinese goods, with its check digit
_FEED_AND_CUT = b"\x1dVA\x03"  # GS V function B: feed to the cutting position, cut


def build_page(page: TestPage, paper: int, after_init: bytes = b"") -> bytes:
    """All bytes of the page for `paper` mm (58 or 80), the cut last; BadInput for an unprintable code.

    `after_init` goes in behind ESC @, which would undo it if it were sent before.
    """
    columns, dots, code = COLUMNS[paper], DOTS[paper], qr(page.code)
    parts = [INITIALISE, after_init, _CHINESE_ON, _CENTRE, _LARGE]
    parts += [set_lines(page.title, columns // 2), _NORMAL, _LEFT]
    parts += [set_lines(line, columns) for line in page.lines]
    parts += [
        ruler(paper),
        picture(ramp(dots), dots),
        columns_of_diagonals(paper),
        picture(diagonals(dots), dots),
        b"\n",
        _CENTRE,
        barcode(_EAN13, _GOODS, module=3),
        dense(page.code, paper),
        code,
        set_lines(page.code, columns),
        _LEFT,
        _CHINESE_OFF,
        _FEED_AND_CUT,
    ]
    return b"".join(parts)


def columns_of_diagonals(paper: int) -> bytes:
    """The number of the first dot under each diagonal's head, so that a gap can be named."""
    places = range(0, DOTS[paper], 2 * PITCH)
    return "".join(f"|{place:<{2 * PITCH // _DOTS_A - 1}}" for place in places).encode("ascii") + b"\n"


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


def dense(code: str, paper: int) -> bytes:
    """`code` as a Code 128 of 2 dots a module, nothing where it would be wider than the paper.

    Code set B alone: set C packs digits into bytes, and 16 04 would become a realtime command.
    """
    if (11 * len(code) + 35) * 2 > DOTS[paper]:
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
