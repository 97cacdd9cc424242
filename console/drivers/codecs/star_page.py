"""The test page in Star Line Mode, which StarPRNT prints alike.

Chinese models take GB18030 as it is, without a mode to switch on; FS, which ESC/POS uses for that, would
open the drawer here.
"""

from __future__ import annotations

from console.domain.errors import BadInput
from console.domain.ports import TestPage
from console.domain.words import say
from console.drivers.codecs.page_text import COLUMNS, code_bytes, ruler, set_lines
from console.drivers.codecs.star import INITIALISE

_FONT = b"\x1b\x1eF\x00"  # ESC RS F: 12 dots wide
_LEFT, _CENTRE = b"\x1b\x1da\x00", b"\x1b\x1da\x01"  # ESC GS a
_LARGE, _NORMAL = b"\x1bi\x01\x01", b"\x1bi\x00\x00"  # ESC i: height, width
_FEED_AND_CUT = b"\x1bd\x03"  # ESC d
_ASKING = (0x04, 0x05)  # EOT, ENQ: answered wherever they stand


def build_page(page: TestPage, paper: int, after_init: bytes = b"") -> bytes:
    """All bytes of the page for `paper` mm (58 or 80), the cut last; BadInput for an unprintable code.

    `after_init` goes in behind ESC @.
    """
    columns = COLUMNS[paper]
    parts = [INITIALISE, after_init, _FONT, _CENTRE, _LARGE]
    parts += [set_lines(page.title, columns // 2), _NORMAL, _LEFT]
    parts += [set_lines(line, columns) for line in page.lines]
    parts += [ruler(paper), _CENTRE, qr(page.code), set_lines(page.code, columns), _LEFT, _FEED_AND_CUT]
    return b"".join(parts)


def qr(code: str) -> bytes:
    """ESC GS y: `code` as a QR code, model 2, error correction M, 6 dots a cell.

    BadInput for a code of 4 or 5 characters: its length would be taken for EOT or ENQ.
    """
    data = code_bytes(code)
    if len(data) in _ASKING:
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
