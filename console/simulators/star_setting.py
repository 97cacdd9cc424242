"""Star commands that print, carried out on the paper that all simulated receipt printers share.

Where ESC/POS has the same thing under another name, the typesetter is told by that name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from console.simulators.command_stream import Command
from console.simulators.typesetting import Typesetter

_Action = Callable[[Typesetter, bytes], None]

_MM = 8  # dots
_PAGES = {1: 0, 4: 19, 5: 18, 6: 3, 8: 4, 9: 5, 10: 17, 32: 16}  # ESC GS t n -> ESC t n
_CODE128 = 73
_BARCODES = {0: 66, 1: 65, 2: 68, 3: 67, 4: 69, 5: 70, 6: 73, 7: 72, 8: 71}  # ESC b n1 -> GS k m


def start(setter: Typesetter) -> None:
    """As at power-on: a Chinese model, 4 mm line feed."""
    setter.reset()
    setter.characters.chinese = True
    setter.line_spacing = 4 * _MM


def execute(setter: Typesetter, command: Command) -> None:
    """Carry out one Star command; those that print nothing and set nothing known are ignored."""
    if command.name == "text":
        setter.execute(command)
    elif command.name in _ACTIONS:
        setter.execute(Command(""))  # half a character before a command is broken off
        _ACTIONS[command.name](setter, command.data)


def _digit(n: int) -> int:
    return n & 0x0F if 0x30 <= n <= 0x39 else n


def _as(name: str, change: Callable[[bytes], bytes] = lambda data: data) -> _Action:
    return lambda setter, data: setter.execute(Command(name, change(data)))


def _style(**values: Any) -> _Action:
    def apply(setter: Typesetter, _: bytes) -> None:
        setter.style = setter.style._replace(**values)

    return apply


def _scaled(name: str) -> _Action:
    """ESC W n, ESC h n: 0 is the plain size."""

    return lambda setter, data: _style(**{name: min(_digit(data[0]), 5) + 1})(setter, data)


def _size(setter: Typesetter, data: bytes) -> None:
    """ESC i n1 n2: height, width."""
    high, wide = (min(_digit(n), 5) + 1 for n in data)
    setter.style = setter.style._replace(high=high, wide=wide)


def _initialise(setter: Typesetter, _: bytes) -> None:
    """ESC @ prints what waits in the line buffer first."""
    if setter.line_begun:
        setter.print_line()
    start(setter)


def _cut(setter: Typesetter, data: bytes) -> None:
    """ESC d n: 0, 1 here, 2, 3 after feeding to the cutter."""
    n = _digit(data[0])
    if n < 4:
        setter.execute(Command("GS V", b"\x42\x03" if n >= 2 else b"\x01"))


def _code_page(setter: Typesetter, data: bytes) -> None:
    """ESC GS t n; 0 is the model's own, here GB18030."""
    setter.characters.chinese = data[0] == 0
    setter.characters.choose_page(_PAGES.get(data[0], 0))


def _barcode(setter: Typesetter, data: bytes) -> None:
    """ESC b n1 n2 n3 n4 d…"""
    kind = _BARCODES.get(_digit(data[0]))
    if kind is not None and len(data) > 4:
        hri = _digit(data[1]) in {2, 4}
        for name, value in (("GS h", data[3]), ("GS w", _digit(data[2]) + 1), ("GS H", 2 if hri else 0)):
            setter.execute(Command(name, bytes((value,))))
        text = data[4:].replace(b"%0", b"%") if kind == _CODE128 else data[4:]
        setter.execute(Command("GS k", bytes((kind,)) + text))


def _qr(setter: Typesetter, data: bytes) -> None:
    """ESC GS y: S2 cell size, D1 and D2 store, P print."""
    stored = data[5:] if data[:2] == b"D1" else data[2:]
    match data[:1], data[1:2]:
        case b"S", b"2":
            setter.execute(Command("GS ( k", b"1C" + data[2:]))
        case b"D", _:
            setter.execute(Command("GS ( k", b"1P0" + stored))
        case b"P", _:
            setter.execute(Command("GS ( k", b"1Q0"))
        case _:
            return


def _raster(setter: Typesetter, width: int, height: int, rows: bytes) -> None:
    size = width.to_bytes(2, "little") + height.to_bytes(2, "little")
    setter.execute(Command("GS v", b"0\0" + size + rows))


def _picture(setter: Typesetter, data: bytes) -> None:
    """ESC GS S m xL xH yL yH n d…"""
    setter.execute(Command("GS v", b"0\0" + data[1:5] + data[6:]))


def _band(setter: Typesetter, data: bytes) -> None:
    """ESC k n1 n2 d…: 24 lines of dots."""
    _raster(setter, len(data[2:]) // 24, 24, data[2:])


def _feed(dots: int) -> _Action:
    return lambda setter, data: setter.print_line(data[0] * dots)


def _spacing(dots: int) -> _Action:
    return lambda setter, _: setattr(setter, "line_spacing", dots)


_ACTIONS: dict[str, _Action] = {
    "LF": lambda setter, _: setter.print_line(),
    "HT": lambda setter, _: setter.tab(),
    "CAN": lambda setter, _: start(setter),  # what waits in the line buffer is lost
    "SO": _style(wide=2),
    "DC4": _style(wide=1),
    "SI": _style(upside_down=True),
    "DC2": _style(upside_down=False),
    "ESC @": _initialise,
    "ESC \x0e": _style(high=2),
    "ESC \x14": _style(high=1),
    "ESC W": _scaled("wide"),
    "ESC h": _scaled("high"),
    "ESC i": _size,
    "ESC E": _style(bold=True),
    "ESC F": _style(bold=False),
    "ESC 4": _style(reverse=True),
    "ESC 5": _style(reverse=False),
    "ESC -": _as("ESC -", lambda data: bytes((_digit(data[0]),))),
    "ESC  ": _as("ESC  ", lambda data: bytes((_digit(data[0]),))),
    "ESC RS F": _as("ESC M", lambda data: bytes((_digit(data[0]),))),
    "ESC GS a": _as("ESC a", lambda data: bytes((_digit(data[0]),))),
    "ESC GS A": _as("ESC $"),
    "ESC GS R": _as("ESC \\"),
    "ESC GS t": _code_page,
    "ESC 0": _spacing(3 * _MM),
    "ESC z": lambda setter, data: _spacing((3 + (_digit(data[0]) & 1)) * _MM)(setter, data),
    "ESC a": lambda setter, data: setter.print_line(data[0] * setter.line_spacing),
    "ESC J": _feed(_MM // 4),
    "ESC I": _feed(_MM // 8),
    "ESC d": _cut,
    "ESC b": _barcode,
    "ESC GS y": _qr,
    "ESC GS S": _picture,
    "ESC k": _band,
    "ESC K": _as("ESC *", lambda data: b"\x00" + data),
    "ESC L": _as("ESC *", lambda data: b"\x01" + data),
    "ESC X": _as("ESC *", lambda data: b"\x21" + data),
    "raster line": lambda setter, data: _raster(setter, len(data), 1, data),
}
