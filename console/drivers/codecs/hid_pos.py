"""A scanner's reports on USB HID: the descriptor that says where everything stands, and codes put together.

HID 1.11, section 6.2.2 (report descriptor); HID Point of Sale Usage Tables 1.02, section 3 (usage page 8Ch).
Access-IS prints the layout of Honeywell's engines in the LSR118 product manual, appendix B, with two recorded
reports: 64 bytes, the length first and 56 of data.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from console.domain.errors import ProtocolError
from console.domain.words import say
from console.drivers.codecs.scan import Piece, text_of

POS_PAGE, SCANNER = 0x8C, 0x02
_COUNT = (0x01, 0x3B)  # Generic Desktop, Byte Count
_IDENTIFIERS = ((POS_PAGE, 0xFB), (POS_PAGE, 0xFC), (POS_PAGE, 0xFD))
_DATA, _CONTINUED = (POS_PAGE, 0xFE), (POS_PAGE, 0xFF)
REDIRECTION = 254  # Honeywell's feature report: 1 sends codes to this interface
_VENDOR_PAGES = 0xFF00
_LARGEST = 4096  # bytes of one report
_MOST_FIELDS = 4096
_LONGEST = 8192  # bytes of one code
UNFINISHED_SECONDS = 1.0  # how long the rest of a code may take

_INPUT, _FEATURE, _COLLECTION, _END_COLLECTION = 0x80, 0xB0, 0xA0, 0xC0
_USAGE_PAGE, _SIZE, _ID, _TIMES, _PUSH, _POP = 0x04, 0x74, 0x84, 0x94, 0xA4, 0xB4
_USAGE, _USAGE_FROM, _USAGE_TO = 0x08, 0x18, 0x28
_CONSTANT = 0x01


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in a report without its ID: the first bit, and how many of what size."""

    bit: int
    size: int
    times: int = 1

    def value(self, report: bytes) -> int:
        """The number there; 0 where the report is too short."""
        return int.from_bytes(report, "little") >> self.bit & (1 << self.size) - 1

    def bytes_of(self, report: bytes) -> bytes:
        """The bytes there, as far as the report goes."""
        return report[self.bit // 8 : self.bit // 8 + self.times]


@dataclass(frozen=True, slots=True)
class Layout:
    """One report of scanned data; `report_id` 0 where reports have none. `size` counts the ID."""

    report_id: int
    size: int
    data: Place
    count: Place | None
    identifiers: tuple[Place, ...]
    continued: Place | None


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a scanner's report descriptor says; `redirects` that it has Honeywell's feature report."""

    layouts: tuple[Layout, ...]
    redirects: bool = False

    @property
    def size(self) -> int:
        """Bytes of the longest report of scanned data, with its ID."""
        return max(each.size for each in self.layouts)


def read_descriptor(data: bytes) -> Descriptor:
    """The descriptor of a HID POS scanner; ProtocolError for any other device's, or for a broken one."""
    walk = _Walk()
    for tag, value in _items(data):
        walk.take(tag, value)
    layouts = tuple(
        layout for number, places in sorted(walk.inputs.items()) if (layout := walk.layout(number, places))
    )
    if not layouts:
        raise ProtocolError(say("This USB device does not describe itself as a barcode scanner"))
    return Descriptor(layouts, walk.redirects)


def _items(data: bytes) -> Iterator[tuple[int, int]]:
    """Each short item's tag and value; long items are stepped over, a cut one ends it."""
    at = 0
    while at < len(data):
        head = data[at]
        if head == 0xFE:
            at += 3 + (data[at + 1] if at + 1 < len(data) else 0)
            continue
        size = (0, 1, 2, 4)[head & 3]
        if at + 1 + size > len(data):
            return
        yield head & 0xFC, int.from_bytes(data[at + 1 : at + 1 + size], "little")
        at += 1 + size


class _Walk:
    """Goes through a descriptor with the state that HID items have."""

    def __init__(self) -> None:
        self.inputs: dict[int, dict[tuple[int, int], Place]] = defaultdict(dict)
        self.redirects = False
        self._bits: dict[int, int] = defaultdict(int)  # so far, of each input report
        self._state = {_USAGE_PAGE: 0, _SIZE: 0, _ID: 0, _TIMES: 0}
        self._kept: list[dict[int, int]] = []
        self._usages: list[int] = []
        self._from = 0
        self._depth = 0
        self._scanner_depth = 0  # of the application collection we are in; 0 outside
        self._fields = 0

    def take(self, tag: int, value: int) -> None:
        if tag in self._state:
            self._state[tag] = value
        elif tag == _PUSH:
            self._kept = [*self._kept[-15:], dict(self._state)]
        elif tag == _POP and self._kept:
            self._state = self._kept.pop()
        elif tag == _USAGE:
            self._usages.append(value)
        elif tag == _USAGE_FROM:
            self._from = value
        elif tag == _USAGE_TO:
            self._usages += range(self._from, min(value + 1, self._from + 256))
        elif not tag & 0x0C:  # a main item
            self._main(tag, value)
            self._usages.clear()

    def _main(self, tag: int, value: int) -> None:
        page = self._state[_USAGE_PAGE]
        if tag == _COLLECTION:
            self._depth += 1
            application = value == 1 and (page, *self._usages[:1]) == (POS_PAGE, SCANNER)
            if application and not self._scanner_depth:
                self._scanner_depth = self._depth
        elif tag == _END_COLLECTION:
            if self._depth == self._scanner_depth:
                self._scanner_depth = 0
            self._depth = max(0, self._depth - 1)
        elif tag == _INPUT:
            self._field(value)
        elif tag == _FEATURE and self._scanner_depth and self._state[_ID] == REDIRECTION:
            self.redirects = page >= _VENDOR_PAGES

    def _field(self, flags: int) -> None:
        """One Input item: its values in the order of their usages, the last usage for all that are left."""
        number, size, times = self._state[_ID], self._state[_SIZE], self._state[_TIMES]
        start = self._bits[number]
        self._bits[number] = min(start + size * times, 8 * _LARGEST + 1)
        self._fields += 1
        if flags & _CONSTANT or not self._scanner_depth or not self._usages or self._fields > _MOST_FIELDS:
            return
        page, places = self._state[_USAGE_PAGE], self.inputs[number]
        for turn, usage in enumerate(self._usages[:times]):
            last = turn == len(self._usages) - 1
            where = Place(start + turn * size, size, times - turn if last else 1)
            places.setdefault((usage >> 16 or page, usage & 0xFFFF), where)

    def layout(self, number: int, places: dict[tuple[int, int], Place]) -> Layout | None:
        data = places.get(_DATA)
        bits = self._bits[number]
        if data is None or data.size != 8 or data.bit % 8 or not 0 < bits <= 8 * _LARGEST:
            return None
        identifiers = tuple(places[each] for each in _IDENTIFIERS if each in places)
        size = (bits + 7) // 8 + (number > 0)
        return Layout(number, size, data, places.get(_COUNT), identifiers, places.get(_CONTINUED))


@dataclass(slots=True)
class _Code:
    """A code whose reports are still coming."""

    began: float
    last: float
    data: bytearray = field(default_factory=bytearray)
    identifier: str = ""


class ReportReader:
    """Takes reports with their time and gives codes: first the descriptor, then reports, one a call."""

    def __init__(self) -> None:
        self.descriptor: Descriptor | None = None
        self._code: _Code | None = None

    @property
    def deadline(self) -> float | None:
        """When to call `flush` if nothing more comes, in monotonic seconds; None when nothing waits."""
        return self._code.last + UNFINISHED_SECONDS if self._code else None

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """The codes that a report, heard at `now`, completes; ProtocolError for no scanner's descriptor."""
        if self.descriptor is None:
            self.descriptor = read_descriptor(data)
            return []
        found = self.flush(now)
        layout, body = layout_of(self.descriptor, data)
        if layout is None:
            return found
        code = self._code = self._code or _Code(now, now)
        code.last = now
        code.identifier = code.identifier or _identifier(layout, body)
        code.data += payload(layout, body)
        more = layout.continued is not None and layout.continued.value(body)
        if not more or len(code.data) >= _LONGEST:
            found += self._ended()
        return found

    def flush(self, now: float) -> list[Piece]:
        """The code whose rest did not come until `now`, if any."""
        return self._ended() if self.deadline is not None and now >= self.deadline else []

    def _ended(self) -> list[Piece]:
        code, self._code = self._code, None
        if code is None or not (data := bytes(code.data).rstrip(b"\r\n\t")):
            return []
        # Reports mark the end of a code, so no suffix is asked for, and one that comes is cut off.
        return [Piece(text_of(data), "none", code.began, code.last, identifier=code.identifier)]


def layout_of(descriptor: Descriptor, report: bytes) -> tuple[Layout | None, bytes]:
    """The layout of a report and the report without its ID; None for one that holds no scanned data."""
    for layout in descriptor.layouts:
        if not layout.report_id:
            return layout, report
        if report[:1] == bytes([layout.report_id]):
            return layout, report[1:]
    return None, report


def payload(layout: Layout, body: bytes) -> bytes:
    """The scanned bytes of one report; without a length, up to the zeros that fill it."""
    data = layout.data.bytes_of(body)
    if layout.count is None:
        return data.rstrip(b"\0")
    return data[: layout.count.value(body)]


def _identifier(layout: Layout, body: bytes) -> str:
    """AIM's three characters; "" where the scanner leaves them out."""
    told = "".join(chr(each.value(body)) for each in layout.identifiers if each.size == 8)
    # Three usages may share one item of three values, or stand in items of their own.
    return told if len(told) == 3 and told.startswith("]") else ""
