"""A simulated scanner that types, as a keyboard of its own (see `key_bus.py`): it presses keys in its time.

Codes are those of linux/input-event-codes.h; it is set to a US keyboard. GS and other control characters are
Ctrl with a letter, as scanners send them.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from console.simulators.faults import KEY_SCANNER
from console.simulators.scanner import ScannerSimulator
from console.simulators.usb import UsbBus, UsbPort

_ROWS = (
    (2, "1234567890-=", "!@#$%^&*()_+"),
    (16, "qwertyuiop[]", "QWERTYUIOP{}"),
    (30, "asdfghjkl;'`", 'ASDFGHJKL:"~'),
    (43, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    (57, " ", ""),
)
_PLACES = {sign: (first + at, shift) for first, *levels in _ROWS for shift, row in enumerate(levels)
           for at, sign in enumerate(row)}  # fmt: skip
_OTHER = {"\r": 28, "\n": 28, "\t": 15, "\x1b": 1, "\b": 14}
_LEFT_SHIFT, _LEFT_CTRL = 42, 29
_SYN, _KEY, _MISC, _SCAN_CODE, _DROPPED = 0, 1, 4, 4, 3
_CAPS_LIGHT, _NUM_LIGHT = 0b10, 0b01


@dataclass(frozen=True)
class KeyModel:
    """What the keyboard says of itself; `port` 0 is the next free socket, no `keys` those of a usual one."""

    vendor: int = 0x05E0
    product: int = 0x1200
    name: str = "Simulated KS-1"
    serial: str = ""
    port: int = 0
    keys: str = ""  # as in sysfs `capabilities/key`
    leds: int = _NUM_LIGHT


class KeyBus(UsbBus):
    """Keyboards' files instead of a USB bus."""

    program = "key_bus.py"


class KeyPort(UsbPort):
    """Where it is plugged in."""

    kind = KeyBus
    known = ("held", "denied")  # another program has it for itself; this user may not read it

    @property
    def address(self) -> str:
        """`keyboard://VENDOR:PRODUCT`."""
        return f"keyboard://{self.model.vendor:04x}:{self.model.product:04x}"


class KeyScannerSimulator(ScannerSimulator):
    """The scanner; `delay` is seconds between two keys."""

    usage: ClassVar[tuple[str, ...]] = (*ScannerSimulator.usage, "usb FAULT on|off")

    def __init__(self, model: KeyModel | None = None, bus: UsbBus | None = None, delay: float = 0.0) -> None:
        self.usb = KeyPort(model or KeyModel(), bus)
        super().__init__(self.usb, "", "enter", delay)

    @property
    def known_faults(self) -> Sequence[str]:
        """The names of all that it can show."""
        return KEY_SCANNER

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs in its environment to see it."""
        return self.usb.environment

    async def obey(self, line: str) -> dict[str, object]:
        """`usb FAULT on|off`, and what every scanner knows."""
        match line.split():
            case ["usb", name, ("on" | "off") as switch]:
                self.usb.set_fault(name, switch == "on")
                return {"usb": sorted(self.usb.faults)}
            case _:
                return await super().obey(line)

    def set_fault(self, name: str, on: bool = True) -> None:
        """Caps Lock is the computer's, whose light every keyboard shows."""
        super().set_fault(name, on)
        self.usb.order(leds=_NUM_LIGHT | (_CAPS_LIGHT if "caps_lock" in self._faults else 0))

    def transmissions(self, code: str) -> list[tuple[str, bytes]]:
        """What is pressed: nothing of it is swapped before the computer has it."""
        swapped = "caps_lock" in self._faults
        return [(text.swapcase() if swapped else text, end) for text, end in super().transmissions(code)]

    async def _send(self, text: str, end: bytes) -> None:
        pause = self.pause
        strokes = [events_of(sign) for sign in text + end.decode().replace("\r\n", "\r")]
        for stroke in strokes if pause else [b"".join(strokes)]:
            self.usb.order(type=stroke.hex())
            if pause:
                await asyncio.sleep(pause)


def events_of(sign: str) -> bytes:
    """The key that types `sign`, down and up, with what is held meanwhile; KeyError for what no key types."""
    return b"".join(_events(sign))


def dropped() -> bytes:
    """What the kernel says after its buffer was full."""
    return _event(_SYN, _DROPPED, 0) + _event(_KEY, 30, 1) + _event(_SYN, 0, 0)


def _events(sign: str) -> Iterator[bytes]:
    code, held = _key(sign)
    for change in ([(held, 1)] if held else []) + [(code, 1), (code, 0)] + ([(held, 0)] if held else []):
        yield _event(_MISC, _SCAN_CODE, 0x70000 + change[0])
        yield _event(_KEY, *change)
        yield _event(_SYN, 0, 0)


def _key(sign: str) -> tuple[int, int]:
    """A key and what is held with it, 0 for nothing."""
    if sign in _PLACES:
        code, shift = _PLACES[sign]
        return code, _LEFT_SHIFT if shift else 0
    if sign in _OTHER:
        return _OTHER[sign], 0
    if sign < " ":
        return _PLACES[chr(ord(sign) + 0x40).lower()][0], _LEFT_CTRL
    raise KeyError(sign)


def _event(kind: int, code: int, value: int) -> bytes:
    return struct.pack("@llHHi", 0, 0, kind, code, value)
