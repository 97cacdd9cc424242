"""A print head's dots, and the pattern that shows the dead ones, on the test page and on the screen.

A picture is rows of bytes, the highest bit leftmost, 1 for ink, `dots` wide (a multiple of 8).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

GREYS = 8
RAMP_ROWS = 24
PITCH = 48  # dots from one diagonal to the next, and its height in rows
THICK = 3  # rows of ink in each column: a gap of one dot is seen without a lens
ROWS = PITCH + THICK  # of the diagonals
_WIDTHS = {58: 48.5, 80: 72.5}  # mm that are printed at most on paper of so many mm
_DOTS_PER_MM = 8.0  # at 203 dpi
_ORDERED = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))  # Bayer's 4 x 4 thresholds of 16


@dataclass(frozen=True, slots=True)
class Head:
    """The dots of a line, and how close they stand."""

    dots: int
    dots_per_mm: float = _DOTS_PER_MM

    @classmethod
    def of(cls, paper: int, dots: int = 0, dots_per_mm: float = 0.0) -> Head:
        """A head for `paper` mm (58 or 80); `dots` and `dots_per_mm` are the model's where they are known."""
        density = dots_per_mm or _DOTS_PER_MM
        most = int(_WIDTHS[paper] * density) // 8 * 8
        return cls(min(dots or most, most), density)

    def mm(self, column: int) -> float:
        """How far a column's left edge is from that of the first."""
        return column / self.dots_per_mm


def numbers(dots: int) -> tuple[int, ...]:
    """The first column of each diagonal, which is printed above it so that a gap can be named."""
    return tuple(range(0, dots, PITCH))


@cache
def ramp(dots: int) -> bytes:
    """GREYS fields side by side, from almost white to black: a worn head shows stripes, a cold one gaps."""

    def ink(x: int, y: int) -> bool:
        level = (x * GREYS // dots + 1) * 16 // GREYS
        return _ORDERED[y % 4][x % 4] < level

    return _rows(dots, RAMP_ROWS, ink)


@cache
def diagonals(dots: int) -> bytes:
    """Every column of dots is inked once, THICK rows high, on lines that fall to the right."""
    return _rows(dots, ROWS, lambda x, y: 0 <= y - x % PITCH < THICK)


def _rows(dots: int, rows: int, ink: Callable[[int, int], bool]) -> bytes:
    packed = bytearray()
    for y in range(rows):
        bits = int("".join("1" if ink(x, y) else "0" for x in range(dots)), 2)
        packed += bits.to_bytes(dots // 8, "big")
    return bytes(packed)
