"""A simulated label printer that speaks ZPL II, on TCP, a pseudo-terminal or a simulated USB bus."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import ClassVar

from console.simulators.command_stream import RequestScanner
from console.simulators.label_printer import LabelPrinter, LabelPrinterModel
from console.simulators.labels import DOTS, Label, code128, qr, text_run
from console.simulators.paper import Bits
from console.simulators.ports import Line, Port

LONGEST = 512 * 1024  # bytes of a command; what is more of it is lost
_SILENCING = frozenset({"paper_out", "ribbon_out", "cover_open", "head_hot"})
_ERROR_BITS = {
    "paper_out": 0,
    "ribbon_out": 1,
    "cover_open": 2,
    "cutter_jam": 3,
    "head_hot": 4,
    "label_jam": 14,
    "paused": 16,
    "gap_error": 19,
}


class _Immediate(RequestScanner):
    request = re.compile(rb"~(?:H(?:S|I|Q[A-Z]{2})|PS|JA)")
    longest = 5


def host_status(faults: Set[str], label: Label, formats: int, begun: bool, remaining: int) -> bytes:
    """The three strings that answer ~HS."""

    def flag(name: str) -> int:
        return int(name in faults)

    first = (
        f"030,{flag('paper_out')},{flag('paused')},{label.height:04},{min(formats, 999):03},0,0,{int(begun)},"
        f"000,0,0,{flag('head_hot')}"
    )
    second = (
        f"000,0,{flag('cover_open')},{flag('ribbon_out')},1,2,6,{flag('label_waiting')},{remaining:08},1,000"
    )
    return b"".join(b"\x02" + part.encode() + b"\x03\r\n" for part in (first, second, "1234,0"))


def extended_status(faults: Set[str]) -> bytes:
    """The block that answers ~HQES."""
    errors = sum(1 << bit for fault, bit in _ERROR_BITS.items() if fault in faults)
    warnings = 8 if "paper_low" in faults else 0
    lines = (
        "",
        "PRINTER STATUS",
        f"   ERRORS:         {int(errors > 0)} 00000000 {errors:08X}",
        f"   WARNINGS:       {int(warnings > 0)} 00000000 {warnings:08X}",
        "",
    )
    return b"\x02" + "\r\n".join(lines).encode() + b"\x03"


class Commands:
    """Takes bytes in any pieces and gives commands: prefix with name, and what follows it."""

    def __init__(self) -> None:
        self._rest = b""

    @property
    def begun(self) -> bool:
        """Whether a command has come in part."""
        return bool(self._rest)

    def feed(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        """Each command that `data` completes: the next one's prefix ends it, ^XZ ends itself."""
        self._rest += data
        while True:
            start = re.search(rb"[\^~]", self._rest)
            if start is None:
                self._rest = b""  # between commands nothing means anything
                return
            self._rest = self._rest[start.start() :]
            if self._rest[:3].upper() == b"^XZ":
                self._rest = self._rest[3:]
                yield "^XZ", b""
                continue
            end = re.compile(rb"[\^~]").search(self._rest, 1)
            if end is None:
                self._rest = self._rest[:LONGEST]
                return
            command, self._rest = self._rest[: end.start()][:LONGEST], self._rest[end.start() :]
            long = 2 if command[1:2].upper() == b"A" else 3
            yield command[:long].upper().decode("ascii", "replace"), command[long:]


@dataclass
class _Field:
    """What stands between ^FO and ^FS."""

    x: int = 0
    y: int = 0
    wide: int = 1
    high: int = 1
    escape: bytes = b""
    data: bytes = b""
    code: str = ""
    numbers: list[int] = field(default_factory=list)  # of the code
    hri: bool = False


class ZplSimulator(LabelPrinter):
    """The printer; labels are 60×40 mm until ^PW and ^LL say otherwise."""

    kind: ClassVar[str] = "zpl"
    immediate = _Immediate

    def __init__(self, port: Port, model: LabelPrinterModel | None = None) -> None:
        super().__init__(port, model)
        self._commands = Commands()
        self._label = Label()
        self._open = False  # between ^XA and ^XZ
        self._field = _Field()
        self._bars = (2, 10)  # ^BY: module, height
        self._copies = 1

    def _at_once(self, line: Line, request: bytes) -> None:
        match request[1:].decode():
            case "HS" if self.model.answers_in_trouble or not self._faults & _SILENCING:
                formats = self._buffer.upper().count(b"^XZ")
                begun = self._open or b"^XA" in self._buffer.upper()
                self._answer(line, host_status(self._faults, self._label, formats, begun, len(self._labels)))
            case "PS":
                self.set_fault("paused", False)
            case "JA":
                self._forget()
            case "HI":
                self._answer(line, f"\x02{self.model.model},{self.model.firmware},8,8192KB\x03\r\n".encode())
            case "HQES" if self.model.knows_queries:
                self._answer(line, extended_status(self._faults))
            case "HQSN" if self.model.knows_queries:
                self._answer(line, f"\x02\r\nSERIAL NUMBER\r\n   {self.model.serial}\r\n\x03".encode())
            case "HQOD" if self.model.knows_queries:
                self._answer(line, self._odometer())
            case _:
                return

    def _forget(self) -> None:
        super()._forget()
        self._commands, self._open = Commands(), False

    def _odometer(self) -> bytes:
        centimetres = (self.model.labels * 40 * DOTS + self.travel) // (10 * DOTS)
        lines = ("", "PRINT METERS", *(
            f"   {name} {centimetres:>12} cm"
            for name in ("TOTAL NONRESETTABLE:", "USER RESETTABLE CNTR1:", "USER RESETTABLE CNTR2:")
        ), "")  # fmt: skip
        return b"\x02" + "\r\n".join(lines).encode() + b"\x03"

    def _read(self, data: bytes) -> Iterator[tuple[Label, int]]:
        for name, rest in self._commands.feed(data):
            if name == "^XA":
                self._label = Label(self._label.width, self._label.height)
                self._field, self._copies, self._open = _Field(), 1, True
            elif name == "^XZ" and self._open:
                self._open = False
                yield self._label, self._copies
            elif name == "^PQ":
                self._copies = (_numbers(rest) or [1])[0]
            elif name in ("^PW", "^LL"):
                self._resize(name, _numbers(rest))
            elif name == "^BY":
                given = _numbers(rest.replace(b".", b",")) or [2]
                self._bars = (given[0], given[-1] if rest.count(b",") > 1 else self._bars[1])
            elif self._open:
                self._take(name, rest)

    def _resize(self, name: str, given: list[int]) -> None:
        if given:
            width, height = (given[0], self._label.height) if name == "^PW" else (self._label.width, given[0])
            items, self._label = self._label.items, Label(width, height)
            self._label.items = items

    def _take(self, name: str, rest: bytes) -> None:
        field_, given = self._field, _numbers(rest)
        match name:
            case "^FO" | "^FT":
                field_.x, field_.y = (*given, 0, 0)[:2]
            case "^A":
                height, width = given[:2] if len(given) > 1 else (18, 10)
                field_.high, field_.wide = round(height / 18), round(width / 10)
            case "^FH":
                field_.escape = rest.strip()[:1] or b"_"
            case "^FD" | "^FV":
                field_.data = rest
            case "^BC":
                field_.code, field_.numbers = name, given
                field_.hri = rest.upper().split(b",")[2:3] != [b"N"]
            case "^BQ":
                field_.code, field_.numbers = name, given
            case "^GB":
                width, height, line = (*given, 1, 1, 1)[:3]
                self._label.box(field_.x, field_.y, max(width, line), max(height, line), max(1, line))
            case "^GF":
                self._picture(rest)
            case "^FS":
                self._end_field()
            case _:
                return

    def _picture(self, rest: bytes) -> None:
        """^GFA,b,c,d,data: c bytes in all, d bytes a row, in hexadecimal."""
        head = re.match(rb"A,(\d{1,7}),(\d{1,7}),(\d{1,4}),", rest, re.IGNORECASE)
        digits = re.sub(rb"\s", b"", rest[head.end() :]) if head else b""
        if not head or not re.fullmatch(rb"(?:[0-9A-Fa-f]{2})+", digits) or not int(head[3]):
            return
        dots, stride = bytes.fromhex(digits.decode()), int(head[3])
        rows = len(dots) // stride
        if rows:
            self._label.put(self._field.y, Bits(self._field.x, stride * 8, rows, dots[: rows * stride]))

    def _end_field(self) -> None:
        it, self._field = self._field, _Field()
        data = it.data
        if it.escape:
            data = re.sub(
                re.escape(it.escape) + rb"([0-9A-Fa-f]{2})", lambda at: bytes.fromhex(at[1].decode()), data
            )
        text = data.decode("utf-8", "replace")
        if not text:
            return
        if it.code == "^BQ":
            cell = it.numbers[1] if len(it.numbers) > 1 else 3
            if content := text[3:]:  # error correction, input mode, comma
                self._label.put(it.y, qr(it.x, content, cell))
        elif it.code == "^BC":
            height = it.numbers[0] if it.numbers else self._bars[1]
            self._label.put(it.y, code128(it.x, text, self._bars[0], height, it.hri))
        else:
            self._label.put(it.y, text_run(it.x, text, it.wide, it.high))


def _numbers(rest: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb"\d{1,7}", rest)]
