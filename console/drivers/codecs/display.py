"""What customer displays understand: two lines of 20 columns, in CD5220's or Epson's command set.

* CD5220 (user manuals of CD5220 and P07303, "Standard Mode Command List"): CLR is 0C; ESC Q A … CR writes
  the upper line, ESC Q B … CR the lower; until the next CLR nothing else is obeyed.
* ESC/POS (Epson DM-D110 specification; POS-X XP8200 4.1.2): ESC = 2 speaks to the display and not to a
  printer on the same wire, CLR is 0C, US $ x y places the cursor, US 01 is overwrite mode. FS & for Chinese
  is as printers have it (unchecked).
* Both: ESC & 1 n m a p… defines characters of a bytes of dots, ESC % 1 shows them, ESC % 0 and ESC ? n forget
  them. So every dot is lit whatever characters the model has.

A Chinese character takes two bytes of GBK and two columns.
"""

from __future__ import annotations

COLUMNS = 20
CLR = b"\x0c"
_DISPLAY_ONLY = b"\x1b=\x02"
_OVERWRITE = b"\x1f\x01"
_CHINESE = b"\x1c&"
_BLOCK = b"~"
_DEFINED = b"\x1b&\x01" + _BLOCK + _BLOCK + b"\x05" + b"\xff" * 5 + b"\x1b%\x01"
_FORGOTTEN = b"\x1b%\x00\x1b?" + _BLOCK
ALL_DOTS = _BLOCK * COLUMNS


def fitted(text: str, chinese: bool) -> bytes:
    """`text` as at most 20 columns of bytes; a question mark where the display has no such character."""
    line = b""
    for char in text:
        code = char.encode("ascii", "replace")
        if chinese and ord(char) > 0x7F:
            code = char.encode("gbk", "replace")
        if len(code) == 1 and not 0x20 <= code[0] < 0x7F:  # a control would be a command
            code = b"?"
        if len(line) + len(code) > COLUMNS:
            break
        line += code
    return line


def lines(protocol: str, upper: str, lower: str, chinese: bool) -> bytes:
    """Both lines, with nothing else left on the display."""
    characters = _CHINESE if chinese and protocol == "escpos" else b""
    return _written(protocol, fitted(upper, chinese), fitted(lower, chinese), characters)


def all_dots(protocol: str) -> bytes:
    """Every dot of both lines."""
    return _written(protocol, ALL_DOTS, ALL_DOTS, _DEFINED)


def clear(protocol: str) -> bytes:
    """Nothing on either line, and the characters as they were before `all_dots`."""
    return _cleared(protocol) + _FORGOTTEN


def _cleared(protocol: str) -> bytes:
    return CLR if protocol == "cd5220" else _DISPLAY_ONLY + CLR + _OVERWRITE


def _written(protocol: str, upper: bytes, lower: bytes, characters: bytes) -> bytes:
    if protocol == "cd5220":
        placed = b"\x1bQA" + upper + b"\r\x1bQB" + lower + b"\r"
    else:
        placed = b"\x1f$\x01\x01" + upper + b"\x1f$\x01\x02" + lower
    return _cleared(protocol) + characters + placed
