"""Star Line Mode and StarPRNT bytes into commands: Star Micronics, "STAR Line Mode Command Specifications".

Lengths are those of each command's [Code]. Raster mode (ESC * r A … ESC * r B) has lines of its own.
"""

from __future__ import annotations

import re
from collections.abc import Generator

from console.simulators.command_stream import (
    ANY,
    KEPT,
    Command,
    Reader,
    RequestScanner,
    Stream,
    counted,
    take,
    until,
    word,
)

_CONTROLS = {
    0x07: "BEL", 0x09: "HT", 0x0A: "LF", 0x0B: "VT", 0x0C: "FF", 0x0D: "CR", 0x0E: "SO", 0x0F: "SI",
    0x12: "DC2", 0x14: "DC4", 0x17: "ETB", 0x18: "CAN", 0x19: "EM", 0x1A: "SUB", 0x1C: "FS",
}  # fmt: skip

# Bytes that follow the two bytes of a command.
_ESC = {
    **dict.fromkeys("@MP:g67\x0e\x1445EF012Opq", 0),
    **dict.fromkeys("R/ Wh-_zA3aIJyNlQd$uxw\x06%", 1),
    **dict.fromkeys("ist\x07?\x16", 2),
}
_GS = {
    **dict.fromkeys("+h", 0),
    **dict.fromkeys("taBcg", 1),
    **dict.fromkeys("AR4r", 2),
    "\x07": 3,
    "\x03": 3,
    "\x19": 4,
}
_PAGE = {"2": 1, "3": 8, "4": 2, "5": 2}  # ESC GS P, bytes behind the function


class StarStream(Stream):
    """See Stream; `ESC RS a`, `ESC GS y` are the names, what follows is data."""

    def _commands(self) -> Generator[int, bytes, None]:
        raster = False
        while True:
            first = yield ANY
            code = first[0]
            if code == 0x1B:
                name, data = yield from _escape()
                if name == "ESC *":
                    raster = data[:2] == b"rA" or (raster and data[:2] != b"rB")
                elif name:
                    self._found.append(Command(name, data))
            elif raster:
                yield from self._raster(first)
            elif code >= 0x20:
                self._found.append(Command("text", first))
            elif code in _CONTROLS:
                self._found.append(Command(_CONTROLS[code]))

    def _raster(self, begun: bytes) -> Generator[int, bytes, None]:
        """B n1 n2 d…, k n1 n2 d…: one line of dots; other bytes mean nothing. They came as text."""
        while begun:
            kind, begun = begun[:1], begun[1:]
            if kind not in (b"b", b"k"):
                continue
            head = begun[:2]
            if len(head) < 2:
                head += yield 2 - len(head)
            length = word(head, 0)
            data = begun[2 : 2 + length]
            begun = begun[2 + length :]
            if len(data) < length:
                data += yield from take(length - len(data))
            self._found.append(Command("raster line", data))


def _escape() -> Generator[int, bytes, tuple[str, bytes]]:
    """The name and data of what follows ESC; no name where that is no command."""
    letter = chr((yield 1)[0])
    name = f"ESC {letter}"
    if letter == "\x1e":
        return f"ESC RS {chr((yield 1)[0])}", (yield 1)
    if letter == "\x1d":
        function = chr((yield 1)[0])
        name = f"ESC GS {function}"
        if function in _GS:
            return name, (yield from take(_GS[function]))
    elif letter == "\x1c":
        name = f"ESC FS {chr((yield 1)[0])}"
    elif letter in _ESC:
        return name, (yield from take(_ESC[letter]))
    reader = _SPECIAL.get(name)
    return ("", b"") if reader is None else (name, (yield from reader()))


def _to_line_end() -> Reader:
    """… LF NUL."""
    data = yield from until(0x0A, 64)
    yield 1
    return data


def _esc_c_upper() -> Reader:
    """ESC C n, ESC C NUL n."""
    return (yield from counted(1, lambda head: 1 if head == b"\0" else 0))


def _esc_star() -> Reader:
    """ESC * r A, B, R, C; the others with a number in digits and NUL."""
    head = yield from take(2)
    if head[:1] == b"r" and head[1:] not in (b"A", b"B", b"R", b"C", b"D"):
        head += yield from until(0, 16)
    return head


def _esc_b() -> Reader:
    """ESC b n1 n2 n3 n4 d… RS."""
    head = yield from take(4)
    return head + (yield from until(0x1E, 255))


def _esc_ampersand() -> Reader:
    """ESC & 1 1 n d1…d48 registers a character, ESC & 1 0 n forgets it; other values end the command."""
    head = yield 1
    if head in (b"1", b"\1"):
        head += yield 1
        if head[1:] in (b"1", b"\1"):
            head += yield from take(49)
        elif head[1:] in (b"0", b"\0"):
            head += yield 1
    return head


def _columns(bytes_each: int) -> Reader:
    """n1 n2 and so many columns."""
    return (yield from counted(2, lambda head: word(head, 0) * bytes_each))


def _fs_q() -> Reader:
    """ESC FS q n [x11 x12 y11 y12 d…(x*y*8)]…: pictures are read and not kept."""
    data = yield from take(1)
    for _ in range(data[0]):
        yield from counted(4, lambda head: word(head, 0) * word(head, 2) * 8)
    return data


def _gs_page() -> Reader:
    """ESC GS P function …"""
    head = yield from take(1)
    return head + (yield from take(_PAGE.get(chr(head[0]), 0)))


def _gs_s_upper() -> Reader:
    """ESC GS S m xL xH yL yH n d1…d(x*y), x in bytes."""
    return (yield from counted(6, lambda head: word(head, 1) * word(head, 3)))


def _gs_y() -> Reader:
    """ESC GS y S 0|1|2 n, D 1 m nL nH d…, D 2 a [m nL nH d…]…, P, I."""
    head = yield from take(1)
    if head == b"S":
        return head + (yield from take(2))
    if head != b"D":
        return head
    head += yield from take(1)
    if head == b"D1":
        return head + (yield from counted(3, lambda size: word(size, 1)))
    blocks = yield 1
    for _ in range(blocks[0]):
        head += (yield from counted(3, lambda size: word(size, 1)))[3:]
        head = head[:KEPT]
    return head


def _gs_x() -> Reader:
    """ESC GS x S 0 n p1 p2, S 1|2|3 n, D nL nH d…, P, I."""
    head = yield from take(1)
    if head == b"S":
        head += yield from take(1)
        return head + (yield from take(3 if head[1:] in (b"0", b"\0") else 1))
    return head + ((yield from _columns(1)) if head == b"D" else b"")


def _bracket() -> Reader:
    """ESC GS ) letter pL pH d…, ESC GS ( letter pL pH d…"""
    return (yield from counted(3, lambda head: word(head, 1)))


_SPECIAL = {
    "ESC #": _to_line_end,
    "ESC &": _esc_ampersand,
    "ESC C": _esc_c_upper,
    "ESC *": _esc_star,
    "ESC b": _esc_b,
    "ESC B": lambda: until(0, 32),
    "ESC D": lambda: until(0, 32),
    "ESC K": lambda: _columns(1),
    "ESC L": lambda: _columns(1),
    "ESC X": lambda: _columns(3),
    "ESC k": lambda: _columns(24),
    "ESC \x0c": lambda: take(1),
    "ESC FS p": lambda: take(2),
    "ESC FS q": _fs_q,
    "ESC GS #": _to_line_end,
    "ESC GS P": _gs_page,
    "ESC GS S": _gs_s_upper,
    "ESC GS y": _gs_y,
    "ESC GS x": _gs_x,
    "ESC GS )": _bracket,
    "ESC GS (": _bracket,
}


class RealtimeScanner(RequestScanner):
    """ESC ACK SOH, ENQ, EOT and FS are carried out when they are received, wherever they stand.

    Not behind DLE, which takes the next code along if that is no command: ESC/POS's DLE EOT n gets no answer.
    Nor FS behind ESC, where it begins another command.
    """

    request = re.compile(rb"\x1b\x06\x01|(?<!\x10)[\x04\x05]|(?<!\x1b)\x1c")
    longest = 3
