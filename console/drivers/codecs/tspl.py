"""TSPL and TSPL2 requests and answers as bytes (TSC, "TSPL/TSPL2 Programming", "Status Polling and Immediate
Commands"; Gprinter, "Thermal Barcode Printer Series", same section).

Only `ESC ! S` has an answer with a frame; the others are told apart by what was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from console.drivers.codecs.printer_states import HARMLESS, with_health
from console.drivers.codecs.replies import GARBAGE, Reply

STATUS = b"\x1b!?"  # answered at once with one byte, also in mid-label and in trouble
DETAILED_STATUS = b"\x1b!S"  # answered at once with eight bytes; TSC firmware V6.29 EZ and newer
MODEL = b"~!T\r\n"  # the commands with ~ are answered once the printer is ready
MILEAGE = b"~!@\r\n"  # whole kilometres (unchecked unit)
GO_ON = b"\x1b!O"  # ends a pause
FORGET = b"\x1b!."  # drops every job that is printing or waits; TSC firmware V7.00 EZ and newer
LABELS_PRINTED = b"OUT @LABEL\r\n"  # labels since power-on (unchecked; OUT itself has a second source)

_LONGEST = 256  # bytes of an answer that is a line

_BITS = (  # ESC ! ?
    (0x01, "status.cover_open"),  # head opened
    (0x02, "status.label_jam"),  # also where no gap was found
    (0x04, "status.paper_end"),
    (0x08, "status.ribbon_end"),
    (0x10, "status.paused"),
    (0x20, "status.printing"),
    (0x40, "status.cover_open"),  # Gprinter, optional (unchecked)
    (0x80, "status.error"),  # TSC: other error; Gprinter, optional: temperature out of range
)
# The manual's list has no jam together with paper out, and no two of the upper bits at once: what does not
# follow it is noise from a wrong speed or another language.
_LOWER = frozenset({0x0, 0x1, 0x2, 0x3, 0x4, 0x5, 0x8, 0x9, 0xA, 0xB, 0xC, 0xD})
_UPPER = frozenset({0x00, 0x10, 0x20, 0x40, 0x80})

_MESSAGES = {  # ESC ! S, byte 1
    0x40: None,
    0x42: "status.printing",  # backing the label up
    0x43: "status.printing",  # cutting
    0x45: "status.error",
    0x46: "status.printing",  # form feed
    0x4B: "status.paused",  # waiting for the print key
    0x4C: "status.label_waiting",
    0x50: "status.printing",  # a batch
    0x57: "status.printing",  # imaging
    0x60: "status.paused",
}
_DETAILS = (  # ESC ! S, byte, bit, sign
    (2, 0x01, "status.paper_near_end"),  # reserved in older manuals
    (2, 0x02, "status.ribbon_near_end"),  # reserved in older manuals
    (2, 0x08, "status.printing"),  # receive buffer full
    (3, 0x01, "status.auto_recoverable"),  # head too hot
    (3, 0x02, "status.auto_recoverable"),  # motor too hot
    (3, 0x04, "status.mechanical"),  # head error
    (3, 0x08, "status.cutter_error"),
    (3, 0x10, "status.error"),  # not enough memory
    (4, 0x01, "status.paper_end"),
    (4, 0x02, "status.label_jam"),
    (4, 0x04, "status.ribbon_end"),
    (4, 0x08, "status.mechanical"),  # ribbon jam
    (4, 0x20, "status.cover_open"),  # head open
)
_KNOWN = {byte: sum(bit for at, bit, _ in _DETAILS if at == byte) for byte in (3, 4)}


class Kind(StrEnum):
    """What a piece of the printer's answer is."""

    STATUS = "status"  # one byte
    DETAILED = "detailed"  # the four bytes between STX and ETX
    LINE = "line"  # text up to CR


def setting_request(key: str) -> bytes:
    """OUT GETSETTING$: a value of the printer's SYSTEM, INFORMATION section as a line."""
    return b'OUT GETSETTING$("SYSTEM","INFORMATION","%s")\r\n' % key.encode("ascii")


def is_status(value: int) -> bool:
    """Whether `ESC ! ?` can be answered with `value`."""
    return value & 0x0F in _LOWER and value & 0xF0 in _UPPER


def status_signs(value: int) -> frozenset[str]:
    """What the answer to `ESC ! ?` says (section <ESC>!?)."""
    return with_health({sign for mask, sign in _BITS if value & mask})


def detailed_signs(answer: bytes) -> frozenset[str]:
    """What the four bytes of `ESC ! S` say (section <ESC>!S); an unknown error bit is an error."""
    message = _MESSAGES.get(answer[0], "status.error")
    signs = {sign for at, bit, sign in _DETAILS if answer[at - 1] & bit}
    if message == "status.error" and signs - HARMLESS:
        message = None  # something finer is known
    if any(answer[at - 1] & 0x3F & ~known for at, known in _KNOWN.items()):
        signs.add("status.error")
    if message:
        signs.add(message)
    return with_health(signs)


class ReplyParser:
    """Takes bytes in any pieces and yields replies; keeps at most 256 bytes.

    What comes unasked is taken byte by byte for late answers to `ESC ! ?`, so that it is not lost on anybody.
    """

    def __init__(self) -> None:
        self._begun = bytearray()
        self._wanted: str | None = None

    @property
    def pending(self) -> bytes:
        """A reply that has begun and not ended."""
        return bytes(self._begun)

    def expect(self, kind: str | None) -> None:
        """The kind that was asked for; what came of it stays in `pending` until the next question."""
        self._wanted = kind
        if kind is not None:
            self._begun.clear()

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Each reply that `data` completes."""
        for byte in data:
            if self._wanted == Kind.DETAILED:
                yield from self._frame(byte)
            elif self._wanted == Kind.LINE:
                yield from self._line(byte)
            elif self._wanted == Kind.STATUS or byte not in b"\r\n":
                self._wanted = None
                yield Reply(Kind.STATUS if is_status(byte) else GARBAGE, bytes((byte,)))

    def _frame(self, byte: int) -> Iterator[Reply]:
        """STX, four bytes from 40 to 7F, ETX, CR, LF; CR and LF are not waited for."""
        at, begun = len(self._begun), self._begun
        begun.append(byte)
        fits = byte == 2 if at == 0 else byte == 3 if at == 5 else 0x40 <= byte <= 0x7F
        if not fits:
            yield Reply(GARBAGE, self._taken())
        elif at == 5:
            self._wanted = None
            yield Reply(Kind.DETAILED, self._taken()[1:5])

    def _line(self, byte: int) -> Iterator[Reply]:
        if byte == 0x0D or (byte == 0x0A and self._begun):
            self._wanted = None
            yield Reply(Kind.LINE, self._taken())
        elif byte != 0x0A:
            self._begun.append(byte)
            if not 0x20 <= byte < 0x7F or len(self._begun) > _LONGEST:
                yield Reply(GARBAGE, self._taken())

    def _taken(self) -> bytes:
        taken = bytes(self._begun)
        self._begun.clear()
        return taken
