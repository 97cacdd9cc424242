"""Linux input events: what is read from /dev/input/event0 and so on (linux/input.h, Documentation/input).

`struct input_event` is the time as two longs, type and code of 16 bits, and a value of 32 bits, in the
processor's own byte order.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from console.drivers.codecs.keys import Keys

_EVENT = struct.Struct("@llHHi")
EVENT_BYTES = _EVENT.size
_SYN, _KEY = 0, 1  # types
_REPORT, _DROPPED = 0, 3  # codes of EV_SYN
_UP, _DOWN = 0, 1  # values of EV_KEY; 2 is the kernel's own repeating, which no scanner means


class EventReader:
    """Takes bytes as they are read and gives characters; half an event waits for its other half."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._rest = b""
        self._dropped = False

    def feed(self, data: bytes) -> str:
        """What these events type. Where the kernel had to drop some, U+FFFD stands for them.

        After SYN_DROPPED everything up to the next SYN_REPORT is left out as the kernel's guide tells to.
        """
        return "".join(self._typed(*event) for event in self._events(data))

    def _events(self, data: bytes) -> Iterator[tuple[int, int, int]]:
        whole = self._rest + data
        end = len(whole) - len(whole) % EVENT_BYTES
        self._rest = whole[end:]
        for _, _, kind, code, value in _EVENT.iter_unpack(whole[:end]):
            yield kind, code, value

    def _typed(self, kind: int, code: int, value: int) -> str:
        if (kind, code) == (_SYN, _DROPPED):
            self._dropped = True
        elif self._dropped:
            if (kind, code) == (_SYN, _REPORT):
                self._dropped = False
                return self._keys.lost()
        elif kind == _KEY and value == _DOWN:
            return self._keys.pressed(code)
        elif kind == _KEY and value == _UP:
            self._keys.released(code)
        return ""


def bits(answer: bytes) -> frozenset[int]:
    """The numbers whose bits are set in what EVIOCGKEY, EVIOCGLED and the like fill in."""
    return frozenset(8 * at + bit for at, byte in enumerate(answer) for bit in range(8) if byte >> bit & 1)


def words_of_bits(text: str, word_bits: int = 8 * struct.calcsize("@l")) -> frozenset[int]:
    """The same from sysfs (`capabilities/key`): hexadecimal words of a long each, the highest first."""
    number = 0
    for word in text.split():
        number = number << word_bits | int(word, 16)
    return frozenset(at for at in range(number.bit_length()) if number >> at & 1)
