"""A simulated RFID reader on a serial line (pseudo-terminal), to which tags are held and taken away.

Protocols, written from the makers' tables and not from what the drivers read:

* id12: 125 kHz, unasked, once for each tag: STX, ten hexadecimal digits, two of check sum, CR LF ETX.
* rdm6300: the same without CR LF, over and over while the tag is there.
* m100: UHF (MagicRF): asked with BB 00 03 (who are you) and BB 00 22 (is a tag there).
"""

from __future__ import annotations

import asyncio
import re
from functools import reduce
from operator import xor
from pathlib import Path
from typing import ClassVar

from console.domain.errors import BadInput
from console.domain.words import say
from console.simulators.base import Simulator, nearest
from console.simulators.ports import Line, PtyPort

PROTOCOLS = ("id12", "rdm6300", "m100")
TAGS = {"id12": "3C00CE754C", "rdm6300": "3C00CE754C", "m100": "30751FEB705C5904E3D50D70"}
_PROFILE = {"id12": "em4100", "rdm6300": "em4100", "m100": "m100"}
_EVERY = 0.1  # seconds between two frames of a tag that stays
_SHOWN = 1.5  # seconds that a person holds a tag to it
_GARBAGE = b"\x9c\xe0\x1c\xfc\x07"
_NAMES = (b"M100 26dBm V1.0", b"V2.3.1", b"MagicRF")
_LONGEST = 64  # bytes of one command


class RfidSimulator(Simulator):
    """The reader; `held` is the number of the tag before it, or empty."""

    kind: ClassVar[str] = "rfid"
    usage: ClassVar[tuple[str, ...]] = ("hold [NUMBER]", "show", "take")

    def __init__(self, port: PtyPort, protocol: str) -> None:
        super().__init__()
        if protocol not in PROTOCOLS:
            raise BadInput(
                say(
                    'RFID protocol "{protocol}" is unknown. Nearest: {nearest}',
                    protocol=protocol,
                    nearest=nearest(protocol, PROTOCOLS),
                )
            )
        self.protocol = protocol
        self._port = port
        self.held = ""
        self._asked = b""
        self._sending: asyncio.Task[None] | None = None
        self._pulling: asyncio.Task[None] | None = None

    @classmethod
    def pty(cls, link: Path | None = None, protocol: str = "id12", baud: int | None = None) -> RfidSimulator:
        """A reader behind `link` (default: a name in a temporary folder); one with a speed insists on it."""
        return cls(PtyPort("rfid", link, baud), protocol)

    @property
    def address(self) -> str:
        """`serial:///PATH`."""
        return self._port.address

    def profile(self) -> str:
        """A ready [[rfid]] entry."""
        protocol = _PROFILE[self.protocol]
        return f'[[rfid]]\nname = "simulated"\naddress = "{self.address}"\nprotocol = "{protocol}"\n'

    async def open(self) -> None:
        """Plug it in."""
        await self._port.open(self)

    async def close(self) -> None:
        """Unplug for good."""
        for task in (self._sending, self._pulling):
            if task is not None:
                task.cancel()
                await asyncio.wait([task])
        self._sending = self._pulling = None
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
        if name == "unplugged" and on != was:
            self._pulling = asyncio.create_task(self._plug(self._pulling, on), name="rfid plug")

    async def _plug(self, before: asyncio.Task[None] | None, out: bool) -> None:
        if before is not None:
            await asyncio.wait([before])
        await (self.unplug() if out else self.plug_in())

    # --- the antenna

    def hold(self, number: str = "") -> None:
        """Hold a tag to it; BadInput for a number that is none of this kind."""
        number = (number or TAGS[self.protocol]).upper()
        length = len(TAGS[self.protocol])
        if re.fullmatch(f"[0-9A-F]{{{length}}}", number) is None:
            raise BadInput(
                say('"{value}" is no tag of {count} hexadecimal digits', value=number, count=length)
            )
        self.take()
        self.held = number
        if self.protocol != "m100":
            self._sending = asyncio.create_task(self._send_tag(), name="rfid tag")

    def take(self) -> None:
        """Take the tag away."""
        self.held = ""
        if self._sending is not None:
            self._sending.cancel()
            self._sending = None

    def _take_again(self, number: str) -> None:
        if self.held == number:
            self.take()

    async def _send_tag(self) -> None:
        while True:
            if "deaf" not in self._faults and (line := self._port.line):
                self._send(line, self._em4100())
            if self.protocol == "id12":
                return
            await asyncio.sleep(_EVERY)

    async def obey(self, line: str) -> dict[str, object]:
        """`hold [NUMBER]`, `take`, `show` for both one after the other, and what every simulator knows."""
        match line.split():
            case ["hold", *number] if len(number) < 2:
                self.hold(*number)
            case ["show"]:
                self.hold()
                asyncio.get_running_loop().call_later(_SHOWN, self._take_again, self.held)
            case ["take"]:
                self.take()
            case _:
                return await super().obey(line)
        return {"held": bool(self.held)}

    # --- the wire

    def received(self, line: Line, data: bytes) -> None:
        """Bytes from the host: a 125 kHz reader heeds none, a UHF one answers whole commands."""
        if self.protocol != "m100":
            return
        self._asked = (self._asked + data)[-_LONGEST:]
        while (start := self._asked.find(b"\xbb")) >= 0:
            command = self._asked[start:]
            if len(command) > 4 and (command[3] or command[4] > _LONGEST - 7):  # no command is that long
                self._asked = command[1:]
                continue
            if len(command) < 5 or len(command) < 7 + command[4]:
                self._asked = command
                return
            whole, self._asked = command[: 7 + command[4]], command[7 + command[4] :]
            if whole[-1] == 0x7E and sum(whole[1:-2]) % 256 == whole[-2]:
                self._answer(line, whole)
            else:
                self._asked = command[1:]
        self._asked = b""

    def lost(self, line: Line) -> None:
        """The plug was pulled."""
        self._asked = b""

    def _answer(self, line: Line, command: bytes) -> None:
        if command[2] == 0x03 and command[5] < len(_NAMES):
            self._send(line, self._frame(1, 0x03, bytes([command[5]]) + _NAMES[command[5]]))
        elif command[2] == 0x22 and self.held and "deaf" not in self._faults:
            number = bytes.fromhex(self.held)
            self._send(line, self._frame(2, 0x22, b"\xc9\x34\x00" + number + b"\x3a\x76"))
        elif command[2] == 0x22:
            self._send(line, self._frame(1, 0xFF, b"\x15"))

    def _send(self, line: Line, frame: bytes) -> None:
        """The answer as the faults have it."""
        if "mute" in self._faults:
            return
        if "garbage" in self._faults:
            frame = _GARBAGE
        if "half_reply" in self._faults:
            frame = frame[: len(frame) // 2]
        line.write(frame)

    def _em4100(self) -> bytes:
        number = bytes.fromhex(self.held)
        check = reduce(xor, number) ^ (0x5A if "bad_sum" in self._faults else 0)
        end = b"\r\n\x03" if self.protocol == "id12" else b"\x03"
        return b"\x02" + self.held.encode() + b"%02X" % check + end

    def _frame(self, kind: int, command: int, parameters: bytes) -> bytes:
        inner = bytes([kind, command, 0, len(parameters)]) + parameters
        check = (sum(inner) + (1 if "bad_sum" in self._faults and kind == 2 else 0)) % 256
        return b"\xbb" + inner + bytes([check, 0x7E])
