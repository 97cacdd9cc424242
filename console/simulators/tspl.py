"""A simulated label printer that speaks TSPL, on TCP, a pseudo-terminal or a simulated USB bus."""

from __future__ import annotations

import re
from collections.abc import Iterator, Set
from typing import ClassVar

from console.simulators.command_stream import RequestScanner
from console.simulators.label_printer import LabelPrinter, LabelPrinterModel
from console.simulators.labels import DOTS, Label, code128, qr, text_run
from console.simulators.paper import Bits
from console.simulators.ports import Line, Port

LONGEST = 8192  # bytes of a command; what is more of it is lost
_LARGEST_PICTURE = 1024 * 1024  # bytes; a larger one is swallowed
_BITMAP = re.compile(rb"[\r\n]*\s*BITMAP\s+(\d+),(\d+),(\d{1,5}),(\d{1,5}),(\d),", re.IGNORECASE)
_ARGUMENT = re.compile(rb'\s*("(?:\\\["\]|[^"])*"|[^,"]*)\s*(?:,|$|(?="))')
_LENGTH = re.compile(r"(\d+(?:\.\d+)?)\s*(mm|dot)?", re.IGNORECASE)
_UNIT = {"mm": DOTS, "dot": 1, "": 25.4 * DOTS}


class _Immediate(RequestScanner):
    request = re.compile(rb"\x1b![?SO.]")
    longest = 3


def status(faults: Set[str], printing: bool) -> int:
    """The byte that answers ESC ! ?."""
    value = 0
    for fault, bit in (("cover_open", 1), ("paper_out", 4), ("ribbon_out", 8)):
        value |= bit if fault in faults else 0
    if faults & {"label_jam", "gap_error"} and "paper_out" not in faults:
        value |= 2
    if faults & {"head_hot", "cutter_jam"}:
        return value or 0x80
    if "paused" in faults:
        return value | 0x10
    return value or (0x20 if printing else 0)


def detailed(faults: Set[str], printing: bool) -> bytes:
    """The frame that answers ESC ! S."""
    third = ("head_hot" in faults) | ("cutter_jam" in faults) << 3
    jam = bool(faults & {"label_jam", "gap_error"})
    fourth = (
        ("paper_out" in faults) | jam << 1 | ("ribbon_out" in faults) << 2 | ("cover_open" in faults) << 5
    )
    message = b"@"
    if third or fourth:
        message = b"E"
    elif "paused" in faults:
        message = b"`"
    elif "label_waiting" in faults:
        message = b"L"
    elif printing:
        message = b"P"
    warning = 0x40 | ("paper_low" in faults)
    return b"\x02" + message + bytes((warning, 0x40 | third, 0x40 | fourth)) + b"\x03\r\n"


class Commands:
    """Takes bytes in any pieces and gives command lines, each with the picture that it carries."""

    def __init__(self) -> None:
        self._rest = b""
        self._picture: tuple[bytes, int] | None = None  # its command, and its bytes
        self._taken = bytearray()
        self._swallowed = 0

    def feed(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """Each command that `data` completes; at most 8 kB of a line and 1 MB of a picture are kept."""
        self._rest += data
        while self._rest:
            if self._picture is not None:
                if not (done := self._fill(*self._picture)):
                    return
                yield done
                continue
            if header := _BITMAP.match(self._rest):
                self._picture = header[0].strip(), int(header[3]) * int(header[4])
                self._rest = self._rest[header.end() :]
                continue
            end = re.search(rb"[\r\n]", self._rest)
            if end is None:
                over = len(self._rest) - LONGEST
                self._rest = self._rest[:LONGEST] if over > 0 else self._rest
                return
            line, self._rest = self._rest[: end.start()][:LONGEST], self._rest[end.end() :]
            if line.strip():
                yield line, b""
        if self._picture is not None and (done := self._fill(*self._picture)):
            yield done

    def _fill(self, command: bytes, size: int) -> tuple[bytes, bytes] | None:
        missing = size - len(self._taken) - self._swallowed
        part, self._rest = self._rest[:missing], self._rest[missing:]
        if size <= _LARGEST_PICTURE:
            self._taken += part
        else:
            self._swallowed += len(part)
        if len(part) < missing:
            return None
        picture = bytes(self._taken)
        self._picture, self._swallowed = None, 0
        self._taken.clear()
        return command, picture


class TsplSimulator(LabelPrinter):
    """The printer; labels are 60×40 mm until SIZE says otherwise."""

    kind: ClassVar[str] = "tspl"
    immediate = _Immediate

    def __init__(self, port: Port, model: LabelPrinterModel | None = None) -> None:
        super().__init__(port, model)
        self._commands = Commands()
        self._label = Label()

    def _at_once(self, line: Line, request: bytes) -> None:
        match request[-1:]:
            case b"?":
                self._answer(line, bytes((status(self._faults, self.printing),)))
            case b"O":
                self.set_fault("paused", False)
            case b".":
                self._forget()
            case _ if self.model.knows_queries:
                self._answer(line, detailed(self._faults, self.printing))
            case _:
                return

    def _forget(self) -> None:
        super()._forget()
        self._commands = Commands()

    def _read(self, data: bytes) -> Iterator[tuple[Label, int]]:
        for command, picture in self._commands.feed(data):
            text = re.sub(rb"\x1b![\x00-\xff]", b"", command).strip()
            name, _, rest = text.partition(b" ")
            match name.upper().decode("ascii", "replace"):
                case "PRINT":
                    sets, *copies = _numbers(rest) or [0]
                    yield self._label, sets * (copies or [1])[0]
                    self._label = self._copy()
                case "SIZE":
                    self._size(rest)
                case "CLS":
                    self._label = Label(self._label.width, self._label.height)
                case "OUT" if self.model.knows_queries:
                    self._out(rest.strip())
                case other if other.startswith("~!"):
                    self._query(text)
                case other:
                    self._draw(other, arguments(rest), picture)

    def _copy(self) -> Label:
        """The image buffer stays as it is until CLS."""
        copy = Label(self._label.width, self._label.height)
        copy.items = list(self._label.items)
        return copy

    def _size(self, rest: bytes) -> None:
        sides = _LENGTH.findall(rest.decode("ascii", "replace"))[:2]
        if len(sides) == 2:
            width, height = (min(9999, float(number) * _UNIT[unit.lower()]) for number, unit in sides)
            self._label = Label(round(width), round(height))

    def _query(self, text: bytes) -> None:
        if not self.model.knows_queries:
            return
        answers = {
            b"~!T": self.model.model,
            b"~!@": str(self.travel // (DOTS * 1_000_000)),
            b"~!I": "936,086",
        }
        if text in answers:
            self._answer(self._line, answers[text].encode() + b"\r")

    def _out(self, expression: bytes) -> None:
        setting = re.fullmatch(rb'GETSETTING\$\("SYSTEM",\s*"INFORMATION",\s*"([A-Z]+)"\)', expression)
        known = {b"VERSION": self.model.firmware, b"SERIAL": self.model.serial, b"MODEL": self.model.model}
        if expression == b"@LABEL":
            value = str(self.printed)
        elif setting:
            value = known.get(setting[1], "")
        else:
            value = (arguments(expression) or [""])[0]
        self._answer(self._line, value.encode("gb18030", "replace")[:LONGEST] + b"\r\n")

    def _draw(self, name: str, given: list[str], picture: bytes) -> None:
        label = self._label
        try:
            match name, given:
                case "TEXT", [x, y, _, _, wide, high, *_, content]:
                    label.put(int(y), text_run(int(x), content, int(wide), int(high)))
                case "BAR", [x, y, width, height]:
                    label.box(int(x), int(y), int(width), int(height), 9999)
                case "BOX", [x, y, right, bottom, line, *_]:
                    label.box(int(x), int(y), int(right) - int(x), int(bottom) - int(y), int(line))
                case "QRCODE", [x, y, _, cell, _, _, *_, content] if content:
                    label.put(int(y), qr(int(x), content, int(cell)))
                case "BARCODE", [x, y, "128", height, hri, _, narrow, _, *_, content] if content:
                    label.put(int(y), code128(int(x), content, int(narrow), int(height), hri != "0"))
                case "BITMAP", [x, y, width, height, *_] if picture:
                    white = bytes(byte ^ 0xFF for byte in picture)  # 0 is black here
                    label.put(int(y), Bits(int(x), int(width) * 8, int(height), white))
        except ValueError:
            return  # a command with arguments that are none is passed over, as by the printer


def arguments(rest: bytes) -> list[str]:
    """The arguments of a command; quoted ones without their quotes and with their escapes resolved."""
    out: list[str] = []
    at = 0
    while at < len(rest):
        found = _ARGUMENT.match(rest, at)
        if found is None or found.end() == at:
            break
        part, at = found[1].strip(), found.end()
        if part.startswith(b'"'):
            part = part[1:-1].replace(b'\\["]', b'"')
        out.append(part.decode("gb18030", "replace"))
    return out


def _numbers(rest: bytes) -> list[int]:
    return [int(number) for number in re.findall(rb"\d{1,4}", rest)[:2]]
