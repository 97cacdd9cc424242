"""What a printer has put on paper: lines of text, pictures and codes, in dots (8 to the millimetre)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from unicodedata import east_asian_width

WIDTH = 576  # dots: 72 mm of an 80 mm roll
COLUMN = 12  # dots: one character of font A
ROLL = 100_000  # dots: a ticket longer than this is torn off, so that paper never fills the memory


class Style(NamedTuple):
    """How characters look; wide and high are 1 to 8."""

    bold: bool = False
    underline: int = 0
    reverse: bool = False
    upside_down: bool = False
    small: bool = False
    wide: int = 1
    high: int = 1

    def cell(self, char: str) -> tuple[int, int]:
        """Width and height of a character in dots: font A 12×24, font B 9×17, Chinese 24×24."""
        chinese = east_asian_width(char) in "WF"
        width, height = (24, 24) if chinese else (9, 17) if self.small else (COLUMN, 24)
        return width * self.wide, height * self.high


class Run(NamedTuple):
    """Characters of one style, from x on."""

    x: int
    text: str
    style: Style
    spacing: int = 0

    @property
    def width(self) -> int:
        """Dots."""
        return sum(self.style.cell(char)[0] + self.spacing * self.style.wide for char in self.text)

    @property
    def height(self) -> int:
        """Dots."""
        return max((self.style.cell(char)[1] for char in self.text), default=0)


class Bits(NamedTuple):
    """A picture from x on: rows of (width+7)//8 bytes, highest bit left, 1 is black; drawn scaled."""

    x: int
    columns: int
    lines: int
    rows: bytes
    scale_x: int = 1
    scale_y: int = 1

    @property
    def width(self) -> int:
        """Dots."""
        return self.columns * self.scale_x

    @property
    def height(self) -> int:
        """Dots."""
        return self.lines * self.scale_y

    @property
    def text(self) -> str:
        """How it shows in plain text."""
        return f"[picture {self.width}x{self.height}]"


class Symbol(NamedTuple):
    """A bar code or two-dimensional code from x on; `content` as decoded, `hri` where it is also written."""

    x: int
    kind: str
    content: str
    width: int
    height: int
    hri: bool = False

    @property
    def text(self) -> str:
        """How it shows in plain text."""
        return f"[{self.kind} {self.content}]"


Item = Run | Bits | Symbol


class Line(NamedTuple):
    """What was printed in one go, and how far the paper then moved, in dots."""

    items: tuple[Item, ...]
    feed: int
    dead: tuple[int, ...] = ()  # columns that stayed white, whatever stands there

    @property
    def height(self) -> int:
        """Dots of paper used: never less than what is on it."""
        return max(self.feed, self.inked)

    @property
    def inked(self) -> int:
        """Dot rows that have something on them."""
        return max((item.height for item in self.items), default=0)

    @property
    def text(self) -> str:
        """The line in columns of font A, without trailing spaces."""
        out, column = "", 0
        for item in sorted(self.items, key=lambda item: item.x):
            gap = max(0, item.x // COLUMN - column)
            out += " " * gap + item.text
            column += gap + item.width // COLUMN
        return out.rstrip()


class Ticket:
    """One piece of paper, from cut to cut; `height` in dots."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.height = 0

    def add(self, line: Line) -> None:
        """Put a line below the others."""
        self.lines.append(line)
        self.height += line.height

    @property
    def text(self) -> str:
        """The ticket as plain text, one line a line; blank feeds shorter than a line are left out."""
        return "".join(f"{line.text}\n" for line in self.lines if line.items or line.feed >= 24)

    def symbols(self) -> Iterator[Symbol]:
        """The codes on it, from the top."""
        return (item for line in self.lines for item in line.items if isinstance(item, Symbol))
