"""What every simulated printer on a wire does: it is plugged in, makes its sender wait, shows its paper."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import ClassVar, Protocol

from console.simulators.base import Simulator
from console.simulators.ports import Line, Port
from console.simulators.usb import UsbPort


class WireModel(Protocol):
    """How a printer behaves on its wire; times in seconds."""

    @property
    def buffer_size(self) -> int:
        """Bytes that may wait; then the sender has to."""

    @property
    def reply_delay_slow(self) -> float:
        """How long an answer takes while it is slow."""

    @property
    def reply_delay_late(self) -> float:
        """How long an answer takes that comes too late."""

    @property
    def seed(self) -> int:
        """Of the noise."""


class PluggedPrinter(Simulator):
    """A printer plugged into `port`; `_run` works off what waits whenever `_work` is set."""

    usage: ClassVar[tuple[str, ...]] = ("text", "save FILE.png", "usb FAULT on|off")

    def __init__(self, port: Port, model: WireModel) -> None:
        super().__init__()
        self._port = port
        self._wire = model
        self._paused: set[Line] = set()
        self._line: Line | None = None
        self._chance = Random(model.seed)
        self._work = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        """`tcp://HOST:PORT`, `serial:///PATH` or `usb://VENDOR:PRODUCT`."""
        return self._port.address

    @property
    def environment(self) -> Mapping[str, str]:
        """What a program needs in its environment to see a USB printer."""
        return self._port.environment if isinstance(self._port, UsbPort) else {}

    @property
    def port(self) -> Port:
        """Where it is plugged in."""
        return self._port

    @property
    def connected(self) -> bool:
        """Whether a client holds the printer, or bytes came over the wire."""
        return self._line is not None and not self._line.closed

    @property
    @abstractmethod
    def waiting(self) -> int:
        """Bytes received and not yet worked off."""

    @abstractmethod
    def text(self) -> str:
        """Everything printed so far as plain text."""

    @abstractmethod
    def picture(self) -> bytes:
        """The newest paper as PNG."""

    async def open(self) -> None:
        """Switch the printer on and plug it in."""
        self._running = asyncio.create_task(self._run(), name=f"simulated {self.kind} printer")
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
        if self._running:
            self._running.cancel()
            await asyncio.wait([self._running])
            self._running = None

    async def obey(self, line: str) -> dict[str, object]:
        """`text`, `save FILE.png`, `usb FAULT on|off`, and what every simulator knows."""
        match line.split(maxsplit=1):
            case ["text"]:
                return {"text": self.text()}
            case ["save", name]:
                await asyncio.to_thread(Path(name).write_bytes, self.picture())
                return {"saved": name}
            case ["usb", fault] if isinstance(self._port, UsbPort):
                name, _, switch = fault.partition(" ")
                self._port.set_fault(name, switch == "on")
                return {"usb": sorted(self._port.faults)}
            case _:
                return await super().obey(line)

    @abstractmethod
    def received(self, line: Line, data: bytes) -> None:
        """Bytes from the client."""

    @abstractmethod
    def lost(self, line: Line) -> None:
        """The client left."""

    @abstractmethod
    async def _run(self) -> None:
        """Work off what waits, for ever."""

    def _pause_if_full(self, line: Line) -> None:
        if self.waiting > self._wire.buffer_size and line not in self._paused:
            self._paused.add(line)
            line.pause(True)

    def _resume(self) -> None:
        if self._paused and self.waiting <= self._wire.buffer_size // 2:
            for line in self._paused:
                line.pause(False)
            self._paused.clear()

    @property
    def _delay(self) -> float:
        """Seconds until an answer goes out."""
        if "late_reply" in self._faults:
            return self._wire.reply_delay_late
        return self._wire.reply_delay_slow if "slow" in self._faults else 0.0
