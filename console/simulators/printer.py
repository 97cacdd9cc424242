"""A simulated 80 mm receipt printer that speaks ESC/POS, on TCP, a pseudo-terminal or a simulated USB bus."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Set
from typing import ClassVar, Self

from console.simulators.command_stream import Command
from console.simulators.escpos_status import OFFLINE, asb, asb_due, dle_eot, gs_r
from console.simulators.escpos_stream import CommandStream, RealtimeScanner
from console.simulators.paper import Line as PrintedLine
from console.simulators.ports import Line, Port
from console.simulators.receipt_printer import PrinterModel, Pulse, ReceiptPrinter

__all__ = ["PrinterModel", "PrinterSimulator", "Pulse"]

_SELF_TEST = (
    "** SELF TEST **",
    "0123456789 ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "abcdefghijklmnopqrstuvwxyz #$%&*+-=?",
)


class PrinterSimulator(ReceiptPrinter):
    """See ReceiptPrinter."""

    kind: ClassVar[str] = "printer"
    name: ClassVar[str] = "escpos"
    usage: ClassVar[tuple[str, ...]] = (*ReceiptPrinter.usage, "press feed")
    offline: ClassVar[frozenset[str]] = OFFLINE

    def __init__(self, port: Port, model: PrinterModel | None = None) -> None:
        super().__init__(port, model, CommandStream(), RealtimeScanner())
        self._asb = 0
        self._process_ids: list[tuple[Line, bytes]] = []
        self._pulse_allowed = True
        self._counts = {20: 0, 21: 0, 50: 0, 70: 0}
        self._zeroed: dict[int, int] = {}
        self._started = time.monotonic()

    @classmethod
    def at(cls, port: Port, model: PrinterModel | None) -> Self:
        """See ReceiptPrinter."""
        return cls(port, model)

    def press_feed(self, seconds: float = 0.2) -> None:
        """Hold the FEED button for a while: the printer is off line meanwhile, and one line is fed."""
        if self.can_print:
            self._setter.print_line()
        self.set_fault("feed_pressed")
        asyncio.get_running_loop().call_later(seconds, self.set_fault, "feed_pressed", False)

    async def obey(self, line: str) -> dict[str, object]:
        """`press feed`, and what every printer knows."""
        if line.split() == ["press", "feed"]:
            self.press_feed()
            return {"pressed": "feed"}
        return await super().obey(line)

    @property
    def _shown(self) -> Set[str]:
        """The faults as status bytes show them."""
        return self._as_wired(self._faults)

    def _as_wired(self, faults: Set[str]) -> Set[str]:
        """The drawer's fault stands for pin 3 high."""
        match self.model.drawer_contact:
            case "low":
                return faults ^ {"drawer_open"}
            case "none":
                return faults - {"drawer_open"}
            case _:
                return faults

    def _changed(self, before: frozenset[str]) -> None:
        """Tells the client where GS a asked for that; a closed cover ends what the cutter waits for."""
        if "cover_open" in before - self._faults:
            self._faults.discard("cutter_stopped")
        after = asb(self._shown)
        if self._line and asb_due(self._asb, asb(self._as_wired(before)), after):
            self._answer(self._line, after)

    def _client_left(self) -> None:
        self._asb = 0

    def _at_once(self, line: Line, request: bytes) -> None:
        match [*request[1:3]]:
            case [0x04, n]:
                self._answer(line, dle_eot(n, self._shown))
            case [0x05, 0 | 1 | 2 as n]:
                self._recover(n)
            case [0x14, 1] if self._pulse_allowed:
                self._drive(request[3], request[4] * 100)
            case [0x14, 8]:
                self._clear_buffers()
                self._answer(line, b"\x37\x25\x00")
            case _:
                return

    def _recover(self, n: int) -> None:
        """DLE ENQ: 0 ends the wait after a paper end, 1 goes on from the line of the error, 2 forgets all."""
        if n == 0:
            if "paper_out" not in self._faults:
                self.set_fault("waiting", False)
            return
        if n == 2 and self._faults & {"cutter_jam", "cutter_stopped", "mechanical"}:
            self._clear_buffers()
        if "cutter_stopped" in self._faults:
            if n == 1:
                self._setter.repeat_line()
            self.set_fault("cutter_stopped", False)

    def _clear_buffers(self) -> None:
        """DLE ENQ 2, DLE DC4 fn 8."""
        self._process_ids.clear()
        super()._clear_buffers()

    def _carry_out(self, line: Line, command: Command) -> None:
        name, data = command
        if name == "ESC =" and data[0] not in self.model.devices:
            return
        if not self._setter.selected and name != "ESC =":
            return  # nothing but realtime commands is for this printer
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
                self._drive(data[0], data[1] * 2)
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
        super()._cut_done()
        self._counts[50] += 1

    def _send_process_ids(self) -> None:
        """GS ( H fn 48: what came before has been printed now."""
        waiting, self._process_ids = self._process_ids, []
        for line, process_id in waiting:
            self._answer(line, b"\x37\x22" + process_id + b"\0")

    def _drive(self, m: int, milliseconds: int) -> None:
        if m in {0, 1, 48, 49}:
            self._pulse(Pulse(5 if m & 1 else 2, milliseconds))

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
