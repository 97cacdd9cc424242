"""Simulated 80 mm receipt printers of Star: a Line Mode model and a StarPRNT one, for the Chinese market.

Where the manual leaves a choice, these printers: send their status at once when ESC RS a is switched on; take
a 4, 5 or 1C (EOT, ENQ, FS) inside another command's data as that data, and carry it out all the same.
"""

from __future__ import annotations

from typing import ClassVar, Self

from console.simulators.command_stream import Command
from console.simulators.ports import Line, Port, TcpPort
from console.simulators.receipt_printer import PrinterModel, Pulse, ReceiptPrinter
from console.simulators.star_setting import execute, start
from console.simulators.star_status import OFFLINE, asb, enq, eot, on_network
from console.simulators.star_stream import RealtimeScanner, StarStream


class StarSimulator(ReceiptPrinter):
    """Line Mode: a status of version 3; on TCP as an Ethernet interface sends it."""

    kind: ClassVar[str] = "star"
    name: ClassVar[str] = "star"
    offline: ClassVar[frozenset[str]] = OFFLINE
    standard: ClassVar[PrinterModel] = PrinterModel(maker="Star", model="TSP654II", serial="")
    version: ClassVar[int] = 3

    def __init__(self, port: Port, model: PrinterModel | None = None) -> None:
        super().__init__(port, model, StarStream(), RealtimeScanner())
        self._network = isinstance(port, TcpPort)
        self._asb = False
        self._etb_done = False
        self._count = 0
        self._drawer_ms = 200  # ESC BEL
        start(self._setter)

    @classmethod
    def at(cls, port: Port, model: PrinterModel | None) -> Self:
        """See ReceiptPrinter."""
        return cls(port, model)

    def _status(self) -> bytes:
        """The status; what it tells once (ETB executed) is told."""
        status = asb(self._faults, self.version, self._etb_done, self._count)
        self._etb_done = False
        return on_network(status) if self._network else status

    def _single(self, kind: bytes, status: bytes) -> bytes:
        """One byte for ENQ ("01") or EOT ("02"); on Ethernet as the data of a whole status."""
        if not self._network:
            return status
        data = kind + b":B\0\1" + status + b";"
        return on_network(asb(self._faults, self.version, count=self._count), data)

    def _changed(self, before: frozenset[str]) -> None:
        """Tells the client where ESC RS a asked for that."""
        if self._asb and self._line and asb(before, self.version) != asb(self._faults, self.version):
            self._answer(self._line, self._status())

    def _client_left(self) -> None:
        self._asb = False

    def _at_once(self, line: Line, request: bytes) -> None:
        match request:
            case b"\x1b\x06\x01":
                self._answer(line, self._status())
            case b"\x05":
                status = enq(self._faults, empty=self._waiting <= len(request))
                self._answer(line, self._single(b"01", status))
            case b"\x04":
                self._answer(line, self._single(b"02", eot(self._faults)))
            case b"\x1c":
                self._pulse(Pulse(2, self._drawer_ms))

    def _carry_out(self, line: Line, command: Command) -> None:
        name, data = command
        if name != "text":
            self.commands.append(name)
        match name:
            case "ETB":
                self._counted(line)
            case "ESC RS a":
                self._asb, self._line = data[0] not in (0, 0x30), line
                if self._asb:
                    self._answer(line, self._status())
            case "ESC RS E" if data[0] in (0, 0x30):
                self._count, self._etb_done = 0, False
            case "ESC #" if data == b"*":
                version = f"{self.model.model}Ver{self.model.firmware}"
                self._answer(line, b"\x1b#*," + version.encode("ascii", "replace") + b"\n\0")
            case "ESC \x07":
                self._drawer_ms = data[0] * 10 or self._drawer_ms
            case "FS":
                return  # done when it was received
            case "BEL":
                self._pulse(Pulse(2, self._drawer_ms))
            case "EM" | "SUB":
                self._pulse(Pulse(5, 200))
            case _:
                if name == "CAN":
                    self._count, self._etb_done = 0, False
                execute(self._setter, command)

    def _counted(self, line: Line) -> None:
        """ETB: whole lines before it are printed by now, for this printer prints line by line."""
        self._count = (self._count + 1) % 32
        self._etb_done = True
        if self._asb:
            self._answer(line, self._status())


class StarPrntSimulator(StarSimulator):
    """StarPRNT: a status of version 5; it tells its serial number (ESC GS ) I)."""

    kind: ClassVar[str] = "starprnt"
    standard: ClassVar[PrinterModel] = PrinterModel(maker="Star", model="MCP31", serial="2581018070600001")
    version: ClassVar[int] = 5

    def _carry_out(self, line: Line, command: Command) -> None:
        if command == ("ESC GS )", b"I\x01\x001"):
            self.commands.append(command.name)
            tags = f"PrSrN={self.model.serial},".encode("ascii", "replace")
            self._answer(line, b"\x1b\x1d)I\x01\x001" + tags + b"\n\0")
        else:
            super()._carry_out(line, command)
