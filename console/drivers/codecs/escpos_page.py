"""The test page in ESC/POS.

Built here and not with python-escpos, because that library writes no GB18030: Chinese printers want
FS & (select Kanji character mode), text in GB18030, then FS . (cancel it).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from console.domain.errors import BadInput
from console.domain.ports import TestPage
from console.domain.words import say
from console.drivers.codecs.escpos import INITIALISE

COLUMNS = {58: 32, 80: 48}  # characters of font A (12 dots) on 384 and 576 dots
REPLACEMENT = "□"
CODE_LIMIT = 64

_CHINESE_ON, _CHINESE_OFF = b"\x1c&", b"\x1c."
_LEFT, _CENTRE = b"\x1ba\x00", b"\x1ba\x01"
_LARGE, _NORMAL = b"\x1d!\x11", b"\x1d!\x00"
_FEED_AND_CUT = b"\x1dVA\x03"  # GS V function B: feed to the cutting position, cut


def build_page(page: TestPage, paper: int, after_init: bytes = b"") -> bytes:
    """All bytes of the page for `paper` mm (58 or 80), the cut last; BadInput for an unprintable code.

    `after_init` goes in behind ESC @, which would undo it if it were sent before.
    """
    columns = COLUMNS[paper]
    parts = [INITIALISE, after_init, _CHINESE_ON, _CENTRE, _LARGE]
    parts += [encoded(line) + b"\n" for line in wrapped(page.title, columns // 2)]
    parts += [_NORMAL, _LEFT]
    parts += [encoded(part) + b"\n" for line in page.lines for part in wrapped(line, columns)]
    parts += [
        ruler(paper),
        _CENTRE,
        qr(page.code),
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


def check_code(code: str) -> None:
    """BadInput for a code that some symbology could not carry."""
    if not (0 < len(code) <= CODE_LIMIT and code.isascii() and code.isprintable()):
        raise BadInput(
            say(
                'The code "{code}" of the test page must be 1 to {limit} ASCII characters',
                code=code,
                limit=CODE_LIMIT,
            )
        )


def qr(code: str) -> bytes:
    """GS ( k, functions 165, 167, 169, 180 and 181: `code` as a QR code, model 2, 6 dots a module."""
    check_code(code)
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
