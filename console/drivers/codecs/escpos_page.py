"""The test page in ESC/POS.

Built here and not with python-escpos, because that library writes no GB18030: Chinese printers want
FS & (select Kanji character mode), text in GB18030, then FS . (cancel it).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import pairwise

from console.domain.errors import BadInput
from console.domain.ports import TestPage
from console.domain.words import say
from console.drivers.codecs.escpos import INITIALISE
from console.drivers.codecs.test_pattern import PITCH, diagonals, ramp

DOTS = {58: 384, 80: 576}  # across the paper of so many mm
COLUMNS = {58: 32, 80: 48}  # characters of font A (12 dots) on them
REPLACEMENT = "□"
CODE_LIMIT = 64

_CHINESE_ON, _CHINESE_OFF = b"\x1c&", b"\x1c."
_LEFT, _CENTRE = b"\x1ba\x00", b"\x1ba\x01"
_LARGE, _NORMAL = b"\x1d!\x11", b"\x1d!\x00"
_DLE, _REALTIME = 0x10, frozenset({0x04, 0x05, 0x14})
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
    parts += [encoded(line) + b"\n" for line in wrapped(page.title, columns // 2)]
    parts += [_NORMAL, _LEFT]
    parts += [encoded(part) + b"\n" for line in page.lines for part in wrapped(line, columns)]
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
        encoded(page.code) + b"\n",
        _LEFT,
        _CHINESE_OFF,
        _FEED_AND_CUT,
    ]
    return b"".join(parts)


def encoded(text: str) -> bytes:
    """`text` in GB18030; whatever a printer cannot show stands as a visible □."""
    return "".join(map(_printable, text)).encode("gb18030")


def _printable(character: str) -> str:
    # Category C holds control, unassigned and surrogate characters; no printer has glyphs beyond the BMP.
    unknown = unicodedata.category(character)[0] == "C" or ord(character) > 0xFFFF
    return REPLACEMENT if unknown else character


def wrapped(text: str, columns: int) -> Iterator[str]:
    """`text` in lines of at most `columns`, a Chinese character taking two; an empty text is one line."""
    line, used = "", 0
    for character in text:
        width = 1 if len(encoded(character)) == 1 else 2
        if used + width > columns:
            yield line
            line, used = "", 0
        line, used = line + character, used + width
    yield line


def ruler(paper: int) -> bytes:
    """Two lines that reach from edge to edge: a cut-off digit shows a wrong paper width."""
    columns = COLUMNS[paper]
    tens = "".join(f"{column:>10}" for column in range(10, columns + 1, 10)).ljust(columns - 1) + "|"
    units = "".join(str(column % 10) for column in range(1, columns + 1))
    return f"{tens}\n{units}\n".encode("ascii")


def columns_of_diagonals(paper: int) -> bytes:
    """The number of the first dot under each diagonal's head, so that a gap can be named."""
    places = range(0, DOTS[paper], 2 * PITCH)
    return "".join(f"|{place:<{2 * PITCH // _DOTS_A - 1}}" for place in places).encode("ascii") + b"\n"


def picture(rows: bytes, dots: int) -> bytes:
    """GS v 0: a picture `dots` wide at its true size.

    Printers carry out DLE EOT, DLE ENQ and DLE DC4 even where they stand in picture data, so no row may
    hold such bytes: one dot more is drawn instead, which nobody sees.
    """
    harmless = bytearray(rows)
    for at, (first, second) in enumerate(pairwise(rows)):
        if first == _DLE and second in _REALTIME:
            harmless[at] |= 0x20
    width, height = dots // 8, len(rows) * 8 // dots
    return b"\x1dv0\x00" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + bytes(harmless)


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
    if not (0 < len(code) <= CODE_LIMIT and code.isascii() and code.isprintable()):
        raise BadInput(
            say(
                'The code "{code}" of the test page must be 1 to {limit} ASCII characters',
                code=code,
                limit=CODE_LIMIT,
            )
        )
    return b"".join(
        (
            _symbol(b"A2\x00"),  # model 2
            _symbol(b"C\x06"),
            _symbol(b"E1"),  # error correction M
            _symbol(b"P0" + code.encode("ascii")),
            _symbol(b"Q0"),
            b"\n",
        )
    )


def _symbol(parameters: bytes) -> bytes:
    return b"\x1d(k" + (len(parameters) + 1).to_bytes(2, "little") + b"1" + parameters
