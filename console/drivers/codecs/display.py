"""What customer displays understand: two lines of 20 columns, in CD5220's or Epson's command set.

* CD5220 (user manuals of CD5220 and P07303, "Standard Mode Command List"): CLR is 0C; ESC Q A … CR writes
  the upper line, ESC Q B … CR the lower; until the next CLR nothing else is obeyed.
* ESC/POS (Epson DM-D110 specification; POS-X XP8200 4.1.2): ESC = 2 speaks to the display and not to a
  printer on the same wire, CLR is 0C, US $ x y places the cursor, US 01 is overwrite mode, ESC t 0 selects
  PC437. FS & for Chinese is as printers have it (unchecked).

A Chinese character takes two bytes of GBK and two columns. DB, the full block of PC437, lights every dot of a
cell; that CD5220 starts in PC437 is (unchecked).
"""

from __future__ import annotations

COLUMNS = 20
CLR = b"\x0c"
_DISPLAY_ONLY = b"\x1b=\x02"
_OVERWRITE = b"\x1f\x01"
_CHINESE = b"\x1c&"
_PC437 = b"\x1bt\x00"
_FULL = b"\xdb" * COLUMNS


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
    return _written(protocol, fitted(upper, chinese), fitted(lower, chinese), _CHINESE if chinese else b"")


def all_dots(protocol: str) -> bytes:
    """Every dot of both lines."""
    return _written(protocol, _FULL, _FULL, _PC437)


def clear(protocol: str) -> bytes:
    """Nothing on either line."""
    return CLR if protocol == "cd5220" else _DISPLAY_ONLY + CLR


def _written(protocol: str, upper: bytes, lower: bytes, characters: bytes) -> bytes:
    if protocol == "cd5220":
        return CLR + b"\x1bQA" + upper + b"\r\x1bQB" + lower + b"\r"
    placed = b"\x1f$\x01\x01" + upper + b"\x1f$\x01\x02" + lower
    return clear(protocol) + _OVERWRITE + characters + placed
