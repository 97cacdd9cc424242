"""The test page in ESC/POS.

Built here and not with python-escpos, because that library writes no GB18030: Chinese printers want
FS & (select Kanji character mode), text in GB18030, then FS . (cancel it).
"""

from __future__ import annotations

from console.domain.ports import TestPage
from console.drivers.codecs.escpos import INITIALISE
from console.drivers.codecs.page_text import COLUMNS, code_bytes, ruler, set_lines

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
    parts += [set_lines(page.title, columns // 2), _NORMAL, _LEFT]
    parts += [set_lines(line, columns) for line in page.lines]
    parts += [
        ruler(paper),
        _CENTRE,
        qr(page.code),
        set_lines(page.code, columns),
        _LEFT,
        _CHINESE_OFF,
        _FEED_AND_CUT,
    ]
    return b"".join(parts)


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
