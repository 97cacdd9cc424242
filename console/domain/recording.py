"""What was said between this program and a device, event by event, so that it can be read and replayed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from console.domain.errors import (
    Busy,
    Denied,
    NotConfigured,
    ProtocolError,
    TillkeeperError,
    Timeout,
    Unreachable,
    Unsupported,
)
from console.domain.words import Words

_KINDS = (Busy, Denied, NotConfigured, ProtocolError, Timeout, Unreachable, Unsupported, TillkeeperError)
TROUBLES: Mapping[str, type[TillkeeperError]] = {each.__name__: each for each in _KINDS}


class What(StrEnum):
    """The kinds of events: five on a line, then what else a replay needs to go the same way."""

    OPENED = "opened"
    SENT = "sent"
    HEARD = "heard"
    LOST = "lost"  # while opening or writing, or by itself
    CLOSED = "closed"
    DRAWN = "drawn"  # by lot: a one-time code such as a process ID
    PAGE = "page"  # the words of the test page
    ANSWERED = "answered"  # a question to the person
    MARKED = "marked"  # where the person saw the printed pattern break
    CAME_BACK = "came_back"  # the printed code, through a scanner
    ENDED = "ended"  # with its verdict


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened at `at` seconds since the start.

    `line` numbers the openings from 1. `data` are the bytes of SENT and HEARD; where they are `veiled`,
    others stand in the place of a code that nobody may keep. `seconds` is how long opening took, `during`
    (`open`, `write` or nothing) what a LOST line was busy with. `note` holds what DRAWN, PAGE, ANSWERED,
    MARKED, CAME_BACK and ENDED keep; `row` is the line of the file.
    """

    at: float
    what: What
    line: int = 0
    data: bytes = b""
    veiled: bool = False
    seconds: float = 0.0
    during: str = ""
    trouble: TillkeeperError | None = field(default=None, compare=False)
    note: Mapping[str, object] = field(default_factory=dict)
    row: int = field(default=0, compare=False)

    def since(self, start: float) -> Event:
        """The same event, timed from `start`."""
        return replace(self, at=max(0.0, self.at - start))


@dataclass(frozen=True, slots=True)
class Header:
    """What a recording is of: `started` is the wall clock at 0 s, `store` the profile with this device alone.

    `level` is that of the self-test, None where nothing but the device's talk was kept; `code` its one-time
    code.
    """

    subject: str
    address: str
    protocol: str
    program: str
    started: datetime
    store: Mapping[str, object]
    level: str | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """A whole recording, its events by time; `whole` is False where its file breaks off."""

    header: Header
    events: Sequence[Event]
    whole: bool = True

    def noted(self, what: What) -> list[Event]:
        """The events of one kind."""
        return [each for each in self.events if each.what is what]


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a replay no longer goes as the recording did."""

    at: float
    words: Words


class Opening(Protocol):
    """One opening of a device's line, seen by whoever records it; `code` is what may be kept of a scan."""

    line: int
    code: str | None

    def take(self, event: Event) -> None:
        """Keep an event whose time is the loop's; never raises, never waits."""


class Recorder(Protocol):
    """Whoever wants to know what is said on every line."""

    def opening(self, address: str) -> Opening:
        """A line to `address` is being opened."""
