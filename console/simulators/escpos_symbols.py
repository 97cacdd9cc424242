"""Bar codes (GS k with GS h, w, H, f) and two-dimensional codes (GS ( k), as they are told to the printer.

Sizes are those that the symbol's rules give or come close to.
"""

from __future__ import annotations

from collections.abc import Iterator

from console.simulators.paper import Symbol

_BARCODES = ("UPC-A", "UPC-E", "EAN13", "EAN8", "CODE39", "ITF", "CODABAR", "CODE93", "CODE128", "GS1-128")
_TWO_DIMENSIONAL = {
    48: "PDF417",
    49: "QR",
    50: "MAXICODE",
    51: "DATABAR",
    52: "COMPOSITE",
    53: "AZTEC",
    54: "DATAMATRIX",
}
_FIXED_MODULES = {"UPC-A": 95, "UPC-E": 51, "EAN13": 95, "EAN8": 67}
_UNCHECKED = {"UPC-A": 11, "EAN13": 12, "EAN8": 7}  # digits without the check digit
_LIMIT = 7089  # the most characters that any of these codes holds


class Symbols:
    """Settings and stored data of codes, and the commands that set and print them."""

    commands = ("GS k", "GS h", "GS w", "GS H", "GS ( k", "ESC Z")

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """As after ESC @."""
        self._height = 162
        self._module = 3
        self._hri = False
        self._size = 3  # dots: a module of a two-dimensional code
        self._stored: dict[int, bytes] = {}

    def execute(self, name: str, data: bytes) -> Iterator[Symbol]:
        """Carry out one command of `commands`; yields the code that it prints."""
        match name:
            case "GS h":
                self._height = data[0] or 1
            case "GS w":
                self._module = min(6, max(1, data[0]))
            case "GS H":
                self._hri = data[0] & 3 != 0
            case "GS k":
                yield from self._barcode(data[0], data[1:])
            case "GS ( k" if len(data) >= 2:
                yield from self._two_dimensional(data[0], data[1], data[2:])
            case "ESC Z" if len(data) > 5:
                self._size = max(1, data[2])
                yield self._square("QR", data[5:])
            case _:
                return

    def _barcode(self, m: int, data: bytes) -> Iterator[Symbol]:
        number = m - 65 if m >= 65 else m
        if not data or number >= len(_BARCODES):
            return
        kind = _BARCODES[number]
        modules = _FIXED_MODULES.get(kind, 11 * len(data) + 35)
        height = self._height + (26 if self._hri else 0)
        yield Symbol(0, kind, _code_text(kind, data), modules * self._module, height, self._hri)

    def _two_dimensional(self, family: int, function: int, data: bytes) -> Iterator[Symbol]:
        """GS ( k: 67 size of a module, 80 store, 81 print."""
        if function == 67 and data:
            self._size = min(16, max(1, data[0]))
        elif function == 80 and len(data) > 1 and family in _TWO_DIMENSIONAL:
            self._stored[family] = data[1 : _LIMIT + 1]
        elif function == 81 and self._stored.get(family):
            yield self._square(_TWO_DIMENSIONAL[family], self._stored[family])

    def _square(self, kind: str, data: bytes) -> Symbol:
        modules = 21 + 4 * next(version for version in range(40) if (version + 2) ** 2 * 12 >= len(data))
        return Symbol(0, kind, _decoded(data), modules * self._size, modules * self._size)


def _decoded(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("gb18030", "replace")


def _checked(digits: str) -> str:
    """EAN and UPC: with their check digit, which the printer adds."""
    total = sum(int(digit) * (3, 1)[at % 2] for at, digit in enumerate(reversed(digits)))
    return digits + str(-total % 10)


def _code_text(kind: str, data: bytes) -> str:
    """What a scanner would read: with the check digit; CODE128 without code-set marks, set C as digits."""
    if data.isdigit() and _UNCHECKED.get(kind) == len(data):
        return _checked(data.decode())
    if kind != "CODE128" or not data.startswith(b"{"):
        return _decoded(data)
    out, chosen, at = "", "B", 0
    while at < len(data):
        if data[at] == 0x7B and at + 1 < len(data):
            mark = chr(data[at + 1])
            chosen = mark if mark in "ABC" else chosen
            out += "{" if mark == "{" else ""
            at += 2
            continue
        out += f"{data[at]:02d}" if chosen == "C" else chr(data[at])
        at += 1
    return out
