"""What simulated label printers of every language have in common: the wire, the mechanics, faults, labels.

A label takes a moment to print; commands behind it are read when it is through. Nothing is printed while a
fault lasts, and what waits then comes out when it is mended.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import ClassVar, NamedTuple, Self

from console.simulators.command_stream import RequestScanner
from console.simulators.labels import Label
from console.simulators.plugged import PluggedPrinter
from console.simulators.ports import Line, Port, PtyPort, TcpPort
from console.simulators.replies import SILENT, send_later
from console.simulators.usb import UsbBus, UsbModel, UsbPort

STOPPED = frozenset(
    {
        "paper_out", "cover_open", "head_hot", "cutter_jam", "ribbon_out", "paused", "label_jam", "gap_error",
        "label_waiting",
    }
)  # fmt: skip
_PIECE = 512  # bytes read before the next look at the line
_MOST_COPIES = 99
# Noise that no status byte of these printers can be and no frame begins with.
_NOISE = bytes(range(0xA0, 0x100))


class LabelPrinterModel(NamedTuple):
    """Who the printer says it is, and how fast it is; times in seconds."""

    model: str = "SL-60"
    firmware: str = "V1.00"
    serial: str = "SL60000001"
    labels: int = 0  # printed before it was switched on
    print_seconds: float = 0.03  # for one label
    buffer_size: int = 64 * 1024
    reply_delay_slow: float = 0.8
    reply_delay_late: float = 3.0
    slow_bytes_per_second: int = 6400
    answers_in_trouble: bool = True  # ~HS of newer ZPL printers may stay silent
    knows_queries: bool = True  # many that speak TSPL know ESC ! ? and nothing else
    seed: int = 0


class LabelPrinter(PluggedPrinter):
    """A printer of labels; `papers` are those that came out, the newest 100."""

    immediate: ClassVar[type[RequestScanner]]  # finds the questions that are answered at once

    def __init__(self, port: Port, model: LabelPrinterModel | None = None) -> None:
        self.model = model or LabelPrinterModel()
        super().__init__(port, self.model)
        self._scanner = self.immediate()
        self.papers: deque[Label] = deque(maxlen=100)
        self.printed = self.model.labels
        self.travel = 0  # dots of labels moved past the head
        self._labels: deque[Label] = deque()  # read and not yet printed
        self._buffer = bytearray()

    @classmethod
    def tcp(cls, host: str = "127.0.0.1", port: int = 0, model: LabelPrinterModel | None = None) -> Self:
        """A network printer; port 0 takes a free one."""
        return cls(TcpPort(host, port), model)

    @classmethod
    def pty(cls, link: Path | None = None, model: LabelPrinterModel | None = None) -> Self:
        """A serial printer behind `link` (default: a name in a temporary folder)."""
        return cls(PtyPort("labels", link), model)

    @classmethod
    def usb(
        cls, usb: UsbModel | None = None, bus: UsbBus | None = None, model: LabelPrinterModel | None = None
    ) -> Self:
        """A USB printer on a bus of its own, or on one that is lent; it calls itself what it is."""
        who = model or LabelPrinterModel()
        name = f"MFG:Simulated;CMD:{cls.kind.upper()};MDL:{who.model};CLS:PRINTER;"
        shape = replace(usb or UsbModel(), serial=who.serial, model=who.model, device_id=name)
        return cls(UsbPort(shape, bus), model)

    # --- what a person at the printer sees and does

    def profile(self) -> str:
        """A ready [[printer]] entry."""
        return (
            f'[[printer]]\nname = "simulated"\naddress = "{self.address}"\n'
            f'protocol = "{self.kind}"\nmodel = "auto"\nlabel_size = "60x40"\n'
        )

    @property
    def can_print(self) -> bool:
        """Whether a label would be printed now."""
        return not self._faults & STOPPED and "mute" not in self._faults

    @property
    def printing(self) -> bool:
        """Whether a label is on its way out."""
        return bool(self._labels) and self.can_print

    @property
    def waiting(self) -> int:
        """Bytes received and not yet read."""
        return len(self._buffer)

    def text(self) -> str:
        """Everything printed so far as plain text, a dashed line between labels."""
        return "- - -\n".join(label.text for label in self.papers)

    def picture(self) -> bytes:
        """The newest label as PNG; a blank one where none was printed."""
        return (self.papers[-1] if self.papers else Label()).picture()

    def set_fault(self, name: str, on: bool = True) -> None:
        """Switch one fault; what waited is printed when the last one goes."""
        super().set_fault(name, on)
        self._work.set()

    # --- bytes in

    def received(self, line: Line, data: bytes) -> None:
        """Bytes from the client: immediate questions are answered at once, all of it joins the buffer."""
        self._line = line
        if "drop_connection" in self._faults:
            self._buffer += data[: len(data) // 2]
            line.hang_up()
        elif "mute" in self._faults:
            self._buffer += data
        else:
            for piece, request in self._scanner.split(data):
                self._buffer += piece
                if request:
                    self._at_once(line, request)
        self._work.set()
        self._pause_if_full(line)

    def lost(self, line: Line) -> None:
        """The client left; what it sent still prints."""
        self._paused.discard(line)
        if line is self._line:
            self._line = None

    @abstractmethod
    def _at_once(self, line: Line, request: bytes) -> None:
        """Answer an immediate question."""

    @abstractmethod
    def _read(self, data: bytes) -> Iterator[tuple[Label, int]]:
        """Carry out the next bytes of the buffer; each label to print, and how often."""

    def _forget(self) -> None:
        """Drop what is printing and what waits."""
        self._labels.clear()
        self._buffer.clear()
        self._resume()

    # --- labels out

    async def _run(self) -> None:
        while True:
            if not self.can_print or not (self._labels or self._buffer):
                self._work.clear()
                await self._work.wait()
                continue
            pace = _PIECE / self.model.slow_bytes_per_second if "slow" in self._faults else 0.0
            await asyncio.sleep(self.model.print_seconds if self._labels else pace)
            if self.can_print:  # a fault may have come meanwhile: the label comes out when it is mended
                self._step()

    def _step(self) -> None:
        """Finish the label on its way, or read the next piece of what waits."""
        if self._labels:
            label = self._labels.popleft()
            self.papers.append(label)
            self.printed += 1
            self.travel += label.height
            return
        piece = bytes(self._buffer[:_PIECE])
        del self._buffer[:_PIECE]
        for label, copies in self._read(piece):
            self._labels.extend([label] * min(_MOST_COPIES, max(0, copies)))
        self._resume()

    def _answer(self, line: Line | None, reply: bytes) -> None:
        if line is None or not reply or self._faults & SILENT:
            return
        if "garbage" in self._faults:
            reply = bytes(self._chance.choices(_NOISE, k=self._chance.randint(1, 6)))
        elif "half_reply" in self._faults:
            reply = reply[: len(reply) // 2]  # nothing of a single byte
        send_later(line, reply, self._delay)
