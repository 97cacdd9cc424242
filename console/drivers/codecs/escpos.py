"""ESC/POS requests and answers as bytes (Epson, "ESC/POS Command Reference for TM printers").

Realtime status: DLE EOT. Automatic status back (ASB): GS a. Identity: GS I. Maintenance counters: GS g 2.
Process ID: GS ( H function 48.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from console.drivers.codecs.replies import GARBAGE, Reply

INITIALISE = b"\x1b@"  # ESC @
ASB_ON = b"\x1da\x4f"  # GS a: tell each change of the drawer, online/offline, errors, paper and the buttons
ASB_OFF = b"\x1da\x00"
QUESTIONS = (1, 4, 2, 3)  # DLE EOT n, the commonest trouble (paper) early

_BLOCK_LIMIT = 128  # the manual allows 80 characters
_FLOW_CONTROL = frozenset({0x11, 0x13})  # XON, XOFF

_REALTIME: dict[int, tuple[tuple[int, str], ...]] = {
    1: ((0x08, "status.offline"), (0x20, "status.waiting_recovery"), (0x40, "status.feed_pressed")),
    2: (
        (0x04, "status.cover_open"),
        (0x08, "status.feeding"),
        (0x20, "status.paper_stop"),
        (0x40, "status.error"),
    ),
    3: (
        (0x04, "status.mechanical"),
        (0x08, "status.cutter_error"),
        (0x20, "status.unrecoverable"),
        (0x40, "status.auto_recoverable"),
    ),
    4: ((0x0C, "status.paper_near_end"), (0x60, "status.paper_end")),
}
_HEALTHY = {1: "status.online", 2: "status.no_offline_cause", 3: "status.no_error", 4: "status.paper_present"}
_AUTOMATIC: tuple[tuple[int, int, str], ...] = (  # byte, mask, sign
    (0, 0x08, "status.offline"),
    (0, 0x20, "status.cover_open"),
    (0, 0x40, "status.feeding"),
    (1, 0x01, "status.waiting_recovery"),
    (1, 0x02, "status.feed_pressed"),
    (1, 0x04, "status.mechanical"),
    (1, 0x08, "status.cutter_error"),
    (1, 0x20, "status.unrecoverable"),
    (1, 0x40, "status.auto_recoverable"),
    (2, 0x03, "status.paper_near_end"),
    (2, 0x0C, "status.paper_end"),
)


def status_request(question: int) -> bytes:
    """DLE EOT n, n from 1 to 4: the printer answers one byte at once, even while offline."""
    return bytes((0x10, 0x04, question))


def identity_request(number: int) -> bytes:
    """GS I n: 1 to 3 answer one byte, 65 to 69 a `5F … 00` block."""
    return bytes((0x1D, 0x49, number))


def counter_request(number: int) -> bytes:
    """GS g 2: the answer is a block of decimal digits."""
    return b"\x1dg2\x00" + number.to_bytes(2, "little")


def process_id_request(code: bytes) -> bytes:
    """GS ( H function 48: `code` (4 bytes, 0x20 to 0x7E) comes back once all data before it is printed."""
    return b"\x1d(H\x06\x0000" + code


def recovery_request(request: int) -> bytes:
    """DLE ENQ n, carried out as it arrives, also off line.

    0 goes on line again after a paper end, where the printer waits for that. 1 recovers from an error and
    goes on from the line where it came up, 2 empties the buffers first; both only for errors that can be
    recovered from once their cause is gone, mostly the cutter's, and for none that go by themselves (Epson's
    command reference, DLE ENQ; Citizen's and Zijiang's manuals alike).
    """
    return bytes((0x10, 0x05, request))


def drawer_pulse(pin: int) -> bytes:
    """ESC p: a pulse of 100 ms to the drawer on pin 2 or 5, then as long a rest (units of 2 ms)."""
    return bytes([0x1B, 0x70, 0 if pin == 2 else 1, 50, 50])


def status_signs(question: int, value: int) -> frozenset[str]:
    """What the answer `value` to DLE EOT `question` says (command reference, DLE EOT, tables n=1 to 4)."""
    signs = {sign for mask, sign in _REALTIME[question] if value & mask}
    if question == 1:
        signs.add("status.drawer_high" if value & 0x04 else "status.drawer_low")
    if not signs or (question == 1 and "status.offline" not in signs):
        signs.add(_HEALTHY[question])
    if question == 2 and "status.cover_open" not in signs:
        signs.add("status.cover_closed")
    return frozenset(signs)


def automatic_signs(message: bytes) -> frozenset[str]:
    """What four bytes of automatic status say (command reference, GS a, first to fourth byte)."""
    signs = {sign for index, mask, sign in _AUTOMATIC if message[index] & mask}
    signs.add("status.drawer_high" if message[0] & 0x04 else "status.drawer_low")
    healthy = {
        "status.online": not message[0] & 0x08,
        "status.cover_closed": not message[0] & 0x20,
        "status.no_offline_cause": not message[0] & 0x60,
        "status.no_error": not message[1] & 0x6C,
        "status.paper_present": not message[2] & 0x0F,
    }
    return frozenset(signs).union(sign for sign, shown in healthy.items() if shown)


class Kind(StrEnum):
    """What a piece of the printer's answer is."""

    REALTIME = "realtime"  # one byte, the answer to DLE EOT
    AUTOMATIC = "automatic"  # four bytes, ASB
    BLOCK = "block"  # what stood between 5F and 00
    PROCESS_ID = "process_id"  # what stood between 37 22 and 00
    RAW = "raw"  # a byte that was announced as having no signature


class ReplyParser:
    """Takes bytes in any pieces and yields replies; keeps at most 128 bytes."""

    def __init__(self) -> None:
        self._begun = bytearray()
        self._raw_wanted = False  # the next byte has no signature (GS I 1 to 3, GS r)

    @property
    def pending(self) -> bytes:
        """A reply that has begun and not ended."""
        return bytes(self._begun)

    def expect(self, kind: str | None) -> None:
        """Kind.RAW announces that the next byte has no signature."""
        self._raw_wanted = kind == Kind.RAW

    def feed(self, data: bytes) -> Iterator[Reply]:
        """Each reply that `data` completes; XON and XOFF belong to the line and are left out."""
        for byte in data:
            if self._raw_wanted:
                self._raw_wanted = False
                yield Reply(Kind.RAW, bytes((byte,)))
            elif byte not in _FLOW_CONTROL:
                yield from self._step(byte)

    def _step(self, byte: int) -> Iterator[Reply]:
        begun = self._begun
        if begun and not _continues(begun, byte):
            yield Reply(GARBAGE, self._taken())
        begun.append(byte)
        if len(begun) == 1:
            if byte & 0x93 == 0x12:
                yield Reply(Kind.REALTIME, self._taken())
            elif byte not in (0x5F, 0x37) and byte & 0x93 != 0x10:
                yield Reply(GARBAGE, self._taken())
        elif begun[0] == 0x5F and byte == 0:
            yield Reply(Kind.BLOCK, self._taken()[1:-1])
        elif begun[0] == 0x37 and byte == 0:
            yield Reply(Kind.PROCESS_ID, self._taken()[2:-1])
        elif len(begun) == 4 and begun[0] & 0x93 == 0x10:
            yield Reply(Kind.AUTOMATIC, self._taken())

    def _taken(self) -> bytes:
        taken = bytes(self._begun)
        self._begun.clear()
        return taken


def _continues(begun: bytearray, byte: int) -> bool:
    if begun[0] == 0x37 and len(begun) == 1:
        return byte == 0x22
    if begun[0] in (0x5F, 0x37):
        return (byte >= 0x20 or byte == 0) and len(begun) < _BLOCK_LIMIT
    return byte & 0x90 == 0
