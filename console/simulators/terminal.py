"""A simulated card terminal: a TCP port that accepts, and says nothing to anybody."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from console.simulators.base import Simulator
from console.simulators.ports import Line, TcpPort


class TerminalSimulator(Simulator):
    """The terminal, as far as a till's network sees it."""

    kind: ClassVar[str] = "terminal"

    def __init__(self, port: TcpPort) -> None:
        super().__init__()
        self._port = port
        self._switching: asyncio.Task[None] | None = None

    @classmethod
    def tcp(cls, host: str = "127.0.0.1", port: int = 0) -> TerminalSimulator:
        """A terminal at that address."""
        return cls(TcpPort(host, port))

    @property
    def address(self) -> str:
        """`HOST:PORT`."""
        return self._port.address.removeprefix("tcp://")

    @property
    def place(self) -> tuple[str, int]:
        """Host and port."""
        host, _, port = self.address.rpartition(":")
        return host, int(port)

    def profile(self) -> str:
        """A ready [[terminal]] entry."""
        host, port = self.place
        return f'[[terminal]]\nname = "simulated"\naddress = "{host}"\nport = {port}\nmodel = "S920"\n'

    async def open(self) -> None:
        """Switch it on."""
        await self._port.open(self)

    async def close(self) -> None:
        """Switch it off for good."""
        if self._switching is not None:
            await asyncio.wait([self._switching])
        await self._port.close()

    def set_fault(self, name: str, on: bool = True) -> None:
        """`port_closed`: its payment program has ended, so nobody listens."""
        was = name in self._faults
        super().set_fault(name, on)
        if on != was:
            self._switching = asyncio.create_task(self._switch(self._switching, on), name="terminal port")

    async def _switch(self, before: asyncio.Task[None] | None, closed: bool) -> None:
        if before is not None:
            await asyncio.wait([before])
        await (self._port.unplug() if closed else self._port.open(self))

    async def obey(self, line: str) -> dict[str, object]:
        """What every simulator knows; answered when the port is as it was told to be."""
        answer = await super().obey(line)
        if self._switching is not None:
            await asyncio.wait([self._switching])
        return answer

    def received(self, line: Line, data: bytes) -> None:
        """It answers nobody."""

    def lost(self, line: Line) -> None:
        """The client left."""
