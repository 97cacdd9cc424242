"""The test page in TSPL (TSC, "TSPL/TSPL2 Programming": SIZE, CLS, TEXT, BAR, QRCODE, BARCODE, PRINT).

Text is in the printer's own Chinese font TSS24.BF2, whose codes are GBK. GAP and BLINE are left as the shop
has set them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from console.domain.ports import TestPage
from console.drivers.codecs.label_page import COLUMN, Box, Code, Piece, Text, laid_out, shown
from console.drivers.codecs.page_text import REPLACEMENT

_FONT = "TSS24.BF2"
_QUOTE = b'\\["]'
_ALIKE = {"¥": "￥"}  # has two bytes only in its wide form
# A backslash and a bracket that stand together by chance would begin an escape; a Chinese character's second
# byte may be that backslash.
_ESCAPE = re.compile(rb"(?<=\\)(?=\[)")


def build_page(page: TestPage, size: tuple[int, int]) -> bytes:
    """All bytes of the page on labels of `size` mm; BadInput for an unprintable code."""
    width, height = size
    out = b"\r\n"  # ends what a broken-off job may have left
    for label in laid_out(page, size):
        out += b"SIZE %d mm,%d mm\r\nCLS\r\n" % (width, height)
        out += b"".join(command + b"\r\n" for piece in label for command in _commands(piece))
        out += b"PRINT 1,1\r\n"
    return out


def text_bytes(text: str) -> bytes:
    """`text` in the font's codes; a visible □ for what it lacks (four-byte codes)."""
    return b"".join(_code(character) for character in shown(text))


def _code(character: str) -> bytes:
    code = _ALIKE.get(character, character).encode("gb18030")
    return code if len(code) < 3 else REPLACEMENT.encode("gb18030")


def _commands(piece: Piece) -> Iterator[bytes]:
    match piece:
        case Box(x, y, width, height):
            yield b"BAR %d,%d,%d,%d" % (x, y, width, height)
        case Text(x, y, text):
            for part in _ESCAPE.split(text_bytes(text)):
                quoted = part.replace(b'"', _QUOTE)
                yield b'TEXT %d,%d,"%s",0,1,1,"%s"' % (x, y, _FONT.encode(), quoted)
                x += COLUMN * len(part)
        case Code(x, y, content, module, 0):
            quoted = content.encode("ascii").replace(b'"', _QUOTE)
            yield b'QRCODE %d,%d,M,%d,A,0,"%s"' % (x, y, module, quoted)
        case Code(x, y, content, module, height):
            yield b'BARCODE %d,%d,"128",%d,0,0,%d,%d,"%s"' % (
                x, y, height, module, module, content.encode("ascii"),
            )  # fmt: skip
