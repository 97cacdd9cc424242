"""What a label printer has put on one label: items at their places, in dots (8 to the millimetre)."""

from __future__ import annotations

from console.simulators.paper import COLUMN, Bits, Item, Run, Symbol

DOTS = 8  # a mm
_LARGEST = 2400  # dots, either way: 300 mm
_MOST_ITEMS = 2000


class Label:
    """One label; `items` pair a y with what stands below it."""

    def __init__(self, width: int = 60 * DOTS, height: int = 40 * DOTS) -> None:
        self.width = min(max(width, DOTS), _LARGEST)
        self.height = min(max(height, DOTS), _LARGEST)
        self.items: list[tuple[int, Item]] = []

    def put(self, y: int, item: Item) -> None:
        """Put `item` below y; beyond the label's edges nothing is kept."""
        if 0 <= y < self.height and 0 <= item.x < self.width and len(self.items) < _MOST_ITEMS:
            self.items.append((y, item))

    def box(self, x: int, y: int, width: int, height: int, line: int) -> None:
        """A frame of `line` dots; filled where that leaves nothing inside."""
        width, height = min(width, self.width), min(height, self.height)
        if 2 * line >= min(width, height):
            self._bar(x, y, width, height)
            return
        self._bar(x, y, width, line)
        self._bar(x, y + height - line, width, line)
        self._bar(x, y, line, height)
        self._bar(x + width - line, y, line, height)

    def _bar(self, x: int, y: int, width: int, height: int) -> None:
        if width > 0 and height > 0:
            self.put(y, Bits(x, 1, 1, b"\x80", width, height))

    @property
    def text(self) -> str:
        """What can be read on it, row by row; lines and frames are left out."""
        rows: dict[int, list[Item]] = {}
        for y, item in self.items:
            if not (isinstance(item, Bits) and item.columns == 1):
                rows.setdefault(y, []).append(item)
        return "".join(f"{_row(rows[y])}\n" for y in sorted(rows))

    def symbols(self) -> list[Symbol]:
        """The codes on it, from the top."""
        return [item for _, item in sorted(self.items, key=lambda each: each[0]) if isinstance(item, Symbol)]

    def picture(self) -> bytes:
        """The label as PNG, black on white."""
        from console.simulators.render import label_png

        return label_png(self.width, self.height, self.items)


def _row(items: list[Item]) -> str:
    """Items of one height from left to right, parts of a text that touch joined."""
    out, end = "", 0
    for item in sorted(items, key=lambda each: each.x):
        if out and item.x - end >= COLUMN:
            out += " "
        out += item.text
        end = item.x + item.width
    return out


def text_run(x: int, text: str, style_wide: int, style_high: int) -> Run:
    """Characters of 12×24 dots (Chinese 24×24), enlarged 1 to 8 times."""
    from console.simulators.paper import Style

    return Run(x, text, Style(wide=min(8, max(1, style_wide)), high=min(8, max(1, style_high))))


def qr(x: int, content: str, cell: int) -> Symbol:
    """A QR code of `cell` dots a module."""
    modules = 21 + 4 * next(version for version in range(40) if (version + 2) ** 2 * 5 >= len(content))
    cell = min(16, max(1, cell))
    return Symbol(x, "QR", content, modules * cell, modules * cell)


def code128(x: int, content: str, module: int, height: int, hri: bool) -> Symbol:
    """A Code 128 of `module` dots the narrowest bar; `hri` writes the content below."""
    width = (11 * len(content) + 35) * min(10, max(1, module))
    return Symbol(x, "CODE128", content, width, min(_LARGEST, max(8, height)) + (26 if hri else 0), hri)
