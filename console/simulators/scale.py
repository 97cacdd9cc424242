"""A simulated shop scale on a serial line (pseudo-terminal), with a pan that things are put on and taken off.

Protocols, written from the makers' tables and not from what the drivers read:

* toledo: answers W, as Mettler-Toledo's 8217 does: STX, weight in six characters, N behind a net one, CR;
  while no weight may be charged STX `?` and a status byte (1 moving, 2 out of range, 4 less than zero), CR.
* cas: ENQ, ACK, DC1, then a frame SOH STX ... BCC ETX EOT (CAS AP-1). aclas: that frame unasked (OS2).
* lines: unasked, `ST,GS,+0001.234kg` CR LF (A&D).
* yaohua: unasked, twelve characters from STX to ETX (耀华 XK3190).
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from console.domain.errors import BadInput
from console.domain.words import say
from console.simulators.base import Simulator, nearest, number
from console.simulators.ports import Line, PtyPort

PROTOCOLS = ("toledo", "cas", "lines", "aclas", "yaohua")
CAPACITY, DIVISION = 15_000, 5  # grams
_STREAMING = ("lines", "aclas", "yaohua")
_PROFILE = {"toledo": "toledo", "cas": "cas"}  # the profile's word; the others are streams
_EVERY = 0.1  # seconds between two weighings of a stream
_SETTLES = 0.3  # seconds in which a weight comes to rest
_REMAINS = 20  # grams that a tired load cell still feels
_GARBAGE = b"\x9c\xe0\x1c\xfc\x07"


class ScaleSimulator(Simulator):
    """The scale: all weights inside are whole grams."""

    kind: ClassVar[str] = "scale"
    usage: ClassVar[tuple[str, ...]] = ("put KILOGRAMS", "take", "tare", "zero", "weight")

    def __init__(self, port: PtyPort, protocol: str) -> None:
        super().__init__()
        if protocol not in PROTOCOLS:
            raise BadInput(
                say(
                    'Scale protocol "{protocol}" is unknown. Nearest: {nearest}',
                    protocol=protocol,
                    nearest=nearest(protocol, PROTOCOLS),
                )
            )
        self.protocol = protocol
        self._port = port
        self._load = self._tare = 0
        self._felt = 0  # what the load cell last gave; a stuck one goes on giving it
        self._moved_at = float("-inf")
        self._streaming: asyncio.Task[None] | None = None
        self._pulling: asyncio.Task[None] | None = None
        self._sends = asyncio.Event()  # set while it sends without being asked
        if protocol in _STREAMING:
            self._sends.set()

    @classmethod
    def pty(cls, link: Path | None = None, protocol: str = "toledo") -> ScaleSimulator:
        """A scale behind `link` (default: a name in a temporary folder)."""
        return cls(PtyPort("scale", link), protocol)

    @property
    def address(self) -> str:
        """`serial:///PATH`."""
        return self._port.address

    def profile(self) -> str:
        """A ready [[scale]] entry."""
        protocol = _PROFILE.get(self.protocol, "stream")
        return f'[[scale]]\nname = "simulated"\naddress = "{self.address}"\nprotocol = "{protocol}"\n'

    async def open(self) -> None:
        """Plug it in; a streaming scale begins to send."""
        await self._port.open(self)
        self._streaming = asyncio.create_task(self._stream(), name="scale stream")

    async def close(self) -> None:
        """Unplug for good."""
        for task in (self._streaming, self._pulling):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        self._streaming = self._pulling = None
        await self._port.close()

    async def unplug(self) -> None:
        """Pull the plug: the port vanishes."""
        await self._port.unplug()

    async def plug_in(self) -> None:
        """Put the plug back in, at the same address."""
        await self._port.open(self)

    def set_fault(self, name: str, on: bool = True) -> None:
        """As every simulator's; a cable that was pulled is put in again."""
        was = name in self._faults
        super().set_fault(name, on)
        if self.protocol in _STREAMING or "endless" in self._faults:
            self._sends.set()
        else:
            self._sends.clear()
        if name == "unplugged" and was and not on:
            self._pulling = asyncio.create_task(self._mended(self._pulling), name="scale plug")

    async def _mended(self, pulling: asyncio.Task[None] | None) -> None:
        if pulling is not None:
            await asyncio.wait([pulling])
            await self._port.open(self)
        self._pulling = None

    # --- the pan

    def put(self, grams: int) -> None:
        """Lay something on the pan, beside what lies there."""
        self._load += grams
        self._moved()

    def take(self) -> None:
        """Take everything off."""
        self._load = 0
        self._moved()

    def tare(self) -> None:
        """Press the tare key."""
        self._tare = self._felt

    def zero(self) -> None:
        """Press the zero key: tare and what a tired cell feels are forgotten."""
        self._tare = 0
        self._faults.discard("under_zero")

    def _moved(self) -> None:
        if "stuck" not in self._faults:
            remains = _REMAINS if "no_return" in self._faults and self._load == 0 else 0
            self._felt = self._load + remains
            self._moved_at = asyncio.get_running_loop().time()

    @property
    def weight(self) -> int:
        """Grams on the display, in whole divisions."""
        return DIVISION * round((self._felt - self._tare) / DIVISION)

    @property
    def moving(self) -> bool:
        """Whether the weight has not come to rest."""
        return "unstable" in self._faults or asyncio.get_running_loop().time() - self._moved_at < _SETTLES

    @property
    def over(self) -> bool:
        """Whether more lies on it than it can weigh."""
        return "overload" in self._faults or self._felt > CAPACITY

    @property
    def under(self) -> bool:
        """Whether it shows less than zero."""
        return "under_zero" in self._faults or self.weight < 0

    async def obey(self, line: str) -> dict[str, object]:
        """`put KILOGRAMS`, `take`, `tare`, `zero`, `weight`, and what every simulator knows."""
        match line.split():
            case ["put", text]:
                self.put(round(1000 * number("weight", text, 0.001, 100)))
            case ["take"]:
                self.take()
            case ["tare"]:
                self.tare()
            case ["zero"]:
                self.zero()
            case ["weight"]:
                pass
            case _:
                return await super().obey(line)
        return {"grams": self.weight}

    # --- the wire

    def received(self, line: Line, data: bytes) -> None:
        """Bytes from the host: what this protocol knows is answered, the rest is passed over."""
        if "seven_bits" in self._faults:  # a byte without the right parity is thrown away
            data = bytes(byte & 0x7F for byte in data if byte.bit_count() % 2 == 0)
        for byte in data:
            if self.protocol == "toledo" and byte == 0x57:
                self._send(line, self._toledo())
            elif self.protocol == "cas" and byte == 0x05:
                self._send(line, b"\x06")
            elif self.protocol == "cas" and byte == 0x11:
                self._send(line, self._cas())

    def lost(self, line: Line) -> None:
        """The plug was pulled."""

    async def _stream(self) -> None:
        while await self._sends.wait():
            if self._port.line is not None:
                if "endless" in self._faults:
                    self._port.write(b"0123456789" * 20)
                elif self.protocol in _STREAMING:
                    self._send(self._port.line, self._streamed())
            await asyncio.sleep(_EVERY)

    def _streamed(self) -> bytes:
        frames = {"lines": self._lines, "aclas": self._cas, "yaohua": self._yaohua}
        return frames[self.protocol]()

    def _send(self, line: Line, frame: bytes) -> None:
        """The answer as the faults have it."""
        if self._faults & {"mute", "endless"}:
            return
        if "garbage" in self._faults:
            frame = _GARBAGE
        if self._faults & {"half_reply", "unplugged"}:
            frame = frame[: max(1, len(frame) // 2)]
        if "seven_bits" in self._faults:
            frame = bytes(byte | (0x80 if byte.bit_count() % 2 else 0) for byte in frame)
        line.write(frame)
        if "unplugged" in self._faults and self._pulling is None:
            self._pulling = asyncio.create_task(self.unplug(), name="scale unplugged")

    def _toledo(self) -> bytes:
        bits = 0x60 | (1 if self.moving else 0) | (2 if self.over else 0) | (4 if self.under else 0)
        if bits != 0x60:
            return b"\x02?%c\r" % bits
        return b"\x02%6.3f%s\r" % (self.weight / 1000, b"N" if self._tare else b"")

    def _cas(self) -> bytes:
        state = b"F" if self.over else b"U" if self.moving else b"S"
        grams = -DIVISION if "under_zero" in self._faults else self.weight
        inner = state + (b"-" if grams < 0 else b" ") + b"%06.3f" % (abs(grams) / 1000) + b"kg"
        check = 0
        for byte in inner:
            check ^= byte
        return b"\x01\x02" + inner + bytes([check]) + b"\x03\x04"

    def _lines(self) -> bytes:
        if self.over or self.under:
            return b"OL,GS,%s   .   kg\r\n" % (b"+ " if self.over else b"- ")
        head = b"US" if self.moving else b"ST"
        return b"%s,%s,+%07.3fkg\r\n" % (head, b"NT" if self._tare else b"GS", self.weight / 1000)

    def _yaohua(self) -> bytes:
        grams = -DIVISION if "under_zero" in self._faults else self.weight
        if "unstable" in self._faults:  # it has no mark for that: the figures run
            grams += DIVISION * (int(asyncio.get_running_loop().time() * 10) % 7)
        inner = (b"-" if grams < 0 else b"+") + b"%06d3" % abs(grams)
        check = 0
        for byte in inner:
            check ^= byte
        return b"\x02" + inner + b"%02X\x03" % check
