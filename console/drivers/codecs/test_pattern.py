"""What shows a print head's weaknesses: a ramp of greys and diagonals on which one dead dot leaves a gap.

A picture is rows of bytes, the highest bit leftmost, 1 for ink, `dots` wide (a multiple of PITCH).
"""

from __future__ import annotations

GREYS = 8
RAMP_ROWS = 24
PITCH = 48  # dots from one diagonal to the next, and its height in rows
_THICK = 3  # rows of ink in each column: a gap of one dot is seen without a lens
_ORDERED = ((0, 8, 2, 10), (12, 4, 14, 6), (3, 11, 1, 9), (15, 7, 13, 5))  # Bayer's 4 x 4 thresholds of 16


def ramp(dots: int) -> bytes:
    """GREYS fields side by side, from almost white to black: a worn head shows stripes, a cold one gaps."""

    def shade(level: int, thresholds: tuple[int, ...]) -> bytes:
        return bytes([int("".join("01"[each < level] for each in 2 * thresholds), 2)])

    levels, width = range(16 // GREYS, 17, 16 // GREYS), dots // GREYS // 8
    rows = (b"".join(shade(level, row) * width for level in levels) for row in _ORDERED)
    return b"".join(rows) * (RAMP_ROWS // len(_ORDERED))


def diagonals(dots: int) -> bytes:
    """Every column of dots is inked once, `_THICK` rows high, on lines that fall to the right."""
    pen, inside = (1 << _THICK) - 1 << PITCH - 1, (1 << PITCH) - 1
    rows = ((pen >> y & inside).to_bytes(PITCH // 8, "big") for y in range(PITCH + _THICK))
    return b"".join(row * (dots // PITCH) for row in rows)
