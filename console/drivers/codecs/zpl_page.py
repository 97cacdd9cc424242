"""The test page in ZPL II (Zebra, "ZPL II Programming Guide": ^FO, ^A, ^FH, ^GB, ^GF, ^BQ, ^BC).

Latin rows are in the printer's font D; a row with anything else is a picture, as few of these printers have
Chinese. Media settings (^MN, ^MT) are left as the shop has set them.
"""

from __future__ import annotations

from collections.abc import Callable

from console.domain.ports import TestPage
from console.drivers.codecs.label_page import DOTS, Box, Code, Piece, Text, laid_out, shown

Draw = Callable[[str], tuple[int, bytes]]
"""A row of text as dots: bytes a row of dots, and all of them, highest bit left, 1 is black."""

_OWN = frozenset("^~_")  # ^ and ~ begin commands, _ what ^FH announces


def build_page(page: TestPage, size: tuple[int, int], draw: Draw) -> bytes:
    """All bytes of the page on labels of `size` mm; BadInput for an unprintable code."""
    width, height = (side * DOTS for side in size)
    return b"".join(
        b"^XA^CI28^PW%d^LL%d^LH0,0\r\n" % (width, height)
        + b"".join(_field(piece, draw) + b"\r\n" for piece in label)
        + b"^PQ1^XZ\r\n"
        for label in laid_out(page, size)
    )


def field_data(text: str) -> bytes:
    """^FH^FD…^FS with hexadecimal codes for whatever would be a command."""
    quoted = "".join(f"_{ord(character):02X}" if character in _OWN else character for character in text)
    return b"^FH^FD%s^FS" % quoted.encode("ascii")


def _field(piece: Piece, draw: Draw) -> bytes:
    place = b"^FO%d,%d" % (piece.x, piece.y)
    match piece:
        case Box(_, _, width, height):
            return place + b"^GB%d,%d,%d^FS" % (width, height, min(width, height))
        case Text(_, _, text) if text.isascii() and text.isprintable():
            return place + b"^ADN,18,10" + field_data(text)
        case Text(_, _, text):
            stride, dots = draw(shown(text))
            size = len(dots)
            return place + b"^GFA,%d,%d,%d,%s^FS" % (size, size, stride, dots.hex().upper().encode())
        case Code(_, _, content, module, 0):
            return place + b"^BQN,2,%d" % module + field_data(f"MA,{content}")
        case Code(_, _, content, module, height):
            return place + b"^BY%d^BCN,%d,N,N,N,A" % (module, height) + field_data(content)
