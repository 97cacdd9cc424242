"""Every code that is shown or printed as a picture, drawn in modules by zxing-cpp.

A module is the narrowest bar or the smallest square; it is always a whole number of pixels or dots, so that
what a scanner reads, or does not, is of the size that is written beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from console.domain.errors import BadInput
from console.domain.specimens import SQUARE, Kind
from console.domain.symbology import is_gtin
from console.domain.words import say

# Formats of zxing-cpp with what else it wants to be told, and the white that the standards want at each side
# (EAN-13: 11 and 7; DataBar and the stacked ones: 0 to 2, more does no harm).
_FORMATS: dict[Kind, tuple[str, dict[str, Any], int]] = {
    Kind.EAN_13: ("EAN13", {}, 11),
    Kind.EAN_8: ("EAN8", {}, 7),
    Kind.UPC_A: ("UPCA", {}, 9),
    Kind.UPC_E: ("UPCE", {}, 9),
    Kind.CODE_128: ("Code128", {}, 10),
    Kind.GS1_128: ("Code128", {"gs1": True}, 10),
    Kind.CODE_39: ("Code39", {}, 10),
    Kind.ITF: ("ITF", {}, 10),
    Kind.CODABAR: ("Codabar", {}, 10),
    Kind.DATABAR: ("DataBarOmni", {}, 4),
    Kind.DATABAR_EXPANDED: ("DataBarExp", {}, 4),
    Kind.QR: ("QRCode", {"ec_level": "M"}, 4),
    Kind.DATA_MATRIX: ("DataMatrix", {}, 2),
    Kind.PDF417: ("PDF417", {}, 2),
}
_ASPECT = 0.4  # height of bars to their width with the white
_BAND = 24  # dots
_LEAST_HEIGHT = 24  # modules that bars are high at least: a hand need not aim


@dataclass(frozen=True, slots=True)
class Drawn:
    """A code without the white around it: a byte a module, 0 for black and 255 for white.

    `quiet` modules of white belong at each side. Bars have one row; whoever paints it makes it as high as
    `height`, in modules, says.
    """

    rows: tuple[bytes, ...]
    quiet: int
    height: int

    @property
    def width(self) -> int:
        """Modules from edge to edge, the white included."""
        return len(self.rows[0]) + 2 * self.quiet

    @property
    def tall(self) -> int:
        """Modules from top to bottom, the white included: bars need none there."""
        return self.height + (0 if self.bars else 2 * self.quiet)

    @property
    def bars(self) -> bool:
        """Whether all rows are the same."""
        return len(self.rows) == 1

    def as_high(self, height: int) -> Drawn:
        """The same bars `height` modules high."""
        return replace(self, height=max(1, height))

    def pixels(self, module: int, contrast: int = 100) -> bytes:
        """A grey byte a pixel, `width` by `tall` modules of `module` pixels.

        `contrast` is how much less light comes from ink than from white, in %, on a screen that follows sRGB
        (symbol contrast, ISO/IEC 15416).
        """
        ink, wide = bytes((_grey(1 - contrast / 100),)), module * self.quiet
        lines = []
        for row in self.rows:
            line = b"".join((ink if byte == 0 else b"\xff") * module for byte in row)
            lines.append((b"\xff" * wide + line + b"\xff" * wide) * module)
        if self.bars:
            return lines[0] * self.height
        blank = b"\xff" * (module * self.width * wide)
        return b"".join((blank, *lines, blank))

    def ink(self, module: int, dots: int) -> bytes:
        """The same for a print head `dots` wide: a bit a dot, 1 for ink, in the middle; BadInput if too wide.

        Bars are a multiple of 24 dots high, so that each byte of a column that a printer takes is all ink or
        none: nothing in them can be taken for a command.
        """
        if self.width * module > dots:
            raise BadInput(say("The code is wider than the paper: choose a smaller one"))
        left = (dots - (self.width - 2 * self.quiet) * module) // 2
        lines = []
        for row in self.rows:
            bits = "0" * left + "".join(("1" if byte == 0 else "0") * module for byte in row)
            lines.append(int(bits.ljust(dots, "0"), 2).to_bytes(dots // 8, "big"))
        if self.bars:
            return lines[0] * (-(-self.height * module // _BAND) * _BAND)
        return b"".join(line * module for line in lines)


def kind_of(code: str, init: bool = False) -> Kind:
    """An article's 13 digits stand as EAN-13, all else as Code 128; so do codes that set scanners."""
    return Kind.EAN_13 if len(code) == 13 and is_gtin(code) and not init else Kind.CODE_128


def _grey(light: float) -> int:
    """The value of sRGB that sends `light` of white's (IEC 61966-2-1)."""
    return round(255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


@lru_cache(maxsize=256)
def drawn(kind: Kind, content: str, init: bool = False) -> Drawn:
    """`content` as a code of `kind`; ValueError where it cannot be one.

    `init` makes it a code that sets scanners: FNC3 in front (reader initialisation).
    """
    import zxingcpp  # not needed before somebody tests a scanner

    name, options, quiet = _FORMATS[kind]
    if init:
        options = {**options, "readerInit": True}
    code = zxingcpp.create_barcode(content, getattr(zxingcpp.BarcodeFormat, name), **options)
    image: Any = code.to_image(scale=1, add_quiet_zones=False)
    modules = memoryview(image).tobytes()
    tall, width = image.shape
    rows = tuple(modules[at : at + width] for at in range(0, tall * width, width))
    if kind in SQUARE:
        return Drawn(rows, quiet, tall)
    return Drawn(rows[:1], quiet, max(_LEAST_HEIGHT, round((width + 2 * quiet) * _ASPECT)))
