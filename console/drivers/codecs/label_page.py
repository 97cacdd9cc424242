"""Where everything of a test page stands on labels, in dots (8 to the mm); the languages only write it down.

A page that does not fit on one label goes on on the next; nothing is left out without a visible mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from console.domain.breaks import QR_SIDES
from console.domain.errors import BadInput
from console.domain.ports import CodesPage, TestPage
from console.domain.words import say
from console.drivers.codecs.page_text import code_bytes, encoded, wrapped

DOTS = 8  # a mm at 203 dpi
COLUMN, ROW = 12, 26  # dots of a Latin character's place; Chinese takes two columns
MOST_ROWS = 4  # of one line of the page
CUT_OFF = "..."  # ends a line that was too long

_MARGIN = 8
_TICK = 10  # the ruler's tallest mark
_BARCODE_HEIGHT = 48
_PLAIN = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz- ")


class Text(NamedTuple):
    """One row of characters, printable ones only."""

    x: int
    y: int
    text: str


class Box(NamedTuple):
    """A black rectangle."""

    x: int
    y: int
    width: int
    height: int


class Code(NamedTuple):
    """A QR code (height 0) or a Code 128, `module` dots the narrowest part."""

    x: int
    y: int
    content: str
    module: int
    height: int


Piece = Text | Box | Code


def laid_out(page: TestPage, size: tuple[int, int]) -> list[list[Piece]]:
    """The pieces of each label of `size` mm; BadInput for a code that cannot be printed, or too many."""
    if isinstance(page, CodesPage):
        raise BadInput(say("A label is too small for this page: choose a receipt printer"))
    code_bytes(page.code)
    width, height = size[0] * DOTS, size[1] * DOTS
    labels: list[list[Piece]] = [[]]
    y = _MARGIN
    for tall, pieces in (*_texts(page, width), _ruler(width), *_codes(page.code, width, height)):
        if y + tall > height - _MARGIN and labels[-1]:
            labels.append([])
            y = _MARGIN
        labels[-1] += [piece._replace(y=piece.y + y) for piece in pieces]
        y += tall
    return labels


_Group = tuple[int, list[Piece]]  # its height and its pieces, counted from its top


def _texts(page: TestPage, width: int) -> Iterator[_Group]:
    columns = (width - 2 * _MARGIN) // COLUMN
    for line in (page.title, *page.lines):
        for row in _rows(line, columns):
            yield ROW, [Text(_MARGIN, 0, row)]


def _rows(line: str, columns: int) -> list[str]:
    """A line in rows; what is beyond the most rows gives way to three dots."""
    limit = columns * MOST_ROWS
    rows = list(wrapped(line[: limit + 1], columns))
    if len(rows) <= MOST_ROWS:
        return rows
    last = next(wrapped(rows[MOST_ROWS - 1], columns - len(CUT_OFF)))
    return [*rows[: MOST_ROWS - 1], last + CUT_OFF]


def _ruler(width: int) -> _Group:
    """From edge to edge, a mark each 5 mm, a tall one each 10: what is missing shows a wrong width."""
    marks = [
        Box(x, 0, 2, _TICK if x % (10 * DOTS) == 0 else _TICK // 2) for x in range(0, width - 1, 5 * DOTS)
    ]
    return _TICK + 6, [*marks, Box(width - 2, 0, 2, _TICK), Box(0, _TICK, width, 2)]


def _codes(code: str, width: int, height: int) -> Iterator[_Group]:
    """QR code, with the code in clear beside it where there is room, else below; then bars."""
    modules = next(side for side, room in QR_SIDES if len(code) <= room)
    cell = max(2, min(5, (min(width, height) - 2 * _MARGIN) // (modules + 8)))
    quiet, side = 4 * cell, modules * cell
    beside = _MARGIN + side + 2 * quiet
    square: list[Piece] = [Code(_MARGIN + quiet, quiet, code, cell, 0)]
    fits = beside + COLUMN * len(code) <= width - _MARGIN
    if fits:
        square.append(Text(beside, quiet, code))
    yield side + 2 * quiet, square
    bars = _bar_modules(code)
    # Too long for this label, or with a character that a language gives a meaning: the QR code carries it.
    if bars <= width and _PLAIN.issuperset(code):
        module = 2 if 2 * bars <= width else 1
        yield _BARCODE_HEIGHT + 6, [Code(10 * module, 0, code, module, _BARCODE_HEIGHT)]
    for row in () if fits else wrapped(code, (width - 2 * _MARGIN) // COLUMN):
        yield ROW, [Text(_MARGIN, 0, row)]


def _bar_modules(code: str) -> int:
    """The width of a Code 128 with its quiet zones: runs of digits take half the room, and two changes."""
    pairs = [len(run) // 2 for run in re.findall("[0-9]{4,}", code)]
    return 11 * (len(code) - sum(pairs) + 2 * len(pairs)) + 35 + 20


def shown(text: str) -> str:
    """`text` as it can be printed at all: a visible □ for the rest."""
    return encoded(text).decode("gb18030")
