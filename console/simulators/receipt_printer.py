"""What every simulated receipt printer does in any language: queue, paper, faults, answers, its drawer.

Where the manuals leave a choice, these printers: forget a half-sent command and automatic status when a TCP
client leaves; print all that a client sent before it left; open their drawer at a pulse and leave it open.
"""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections import deque
from collections.abc import Callable, Mapping, Set
from pathlib import Path
from types import MappingProxyType
from typing import ClassVar, NamedTuple, Self

from console.simulators.base import number
from console.simulators.command_stream import Command, RequestScanner, Stream
from console.simulators.paper import WIDTH, Ticket
from console.simulators.paper import Line as PrintedLine
from console.simulators.plugged import PluggedPrinter
from console.simulators.ports import Line, Port, PtyPort, TcpPort
from console.simulators.replies import damaged, send_later
from console.simulators.typesetting import Typesetter
from console.simulators.usb import UsbBus, UsbModel, UsbPort

_PIECE = 512  # bytes printed before the next look at the line, so that realtime answers stay quick
_CUT_MARK = "- " * 24


class PrinterModel(NamedTuple):
    """Who the printer says it is, and how fast it is; times in seconds."""

    maker: str = "Simulated"
    model: str = "SP-80"
    firmware: str = "1.00"
    serial: str = "SP80000001"
    font: str = "CHINA GB18030"
    counters: Mapping[int, int] = MappingProxyType({})  # GS g 2 number -> count at power-on
    drawer_contact: str = "high"  # its level while the drawer is open; "none": nothing is wired to pin 3
    baud: int | None = None  # on a serial port, the only speed that it understands; None: any
    paced: bool = False  # its bytes take the time that they take at `baud`
    devices: Set[int] = frozenset(range(256))  # what ESC = takes; manuals differ: 0-255, 0-3, 1-3, 0-1, none
    buffer_size: int = 64 * 1024  # bytes waiting to be printed; then the sender has to wait
    reply_delay_slow: float = 0.8
    reply_delay_late: float = 3.0
    slow_bytes_per_second: int = 640
    self_test: float = 0.3
    dead_dots: tuple[int, ...] = (216, 217, 218, 219)  # the columns that print nothing while the fault is on
    seed: int = 0


class Pulse(NamedTuple):
    """One pulse to the drawer connector: pin 2 or 5, and how long it lasted."""

    pin: int
    milliseconds: int


class ReceiptPrinter(PluggedPrinter):
    """One printer; `papers` are the tickets cut off, `ticket` the one still in it."""

    name: ClassVar[str]  # of the language, as a profile writes it
    usage: ClassVar[tuple[str, ...]] = (*PluggedPrinter.usage, "dead_dots COLUMN…")
    offline: ClassVar[frozenset[str]]  # the faults with which nothing is printed
    standard: ClassVar[PrinterModel] = PrinterModel()

    def __init__(
        self, port: Port, model: PrinterModel | None, stream: Stream, realtime: RequestScanner
    ) -> None:
        self.model = model or self.standard
        super().__init__(port, self.model)
        self.pulses: deque[Pulse] = deque(maxlen=1000)
        self.on_cut: Callable[[Ticket], None] | None = None  # who takes the paper when it is cut off
        self.commands: deque[str] = deque(maxlen=1000)  # names of those carried out, for tests
        self._dead_dots = self.model.dead_dots
        self._setter = Typesetter(self._line_printed, self._cut_done)
        self._stream = stream
        self._realtime = realtime
        self._queue: deque[tuple[Line, bytes]] = deque()
        self._waiting = 0
        self._testing = False

    @classmethod
    def tcp(cls, host: str = "127.0.0.1", port: int = 0, model: PrinterModel | None = None) -> Self:
        """A network printer; port 0 takes a free one."""
        return cls.at(TcpPort(host, port), model)

    @classmethod
    def pty(cls, link: Path | None = None, model: PrinterModel | None = None) -> Self:
        """A serial printer behind `link` (default: a name in a temporary folder)."""
        model = model or cls.standard
        return cls.at(PtyPort("printer", link, model.baud, model.paced), model)

    @classmethod
    def usb(
        cls, usb: UsbModel | None = None, bus: UsbBus | None = None, model: PrinterModel | None = None
    ) -> Self:
        """A USB printer on a bus of its own, or on one that is lent."""
        return cls.at(UsbPort(usb, bus), model)

    @classmethod
    @abstractmethod
    def at(cls, port: Port, model: PrinterModel | None) -> Self:
        """The printer plugged into `port`."""

    # --- what a language adds

    @abstractmethod
    def _at_once(self, line: Line, request: bytes) -> None:
        """Carry out a realtime request as it is received."""

    @abstractmethod
    def _carry_out(self, line: Line, command: Command) -> None:
        """Carry out one command of the stream."""

    def _changed(self, before: frozenset[str]) -> None:
        """The faults are other than `before`."""

    def _client_left(self) -> None:
        """What was set for the client is forgotten."""

    def _line_printed(self, line: PrintedLine) -> None:
        """A line came out."""

    def _cut_done(self) -> None:
        """The paper was cut."""
        if self.on_cut and self.papers:
            self.on_cut(self.papers[-1])

    # --- what a person at the printer sees and does

    def profile(self) -> str:
        """A ready [[printer]] entry."""
        return (
            f'[[printer]]\nname = "simulated"\naddress = "{self.address}"\n'
            f'protocol = "{self.name}"\nmodel = "auto"\npaper = 80\n'
        )

    @property
    def papers(self) -> list[Ticket]:
        """The tickets cut off, oldest first; only the newest 100 are kept."""
        return list(self._setter.finished)

    @property
    def ticket(self) -> Ticket:
        """The paper since the last cut."""
        return self._setter.ticket

    @property
    def can_print(self) -> bool:
        """Whether data would be printed now."""
        return not self._faults & self.offline and "mute" not in self._faults

    @property
    def waiting(self) -> int:
        """Bytes received and not yet printed."""
        return self._waiting

    def text(self) -> str:
        """Everything printed so far as plain text, a dashed line where it was cut."""
        return f"{_CUT_MARK}\n".join(ticket.text for ticket in (*self._setter.finished, self.ticket))

    def picture(self, ticket: Ticket | None = None) -> bytes:
        """A ticket as PNG, 576 dots wide, black on white; default: the newest that has something on it."""
        from console.simulators.render import png

        if ticket is None:
            ticket = self.ticket if self.ticket.lines or not self.papers else self.papers[-1]
        return png(ticket)

    def set_fault(self, name: str, on: bool = True) -> None:
        """Switch one fault; tells the client where it asked for that, and prints what waited."""
        before = self.faults
        super().set_fault(name, on)
        self._setter.dead = self._dead_dots if "dead_dots" in self._faults else ()
        self._changed(before)
        self._work.set()

    async def obey(self, line: str) -> dict[str, object]:
        """`dead_dots COLUMN…`, and what every printer on a wire knows."""
        match line.split(maxsplit=1):
            case ["dead_dots", columns]:
                self._dead_dots = tuple(
                    int(number("dead_dots", each, 0, WIDTH - 1)) for each in columns.split()
                )
                self.set_fault("dead_dots")
                return {"faults": sorted(self._faults), "dead_dots": self._dead_dots}
            case _:
                return await super().obey(line)

    # --- bytes in

    def received(self, line: Line, data: bytes) -> None:
        """Bytes from the client: realtime commands are carried out at once, all of it joins the queue."""
        self._line = line
        if "drop_connection" in self._faults:
            # A wire cannot be hung up: what is sent there is lost half way.
            self._enqueue(line, data[: len(data) // 2])
            line.hang_up()
            return
        if "mute" in self._faults or self._testing:
            self._enqueue(line, data)
        else:
            for piece, request in self._realtime.split(data):
                self._enqueue(line, piece)
                self._at_once(line, request)
        self._pause_if_full(line)

    def lost(self, line: Line) -> None:
        """The client left: what it sent still prints, an unfinished command of it does not."""
        self._paused.discard(line)
        self._queue.append((line, b""))
        self._work.set()
        if line is self._line:
            self._line = None
            self._client_left()

    def _enqueue(self, line: Line, data: bytes) -> None:
        if data:
            self._queue.append((line, data))
            self._waiting += len(data)
            self._work.set()

    def _clear_buffers(self) -> None:
        """What waits is lost, settings stay."""
        self._queue.clear()
        self._waiting = 0
        self._stream.reset()
        self._setter.clear_line()
        self._resume()

    # --- paper out

    async def _run(self) -> None:
        while True:
            if not self._queue or not self.can_print:
                self._work.clear()
                await self._work.wait()
                continue
            printed = self._print_next()
            pace = printed / self.model.slow_bytes_per_second if "slow" in self._faults else 0
            await asyncio.sleep(self.model.self_test if self._testing else pace)
            self._testing = False

    def _print_next(self) -> int:
        """Carry out the next piece of what waits; returns its bytes."""
        line, data = self._queue.popleft()
        at = 32 if "slow" in self._faults else _PIECE
        piece = data[:at]
        if data[at:]:
            self._queue.appendleft((line, data[at:]))
        self._waiting -= len(piece)
        for command in self._stream.feed(piece):
            self._carry_out(line, command)
        if not data:
            self._stream.reset()
        self._resume()
        return len(piece)

    def _pulse(self, pulse: Pulse) -> None:
        self.pulses.append(pulse)
        if "drawer_stuck" not in self._faults:
            self.set_fault("drawer_open")

    def _answer(self, line: Line, reply: bytes) -> None:
        if not reply or self._testing:
            return
        send_later(line, damaged(reply, self._faults, self._chance), self._delay)
