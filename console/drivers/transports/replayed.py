"""A recording in the place of a device: it answers what was answered then, when it was answered then."""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from console.domain.addresses import Address
from console.domain.errors import TillkeeperError, Unreachable
from console.domain.ports import Heard, Lost, Transport
from console.domain.recording import Departure, Event, What
from console.domain.words import Words, say

_SHOWN = 16  # bytes


class _Line:
    """One opening: what was sent as one stream, and behind which byte of it everything else came."""

    def __init__(self) -> None:
        self.opening: Event | None = None  # OPENED, or LOST while opening
        self.closed: Event | None = None
        self.sent = b""
        self.due: deque[tuple[int, Event]] = deque()  # what came by itself
        self.failures: deque[tuple[int, Event]] = deque()  # writes that failed
        self._starts: list[int] = []
        self._sendings: list[Event] = []

    def add(self, event: Event) -> None:
        match event.what:
            case What.OPENED:
                self.opening = event
            case What.SENT:
                self._starts.append(len(self.sent))
                self._sendings.append(event)
                self.sent += event.data
            case What.CLOSED:
                self.closed = event
            case What.LOST if event.during == "open":
                self.opening = event
            case What.LOST if event.during == "write":
                self.failures.append((len(self.sent), event))
            case _:
                self.due.append((len(self.sent), event))

    def sending(self, offset: int) -> Event:
        """The event that sent the byte at `offset`."""
        return self._sendings[bisect_right(self._starts, offset) - 1]


class Playback:
    """Gives the driver the recorded lines in their order; `departures` says where it does otherwise.

    The driver's bytes are compared as a stream, so that it does not matter in which pieces it sends them.
    Bytes that were not sent then get no answer; where they were sent later, the recording is taken up there.
    """

    def __init__(self, events: Sequence[Event]) -> None:
        self.departures: list[Departure] = []
        self._late = 0.0  # seconds by which the replay lags behind the recording
        lines: dict[int, _Line] = {}
        for event in events:
            if event.line:
                lines.setdefault(event.line, _Line()).add(event)
        self._lines = deque(lines.values())

    def connect(self, address: Address, told: dict[str, Any]) -> Callable[[], Transport]:
        """The recording, whatever the address; nothing is told beside its bytes."""
        return lambda: ReplayedTransport(self)

    def finish(self) -> None:
        """The driver has done its work: whatever was not asked for is a departure."""
        if self._lines:
            opening = self._lines[0].opening
            self.depart(
                say(
                    "The recording opens the line once more (line {row} of the file); this program did not",
                    row=opening.row if opening else 0,
                )
            )

    def next_line(self) -> _Line | None:
        """The next opening; None, and a departure, when there was none then."""
        if self._lines:
            return self._lines.popleft()
        self.depart(say("This program opened the line once more than the recording does"))
        return None

    async def until(self, at: float) -> None:
        """Wait until the recording's second `at`; a replay that is late already stays as late."""
        loop = asyncio.get_running_loop()
        wait = at + self._late - loop.time()
        if wait > 0:
            await asyncio.sleep(wait)
        else:
            self._late -= wait

    def due_at(self, at: float) -> float:
        """The loop's time of the recording's second `at`."""
        return at + self._late

    def depart(self, words: Words) -> None:
        """Remember that the replay went another way here."""
        self.departures.append(Departure(asyncio.get_running_loop().time(), words))


class ReplayedTransport:
    """Implements `ports.Transport` on one recorded opening."""

    def __init__(self, playback: Playback) -> None:
        self._playback = playback
        self._line: _Line | None = None
        self._at = 0  # bytes of the line's stream that the driver has sent
        self._timer: asyncio.TimerHandle | None = None
        self._gone: TillkeeperError | None = None

    async def open(self, heard: Heard, lost: Lost) -> None:
        """As it went then, with the trouble that there was then."""
        line = self._playback.next_line()
        if line is None or line.opening is None:
            raise Unreachable(say("The recording holds no further line"), "replay.ended")
        await self._playback.until(line.opening.at)
        if line.opening.trouble is not None:
            raise line.opening.trouble
        self._line, self._heard, self._lost = line, heard, lost
        self._release()

    async def write(self, data: bytes) -> None:
        """Compare with what was sent then, and let the answers come that came then."""
        line = self._line
        if line is None or self._gone is not None:
            raise self._gone or Unreachable(say("The recording holds no further line"), "replay.ended")
        if not line.sent.startswith(data, self._at):
            self._depart(line, data)
            found = line.sent.find(data, self._at)
            if found < 0:
                return  # nobody knows what the device would have answered
            self._at = found
        if data:
            await self._playback.until(line.sending(self._at).at)
        self._at += len(data)
        self._release()
        if line.failures and line.failures[0][0] <= self._at:
            _, failure = line.failures.popleft()
            await self._playback.until(failure.at)
            if failure.trouble is not None:
                raise failure.trouble

    def drop(self) -> None:
        """Nothing waits in a recording."""

    async def close(self) -> None:
        """At the time of then; what the recording goes on to send is a departure."""
        line, self._line = self._line, None
        if line is None:
            return
        if self._at < len(line.sent):
            sending = line.sending(self._at)
            self._playback.depart(
                say(
                    "This program closed the line; the recording goes on to send {then}"
                    " (line {row} of the file)",
                    then=_hex(line.sent[self._at :]),
                    row=sending.row,
                )
            )
        elif line.closed is not None:
            await self._playback.until(line.closed.at)
        if self._timer is not None:
            self._timer.cancel()

    def _depart(self, line: _Line, data: bytes) -> None:
        if self._at < len(line.sent):
            words = say(
                "This program sent {now}; the recording sends {then} (line {row} of the file)",
                now=_hex(data),
                then=_hex(line.sent[self._at : self._at + len(data)]),
                row=line.sending(self._at).row,
            )
        else:
            words = say("This program sent {now}; the recording sends nothing more here", now=_hex(data))
        self._playback.depart(words)

    def _release(self) -> None:
        """Let what came after the bytes that have been sent come, one after another."""
        line = self._line
        if line is None or self._timer is not None or not line.due or line.due[0][0] > self._at:
            return
        _, event = line.due.popleft()
        self._timer = asyncio.get_running_loop().call_at(
            self._playback.due_at(event.at), self._deliver, event
        )

    def _deliver(self, event: Event) -> None:
        self._timer = None
        if event.what is What.HEARD:
            self._heard(event.data)
        elif event.trouble is not None:
            self._gone = event.trouble
            self._lost(event.trouble)
        self._release()


def _hex(data: bytes) -> str:
    return data[:_SHOWN].hex(" ") + (" …" if len(data) > _SHOWN else "")
