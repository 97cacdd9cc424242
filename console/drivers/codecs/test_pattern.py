"""What shows a print head's weaknesses: a ramp of greys and diagonals on which one dead dot leaves a gap.

A picture is rows of bytes, the highest bit leftmost, 1 for ink, `dots` wide (a multiple of 8).
"""

from __future__ import annotations

from collections.abc import Callable

GREYS = 8
RAMP_ROWS = 24
PITCH = 48  # dots from one diagonal to the next, and its height in rows
_THICK = 3  # rows of ink in each column: a gap of one dot is seen without a lens
_ORDERED = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))  # Bayer's 4 x 4 thresholds of 16


def ramp(dots: int) -> bytes:
    """GREYS fields side by side, from almost white to black: a worn head shows stripes, a cold one gaps."""

    def ink(x: int, y: int) -> bool:
        level = (x * GREYS // dots + 1) * 16 // GREYS
        return _ORDERED[y % 4][x % 4] < level

    return _rows(dots, RAMP_ROWS, ink)


def diagonals(dots: int) -> bytes:
    """Every column of dots is inked once, `_THICK` rows high, on lines that fall to the right."""
    return _rows(dots, PITCH + _THICK, lambda x, y: 0 <= y - x % PITCH < _THICK)


def _rows(dots: int, rows: int, ink: Callable[[int, int], bool]) -> bytes:
    packed = bytearray()
    for y in range(rows):
        bits = int("".join("1" if ink(x, y) else "0" for x in range(dots)), 2)
        packed += bits.to_bytes(dots // 8, "big")
    return bytes(packed)
