"""Windows raw input: one RAWINPUT record of a keyboard (Win32 reference, RAWINPUTHEADER and RAWKEYBOARD).

The header is type, size, the device's handle and a word parameter, the latter two as wide as a pointer; the
keyboard's part is make code, flags, reserved, virtual key (16 bits each), message and extra (32 bits each).
"""

from __future__ import annotations

import re
import struct
from typing import NamedTuple

from console.drivers.codecs.keys import Keys

_KEYBOARD = 1  # RIM_TYPEKEYBOARD
_BREAK, _E0 = 1, 2  # RI_KEY_BREAK, RI_KEY_E0
_OVERRUN = 0xFF  # KEYBOARD_OVERRUN_MAKE_CODE: more keys than the keyboard can tell
# Make codes behind E0 that type or change what is typed; the other ones (arrows, media keys) do neither.
_EXTENDED = {0x1C: 96, 0x1D: 97, 0x35: 98, 0x38: 100, 0x5B: 125, 0x5C: 126}
_LAST_PLAIN = 0x58  # up to here the codes are Linux's
_NAME = re.compile(r"VID_([0-9A-F]{4})&PID_([0-9A-F]{4})(?:[^#]*)#([^#]*)#", re.IGNORECASE)


class Pressed(NamedTuple):
    """A key of the keyboard `device` (a handle): its code as in `keys`, None where keys were lost."""

    device: int
    code: int | None
    down: bool


def read_record(record: bytes, pointer: int = 8) -> Pressed | None:
    """What a record tells, with pointers of so many bytes; None for another device's, or half a record."""
    header = struct.Struct("<IIQQ" if pointer == 8 else "<IIII")
    if len(record) < header.size + 16:
        return None
    kind, _, device, _ = header.unpack_from(record)
    make, flags, _, _, _, _ = struct.unpack_from("<4H2I", record, header.size)
    if kind != _KEYBOARD:
        return None
    if make == _OVERRUN:
        return Pressed(device, None, True)
    code = _EXTENDED.get(make, 0) if flags & _E0 else make if make <= _LAST_PLAIN else 0
    return Pressed(device, code, not flags & _BREAK)


class RecordReader:
    """Takes records and gives characters; a key that is held is told again and again, and counts once."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._down: set[int] = set()

    def feed(self, pressed: Pressed) -> str:
        """What this key types."""
        if pressed.code is None:
            self._down.clear()
            return self._keys.lost()
        if not pressed.down:
            self._down.discard(pressed.code)
            self._keys.released(pressed.code)
            return ""
        if pressed.code in self._down:
            return ""
        self._down.add(pressed.code)
        return self._keys.pressed(pressed.code)


def numbers_in(name: str) -> tuple[int, int, str] | None:
    r"""Vendor, product and instance in a device's name `\\?\HID#VID_05E0&PID_1200#7&1a2b#{…}`."""
    found = _NAME.search(name)
    return (int(found[1], 16), int(found[2], 16), found[3]) if found else None
