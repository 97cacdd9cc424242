"""The keyboards that Linux tells apart, as sysfs names them and /dev/input/event0 and so on are read.

A scanner that types is one of them. Requests are those of linux/input.h, with the numbers of the processors
that tills have (x86, ARM). Everything here blocks shortly; it belongs to threads.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from errno import ENODEV
from pathlib import Path

from console.drivers.codecs.evdev import bits, words_of_bits
from console.drivers.codecs.keys import is_keyboard

DEVICES = Path("/sys/class/input")
FILES = Path("/dev/input")
_READ, _WRITE, _TYPE = 2, 1, ord("E")
_KEYS, _LEDS, _HAS_LEDS, _GRAB = 0x18, 0x19, 0x31, 0x90  # EVIOCGKEY, EVIOCGLED, EVIOCGBIT(EV_LED), EVIOCGRAB
_KEY_BYTES, _LED_BYTES = 96, 2
_NUM_LOCK, _CAPS_LOCK = 0, 1  # LED_NUML, LED_CAPSL


@dataclass(frozen=True, slots=True)
class Keyboard:
    """One device that types, which may have several files; `socket` is where it is plugged in."""

    vendor: int
    product: int
    name: str
    serial: str
    socket: str
    files: tuple[Path, ...]


def keyboards() -> list[Keyboard]:
    """Every keyboard of this computer, none of them opened."""
    found: dict[tuple[int, int, str, str], tuple[str, list[Path]]] = {}
    for folder in sorted(DEVICES.glob("event*")):
        device = folder / "device"
        with contextlib.suppress(OSError, ValueError):  # it may be pulled out while it is read
            if not is_keyboard(words_of_bits(_word(device / "capabilities/key"))):
                continue
            vendor, product = (int(_word(device / "id" / name), 16) for name in ("vendor", "product"))
            socket = _word(device / "phys").partition("/")[0]
            _, files = found.setdefault(
                (vendor, product, _word(device / "uniq"), socket), (_word(device / "name"), [])
            )
            files.append(FILES / folder.name)
    return [
        Keyboard(vendor, product, name, serial, socket, tuple(files))
        for (vendor, product, serial, socket), (name, files) in found.items()
    ]


def which_of(keyboard: Keyboard, alike: Sequence[Keyboard]) -> str:
    """What tells it from those `alike`: its serial number, else its socket."""
    shared = [each.serial for each in alike].count(keyboard.serial) > 1
    return keyboard.socket if shared or not keyboard.serial else keyboard.serial


class OpenKeyboard:
    """One file of a keyboard, open for reading; it grabs for as long as it is open, and never longer."""

    def __init__(self, file: Path) -> None:
        self.number = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)

    def close(self) -> None:
        """Let go; the kernel gives the keys back to everybody, also when the program is killed."""
        os.close(self.number)

    def read(self, count: int) -> bytes:
        """What waits, b"" for nothing; OSError when the device is gone."""
        try:
            data = os.read(self.number, count)
        except BlockingIOError:
            return b""
        if not data:  # no keyboard ends in any other way
            raise OSError(ENODEV, os.strerror(ENODEV))
        return data

    def held(self) -> frozenset[int]:
        """The keys that are down now."""
        return bits(self._asked(_KEYS, _KEY_BYTES))

    def locks(self) -> tuple[bool, bool]:
        """Whether Caps Lock and Num Lock are on, by their lights; Num Lock also where it has none."""
        has, lit = (bits(self._asked(number, _LED_BYTES)) for number in (_HAS_LEDS, _LEDS))
        return _CAPS_LOCK in lit, _NUM_LOCK in lit or _NUM_LOCK not in has

    def grab(self) -> None:
        """Take its keys alone until it is closed; OSError (EBUSY) when another program has them alone."""
        fcntl.ioctl(self.number, _request(_WRITE, _GRAB, struct.calcsize("i")), 1)

    def _asked(self, number: int, size: int) -> bytes:
        return fcntl.ioctl(self.number, _request(_READ, number, size), bytes(size))


def _request(direction: int, number: int, size: int) -> int:
    """The number of an ioctl (asm-generic/ioctl.h)."""
    return direction << 30 | size << 16 | _TYPE << 8 | number


def _word(path: Path) -> str:
    return path.read_text("utf-8", "replace").strip()
