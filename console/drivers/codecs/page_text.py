"""What the test pages of all receipt printers share: text in GB18030, its wrapping, the ruler, the code."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from console.domain.errors import BadInput
from console.domain.head import PITCH, numbers
from console.domain.words import say

COLUMNS = {58: 32, 80: 48}  # characters of 12 dots on 384 and 576 dots
REPLACEMENT = "□"
CODE_LIMIT = 64
GOODS = b"6901234567892"  # a number from the range of Chinese goods, with its check digit
CHARACTER = 12  # dots


def encoded(text: str, characters: str = "gb18030") -> bytes:
    """`text` for a printer of those `characters`: `gb18030`, `utf8`, or `ascii` where it has no others.

    Whatever it cannot show stands as a visible □, or ? where it has none.
    """
    return "".join(map(_printable, text)).encode(characters, "replace")


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


def set_lines(text: str, columns: int, characters: str = "gb18030") -> bytes:
    """`text` wrapped and encoded, each line with its LF."""
    return b"".join(encoded(line, characters) + b"\n" for line in wrapped(text, columns))


def ruler(columns: int) -> bytes:
    """Two lines that reach from edge to edge: a cut-off digit shows a wrong paper width."""
    tens = "".join(f"{column:>10}" for column in range(10, columns + 1, 10)).ljust(columns - 1) + "|"
    units = "".join(str(column % 10) for column in range(1, columns + 1))
    return f"{tens}\n{units}\n".encode("ascii")


def head_numbers(dots: int) -> bytes:
    """The number of each diagonal above its first dot, where it fits on the paper whole."""
    labels = {number: f"|{number}" for number in numbers(dots)}
    fitting = [each for at, each in labels.items() if at + len(each) * CHARACTER <= dots]
    return "".join(each.ljust(PITCH // CHARACTER) for each in fitting).rstrip().encode("ascii") + b"\n"


def code_bytes(code: str) -> bytes:
    """`code` as a QR code holds it; BadInput where it cannot be printed."""
    if not (0 < len(code) <= CODE_LIMIT and code.isascii() and code.isprintable()):
        raise BadInput(
            say(
                'The code "{code}" of the test page must be 1 to {limit} ASCII characters',
                code=code,
                limit=CODE_LIMIT,
            )
        )
    return code.encode("ascii")
