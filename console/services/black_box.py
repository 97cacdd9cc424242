"""The black box: what was just said on every line, in memory, and more of it where somebody records."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace

from console.domain.recording import Event, What

KEPT_EVENTS, KEPT_BYTES = 2000, 1 << 18  # a line; the oldest go first


@dataclass(slots=True)
class _Running:
    """A recording that is under way in the present task."""

    keep: Callable[[Event], None]
    code: str
    lines: int = 0


_running: ContextVar[_Running | None] = ContextVar("recording", default=None)


@dataclass(slots=True)
class _Ring:
    """The newest events of one address; times are the loop's."""

    events: deque[Event] = field(default_factory=deque)
    size: int = 0
    lines: int = 0

    def add(self, event: Event) -> None:
        self.events.append(event)
        self.size += len(event.data)
        while len(self.events) > KEPT_EVENTS or (self.size > KEPT_BYTES and len(self.events) > 1):
            self.size -= len(self.events.popleft().data)


class BlackBox:
    """Implements `domain.recording.Recorder`. A recording gets the lines that its own task opens."""

    def __init__(self) -> None:
        self._rings: dict[str, _Ring] = {}

    def opening(self, address: str) -> _Opening:
        """A line to `address` is being opened by the present task."""
        ring = self._rings.setdefault(address, _Ring())
        ring.lines += 1
        return _Opening(ring, _running.get())

    @contextmanager
    def recording(self, keep: Callable[[Event], None], code: str) -> Iterator[None]:
        """Within, this task's lines are told to `keep` as well; `code` is the self-test's own code."""
        before = _running.set(_Running(keep, code))
        try:
            yield
        finally:
            _running.reset(before)

    def just_said(self, address: str) -> Sequence[Event]:
        """The newest whole openings of `address`, by the clock's seconds; empty when nothing was said."""
        events = sorted(self._rings.get(address, _Ring()).events, key=lambda each: each.at)
        opened = {each.line for each in events if each.what is What.OPENED or each.during == "open"}
        whole = [each for each in events if each.line in opened]
        first = min(opened, default=1)
        return [replace(each, line=each.line - first + 1) for each in whole]


class _Opening:
    """Implements `domain.recording.Opening`."""

    def __init__(self, ring: _Ring, running: _Running | None) -> None:
        self.line = ring.lines
        self.code = running.code if running else None
        self._ring = ring
        self._running = running
        self._told = 0
        if running is not None:
            running.lines += 1
            self._told = running.lines

    def take(self, event: Event) -> None:
        """Into the ring, and to the recording that was running when the line was opened."""
        self._ring.add(event)
        if self._running is not None:
            self._running.keep(replace(event, line=self._told))
