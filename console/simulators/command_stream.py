"""Bytes into commands for any printer language: split anywhere, never out of step, bounded memory."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from typing import ClassVar, NamedTuple

# How much of one picture or symbol is kept; the rest is read and dropped, as a printer's memory is finite.
KEPT = 1024 * 1024
ANY = 0  # wanted: a run of text, or one control byte
_PIECE = 4096
_TEXT = re.compile(rb"[\x20-\xff]{1,4096}")

Reader = Generator[int, bytes, bytes]


class Command(NamedTuple):
    """One command: its name in the manual ("ESC @", "GS ( k", "text") and everything behind the name."""

    name: str
    data: bytes = b""


class Stream(ABC):
    """A state machine over a whole command set; a command comes out when its last byte went in."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Forget an unfinished command."""
        self._rest = b""
        self._found: list[Command] = []
        self._script = self._commands()
        self._wanted = next(self._script)

    def feed(self, data: bytes) -> list[Command]:
        """The commands that `data` completes."""
        rest, at = self._rest + data, 0
        while at < len(rest):
            end = at + self._wanted
            if self._wanted == ANY:
                text = _TEXT.match(rest, at)
                end = text.end() if text else at + 1
            elif end > len(rest):
                break
            self._wanted = self._script.send(rest[at:end])
            at = end
        self._rest = rest[at:]
        found, self._found = self._found, []
        return found

    @abstractmethod
    def _commands(self) -> Generator[int, bytes, None]:
        """Takes bytes by yielding how many are wanted, and puts each command into `_found`."""


def take(count: int) -> Reader:
    """`count` bytes, of which only the first `KEPT` or so are kept."""
    kept = bytearray()
    while count > 0:
        piece = yield min(count, _PIECE)
        count -= len(piece)
        if len(kept) < KEPT:
            kept += piece
    return bytes(kept)


def counted(head_length: int, length: Callable[[bytes], int]) -> Reader:
    """A head, and behind it as many bytes as it says."""
    head = yield from take(head_length)
    return head + (yield from take(length(head)))


def until(end: int, limit: int) -> Reader:
    """Everything before the byte `end`, at most `limit` bytes."""
    kept = bytearray()
    while len(kept) < limit:
        byte = yield 1
        if byte[0] == end:
            break
        kept += byte
    return bytes(kept)


def word(data: bytes, at: int) -> int:
    """Two bytes, the low one first."""
    return data[at] | data[at + 1] << 8


class RequestScanner(ABC):
    """Finds realtime requests in raw bytes, wherever they stand: inside pictures too, as real printers do."""

    request: ClassVar[re.Pattern[bytes]]
    longest: ClassVar[int]

    def __init__(self) -> None:
        self._tail = b""

    def split(self, data: bytes) -> Iterator[tuple[bytes, bytes]]:
        """`data` in pieces, each with the request that its last byte completes (empty: none)."""
        before = len(self._tail)
        window = self._tail + data
        done = before
        matched = 0
        for found in self.request.finditer(window):
            if found.end() <= before:
                continue  # not one when it came: what stands before it is no longer here
            matched = found.end()
            yield window[done:matched], found.group()
            done = matched
        self._tail = window[max(matched, len(window) - self.longest + 1) :]
        if done < len(window):
            yield window[done:], b""
