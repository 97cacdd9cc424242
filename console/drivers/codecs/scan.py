"""Where one scanned code ends and the next begins, on a serial line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from console.domain.ports import Clock
from console.domain.scan import Scan
from console.domain.scan_pace import Pace

IDLE_SECONDS = 0.2  # a pause this long ends a code that has no suffix
_LINE_FEED_SECONDS = 0.05  # so long a CR may wait for its LF
_LONGEST = 8192  # bytes; the largest QR code holds 7089 digits


@dataclass(frozen=True, slots=True)
class Piece:
    """One code with the monotonic seconds of its first and last character; see `domain.scan.Scan`."""

    text: str = field(repr=False)
    suffix: str
    began: float
    ended: float
    pace: Pace | None = None
    identifier: str = ""
    composed: bool = False

    def scan(self, clock: Clock) -> Scan:
        """The same with the wall clock's time of its end."""
        ago = timedelta(seconds=clock.seconds() - self.ended)
        at, seconds = clock.now() - ago, self.ended - self.began
        return Scan(self.text, self.suffix, at, seconds, self.identifier, self.pace, self.composed)


class ScanSplitter:
    """Takes bytes with their time and gives codes; keeps at most 8192 bytes. An empty code is no code.

    `one_enter`: what comes are keys, of which Enter is one, so that no line feed is waited for.
    """

    def __init__(self, one_enter: bool = False) -> None:
        self._one_enter = one_enter
        self._code = bytearray()
        self._times: list[float] = []  # of the code's bytes
        self._began = self._last = 0.0
        self._carriage_return = False

    @property
    def deadline(self) -> float | None:
        """When to call `flush` if nothing more comes, in monotonic seconds; None when nothing waits."""
        if self._carriage_return:
            return self._last + _LINE_FEED_SECONDS
        return self._last + IDLE_SECONDS if self._code else None

    def feed(self, data: bytes, now: float) -> list[Piece]:
        """The codes that `data`, heard at `now`, completes."""
        found = self.flush(now)
        for byte in data:
            found += self._step(byte, now)
        return found

    def flush(self, now: float) -> list[Piece]:
        """The code that silence until `now` has ended, if any."""
        if self.deadline is None or now < self.deadline:
            return []
        return self._ended("enter" if self._carriage_return else "none")

    def _step(self, byte: int, now: float) -> list[Piece]:
        found: list[Piece] = []
        if self._carriage_return:
            found = self._ended("crlf" if byte == 0x0A else "enter")
            if byte == 0x0A:
                return found
        if not self._code:
            self._began = now
        self._last = now
        if byte == 0x0D and not self._one_enter:
            self._carriage_return = True
        elif byte == 0x0D:
            found += self._ended("enter")
        elif byte in (0x0A, 0x09):
            found += self._ended("lf" if byte == 0x0A else "tab")
        else:
            self._code.append(byte)
            self._times.append(now)
            if len(self._code) == _LONGEST:
                found += self._ended("none")
        return found

    def _ended(self, suffix: str) -> list[Piece]:
        code, self._code, self._carriage_return = bytes(self._code), bytearray(), False
        times, self._times = self._times, []
        return [Piece(text_of(code), suffix, self._began, self._last, pace_of(times))] if code else []


def pace_of(times: Sequence[float]) -> Pace | None:
    """The pace of a code; None for one that came in one piece, of whose characters nothing is known."""
    return Pace.of(times) if times and times[-1] > times[0] else None


def text_of(code: bytes) -> str:
    """A code as text: UTF-8, or else what Chinese scanners send, GB18030."""
    try:
        return code.decode("utf-8")
    except UnicodeDecodeError:
        return code.decode("gb18030", "replace")
