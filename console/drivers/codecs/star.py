"""Star requests and answers as bytes: Star Line Mode and StarPRNT, which share all that is used here.

Star Micronics, "STAR Line Mode Command Specifications" (line thermal printers), chapters "Status" and
"Appendix: Status Specifications", against "Star Command Specifications" (dot impact, the same tables) and
"StarPRNT Command Specifications" (ETB, ESC GS ) I). ENQ (05) and EOT (04) ask for single bytes without a
signature that say less than ESC ACK SOH; they are not used.

Dangerous bytes on a Star printer: BEL (07) and FS (1C) drive drawer 1, SUB (1A) and EM (19) drawer 2, FS
already when it is received. An ESC/POS page (FS &) would open the drawer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum

from console.drivers.codecs.replies import GARBAGE, Reply

INITIALISE = b"\x1b@"  # ESC @: prints what waits in the line buffer, then resets
STATUS_REQUEST = b"\x1b\x06\x01"  # ESC ACK SOH: answered at once, even while offline
VERSION_REQUEST = b"\x1b#*\n\x00"  # ESC # * LF NUL
INFORMATION_REQUEST = b"\x1b\x1d)I\x01\x001"  # ESC GS ) I function 49: serial number (StarPRNT)
ASB_ON = b"\x1b\x1ea\x01"  # ESC RS a: tell each change
ASB_OFF = b"\x1b\x1ea\x00"
RESET_COUNTER = b"\x1b\x1eE\x00"  # ESC RS E: the ETB counter back to 0
COUNT = b"\x17"  # ETB: waits until all before it is printed, adds 1 to the ETB counter, sends the status
COUNTED = 32  # the ETB counter goes from 31 to 0

_SHORTEST = 7  # bytes of a status; version 1 has no more
_LONGEST_DATA = 0x0200  # bytes that a network interface may add to a status
_TEXT_LIMIT = 128
_FLOW_CONTROL = frozenset({0x11, 0x13})  # XON, XOFF
_TEXT_HEADS = (b"\x1b#*,", b"\x1b\x1d)I")
_TEXT_END = b"\n\x00"

_BITS: tuple[tuple[int, int, str], ...] = (  # byte (from 0), mask, sign
    (2, 0x08, "status.offline"),
    (2, 0x20, "status.cover_open"),
    (2, 0x40, "status.waiting_recovery"),  # put offline by its switch
    (3, 0x04, "status.mechanical"),
    (3, 0x08, "status.cutter_error"),
    (3, 0x20, "status.unrecoverable"),
    (3, 0x40, "status.auto_recoverable"),  # stopped by high head temperature
    (4, 0x02, "status.cover_open"),  # head up
    (4, 0x04, "status.mechanical"),  # paper jam in the presenter
    (4, 0x08, "status.mark_missing"),
    (4, 0x20, "status.command_error"),  # in page mode
    (4, 0x40, "status.overflow"),
    (5, 0x02, "status.paper_near_end"),  # outer side
    (5, 0x04, "status.paper_near_end"),  # inner side
    (5, 0x08, "status.paper_end"),
)
# Byte 2 bit 1 and byte 7 belong to ETB. Left out because they are neither trouble nor health: byte 5 bit 5
# (what the mark sensor sees), byte 6 (slip, presenter and peeler have paper), byte 8 (presenter position).
_DRAWER = 0x04  # of byte 2: compulsion switch closed
_HEALTHY = {
    "status.online": {"status.offline"},
    "status.cover_closed": {"status.cover_open"},
    "status.no_offline_cause": {"status.offline", "status.cover_open", "status.waiting_recovery"},
    "status.no_error": {
        "status.mechanical",
        "status.cutter_error",
        "status.unrecoverable",
        "status.auto_recoverable",
        "status.mark_missing",
        "status.overflow",
    },
    "status.paper_present": {"status.paper_near_end", "status.paper_end"},
}


def pulse_width(on: int, off: int) -> bytes:
    """ESC BEL n1 n2: how long drawer 1 is driven and then rests, each 1 to 127 times 10 ms."""
    return bytes((0x1B, 0x07, on, off))


def status_length(header: int) -> int:
    """Bytes of the status that begins with `header`; 0 where none begins so (Header 1)."""
    length = header >> 2 & 0x18 | header >> 1 & 0x07
    return length if header & 0x91 == 0x01 and length >= _SHORTEST else 0


def status_signs(message: bytes) -> frozenset[str]:
    """What a whole status says (Printer status 1 to 4, third to sixth byte)."""
    signs = {sign for index, mask, sign in _BITS if message[index] & mask}
    healthy = {sign for sign, unless in _HEALTHY.items() if not signs & unless}
    drawer = "status.drawer_high" if message[2] & _DRAWER else "status.drawer_low"
    return frozenset(signs | healthy | {drawer})


def version(message: bytes) -> int:
    """The version of a status (Header 2): up to 3 on Line Mode printers, from 4 on StarPRNT (unchecked)."""
    return message[1] >> 2 & 0x18 | message[1] >> 1 & 0x07


def counter(message: bytes) -> int | None:
    """The ETB counter, 0 to 31 (Printer status 6, eighth byte); None where the status has none.

    A printer without it sets its ETB bit already when it reads ETB, not when the page is printed.
    """
    if status_length(message[0]) < 8:
        return None
    return message[7] >> 2 & 0x18 | message[7] >> 1 & 0x07


def named_version(text: bytes) -> tuple[str, str]:
    """Model and firmware of `HSP7000 Ver. 1.0` or `TSP654IIVer1.0`; firmware "" where it names none."""
    whole = text.decode("ascii", "replace").strip()
    found = re.fullmatch(r"(.*?)\s*Ver\.?\s*([0-9][0-9.]*)", whole)
    return (found[1], found[2]) if found else (whole, "")


def serial_number(information: bytes) -> str:
    """The value of the tag PrSrN; "" where it is not told."""
    found = re.search(rb"PrSrN=([ -+\--~]+)", information)
    return found[1].decode("ascii") if found else ""


class Kind(StrEnum):
    """What a piece of the printer's answer is."""

    STATUS = "status"  # asked for, or sent by itself
    VERSION = "version"  # what stood between ESC # * , and LF NUL
    INFORMATION = "information"  # what stood between ESC GS ) I and LF NUL


class ReplyParser:
    """Takes bytes in any pieces and yields replies; keeps at most 600 bytes.

    Network interfaces set bit 7 of Header 2 and send two bytes of length behind the status, and as much data
    (section "Printer status transmission specification when using Ethernet I/F and Wireless LAN I/F").
    """

    def __init__(self) -> None:
        self._begun = bytearray()

    @property
    def pending(self) -> bytes:
        """A reply that has begun and not ended."""
        return bytes(self._begun)

    def expect(self, kind: str | None) -> None:
        """Every answer has a signature: nothing need be announced."""

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Each reply that `data` completes; XON and XOFF belong to the line and are left out."""
        for byte in data:
            if byte not in _FLOW_CONTROL:
                yield from self._step(byte)

    def _step(self, byte: int) -> Iterator[Reply]:
        begun = self._begun
        if begun and not _continues(begun, byte):
            yield Reply(GARBAGE, self._taken())
        begun.append(byte)
        if begun[0] == 0x1B:
            if begun.endswith(_TEXT_END):
                kind = Kind.VERSION if begun[1] == 0x23 else Kind.INFORMATION
                yield Reply(kind, self._taken()[4:-2])
        elif not (length := _whole_length(begun)):
            yield Reply(GARBAGE, self._taken())
        elif len(begun) == length:
            yield Reply(Kind.STATUS, self._taken())

    def _taken(self) -> bytes:
        taken = bytes(self._begun)
        self._begun.clear()
        return taken


def _whole_length(begun: bytearray) -> int:
    """Bytes of the status that has begun, as far as that is known by now; 0 where it is none."""
    length = status_length(begun[0])
    if not length or len(begun) < 2 or not begun[1] & 0x80:
        return length
    if len(begun) < length + 2:
        return length + 2
    # Which byte is the high one is not said; only one order keeps to the limit.
    sizes = (int.from_bytes(begun[length : length + 2], order) for order in ("big", "little"))
    data = next((size for size in sizes if size <= _LONGEST_DATA), None)
    return 0 if data is None else length + 2 + data


def _continues(begun: bytearray, byte: int) -> bool:
    if begun[0] == 0x1B:
        head = bytes((*begun[:4], byte)[:4])
        return any(known.startswith(head) for known in _TEXT_HEADS) and len(begun) < _TEXT_LIMIT
    if len(begun) >= status_length(begun[0]):
        return True
    return byte & (0x11 if len(begun) == 1 else 0x91) == 0
