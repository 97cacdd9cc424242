"""What a serial receiver makes of bytes that were sent at another speed (8 data bits, no parity)."""

from __future__ import annotations

import sys

_BITS = 10  # start, 8 data, stop


def misread(data: bytes, sent_at: int, read_at: int) -> bytes:
    """The bytes that a receiver at `read_at` baud sees; one whose stop bit is missing is dropped."""
    if sent_at == read_at:
        return data
    levels = [level for byte in data for level in (0, *(byte >> bit & 1 for bit in range(8)), 1)]
    step = sent_at / read_at  # bits of the sender that pass in one of the receiver's

    def level(time: float) -> int:
        return levels[int(time)] if time < len(levels) else 1

    seen = bytearray()
    time = 0.0
    while time < len(levels):
        if level(time):  # idle, or the rest of a byte: the next edge can only be between two bits
            time = int(time) + 1.0
            continue
        bits = [level(time + (number + 0.5) * step) for number in range(_BITS)]
        if bits[0] == 0 and bits[-1] == 1:
            seen.append(sum(bit << number for number, bit in enumerate(bits[1:-1])))
        time += (_BITS - 0.5) * step
    return bytes(seen)


def speed_of(terminal: int) -> int:
    """The speed to which a terminal (file descriptor) was set by whoever opened it."""
    if sys.platform == "win32":
        return 0
    import termios

    speed = termios.tcgetattr(terminal)[5]
    return next(
        int(name[1:]) for name, value in vars(termios).items() if name[1:].isdigit() and value == speed
    )
