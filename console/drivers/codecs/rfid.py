"""What RFID readers on serial lines say; pure bytes in, values out.

* `em4100`: 125 kHz readers that send each tag by themselves. ID Innovations ID-12 (data sheet, "Data output
  format - ASCII"): STX, ten hexadecimal digits, two of their check sum (exclusive or of the five bytes),
  CR LF, ETX; RDM6300 and its likenesses leave CR LF out.
* `m100`: UHF modules of MagicRF's M100/QM100 and their likenesses (firmware manual, 2.1 and 2.2): BB, type
  (0 command, 1 answer, 2 notice), command, length in two bytes, parameters, sum of all since the type, 7E.
  03 asks who it is, 22 looks for a tag once: RSSI, two bytes of protocol control, the EPC, two of CRC; answer
  FF with error 15 says that there is none. Only these two are ever sent: they change nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from console.domain.tags import Tag

LONGEST = 96  # bytes of one frame, with room: an EPC has at most 62
STX, ETX = 0x02, 0x03
HEAD, END = 0xBB, 0x7E
_ANSWER, _NOTICE = 1, 2
_INFO, _POLL, _ERROR, _NO_TAG = 0x03, 0x22, 0xFF, 0x15
_OVERHEAD = 7  # bytes of an m100 frame without parameters
_PLACE, _AROUND_EPC = 5, 5  # where parameters begin; RSSI, protocol control and CRC
_DIGITS = 12

Info = Literal["ModelName", "FirmwareRevision", "ManufacturerName"]
_INFOS: tuple[Info, ...] = ("ModelName", "FirmwareRevision", "ManufacturerName")  # as UnifiedPOS names them


@dataclass(frozen=True, slots=True)
class Told:
    """What a reader says of itself."""

    name: Info
    text: str


@dataclass(frozen=True, slots=True)
class NoTag:
    """A reader that looked and found none."""


Said = Tag | Told | NoTag


def framed(command: int, parameters: bytes = b"", kind: int = 0) -> bytes:
    """One m100 frame."""
    inner = bytes([kind, command]) + len(parameters).to_bytes(2, "big") + parameters
    return bytes([HEAD, *inner, sum(inner) & 0xFF, END])


ASK_INFO: tuple[bytes, ...] = tuple(framed(_INFO, bytes([number])) for number in range(len(_INFOS)))
POLL = framed(_POLL)


class TagStream:
    """Cuts a stream of bytes into what readers say, however it arrives; keeps at most LONGEST bytes."""

    def __init__(self) -> None:
        self._rest = b""
        self.strange = False  # whether anything came that stands in no frame

    @property
    def half(self) -> bool:
        """Whether a frame has begun and not ended."""
        return bool(self._rest)

    def feed(self, data: bytes) -> list[Said]:
        """What `data` completes."""
        self._rest += data
        said: list[Said] = []
        while self._rest:
            length = frame_length(self._rest)
            if length is None:
                break
            if length == 0:
                self.strange = self.strange or self._rest[0] not in b"\r\n\0 "
                self._rest = self._rest[1:]
                continue
            frame, self._rest = self._rest[:length], self._rest[length:]
            if (meant := read(frame)) is not None:
                said.append(meant)
        return said


def frame_length(data: bytes) -> int | None:
    """How many bytes the frame at the beginning of `data` has: 0 for no frame, None while more must come."""
    if data[0] == STX:
        return _em4100_length(data)
    return _m100_length(data) if data[0] == HEAD else 0


def _em4100_length(data: bytes) -> int | None:
    digits = data[1 : 1 + _DIGITS]
    if any(byte not in b"0123456789ABCDEFabcdef" for byte in digits):
        return 0
    end = data[1 + _DIGITS : 4 + _DIGITS]
    for wanted in (bytes([ETX]), bytes([0x0D, 0x0A, ETX])):
        if end[: len(wanted)] == wanted:
            return 1 + _DIGITS + len(wanted)
        if len(end) < len(wanted) and wanted.startswith(end):
            return None
    return 0


def _m100_length(data: bytes) -> int | None:
    if len(data) > 1 and data[1] > _NOTICE:
        return 0
    if len(data) < _PLACE:
        return None
    length = _OVERHEAD + int.from_bytes(data[3:_PLACE], "big")
    if length > LONGEST:
        return 0
    if len(data) < length:
        return None
    return length if data[length - 1] == END else 0


def whole(frame: bytes) -> bool:
    """Whether the check sum of a frame is right."""
    if frame[0] == STX:
        *data, check = bytes.fromhex(frame[1 : 1 + _DIGITS].decode())
        for byte in data:
            check ^= byte
        return check == 0
    return sum(frame[1:-2]) & 0xFF == frame[-2]


def epc_place(frame: bytes) -> slice | None:
    """Where an m100 frame holds a tag's number; None where it holds none."""
    if frame[0] == HEAD and frame[1:3] == bytes([_NOTICE, _POLL]) and len(frame) > _OVERHEAD + _AROUND_EPC:
        return slice(_PLACE + 3, -4)
    return None


def numberless(frame: bytes) -> bool:
    """Whether an m100 frame tells of the reader alone, or of nobody."""
    return frame[0] == HEAD and frame[1] == _ANSWER and frame[2] in (_INFO, _ERROR)


def read(frame: bytes) -> Said | None:
    """What a frame means; None for one that means nothing to us."""
    if frame[0] == STX:
        return Tag(frame[1 : _DIGITS - 1].decode().upper(), "EM4100", whole(frame))
    if place := epc_place(frame):
        return Tag(frame[place].hex().upper(), "EPC", whole(frame))
    if not whole(frame) or frame[1] != _ANSWER:
        return None
    parameters = frame[_PLACE:-2]
    if frame[2] == _ERROR and parameters[:1] == bytes([_NO_TAG]):
        return NoTag()
    if frame[2] == _INFO and parameters and parameters[0] < len(_INFOS):
        text = parameters[1:].decode("ascii", "replace")
        shown = "".join(each for each in text if each.isascii() and each.isprintable()).strip()
        return Told(_INFOS[parameters[0]], shown[:60])
    return None
