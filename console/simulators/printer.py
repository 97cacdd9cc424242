"""A simulated 80 mm receipt printer that speaks ESC/POS, on TCP or on a pseudo-terminal.

Where the manual leaves a choice, this printer: forgets a half-sent command and GS a when a TCP client leaves;
prints all that a client sent before it left; opens its drawer at a pulse and leaves it open.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Set
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from console.simulators.base import Simulator
from console.simulators.escpos_status import OFFLINE, asb, asb_due, dle_eot, gs_r
from console.simulators.escpos_stream import Command, CommandStream, RealtimeScanner
from console.simulators.paper import Line as PrintedLine
from console.simulators.paper import Ticket
from console.simulators.ports import Line, Port, PtyPort, TcpPort
from console.simulators.replies import damaged, send_later
from console.simulators.typesetting import Typesetter

_PIECE = 512  # bytes printed before the next look at the line, so that realtime answers stay quick
_CUT_MARK = "- " * 24
_SELF_TEST = (
    "** SELF TEST **",
    "0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz #$%&*+-=?",
)


class PrinterModel(NamedTuple):
    """Who the printer says it is, and how fast it is; times in seconds."""

    maker: str = "Simulated"
    model: str = "SP-80"
    firmware: str = "1.00"
    serial: str = "SP80000001"
    font: str = "CHINA GB18030"
    counters: Mapping[int, int] = MappingProxyType({})  # GS g 2 number -> count at power-on
    drawer_contact: str = "high"  # its level while the drawer is open; "none": nothing is wired to pin 3
    buffer_size: int = 64 * 1024  # bytes waiting to be printed; then the sender has to wait
    reply_delay_slow: float = 0.8
    reply_delay_late: float = 3.0
    slow_bytes_per_second: int = 640
    self_test: float = 0.3
    seed: int = 0


class Pulse(NamedTuple):
    """One pulse to the drawer connector: pin 2 or 5, and how long it lasted."""

    pin: int
    milliseconds: int


class PrinterSimulator(Simulator):
    """The printer; `papers` are the tickets cut off, `ticket` the one still in it."""

    kind: ClassVar[str] = "printer"
    usage: ClassVar[tuple[str, ...]] = ("text", "save FILE.png", "press feed")

    def __init__(self, port: Port, model: PrinterModel | None = None) -> None:
        super().__init__()
        self._port = port
        self.model = model or PrinterModel()
        self.pulses: deque[Pulse] = deque(maxlen=1000)
        self.commands: deque[str] = deque(maxlen=1000)  # names of those carried out, for tests
        self._setter = Typesetter(self._line_printed, self._cut_done)
        self._stream = CommandStream()
        self._realtime = RealtimeScanner()
        self._queue: deque[tuple[Line, bytes]] = deque()
        self._waiting = 0
        self._paused: set[Line] = set()
        self._line: Line | None = None
        self._asb = 0
        self._process_ids: list[tuple[Line, bytes]] = []
        self._pulse_allowed = True
        self._testing = False
        self._counts = {20: 0, 21: 0, 50: 0, 70: 0}
        self._zeroed: dict[int, int] = {}
        self._chance = Random(self.model.seed)  # noqa: S311 - noise on a wire, not a secret
        self._started = time.monotonic()
        self._work = asyncio.Event()
        self._printing: asyncio.Task[None] | None = None

    @classmethod
    def tcp(
        cls, host: str = "127.0.0.1", port: int = 0, model: PrinterModel | None = None
    ) -> PrinterSimulator:
        """A network printer; port 0 takes a free one."""
        return cls(TcpPort(host, port), model)

    @classmethod
    def pty(cls, link: Path | None = None, model: PrinterModel | None = None) -> PrinterSimulator:
        """A serial printer behind `link` (default: a name in a temporary folder)."""
        return cls(PtyPort("printer", link), model)

    # --- what a person at the printer sees and does

    @property
    def address(self) -> str:
        """`tcp://HOST:PORT` or `serial:///PATH`."""
        return self._port.address

    def profile(self) -> str:
        """A ready [[printer]] entry."""
        return (
            f'[[printer]]\nname = "simulated"\naddress = "{self.address}"\n'
            'protocol = "escpos"\nmodel = "auto"\npaper = 80\n'
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
        return not self._faults & OFFLINE and "mute" not in self._faults

    @property
    def _shown(self) -> Set[str]:
        """The faults as status bytes show them: the drawer's stands for pin 3 high."""
        match self.model.drawer_contact:
            case "low":
                return self._faults ^ {"drawer_open"}
            case "none":
                return self._faults - {"drawer_open"}
            case _:
                return self._faults

    @property
    def waiting(self) -> int:
        """Bytes received and not yet printed."""
        return self._waiting

    @property
    def connected(self) -> bool:
        """Whether a client holds the printer, or bytes came over the wire."""
        return self._line is not None and not self._line.closed

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
        """Switch one fault; tells the client where GS a asked for that, and prints what waited."""
        before = asb(self._shown)
        super().set_fault(name, on)
        after = asb(self._shown)
        if self._line and asb_due(self._asb, before, after):
            self._answer(self._line, after)
        self._work.set()

    def press_feed(self, seconds: float = 0.2) -> None:
        """Hold the FEED button for a while: the printer is off line meanwhile, and one line is fed."""
        if self.can_print:
            self._setter.print_line()
        self.set_fault("feed_pressed")
        asyncio.get_running_loop().call_later(seconds, self.set_fault, "feed_pressed", False)

    async def open(self) -> None:
        """Switch the printer on and plug it in."""
        self._printing = asyncio.create_task(self._print_queue(), name="simulated printer")
        await self._port.open(self)

    async def unplug(self) -> None:
        """Pull the plug of the wire; the printer keeps its paper and what waits to be printed."""
        await self._port.unplug()

    async def plug_in(self) -> None:
        """Put the plug back in, at the same address."""
        await self._port.open(self)

    async def close(self) -> None:
        """Switch off."""
        await self._port.close()
        if self._printing:
            self._printing.cancel()
            await asyncio.wait([self._printing])
            self._printing = None

    async def obey(self, line: str) -> dict[str, object]:
        """`text`, `save FILE.png`, `press feed`, and what every simulator knows."""
        match line.split(maxsplit=1):
            case ["text"]:
                return {"text": self.text()}
            case ["save", name]:
                await asyncio.to_thread(Path(name).write_bytes, self.picture())
                return {"saved": name}
            case ["press", "feed"]:
                self.press_feed()
                return {"pressed": "feed"}
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
        if self._waiting > self.model.buffer_size and line not in self._paused:
            self._paused.add(line)
            line.pause(True)

    def lost(self, line: Line) -> None:
        """The client left: what it sent still prints, an unfinished command of it does not."""
        self._paused.discard(line)
        self._queue.append((line, b""))
        self._work.set()
        if line is self._line:
            self._line = None
            self._asb = 0

    def _enqueue(self, line: Line, data: bytes) -> None:
        if data:
            self._queue.append((line, data))
            self._waiting += len(data)
            self._work.set()

    def _at_once(self, line: Line, request: bytes) -> None:
        match [*request[1:3]]:
            case [0x04, n]:
                self._answer(line, dle_eot(n, self._shown))
            case [0x05, 2] if self._faults & {"cutter_jam", "mechanical"}:
                self._clear_buffers()
            case [0x14, 1] if self._pulse_allowed:
                self._pulse(request[3], request[4] * 100)
            case [0x14, 8]:
                self._clear_buffers()
                self._answer(line, b"\x37\x25\x00")
            case _:
                return

    def _clear_buffers(self) -> None:
        """DLE ENQ 2, DLE DC4 fn 8: what waits is lost, settings stay."""
        self._queue.clear()
        self._waiting = 0
        self._process_ids.clear()
        self._stream.reset()
        self._setter.clear_line()
        self._resume()

    def _resume(self) -> None:
        if self._paused and self._waiting <= self.model.buffer_size // 2:
            for line in self._paused:
                line.pause(False)
            self._paused.clear()

    # --- paper out

    async def _print_queue(self) -> None:
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

    def _carry_out(self, line: Line, command: Command) -> None:
        name, data = command
        if name != "text":
            self.commands.append(name)
        match name:
            case "GS r":
                self._answer(line, gs_r(data[0], self._shown))
            case "ESC v" | "ESC u":
                self._answer(line, gs_r(1 if name == "ESC v" else 2, self._shown))
            case "GS I":
                self._answer(line, self._identity(data[0]))
            case "GS a":
                self._asb, self._line = data[0], line
                if data[0]:
                    self._answer(line, asb(self._shown))
            case "GS g" if data[0] in {0x30, 0x32}:
                self._count_command(line, data)
            case "GS ( H" if data[:2] == b"00" and len(data) == 6:
                self._process_ids.append((line, data[2:]))
                if not self._setter.unprinted:
                    self._send_process_ids()
            case "ESC p":
                self._pulse(data[0], data[1] * 2)
            case "GS ( A" if len(data) == 2:
                self._print_self_test()
            case "GS ( D" if data[:1] == b"\x14":
                self._allow_realtime(data[1:])
            case _:
                if name == "ESC @":
                    self._process_ids.clear()
                self._setter.execute(command)

    def _line_printed(self, line: PrintedLine) -> None:
        self._counts[20] += max(1, line.height // 30)
        self._counts[21] += line.inked
        self._send_process_ids()

    def _cut_done(self) -> None:
        self._counts[50] += 1

    def _send_process_ids(self) -> None:
        """GS ( H fn 48: what came before has been printed now."""
        waiting, self._process_ids = self._process_ids, []
        for line, process_id in waiting:
            self._answer(line, b"\x37\x22" + process_id + b"\0")

    def _pulse(self, m: int, milliseconds: int) -> None:
        if m in {0, 1, 48, 49}:
            self.pulses.append(Pulse(5 if m & 1 else 2, milliseconds))
            if "drawer_stuck" not in self._faults:
                self.set_fault("drawer_open")

    def _allow_realtime(self, pairs: bytes) -> None:
        """GS ( D m [a b]…: a 1 is the drawer pulse, b its switch."""
        for a, b in zip(pairs[::2], pairs[1::2], strict=False):
            if a == 1:
                self._pulse_allowed = bool(b & 1)

    def _print_self_test(self) -> None:
        """GS ( A: prints, cuts, and starts anew; nothing is answered until that is over."""
        self._setter.reset()
        for text in _SELF_TEST:
            self._setter.execute(Command("text", text.encode()))
            self._setter.print_line()
        self._setter.cut()
        self._setter.reset()
        self._testing = True

    # --- answers

    def _identity(self, n: int) -> bytes:
        """GS I n; nothing for a number that it does not know."""
        texts = {65: "firmware", 66: "maker", 67: "model", 68: "serial", 69: "font"}
        if n in texts:
            return b"\x5f" + str(getattr(self.model, texts[n])).encode("ascii", "replace") + b"\0"
        # Type: bit 0 Chinese characters, bit 1 a cutter.
        return {1: b"\x20", 49: b"\x20", 2: b"\x03", 50: b"\x03", 3: b"\x01", 51: b"\x01"}.get(n, b"")

    def counter(self, number: int) -> int:
        """GS g 2: 20 lines fed, 21 head energised, 50 cuts, 70 hours; 128 more: since the factory."""
        kind = number & 0x7F
        done = int(time.monotonic() - self._started) // 3600 if kind == 70 else self._counts[kind]
        return self.model.counters.get(number, 0) + done - self._zeroed.get(number, 0)

    def _count_command(self, line: Line, data: bytes) -> None:
        """GS g 0 m nL nH sets a counter that can be reset to 0; GS g 2 m nL nH asks for one."""
        number = data[2] | data[3] << 8
        if number > 255 or number & 0x7F not in self._counts:
            return
        if data[0] == 0x32:
            self._answer(line, b"\x5f%d\x00" % self.counter(number))
        elif number < 128:
            self._zeroed[number] = self._zeroed.get(number, 0) + self.counter(number)

    def _answer(self, line: Line, reply: bytes) -> None:
        if not reply or self._testing:
            return
        delay = 0.0
        if "late_reply" in self._faults:
            delay = self.model.reply_delay_late
        elif "slow" in self._faults:
            delay = self.model.reply_delay_slow
        send_later(line, damaged(reply, self._faults, self._chance), delay)
