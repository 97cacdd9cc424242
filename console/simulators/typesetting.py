"""Commands that print, carried out on paper: Epson "ESC/POS Command Reference", standard mode.

Page mode (ESC L … FF) is set from top to bottom: positions inside the page are not followed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from console.simulators.code_pages import Characters
from console.simulators.command_stream import Command
from console.simulators.escpos_graphics import Graphics, columns_to_rows
from console.simulators.escpos_symbols import Symbols
from console.simulators.paper import COLUMN, ROLL, WIDTH, Bits, Item, Line, Run, Style, Ticket

_DPI = 203
_LINE = 30  # dots: the default line spacing, 1/6 inch
_DENSITY = {0: (2, 3, 1), 1: (1, 3, 1), 32: (2, 1, 3), 33: (1, 1, 3)}  # ESC * m: scale x, scale y, bytes
_PAGE = 2000  # lines that page mode keeps
KEPT_TICKETS = 100


class Typesetter:
    """The print buffer, its settings and the paper; `printed` is called after each line that came out."""

    def __init__(self, printed: Callable[[Line], None], cut: Callable[[], None]) -> None:
        self._printed = printed
        self._cut_done = cut
        self.ticket = Ticket()
        self.finished: deque[Ticket] = deque(maxlen=KEPT_TICKETS)
        self.characters = Characters()
        self.graphics = Graphics()
        self.symbols = Symbols()
        self.dead: tuple[int, ...] = ()  # columns of the head that print nothing
        self.reset()

    def reset(self) -> None:
        """ESC @: settings back to those at power-on, the print buffer cleared; the paper stays."""
        self.style = Style()
        self.characters.reset()
        self.symbols.reset()
        self.align = 0
        self.spacing = 0
        self.line_spacing = _LINE
        self.left = 0
        self.area = WIDTH
        self.motion = (0, 0)
        self.tabs = [columns * COLUMN for columns in range(8, 48, 8)]
        self.selected = True
        self.page: list[Line] | None = None
        self.clear_line()

    def clear_line(self) -> None:
        """Forget what is in the print buffer."""
        self._items: list[Item] = []
        self._x = self._text_end = 0

    @property
    def x(self) -> int:
        """The print position, in dots from the left margin."""
        return self._x

    @property
    def line_begun(self) -> bool:
        """Whether something waits in the print buffer for the line to be printed."""
        return bool(self._items)

    @property
    def unprinted(self) -> bool:
        """Whether anything set has not come out yet, in the print buffer or on the page."""
        return bool(self._items or self.page)

    def execute(self, command: Command) -> None:
        """Carry out one command; those that print nothing and set nothing known are ignored."""
        if not self.selected and command.name != "ESC =":
            return
        if command.name == "text":
            self._set_text(self.characters.decode(command.data))
            return
        self._set_text(self.characters.break_off())
        action = _ACTIONS.get(command.name)
        if action is not None:
            action(self, command.data)

    # --- text and lines

    def _set_text(self, text: str) -> None:
        for char in text:
            width = self.style.cell(char)[0] + self.spacing * self.style.wide
            if self._x + width > self.area and self._x:
                self.print_line()
            last = self._items[-1] if self._items else None
            if (
                isinstance(last, Run)
                and last.style == self.style
                and last.spacing == self.spacing
                and self._text_end == self._x
            ):
                self._items[-1] = last._replace(text=last.text + char)
            else:
                self._items.append(Run(self._x, char, self.style, self.spacing))
            self._x += width
            self._text_end = self._x

    def print_line(self, feed: int | None = None) -> None:
        """Print the buffer and feed `feed` dots (default: the line spacing)."""
        used = max((item.x + item.width for item in self._items), default=0)
        shift = self.left + max(0, self.area - used) * self.align // 2
        items = tuple(item._replace(x=item.x + shift) for item in self._items)
        self.clear_line()
        self._put(Line(items, self.line_spacing if feed is None else feed))

    def print_alone(self, item: Item) -> None:
        """Print a picture or code on its own, after what was waiting."""
        if self._items:
            self.print_line()
        self._items = [item]
        self.print_line(0)

    def _put(self, line: Line) -> None:
        if self.page is not None:
            if len(self.page) < _PAGE:
                self.page.append(line)
            return
        if line.height:
            self.ticket.add(line._replace(dead=self.dead))
        self._printed(line)
        if self.ticket.height > ROLL:
            self.cut()

    def repeat_line(self) -> None:
        """Print the newest line once more."""
        if self.ticket.lines:
            self._put(self.ticket.lines[-1])

    def cut(self) -> None:
        """Cut the ticket off; an empty one is not kept."""
        if self.ticket.lines:
            self.finished.append(self.ticket)
        self.ticket = Ticket()
        self._cut_done()

    def end_page(self, keep: bool) -> None:
        """Leave page mode, printing what was set (`keep`) or not."""
        page, self.page = self.page, None
        for line in page or () if keep else ():
            self._put(line)

    # --- positions

    def across(self, n: int) -> int:
        """Horizontal motion units in dots (GS P)."""
        return n * _DPI // self.motion[0] if self.motion[0] else n

    def down(self, n: int) -> int:
        """Vertical motion units in dots (GS P)."""
        return n * _DPI // self.motion[1] if self.motion[1] else n

    def move_to(self, x: int) -> None:
        """Set the print position, in dots from the left margin; outside the area nothing happens."""
        if 0 <= x <= self.area:
            self._x = x

    def tab(self) -> None:
        """HT."""
        self._x = next((stop for stop in self.tabs if stop > self._x), self._x)

    def bit_image(self, data: bytes) -> None:
        """ESC *: a strip of 8 or 24 dots in the line."""
        scale_x, scale_y, height = _DENSITY.get(data[0], (1, 3, 1))
        columns = len(data[3:]) // height
        if columns and self._x < self.area:
            rows = columns_to_rows(data[3:], columns, height)
            strip = Bits(self._x, columns, height * 8, rows, scale_x, scale_y)
            self._items.append(strip)
            self._x += strip.width


def _word(data: bytes, at: int = 0) -> int:
    return data[at] | data[at + 1] << 8


def _restyle(change: Callable[[int], dict[str, Any]]) -> Callable[[Typesetter, bytes], None]:
    def apply(setter: Typesetter, data: bytes) -> None:
        setter.style = setter.style._replace(**change(data[0]))

    return apply


def _set(name: str, value: Callable[[int], object]) -> Callable[[Typesetter, bytes], None]:
    return lambda setter, data: setattr(setter, name, value(data[0]))


def _print_mode(n: int) -> dict[str, Any]:
    """ESC ! n."""
    return {
        "small": bool(n & 0x01),
        "bold": bool(n & 0x08),
        "high": 2 if n & 0x10 else 1,
        "wide": 2 if n & 0x20 else 1,
        "underline": 1 if n & 0x80 else 0,
    }


def _chinese_mode(n: int) -> dict[str, Any]:
    """FS ! n."""
    return {"wide": 2 if n & 4 else 1, "high": 2 if n & 8 else 1, "underline": 1 if n & 0x80 else 0}


def _size(n: int) -> dict[str, Any]:
    """GS ! n."""
    return {"wide": (n >> 4 & 7) + 1, "high": (n & 7) + 1}


def _underline(n: int) -> dict[str, Any]:
    """ESC - n, FS - n."""
    return {"underline": n & 3 if n & 3 < 3 else 0}


def _relative(setter: Typesetter, data: bytes) -> None:
    """ESC \\ nL nH, signed."""
    n = int.from_bytes(data, "little", signed=True)
    setter.move_to(setter.x + (setter.across(n) if n >= 0 else -setter.across(-n)))


def _margin(setter: Typesetter, data: bytes) -> None:
    """GS L nL nH; at the beginning of a line only."""
    if not setter.line_begun:
        setter.left = min(setter.across(_word(data)), WIDTH - 2 * COLUMN)
        setter.area = min(setter.area, WIDTH - setter.left)


def _area(setter: Typesetter, data: bytes) -> None:
    """GS W nL nH; at the beginning of a line only."""
    if not setter.line_begun:
        setter.area = max(2 * COLUMN, min(setter.across(_word(data)), WIDTH - setter.left))


def _tabs(setter: Typesetter, data: bytes) -> None:
    """ESC D n1…nk NUL, in columns, rising."""
    stops = [n * COLUMN for n in data]
    setter.tabs = [stop for at, stop in enumerate(stops) if not at or stop > stops[at - 1]]


def _cut(setter: Typesetter, data: bytes) -> None:
    """GS V m [n]; m 65, 66, 97, 98, 103, 104 feed first."""
    if setter.page is None and data[0] in {0, 1, 48, 49, 65, 66, 97, 98, 103, 104}:
        if setter.line_begun:
            setter.print_line()
        if len(data) > 1:
            setter.print_line(setter.down(data[1]))
        setter.cut()


def _feed_lines(setter: Typesetter, data: bytes) -> None:
    """ESC d n."""
    setter.print_line(data[0] * setter.line_spacing)


def _page_begin(setter: Typesetter, _: bytes) -> None:
    if setter.page is None and not setter.line_begun:
        setter.page = []


def _form_feed(setter: Typesetter, _: bytes) -> None:
    """FF: in page mode prints the page and ends it; else prints what is in the buffer."""
    if setter.line_begun:
        setter.print_line()
    setter.end_page(keep=True)


def _page_print(setter: Typesetter, _: bytes) -> None:
    """ESC FF: prints the page and stays in page mode."""
    if setter.page is not None:
        kept = list(setter.page)
        setter.end_page(keep=True)
        setter.page = kept


def _page_clear(setter: Typesetter, _: bytes) -> None:
    """CAN, in page mode."""
    if setter.page is not None:
        setter.page = []
        setter.clear_line()


def _graphics(setter: Typesetter, name: str, data: bytes) -> None:
    for picture in setter.graphics.execute(name, data):
        setter.print_alone(picture)


def _symbols(setter: Typesetter, name: str, data: bytes) -> None:
    for symbol in setter.symbols.execute(name, data):
        setter.print_alone(symbol)


def _on_off(name: str) -> Callable[[Typesetter, bytes], None]:
    return _restyle(lambda n: {name: bool(n & 1)})


_Action = Callable[[Typesetter, bytes], None]
_ACTIONS: dict[str, _Action] = {
    "LF": lambda setter, _: setter.print_line(),
    "FF": _form_feed,
    "HT": lambda setter, _: setter.tab(),
    "CAN": _page_clear,
    "ESC @": lambda setter, _: setter.reset(),
    "ESC !": _restyle(_print_mode),
    "ESC -": _restyle(_underline),
    "ESC E": _on_off("bold"),
    "ESC G": _on_off("bold"),
    "ESC {": _on_off("upside_down"),
    "ESC M": _restyle(lambda n: {"small": n & 0x0F == 1}),
    "GS !": _restyle(_size),
    "GS B": _on_off("reverse"),
    "FS !": _restyle(_chinese_mode),
    "FS -": _restyle(_underline),
    "FS W": _restyle(lambda n: {"wide": 1 + (n & 1), "high": 1 + (n & 1)}),
    "FS &": lambda setter, _: setattr(setter.characters, "chinese", True),
    "FS .": lambda setter, _: setattr(setter.characters, "chinese", False),
    "ESC t": lambda setter, data: setter.characters.choose_page(data[0]),
    "ESC R": lambda setter, data: setter.characters.choose_country(data[0]),
    "ESC a": _set("align", lambda n: n & 3 if n & 3 < 3 else 0),
    "ESC  ": _set("spacing", int),
    "ESC 2": lambda setter, _: setattr(setter, "line_spacing", _LINE),
    "ESC 3": lambda setter, data: setattr(setter, "line_spacing", setter.down(data[0])),
    "ESC J": lambda setter, data: setter.print_line(setter.down(data[0])),
    "ESC d": _feed_lines,
    "ESC D": _tabs,
    "ESC $": lambda setter, data: setter.move_to(setter.across(_word(data))),
    "ESC \\": _relative,
    "GS L": _margin,
    "GS W": _area,
    "GS P": lambda setter, data: setattr(setter, "motion", (data[0], data[1])),
    "ESC =": _set("selected", lambda n: bool(n & 1)),
    "ESC *": lambda setter, data: setter.bit_image(data),
    "ESC L": _page_begin,
    "ESC S": lambda setter, _: setter.end_page(keep=False),
    "ESC \x0c": _page_print,
    "ESC i": lambda setter, _: _cut(setter, b"\0"),
    "ESC m": lambda setter, _: _cut(setter, b"\1"),
    "GS V": _cut,
}


def _named(action: Callable[[Typesetter, str, bytes], None], name: str) -> _Action:
    return lambda setter, data: action(setter, name, data)


_ACTIONS.update({name: _named(_graphics, name) for name in Graphics.commands})
_ACTIONS.update({name: _named(_symbols, name) for name in Symbols.commands})
