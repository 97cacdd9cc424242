"""A simulated customer display on a serial line (pseudo-terminal): two rows of twenty cells.

It obeys CD5220's commands (user manual, "Standard Mode Command List") or Epson's (DM-D110 specification).
What it does not know it shows, as far as it has characters for it, so that the wrong command set looks wrong.
"""

from __future__ import annotations

import asyncio
from io import BytesIO
from pathlib import Path
from typing import ClassVar

from console.domain.errors import BadInput
from console.domain.words import say
from console.simulators.base import Simulator, nearest
from console.simulators.ports import Line, PtyPort

PROTOCOLS = ("cd5220", "escpos")
WIDTH, HEIGHT = 20, 2
BLOCK = "█"
_LONGEST = 64  # bytes of one command
_DEAD = (0, 6)  # row and column of the cell whose dots are dead
_CELL = (18, 32)  # pixels
_GLASS, _GLOW = (10, 24, 26), (96, 255, 208)
# Bytes behind ESC and US that are obeyed or passed over, with the number of their parameters.
_ESCAPES = {
    "cd5220": dict.fromkeys(b"\x11\x12\x13@", 0) | dict.fromkeys(b"[*_fc=#%?", 1) | {0x6C: 2, 0x57: 4},
    "escpos": {0x40: 0} | dict.fromkeys(b"tR=%?", 1),
}
_UNITS = dict.fromkeys(b"\x01\x02\x03\x0a\x0d@B", 0) | dict.fromkeys(b"CXEr", 1) | {0x24: 2, 0x23: 2}


class DisplaySimulator(Simulator):
    """The display; `text` is what stands on its glass."""

    kind: ClassVar[str] = "display"
    usage: ClassVar[tuple[str, ...]] = ("text", "save FILE")

    def __init__(self, port: PtyPort, protocol: str) -> None:
        super().__init__()
        if protocol not in PROTOCOLS:
            raise BadInput(
                say(
                    'Display protocol "{protocol}" is unknown. Nearest: {nearest}',
                    protocol=protocol,
                    nearest=nearest(protocol, PROTOCOLS),
                )
            )
        self.protocol = protocol
        self._port = port
        self._rest = b""
        self._reset()

    @classmethod
    def pty(cls, link: Path | None = None, protocol: str = "cd5220") -> DisplaySimulator:
        """A display behind `link` (default: a name in a temporary folder)."""
        return cls(PtyPort("display", link), protocol)

    @property
    def address(self) -> str:
        """`serial:///PATH`."""
        return self._port.address

    def profile(self) -> str:
        """A ready [[display]] entry."""
        entry = f'[[display]]\nname = "simulated"\naddress = "{self.address}"\nprotocol = "{self.protocol}"\n'
        return entry + ("" if "latin_only" in self._faults else "chinese = true\n")

    async def open(self) -> None:
        """Plug it in."""
        await self._port.open(self)

    async def unplug(self) -> None:
        """Pull the plug: the port vanishes."""
        await self._port.unplug()

    async def plug_in(self) -> None:
        """Put the plug back in, at the same address; it starts anew."""
        self._rest = b""
        self._reset()
        await self._port.open(self)

    async def close(self) -> None:
        """Unplug for good."""
        await self._port.close()

    # --- the glass

    @property
    def lines(self) -> tuple[str, str]:
        """What a person reads, without trailing spaces."""
        if "dark" in self._faults:
            return "", ""
        rows = [list(row) for row in self._cells]
        if "dead_dots" in self._faults:
            rows[_DEAD[0]][_DEAD[1]] = " "
        upper, lower = ("".join(row).rstrip() for row in rows)
        return upper, lower

    def picture(self) -> bytes:
        """The two lines as PNG, as they glow."""
        from PIL import Image, ImageDraw

        from console.platforms.fonts import font

        width, height = _CELL
        glass = Image.new("RGB", (WIDTH * width + 24, HEIGHT * (height + 8) + 24), _GLASS)
        draw = ImageDraw.Draw(glass)
        for row, line in enumerate(self._cells):
            for column, char in enumerate(line):
                left, top = 12 + column * width, 16 + row * (height + 8)
                dead = "dead_dots" in self._faults and (row, column) == _DEAD
                if "dark" in self._faults or dead:
                    continue
                if char == BLOCK:
                    draw.rectangle((left + 1, top, left + width - 2, top + height - 1), _GLOW)
                else:
                    draw.text((left, top), char, _GLOW, font(2 * width - 8))
        out = BytesIO()
        glass.save(out, "PNG")
        return out.getvalue()

    async def obey(self, line: str) -> dict[str, object]:
        """`text`, `save FILE`, and what every simulator knows."""
        match line.split(maxsplit=1):
            case ["text"]:
                return {"lines": list(self.lines)}
            case ["save", path]:
                await asyncio.to_thread(Path(path).write_bytes, self.picture())
                return {"saved": path}
            case _:
                return await super().obey(line)

    # --- the wire

    def received(self, line: Line, data: bytes) -> None:
        """Bytes from the host; a command may come in pieces."""
        if "mute" in self._faults:
            return
        self._rest += data
        while self._rest and (used := self._step(self._rest)):
            self._rest = self._rest[used:]

    def lost(self, line: Line) -> None:
        """The plug was pulled: a half command is forgotten."""
        self._rest = b""

    def _reset(self) -> None:
        self._own: dict[int, str] = {}  # characters that the host defined
        self._own_shown = False
        self._cells = [[" "] * WIDTH for _ in range(HEIGHT)]
        self._row = self._column = 0
        self._string = False  # CD5220's string mode
        self._chinese = self.protocol == "cd5220"
        self._spoken_to = True

    def _step(self, data: bytes) -> int:
        """Obey what `data` begins with; how many bytes that were, 0 while more must come."""
        first = data[0]
        if not self._spoken_to and data[:2] != b"\x1b=":
            return 0 if data == b"\x1b" else 1
        if first == 0x1B:
            return self._escape(data)
        if first == 0x1F and self.protocol == "escpos":
            return self._unit(data)
        if first == 0x1C and self.protocol == "escpos":
            if len(data) < 2:
                return 0
            self._chinese = data[1] == 0x26
            return 2
        if first < 0x20:
            self._control(first)
            return 1
        return self._character(data)

    def _escape(self, data: bytes) -> int:
        if len(data) < 2:
            return 0
        command = data[1]
        if self.protocol == "cd5220" and command == 0x51:
            return self._string_command(data)
        if command == 0x26:
            return self._define(data)
        if command not in _ESCAPES[self.protocol]:
            return 2  # unknown: what follows is shown
        size = 2 + _ESCAPES[self.protocol][command]
        if len(data) < size:
            return 0
        if self._string:
            return size
        if command == 0x40:
            self._reset()
        elif command == 0x3D:
            self._spoken_to = bool(data[2] & 2)
        elif command == 0x6C:
            self._place(data[2], data[3])
        elif command == 0x25:
            self._own_shown = data[2] == 1
        elif command == 0x3F:
            self._own.pop(data[2], None)
        return size

    def _define(self, data: bytes) -> int:
        """ESC & s n m, then the number of bytes and the bytes of dots of each character."""
        if len(data) < 5:
            return 0
        first, last = data[3], data[4]
        if data[2] != 1 or not 0x20 <= first <= last <= 0x7E:
            return 5
        at, made = 5, {}
        for code in range(first, last + 1):
            if len(data) <= at or len(data) < at + 1 + min(5, data[at]):
                return 0
            dots = data[at + 1 : at + 1 + min(5, data[at])]
            made[code] = BLOCK if dots == b"\xff" * 5 else "▒"
            at += 1 + len(dots)
        if not self._string:
            self._own |= made
        return at

    def _string_command(self, data: bytes) -> int:
        """ESC Q A or B, up to forty bytes, CR."""
        end = data.find(b"\r")
        if end < 0:
            return 3 if len(data) > _LONGEST else 0
        if end > 3 and data[2] in b"AB":
            self._string, self._row, self._column = True, data[2] - 0x41, 0
            self._cells[self._row] = [" "] * WIDTH
            rest = data[3:end]
            while rest and self._column < WIDTH:
                rest = rest[self._character(rest, whole=True) :]
        return end + 1

    def _unit(self, data: bytes) -> int:
        if len(data) < 2:
            return 0
        size = 2 + _UNITS.get(data[1], 0)
        if len(data) < size:
            return 0
        if data[1] == 0x24:
            self._place(data[2], data[3])
        return size

    def _control(self, code: int) -> None:
        if code == 0x0C:
            self._cells = [[" "] * WIDTH for _ in range(HEIGHT)]
            self._row = self._column = 0
            self._string = False
        elif code == 0x18:
            self._cells[self._row] = [" "] * WIDTH
            self._column, self._string = 0, False
        elif self._string:
            pass
        elif code == 0x0A:
            self._row = (self._row + 1) % HEIGHT
        elif code == 0x0B:
            self._row = self._column = 0
        elif code == 0x0D:
            self._column = 0
        elif code in (0x08, 0x09):
            self._column = max(0, min(WIDTH - 1, self._column + (1 if code == 0x09 else -1)))

    def _place(self, column: int, row: int) -> None:
        if 1 <= column <= WIDTH and 1 <= row <= HEIGHT:
            self._column, self._row = column - 1, row - 1

    def _character(self, data: bytes, whole: bool = False) -> int:
        """Show the next character and move on; `whole` says that nothing will follow."""
        double = self._chinese and "latin_only" not in self._faults and 0x81 <= data[0] <= 0xFE
        if double and len(data) < 2 and not whole:
            return 0
        pair = data[: 2 if double else 1]
        char = pair.decode("gbk" if double else "cp437", "replace")[:1]
        if self._own_shown:
            char = self._own.get(data[0], char)
        if self._string and not whole:
            return len(pair)
        cells = [char] if len(pair) == 1 else [char, ""]
        for each in cells[: WIDTH - self._column]:
            self._cells[self._row][self._column] = each
            self._column += 1
        if self._column >= WIDTH and not whole:
            self._column, self._row = 0, (self._row + 1) % HEIGHT
        return len(pair)
