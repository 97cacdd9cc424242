"""A row of text drawn as dots, for printers without Chinese."""

from __future__ import annotations

from functools import lru_cache

from PIL import Image, ImageDraw

from console.drivers.codecs.label_page import COLUMN
from console.platforms.fonts import font

_HEIGHT = 24
_SIZE = 22
_BASE = 20  # dots from the top to the characters' foot


def drawn(text: str) -> tuple[int, bytes]:
    """`text` as bytes a row of dots, and all its dots, highest bit left, 1 is black.

    A character that the system's font lacks stands as a box with a cross.
    """
    widths = [COLUMN * (1 if character.isascii() else 2) for character in text]
    row = Image.new("1", (sum(widths), _HEIGHT))
    draw, face, x = ImageDraw.Draw(row), font(_SIZE), 0
    for character, width in zip(text, widths, strict=True):
        if _lacks(character):
            draw.rectangle((x + 2, 2, x + width - 3, _BASE), outline=1)
            draw.line((x + 2, 2, x + width - 3, _BASE), 1)
        else:
            draw.text((x, _BASE), character, 1, face, "ls")
        x += width
    return (row.width + 7) // 8, row.tobytes()


@lru_cache(maxsize=4096)
def _lacks(character: str) -> bool:
    """Whether the font shows for `character` what it shows for one that does not exist."""
    if character.isspace():
        return False
    face = font(_SIZE)
    return bytes(face.getmask(character)) == bytes(face.getmask("\U0010ffff"))
