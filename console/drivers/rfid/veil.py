"""What a recording may keep of a tag's number: how long it is and its last two characters, in its frame."""

from __future__ import annotations

import re

from console.drivers.codecs.rfid import STX, epc_place, frame_length, framed, numberless, whole

_HEX = re.compile(rb"[0-9A-Fa-f]")
_MARKS = b"\r\n\0 \x02\x03\xbb\x7e"  # between which numbers stand


def keepable_tags(heard: bytes, code: str | None) -> bytes:
    """As many bytes as `heard`, with which a replay comes to the same verdict; `code` is never there."""
    kept = b""
    while heard:
        length = frame_length(heard)
        if length is None:
            return kept + _half(heard)
        if length:
            kept += _frame(heard[:length])
        else:
            kept += heard[:1] if heard[0] in _MARKS else b"x"
        heard = heard[length or 1 :]
    return kept


def _half(frame: bytes) -> bytes:
    """A frame that broke off."""
    if frame[0] == STX:
        return _HEX.sub(b"0", frame)
    return frame[:5] + b"\0" * len(frame[5:])


def _frame(frame: bytes) -> bytes:
    if frame[0] == STX:
        end = frame[9:11]  # of a number whose other bytes are 0, this is also the check sum
        check = end.upper() if whole(frame) else b"%02X" % (int(end, 16) ^ 0xFF)
        return frame[:1] + b"0" * 8 + end + check + frame[13:]
    if numberless(frame):
        return frame
    place = epc_place(frame) or slice(5, len(frame) - 1)
    number = frame[place]
    hidden = frame[5 : place.start] + b"\0" * (len(number) - 1) + number[-1:]
    rebuilt = framed(frame[2], hidden.ljust(len(frame) - 7, b"\0")[: len(frame) - 7], frame[1])
    return rebuilt if whole(frame) else rebuilt[:-2] + bytes([rebuilt[-2] ^ 0xFF]) + rebuilt[-1:]
