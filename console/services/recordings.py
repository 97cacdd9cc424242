"""Recordings of this store's devices: begun with a self-test, saved afterwards, opened again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from console import __version__
from console.domain.addresses import parse_address
from console.domain.errors import Unsupported
from console.domain.ports import Clock
from console.domain.profile import Drawer, Scanner, StoreProfile
from console.domain.recording import Event, Header, Recording, What
from console.domain.selftest import Level
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.black_box import BlackBox
from console.services.entry_form import keys
from console.services.tape import RecordingTape

_ON_LINES = ("printer", "scanner", "drawer", "display", "scale", "rfid")

Explain = Callable[[str, str, Sequence[Event]], Sequence[tuple[Words, ...]]]


class OpenFile(Protocol):
    """A recording that is being written."""

    note: Words | None  # why it could not be kept to its end; None when it could

    def add(self, event: Event) -> None:
        """Append an event; never waits, never raises."""

    def close(self) -> None:
        """Wait until all is written."""


class Shelf(Protocol):
    """Where recordings are kept; every call waits for the disk and raises a TillkeeperError when refused."""

    def begin(self, path: Path, header: Header) -> OpenFile:
        """A new file."""

    def save(self, path: Path, recording: Recording) -> None:
        """A whole recording into a new file."""

    def read(self, path: Path) -> Recording:
        """What a file holds; BadInput with its line when it is no recording."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A recording with what each of its events means."""

    recording: Recording
    meanings: Sequence[tuple[Words, ...]]


class Recordings:
    """All calls wait for the disk: callers with a window make them in a worker."""

    def __init__(
        self, profile: StoreProfile, clock: Clock, box: BlackBox, shelf: Shelf, explain: Explain
    ) -> None:
        self._profile = profile
        self._clock = clock
        self._box = box
        self._shelf = shelf
        self._explain = explain

    def can_record(self, subject: Subject) -> bool:
        """True for a device whose bytes go over a line of ours; a scanner that types has none."""
        entry = dict(self._profile.entries()).get(subject)
        if subject.kind not in _ON_LINES or entry is None:
            return False
        address = self._said_of(subject)[1]
        lineless = (
            entry.types_here if isinstance(entry, Scanner) else address.startswith(("keyboard:", "pcsc:"))
        )
        return bool(address) and not lineless

    def begin(self, subject: Subject, level: Level, code: str, path: Path) -> tuple[RecordingTape, OpenFile]:
        """What records a self-test into a new file; Unsupported where there is nothing to record."""
        if not self.can_record(subject):
            raise Unsupported(
                say('nothing of "{subject}" can be recorded: no bytes go to and fro', subject=str(subject))
            )
        file = self._shelf.begin(path, self._header(subject, level, code))
        return RecordingTape(self._box, self._clock, code, file.add), file

    def in_memory(
        self, subject: Subject, level: Level, code: str
    ) -> tuple[RecordingTape, Callable[[], Exchange]]:
        """What records a self-test for being looked at, or saved, afterwards; waits for no disk."""
        header, events = self._header(subject, level, code), list[Event]()

        def exchange() -> Exchange:
            return self.explained(Recording(header, sorted(events, key=lambda each: each.at)))

        return RecordingTape(self._box, self._clock, code, events.append), exchange

    def just_said(self, subject: Subject) -> Exchange | None:
        """The newest exchanges with a device since the program started; None where there was none."""
        if not self.can_record(subject):
            return None
        kind = "printer" if subject.kind == "drawer" else subject.kind
        events = self._box.just_said(str(parse_address(self._said_of(subject)[1], kind)))
        if not events:
            return None
        began = events[0].at
        ago = timedelta(seconds=self._clock.seconds() - began)
        header = self._header(subject, None, "", ago)
        return self.explained(Recording(header, [each.since(began) for each in events]))

    def save(self, exchange: Exchange, path: Path) -> None:
        """Keep what is not in a file yet in a new one."""
        self._shelf.save(path, exchange.recording)

    def read(self, path: Path) -> Exchange:
        """A recording from a file, with its meanings."""
        return self.explained(self._shelf.read(path))

    def explained(self, recording: Recording) -> Exchange:
        """A recording with its meanings."""
        header = recording.header
        kind = Subject.parse(header.subject).kind
        return Exchange(recording, self._explain(kind, header.protocol, recording.events))

    def _said_of(self, subject: Subject) -> tuple[dict[str, Any], str, str]:
        """What the profile says of the device and of the printer before it; address and protocol."""
        known = dict(self._profile.entries())
        entry = known[subject]
        store: dict[str, Any] = {subject.kind: [keys(entry)]}
        if isinstance(entry, Drawer):
            entry = known[Subject("printer", entry.printer)]
            store["printer"] = [keys(entry)]
        return store, getattr(entry, "address", None) or "", getattr(entry, "protocol", "")

    def _header(
        self, subject: Subject, level: Level | None, code: str, ago: timedelta = timedelta()
    ) -> Header:
        devices, address, protocol = self._said_of(subject)
        mine = self._profile.store
        store = {"name": mine.name, "language": mine.language, "timezone": mine.timezone}
        return Header(
            str(subject), address, protocol, __version__, self._clock.now() - ago,
            {"store": store, **devices}, level.value if level else None, code,
        )  # fmt: skip


def verdict_of(recording: Recording) -> dict[str, Any] | None:
    """What the self-test came to when it was recorded; None where it did not come to its end."""
    ended = recording.noted(What.ENDED)
    return dict(ended[-1].note) if ended else None
