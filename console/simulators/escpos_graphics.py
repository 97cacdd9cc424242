"""Pictures sent to the printer: GS v 0, GS ( L and GS 8 L, GS * with GS /, FS q with FS p."""

from __future__ import annotations

from collections.abc import Iterator

from console.simulators.paper import Bits

_STORED = 64  # pictures kept under a key, as a printer's memory is finite


def columns_to_rows(data: bytes, columns: int, height: int) -> bytes:
    """A picture sent column by column (`height` bytes each, highest bit on top) as rows of bytes."""
    width = (columns + 7) // 8
    rows = bytearray(width * height * 8)
    for column in range(columns):
        bit = 0x80 >> column % 8
        for strip in range(height):
            byte = data[column * height + strip]
            while byte:
                top = 8 - byte.bit_length()
                rows[(strip * 8 + top) * width + column // 8] |= bit
                byte &= 0x7F >> top
    return bytes(rows)


def _word(data: bytes, at: int) -> int:
    return data[at] | data[at + 1] << 8


class Graphics:
    """The printer's memory for pictures, and the commands that fill and print it."""

    commands = ("GS v", "GS ( L", "GS 8 L", "GS *", "GS /", "FS q", "FS p", "ESC &")

    def __init__(self) -> None:
        self._stored: dict[bytes, Bits] = {}

    def execute(self, name: str, data: bytes) -> Iterator[Bits]:
        """Carry out one command of `commands`; yields the pictures that it prints."""
        match name:
            case "GS v" if len(data) > 6 and data[0] == 0x30:
                yield from self._raster(data[1] & 3, _word(data, 2) * 8, _word(data, 4), data[6:])
            case "GS ( L" | "GS 8 L" if len(data) >= 2:
                yield from self._graphics(data[1], data[2:])
            case "GS *" if len(data) > 2:
                self._store(b"*", self._columns(data[0] * 8, data[1], data[2:]))
            case "ESC &" if len(data) == 3:  # characters and a downloaded picture share their memory
                self._forget(b"*")
            case "FS q":
                self._define(data)
            case "GS /" | "FS p":
                key, mode = (b"*", data[0]) if name == "GS /" else (b"q%c" % data[0], data[1])
                yield from self._scaled(key, 1 + (mode & 1), 1 + (mode >> 1 & 1))
            case _:
                return

    def _graphics(self, function: int, data: bytes) -> Iterator[Bits]:
        """GS ( L by function: 112, 113 into the print buffer, 2, 50 print it; 67–85 pictures with a key."""
        match function:
            case 112 | 113 if len(data) > 8:
                a, scale_x, scale_y = data[0], data[1], data[2]
                picture = self._picture(function == 113, _word(data, 4), _word(data, 6), data[8:])
                if a == 48 and picture:
                    self._store(b"", picture, scale_x, scale_y)
            case 2 | 50:
                yield from self._scaled(b"", 1, 1)
                self._stored.pop(b"", None)
            case 67 | 68 | 83 | 84 if len(data) > 9:
                picture = self._picture(function in {68, 84}, _word(data, 4), _word(data, 6), data[9:])
                self._store(bytes([function & 0xF0]) + data[1:3], picture)
            case 69 | 85 if len(data) >= 4:
                yield from self._scaled(bytes([function & 0xF0]) + data[:2], data[2], data[3])
            case 65 | 81:
                self._forget(bytes([function & 0xF0]))
            case 66 | 82 if len(data) >= 2:
                self._stored.pop(bytes([function & 0xF0]) + data[:2], None)
            case _:
                return

    def _define(self, data: bytes) -> None:
        """FS q n [xL xH yL yH d…]: replaces every stored picture of FS p."""
        self._forget(b"q")
        at = 1
        for number in range(1, data[0] + 1):
            if at + 4 > len(data):
                return
            wide, high = _word(data, at), _word(data, at + 2)
            self._store(b"q%c" % number, self._columns(wide * 8, high, data[at + 4 :]))
            at += 4 + wide * high * 8

    def _picture(self, by_column: bool, columns: int, lines: int, rows: bytes) -> Bits | None:
        if by_column:
            return self._columns(columns, (lines + 7) // 8, rows)
        return next(self._raster(0, columns, lines, rows), None)

    @staticmethod
    def _raster(mode: int, columns: int, lines: int, rows: bytes) -> Iterator[Bits]:
        if columns and lines and len(rows) >= (columns + 7) // 8 * lines:
            yield Bits(0, columns, lines, rows, 1 + (mode & 1), 1 + (mode >> 1))

    @staticmethod
    def _columns(columns: int, height: int, data: bytes) -> Bits | None:
        if not columns or not height or len(data) < columns * height:
            return None
        return Bits(0, columns, height * 8, columns_to_rows(data, columns, height))

    def _store(self, key: bytes, picture: Bits | None, scale_x: int = 1, scale_y: int = 1) -> None:
        if picture and (key in self._stored or len(self._stored) < _STORED):
            x, y = (2 if scale == 2 else 1 for scale in (scale_x, scale_y))
            self._stored[key] = Bits(0, picture.columns, picture.lines, picture.rows, x, y)

    def _scaled(self, key: bytes, scale_x: int, scale_y: int) -> Iterator[Bits]:
        found = self._stored.get(key)
        if found:
            x, y = (2 if scale == 2 else 1 for scale in (scale_x, scale_y))
            yield Bits(0, found.columns, found.lines, found.rows, found.scale_x * x, found.scale_y * y)

    def _forget(self, prefix: bytes) -> None:
        for key in [key for key in self._stored if key.startswith(prefix)]:
            del self._stored[key]
