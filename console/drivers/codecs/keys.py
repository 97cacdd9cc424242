"""From the keys that one keyboard presses to the characters that they type.

Key codes are those of linux/input-event-codes.h; for the block of letters, digits and signs they are the
scan codes (set 1) that Windows tells as well. Read are shift, Caps Lock, the keypad with Num Lock, and Ctrl
with a letter, which is a control character: scanners send GS as Ctrl+]. Not read are dead keys, AltGr and
characters by Alt and digits: each of their keys comes as U+FFFD, so that nobody takes the code for whole.
"""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.keyboard_layouts import characters

UNREAD = "\N{REPLACEMENT CHARACTER}"
BACKSPACE, TAB, ENTER, KEYPAD_ENTER, SPACE, ESCAPE = 14, 15, 28, 96, 57, 1
SHIFTS, CTRLS, ALTS = frozenset({42, 54}), frozenset({29, 97}), frozenset({56, 100, 125, 126})
CAPS_LOCK, NUM_LOCK = 58, 69
# In the order of the tables of `keyboard_layouts`: left of 1, 1 to =, Q to ], A to ', \, <, Z to /.
_PLACES = (41, *range(2, 14), *range(16, 28), *range(30, 41), 43, 86, *range(44, 54))
_KEYPAD = dict(zip((71, 72, 73, 75, 76, 77, 79, 80, 81, 82, 83), "789456123" + "0.", strict=True))
_KEYPAD_SIGNS = {55: "*", 74: "-", 78: "+", 98: "/"}
_PLAIN = {BACKSPACE: "\b", TAB: "\t", ENTER: "\r", KEYPAD_ENTER: "\r", SPACE: " ", ESCAPE: "\x1b"}


class Keys:
    """One keyboard; `layout` is the one that it types in, one of `keyboard_layouts.LAYOUTS`."""

    def __init__(self, layout: str = "us", caps: bool = False, numbers: bool = True) -> None:
        plain, shifted = characters(layout)
        self._plain = dict(zip(_PLACES, plain, strict=True))
        self._shifted = dict(zip(_PLACES, shifted, strict=True))
        self._caps = caps
        self._numbers = numbers
        self._held: set[int] = set()

    def pressed(self, code: int) -> str:
        """What this key types; "" for one that types nothing."""
        if code in SHIFTS | CTRLS | ALTS:
            self._held.add(code)
        elif code == CAPS_LOCK:
            self._caps = not self._caps
        elif code == NUM_LOCK:
            self._numbers = not self._numbers
        elif typed := self._character(code):
            return self._changed(typed)
        return ""

    def released(self, code: int) -> None:
        """It is up again."""
        self._held.discard(code)

    def lost(self) -> str:
        """Some keys never came here: what was held may be up, and a character is missing."""
        self._held.clear()
        return UNREAD

    def _character(self, code: int) -> str:
        if code in _PLAIN:
            return _PLAIN[code]
        if code in _KEYPAD:
            return _KEYPAD[code] if self._numbers else ""
        if code in _KEYPAD_SIGNS:
            return _KEYPAD_SIGNS[code]
        plain, shifted = self._plain.get(code, ""), self._shifted.get(code, "")
        is_letter = plain.upper() == shifted and plain != shifted
        up = bool(self._held & SHIFTS) is not (self._caps and is_letter)
        typed = shifted if up else plain
        return UNREAD if typed == "\0" else typed

    def _changed(self, typed: str) -> str:
        """The same with Ctrl, Alt or AltGr held."""
        if self._held & ALTS:
            return UNREAD
        if self._held & CTRLS and typed.isascii() and "@" <= typed.upper() <= "_":
            return chr(ord(typed.upper()) & 0x1F)
        return typed


def is_keyboard(codes: Iterable[int]) -> bool:
    """Whether a device with these keys can type a code: digits, a letter and Enter."""
    return {*range(2, 12), 30, ENTER} <= set(codes)
