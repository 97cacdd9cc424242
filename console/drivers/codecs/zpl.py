"""ZPL II requests and answers as bytes (Zebra, "ZPL II Programming Guide", commands ~HS, ~HI and ~HQ).

Each answer is text between STX and ETX; ~HS sends three of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import NamedTuple

from console.drivers.codecs.printer_states import with_health
from console.drivers.codecs.replies import GARBAGE, Reply

HOST_STATUS = b"~HS"
ERRORS = b"~HQES"
IDENTITY = b"~HI"
GO_ON = b"~PS"  # ends a pause
FORGET = b"~JA"  # drops every format and label that waits
SERIAL_NUMBER = b"~HQSN"
ODOMETER = b"~HQOD"

_LONGEST = 1024  # bytes between STX and ETX; the answers have some 200
_BETWEEN = frozenset(b"\r\n\x11\x13")  # line ends, XON, XOFF
_INCH = 2.54  # cm

# ~HS, string and field (from 0), and what 1 there says. The manual's letters stand behind.
_FLAGS = (
    (0, 1, "status.paper_end"),  # b
    (0, 2, "status.paused"),  # c
    (0, 5, "status.printing"),  # f: receive buffer full
    (0, 7, "status.printing"),  # h: a format is coming in
    (0, 9, "status.unrecoverable"),  # j: configuration lost
    (0, 10, "status.auto_recoverable"),  # k: head too cold
    (0, 11, "status.auto_recoverable"),  # l: head too hot
    (1, 2, "status.cover_open"),  # o: head up
    (1, 3, "status.ribbon_end"),  # p
    (1, 7, "status.label_waiting"),  # t: in peel-off mode
)
_WORK = ((0, 4), (1, 8))  # eee formats in the receive buffer, uuuuuuuu labels remaining
_FIELDS = (12, 11, 2)  # of the three strings

# ~HQES, "Error Flags" and "Warning Flags", group 1, by bit.
_ERRORS = {
    0: "status.paper_end",
    1: "status.ribbon_end",
    2: "status.cover_open",
    3: "status.cutter_error",
    4: "status.auto_recoverable",  # head too hot
    5: "status.auto_recoverable",  # motor too hot
    6: "status.mechanical",  # bad head element
    7: "status.unrecoverable",  # head not detected
    8: "status.unrecoverable",  # firmware configuration
    9: "status.unrecoverable",  # head thermistor
    12: "status.label_jam",  # in retract; this and the next three on kiosk printers
    13: "status.mechanical",  # presenter does not run
    14: "status.label_jam",  # paper feed (one list says bit 10)
    15: "status.label_jam",  # path could not be cleared
    16: "status.paused",
    17: "status.mechanical",  # retract timed out
    18: "status.gap_not_found",  # black mark calibration
    19: "status.gap_not_found",  # black mark not found
}
_WARNINGS = {
    0: "status.calibration_needed",
    1: "status.head_dirty",
    2: "status.head_worn",
    3: "status.paper_near_end",
}  # bits 4 to 11 are a kiosk printer's paper sensors: where the paper is, no trouble


class Kind(StrEnum):
    """What a piece of the printer's answer is."""

    STATUS = "status"  # the three strings of ~HS, one a line
    ERRORS = "errors"  # ~HQES
    IDENTITY = "identity"  # ~HI
    TEXT = "text"  # any other


class Identity(NamedTuple):
    """What ~HI tells."""

    model: str
    firmware: str
    dots_per_mm: str
    memory: str


def status_signs(answer: bytes) -> frozenset[str]:
    """What the three strings of ~HS say."""
    strings = [line.split(b",") for line in answer.split(b"\n")]
    signs = {sign for string, field, sign in _FLAGS if strings[string][field].strip() == b"1"}
    if any(int(strings[string][field]) for string, field in _WORK):
        signs.add("status.printing")
    return with_health(signs)


def error_signs(answer: bytes) -> frozenset[str]:
    """What ~HQES says; an error bit that no list names is an error all the same."""
    errors, warnings = _FLAG_LINES.findall(answer)[:2]
    return with_health({*_signs(errors, _ERRORS, "status.error"), *_signs(warnings, _WARNINGS, None)})


def _signs(line: tuple[bytes, bytes, bytes], names: dict[int, str], otherwise: str | None) -> set[str]:
    flag, upper, lower = line
    bits = int(upper + lower, 16)
    signs = {names.get(bit, otherwise) for bit in range(64) if bits >> bit & 1}
    if flag != b"0" and not bits:
        signs.add(otherwise)
    return {sign for sign in signs if sign}


def identity(answer: bytes) -> Identity:
    """What ~HI says."""
    parts = [part.strip() for part in answer.decode("ascii", "replace").split(",")]
    return Identity(*parts[:4])


def serial_number(answer: bytes) -> str | None:
    """What ~HQSN says (unchecked form: a value behind a heading); None where it is something else."""
    found = re.search(rb"SERIAL NUMBER[\s:]*([!-~]{1,40})", answer)
    return found[1].decode("ascii") if found else None


def head_travel(answer: bytes) -> int | None:
    """~HQOD's total that nobody can reset, in whole cm; None where it is not told. Inches are converted."""
    found = re.search(rb'TOTAL NONRESETTABLE:\s*([0-9]{1,12})\s*(cm|")', answer)
    if found is None:
        return None
    return int(found[1]) if found[2] == b"cm" else round(int(found[1]) * _INCH)


_FLAG_LINES = re.compile(rb"(?:ERRORS|WARNINGS):\s*([01])\s+([0-9A-Fa-f]{8})\s+([0-9A-Fa-f]{8})")
_NUMBERS = re.compile(rb"[0-9]{1,10}(,[0-9]{1,10})*")


class ReplyParser:
    """Takes bytes in any pieces and yields replies; keeps at most 2 kB."""

    def __init__(self) -> None:
        self._open = False  # behind STX
        self._begun = bytearray()
        self._strings: list[bytes] = []  # of a ~HS that is not complete

    @property
    def pending(self) -> bytes:
        """A reply that has begun and not ended."""
        begun = b"\n".join((*self._strings, bytes(self._begun)))
        return begun or (b"\x02" if self._open else b"")

    def expect(self, kind: str | None) -> None:
        """Answers name themselves; a status that broke off is forgotten at the next question."""
        if kind is not None:
            self._open = False
            self._begun.clear()
            self._strings.clear()

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Each reply that `data` completes."""
        for byte in data:
            if not self._open:
                if byte == 0x02:
                    self._open = True
                elif byte not in _BETWEEN:
                    yield Reply(GARBAGE, bytes((byte,)))
            elif byte == 0x03:
                yield from self._block(self._taken())
            else:
                self._begun.append(byte)
                if byte > 0x7E or byte == 0x02 or len(self._begun) > _LONGEST:
                    yield Reply(GARBAGE, self._taken())

    def _taken(self) -> bytes:
        taken, self._open = bytes(self._begun), False
        self._begun.clear()
        return taken

    def _block(self, block: bytes) -> Iterator[Reply]:
        text = block.strip()
        at = len(self._strings)
        if _NUMBERS.fullmatch(text) and text.count(b",") + 1 == _FIELDS[at]:
            self._strings.append(text)
            if at == 2:
                whole = b"\n".join(self._strings)
                self._strings.clear()
                yield Reply(Kind.STATUS, whole)
            return
        self._strings.clear()
        yield Reply(_kind(text), text)


def _kind(text: bytes) -> Kind:
    if len(_FLAG_LINES.findall(text)) >= 2:
        return Kind.ERRORS
    return (
        Kind.IDENTITY if re.fullmatch(rb"[^,]+,\s*V[^,]*,[^,]*,[^,]*(,.*)?", text, re.DOTALL) else Kind.TEXT
    )
