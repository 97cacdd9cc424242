"""ESC/POS bytes into commands: any bytes, split anywhere, never out of step, never more than bounded memory.

Lengths: Epson "ESC/POS Command Reference", each command's [Format]; a few of common clones are marked.
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

_CONTROLS = {0x09: "HT", 0x0A: "LF", 0x0C: "FF", 0x0D: "CR", 0x18: "CAN"}

# Bytes that follow the two bytes of a command.
_ESC = {
    **dict.fromkeys("\x0c2<@LSimv45", 0),
    **dict.fromkeys(" !%-3=?EGJKMRTUVadertu{9", 1),  # "9" chooses an encoding on clones
    **dict.fromkeys("$\\cB", 2),  # "B" buzzes on clones
    "p": 3,
    "W": 8,
}
_FS = {**dict.fromkeys("&.", 0), **dict.fromkeys("!-CW", 1), **dict.fromkeys("?Sp", 2), "2": 74}
_GS = {
    **dict.fromkeys(":c", 0),
    **dict.fromkeys("!/BEHITabfhjrw", 1),
    **dict.fromkeys("$LPW\\", 2),
    **dict.fromkeys("^z", 3),
}
_PREFIXES = {0x1B: ("ESC", _ESC), 0x1C: ("FS", _FS), 0x1D: ("GS", _GS)}


class CommandStream(Stream):
    """See Stream."""

    def _commands(self) -> Generator[int, bytes, None]:
        while True:
            first = yield ANY
            code = first[0]
            if code >= 0x20:
                self._found.append(Command("text", first))
            elif code in _CONTROLS:
                self._found.append(Command(_CONTROLS[code]))
            elif code == 0x10:
                yield from self._realtime()
            elif code in _PREFIXES:
                prefix, lengths = _PREFIXES[code]
                letter = chr((yield 1)[0])
                data = yield from self._arguments(prefix, letter, lengths)
                if data is not None:
                    name, data = self._named(prefix, letter, data)
                    self._found.append(Command(name, data))

    def _realtime(self) -> Generator[int, bytes, None]:
        """Step over a realtime command: it was carried out when it was received (see RealtimeScanner)."""
        kind = (yield 1)[0]
        if kind == 0x04:
            function = (yield 1)[0]
            if function in {7, 8, 18}:
                yield 1
        elif kind == 0x05:
            yield 1
        elif kind == 0x14:
            function = (yield 1)[0]
            yield from take({1: 2, 2: 2, 3: 5, 7: 1, 8: 7}.get(function, 0))

    def _named(self, prefix: str, letter: str, data: bytes) -> tuple[str, bytes]:
        """Put the family's letter into the name: `GS ( k`, `GS 8 L`; its length bytes are left out."""
        if letter == "(":
            return f"{prefix} ( {chr(data[0])}", data[3:]
        if prefix == "GS" and letter == "8":
            return f"GS 8 {chr(data[0])}", data[5:]
        return f"{prefix} {letter}", data

    def _arguments(
        self, prefix: str, letter: str, lengths: dict[str, int]
    ) -> Generator[int, bytes, bytes | None]:
        """What follows the letter; None where the command does not exist and nothing follows."""
        if letter in lengths:
            return (yield from take(lengths[letter]))
        if letter == "(":
            return (yield from counted(3, lambda head: head[1] | head[2] << 8))
        reader = _SPECIAL.get(f"{prefix} {letter}")
        return None if reader is None else (yield from reader())


def _esc_star() -> Reader:
    """ESC * m nL nH d…: 1 byte a column at 8 dots (m 0, 1), 3 bytes at 24 dots (m 32, 33)."""
    return (yield from counted(3, lambda head: word(head, 1) * (3 if head[0] in {32, 33} else 1)))


def _esc_ampersand() -> Reader:
    """ESC & y c1 c2 [x d1…d(y*x)] for each character; the characters themselves are not kept.

    A value out of its range ends the command, and what follows is ordinary data (its [Notes]).
    """
    head = yield 1
    if head != b"\3":
        return head
    head += yield 1
    if not 0x20 <= head[1] <= 0x7E:
        return head
    head += yield 1
    if not head[1] <= head[2] <= 0x7E:
        return head
    for _ in range(head[2] - head[1] + 1):
        width = yield 1
        if width[0] > 12:
            break
        yield from take(head[0] * width[0])
    return head


def _esc_d_tabs() -> Reader:
    """ESC D n1…nk NUL, k at most 32."""
    return (yield from until(0, 32))


def _esc_z() -> Reader:
    """ESC Z m n k dL dH d…: QR code on clones."""
    return (yield from counted(5, lambda head: word(head, 3)))


def _fs_a() -> Reader:
    """FS a 0 n, FS a 1, FS a 2: cheque reader."""
    return (yield from counted(1, lambda head: 1 if head == b"0" else 0))


def _fs_g() -> Reader:
    """FS g 1 m a1…a4 nL nH d… (write), FS g 2 m a1…a4 nL nH (read)."""
    return (yield from counted(8, lambda head: word(head, 6) if head[0] == 0x31 else 0))


def _fs_q() -> Reader:
    """FS q n [xL xH yL yH d1…d(x*y*8)] for each picture."""
    data = yield from take(1)
    for _ in range(data[0]):
        data += yield from counted(4, lambda head: word(head, 0) * word(head, 2) * 8)
        data = data[:KEPT]
    return data


def _gs_star() -> Reader:
    """GS * x y d1…d(x*y*8)."""
    return (yield from counted(2, lambda head: head[0] * head[1] * 8))


def _gs_8() -> Reader:
    """GS 8 L p1 p2 p3 p4 and as many bytes."""
    return (yield from counted(5, lambda head: int.from_bytes(head[1:5], "little")))


def _gs_c_upper() -> Reader:
    """GS C 0 m n, GS C 1 aL aH bL bH n r, GS C 2 nL nH, GS C ; five numbers each ended by a semicolon."""
    head = yield from take(1)
    if head == b";":
        for _ in range(5):
            head += (yield from until(0x3B, 8)) + b";"
        return head
    return head + (yield from take({0x30: 2, 0x31: 6, 0x32: 2}.get(head[0] | 0x30, 0)))


def _gs_d_upper() -> Reader:
    """GS D m fn a kc1 kc2 b c [Windows BMP, whose own header holds its length]."""
    head = yield from take(7)
    bmp = yield from take(6)
    size = int.from_bytes(bmp[2:6], "little") - 6 if bmp[:2] == b"BM" else 0
    return head + bmp + (yield from take(size))


def _gs_g() -> Reader:
    """GS g 0 m nL nH, GS g 2 m nL nH."""
    return (yield from take(4))


def _gs_k() -> Reader:
    """GS k m d… NUL (m 0–6), GS k m n d1…dn (m 65–79)."""
    kind = yield 1
    if kind[0] <= 6:
        return kind + (yield from until(0, 255))
    if 65 <= kind[0] <= 79:
        return kind + (yield from counted(1, lambda head: head[0]))[1:]
    return kind


def _gs_q_upper() -> Reader:
    """GS Q 0 m xL xH yL yH d1…d(x*y*8)."""
    return (yield from counted(6, lambda head: word(head, 2) * word(head, 4) * 8))


def _gs_v() -> Reader:
    """GS v 0 m xL xH yL yH d1…d(x*y), x in bytes."""
    head = yield 1
    if head != b"0":
        return head
    return head + (yield from counted(5, lambda size: word(size, 1) * word(size, 3)))


def _gs_v_upper() -> Reader:
    """GS V m (cut here) or GS V m n (feed, then cut)."""
    return (yield from counted(1, lambda head: 1 if head[0] in {65, 66, 97, 98, 103, 104} else 0))


_SPECIAL = {
    "ESC *": _esc_star,
    "ESC &": _esc_ampersand,
    "ESC D": _esc_d_tabs,
    "ESC Z": _esc_z,
    "FS a": _fs_a,
    "FS g": _fs_g,
    "FS q": _fs_q,
    "GS *": _gs_star,
    "GS 8": _gs_8,
    "GS C": _gs_c_upper,
    "GS D": _gs_d_upper,
    "GS g": _gs_g,
    "GS k": _gs_k,
    "GS Q": _gs_q_upper,
    "GS v": _gs_v,
    "GS V": _gs_v_upper,
}


class RealtimeScanner(RequestScanner):
    """The bytes stay in the data as well: Epson's note to DLE EOT says that inside another command they are
    also taken as that command's parameters.
    """

    request = re.compile(
        rb"\x10\x04[\x01-\x04]|\x10\x05[\x00-\x02]|\x10\x14\x01[\x00\x01][\x01-\x08]"
        rb"|\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
    )
    longest = 10
