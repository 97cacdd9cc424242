"""The test page in Star Line Mode, which StarPRNT prints alike.

Chinese models take GB18030 as it is, without a mode to switch on; FS, which ESC/POS uses for that, would
open the drawer here.

Pictures go as bands of ESC X ("STAR Line Mode Command Specifications", Bit Image Graphics, "Fine density
bit image"), the one command for dots of 1/8 mm that Line Mode and StarPRNT share (for StarPRNT unchecked
against its manual; ReceiptPrinterEncoder sends it to both): ESC GS S is StarPRNT's, ESC k and raster mode
are Line Mode's.
"""

from __future__ import annotations

from console.domain.errors import BadInput
from console.domain.head import Head, diagonals, ramp
from console.domain.ports import CodesPage, TestPage
from console.domain.words import say
from console.drivers.codecs.page_text import COLUMNS, GOODS, code_bytes, head_numbers, ruler, set_lines
from console.drivers.codecs.star import INITIALISE

_FONT = b"\x1b\x1eF\x00"  # ESC RS F: 12 dots wide
_LEFT, _CENTRE = b"\x1b\x1da\x00", b"\x1b\x1da\x01"  # ESC GS a
_LARGE, _NORMAL = b"\x1bi\x01\x01", b"\x1bi\x00\x00"  # ESC i: height, width
_BAND_FEED, _LINE_FEED = b"\x1b0", b"\x1bz\x01"  # ESC 0: LF feeds 3 mm, which is a band; ESC z: 4 mm
_BAND = 24  # dots
_FEED_AND_CUT = b"\x1bd\x03"  # ESC d
_AT_ONCE = (0x04, 0x05, 0x1C)  # EOT, ENQ, FS: carried out wherever they stand
# What a byte of a picture must not be, and the ink that makes it another: EOT, ENQ, ACK (of ESC ACK SOH),
# BEL; EM, SUB, FS. The manual has EOT, ENQ, ESC ACK SOH and FS (drawer 1) carried out when they are received
# and not when their turn comes; nowhere does it except the data of a picture. BEL, EM and SUB wait for their
# turn, but "data after d1 is handled as normal data" where a picture is wider than the printer's line.
_DANGEROUS = {**dict.fromkeys((0x04, 0x05, 0x06, 0x07), 0x08), **dict.fromkeys((0x19, 0x1A, 0x1C), 0x20)}
_HARMLESS = bytes(byte | _DANGEROUS.get(byte, 0) for byte in range(256))
_EAN13, _CODE128 = b"3", b"6"
_NARROWEST = {2: b"1", 3: b"2"}  # dots a module


def build_page(page: TestPage, paper: int, after_init: bytes = b"") -> bytes:
    """All bytes of the page for `paper` mm (58 or 80), the cut last; BadInput for an unprintable code.

    `after_init` goes in behind ESC @.
    """
    columns, head = COLUMNS[paper], Head.of(paper)
    parts = [INITIALISE, after_init, _FONT, _CENTRE, _LARGE]
    parts += [set_lines(page.title, columns // 2), _NORMAL, _LEFT]
    parts += [set_lines(line, columns) for line in page.lines]
    if isinstance(page, CodesPage):
        for caption, rows in page.pictures(head):
            parts += [set_lines(caption, columns), picture(rows, head.dots)]
    else:
        parts += _proof(page.code, columns, head.dots)
    return b"".join((*parts, _FEED_AND_CUT))


def _proof(code: str, columns: int, dots: int) -> list[bytes]:
    """Ruler, pattern and codes, by which a page shows that it came out whole."""
    square = qr(code)
    return [
        ruler(columns),
        picture(ramp(dots), dots),
        head_numbers(dots),
        picture(diagonals(dots), dots),
        _CENTRE,
        barcode(_EAN13, GOODS[:-1], module=3),  # the printer adds the check digit
        dense(code, dots),
        square,
        set_lines(code, columns),
        _LEFT,
    ]


def picture(rows: bytes, dots: int) -> bytes:
    """ESC X for each band of 24 rows, column by column from the top; the last band is filled with white.

    A byte that would be a command to a printer that looks for it everywhere gets one dot more, above or below
    in the same column, which nobody sees and which hides no dead dot.
    """
    width = dots // 8
    bands = []
    for start in range(0, len(rows), _BAND * width):
        band = rows[start : start + _BAND * width].ljust(_BAND * width, b"\x00")
        bands.append(b"\x1bX" + dots.to_bytes(2, "little") + _on_end(band, dots).translate(_HARMLESS) + b"\n")
    return b"".join((_BAND_FEED, *bands, _LINE_FEED))


def _on_end(band: bytes, dots: int) -> bytes:
    """Rows as columns of three bytes."""
    width = dots // 8
    bits = [f"{int.from_bytes(band[at : at + width], 'big'):0{dots}b}" for at in range(0, len(band), width)]
    return b"".join(int("".join(column), 2).to_bytes(_BAND // 8, "big") for column in zip(*bits, strict=True))


def barcode(kind: bytes, data: bytes, module: int) -> bytes:
    """ESC b: a bar code with its text below, then an empty line, `module` dots (2 or 3), 64 dots high."""
    return b"\x1bb" + kind + b"2" + _NARROWEST[module] + b"\x40" + data + b"\x1e\n"


def dense(code: str, dots: int) -> bytes:
    """`code` as a Code 128 of 2 dots a module, nothing where it could be wider than `dots`.

    The printer chooses the code set; % begins its names for control characters, and %0 is itself.
    """
    if (11 * len(code) + 35) * 2 > dots:
        return b""
    return barcode(_CODE128, code.replace("%", "%0").encode("ascii"), module=2)


def qr(code: str) -> bytes:
    """ESC GS y: `code` as a QR code, model 2, error correction M, 6 dots a cell.

    BadInput for a code of 4, 5 or 28 characters: its length would be taken for EOT, ENQ or FS.
    """
    data = code_bytes(code)
    if len(data) in _AT_ONCE:
        raise BadInput(
            say(
                "A Star printer cannot be sent a QR code of {count} characters: {code}",
                count=len(data),
                code=code,
            )
        )
    return b"".join(
        (
            b"\x1b\x1dyS0\x02",  # model 2
            b"\x1b\x1dyS1\x01",  # error correction M
            b"\x1b\x1dyS2\x06",
            b"\x1b\x1dyD1\x00" + len(data).to_bytes(2, "little") + data,
            b"\x1b\x1dyP\n",
        )
    )
