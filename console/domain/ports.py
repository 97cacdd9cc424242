"""What the floors promise each other; `app` wires the two sides together."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

from console.domain.addresses import Address
from console.domain.check import CheckResult, LightChange
from console.domain.discovery import Found
from console.domain.drawer import ContactLevel
from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.head import Head
from console.domain.pending import PendingSales
from console.domain.profile import StoreProfile
from console.domain.recovery import Recovery
from console.domain.scan import Scan
from console.domain.selftest import Proof
from console.domain.subjects import Subject
from console.domain.tags import Tag
from console.domain.wear import Reading
from console.domain.weighing import Weighing
from console.domain.words import Words

Heard = Callable[[bytes], None]
Lost = Callable[[TillkeeperError], None]
Report = Callable[[Words], None]  # what a long piece of work is doing now
Ask = Callable[[Words], Awaitable[bool | None]]  # a yes/no question; None where nobody answers


class Transport(Protocol):
    """A way to a device's bytes. Every call is bounded in time; callbacks run on the caller's loop."""

    async def open(self, heard: Heard, lost: Lost) -> None:
        """Connect and read without pause; Unreachable, Timeout, Busy or Denied when it cannot.

        `heard` gets each piece of bytes as it comes, `lost` is called once if the line dies by itself.
        """

    async def write(self, data: bytes) -> None:
        """Hand over all of `data`; Timeout when it is not taken, Unreachable when the line is dead."""

    def drop(self) -> None:
        """Throw away what was written and has not gone out yet, so that closing need not wait for it."""

    async def close(self) -> None:
        """Let go of the port; may be called at any time and twice."""


# What makes a transport for each opening; what the openings learn of the line goes into the dictionary.
Connect = Callable[[Address, dict[str, Any]], Callable[[], Transport]]


class Examiner(Protocol):
    """Something that can say how a subject is, without printing, moving or changing anything."""

    async def examine(self) -> Sequence[Evidence]:
        """Ask everything there is to ask, once; troubles are evidence, not exceptions."""


@runtime_checkable
class Pusher(Examiner, Protocol):
    """An examiner whose device may tell of its state unasked."""

    def pushes(self) -> AsyncGenerator[Sequence[Evidence], None]:
        """Each state as the device tells it, until closed; ends by itself where it tells nothing."""


@runtime_checkable
class PrinterDriver(Examiner, Protocol):
    """A printer of any family."""

    async def identify(self) -> tuple[Mapping[str, str], Mapping[str, int]]:
        """Identity and counters under their UnifiedPOS names; empty where it does not say."""

    async def print_test_page(self, page: TestPage, report: Report) -> tuple[Proof, Sequence[Evidence]]:
        """Print, and grade the proof that it happened; evidence holds what was seen meanwhile."""


@runtime_checkable
class Recovering(Protocol):
    """A printer that can be told to go on, or to forget what it holds, after a person's press only."""

    def can_recover(self, how: Recovery, signs: frozenset[str]) -> bool:
        """Whether a printer that shows `signs` would heed that."""

    async def recover(self, how: Recovery) -> Sequence[Evidence]:
        """Look, tell it, look again until it goes on or does not; the line's errors.

        Unsupported where what it shows now calls for nothing of the kind; nothing is sent then.
        """


@runtime_checkable
class PatternPrinter(Protocol):
    """A printer whose test page may hold the pattern that shows dead dots."""

    def head(self) -> Head | None:
        """The head that the pattern of the last page was drawn for; None where that has none."""


class PushingPrinter(PrinterDriver, PatternPrinter, Pusher, Recovering, Protocol):
    """A printer on a line of its own."""

    async def kick(self, pin: int) -> None:
        """Open the drawer on `pin`, after a person's press that names it; the line's errors, Unsupported."""


class TestPage(Protocol):
    """What a test page shows; a driver turns it into its own language."""

    @property
    def title(self) -> str:
        """The first line."""

    @property
    def lines(self) -> Sequence[str]:
        """The lines below, in any script."""

    @property
    def code(self) -> str:
        """A one-time code, printed as barcode or QR and in clear."""


@runtime_checkable
class CodesPage(TestPage, Protocol):
    """A page of codes that are drawn here, dot by dot, because their size is what is tested."""

    def pictures(self, head: Head) -> Sequence[tuple[str, bytes]]:
        """A caption and a picture as wide as `head` for each; BadInput for a code that is wider."""


@runtime_checkable
class ScannerDriver(Examiner, Protocol):
    """A scanner of any interface."""

    @property
    def suffix(self) -> str:
        """The suffix that the till wants after each code (profile: `suffix`)."""

    def scans(self, listening: Callable[[], None]) -> AsyncGenerator[Scan, None]:
        """Each code as it arrives, until the iterator is closed; raises Unreachable when it is lost.

        `listening` is called once, when nothing that is scanned from now on can be missed.
        """


class Clock(Protocol):
    """Times: the wall's for people, the monotonic one for durations."""

    def now(self) -> datetime:
        """The wall clock, aware, in the store's time zone."""

    def seconds(self) -> float:
        """Monotonic seconds."""


class History(Protocol):
    """What is kept of checks. Calls wait for the disk, never block the loop; TillkeeperError on failure."""

    async def open(self) -> Words | None:
        """Make ready; what a person must be told of it (a damaged database was put aside)."""

    async def add_check(self, result: CheckResult) -> None:
        """Keep a check with its findings and evidence."""

    async def add_change(self, change: LightChange) -> None:
        """Keep a change of a light."""

    async def changes(self, limit: int) -> Sequence[tuple[datetime, str, str, str | None]]:
        """The newest changes: when, subject, light, cause."""

    async def last_check(self) -> tuple[datetime, float, int] | None:
        """Start, seconds and number of findings of the newest full check."""


class CounterBook(Protocol):
    """Printers' counters and scanners' figures over time.

    Calls wait for the disk, not the loop; TillkeeperError on failure.
    """

    async def add_readings(self, subject: Subject, readings: Sequence[Reading]) -> None:
        """Keep what a printer told, in this order, behind all that was kept before."""

    async def readings(self, subject: Subject, recent: datetime) -> Sequence[Reading]:
        """Everything kept, in that order; of each day before `recent` only the last of each name."""


@runtime_checkable
class DrawerDriver(Examiner, Protocol):
    """A cash drawer."""

    async def contact(self) -> ContactLevel | None:
        """The level of its contact now; None where nothing tells it."""

    async def kick(self) -> None:
        """Open it: only after a person's press that names it; the line's errors, or Unsupported."""


@runtime_checkable
class Counted(Protocol):
    """A device whose doings the console itself counts."""

    async def totals(self) -> Mapping[str, int]:
        """Each counter since the console first saw it, by its UnifiedPOS name where it has one."""


class SensedDrawer(DrawerDriver, Protocol):
    """A cash drawer whose printer may tell of it unasked."""

    @property
    def open_level(self) -> str:
        """The contact's level while it is open: high, low, or none where nothing is wired."""

    def heard(self, evidence: Sequence[Evidence]) -> Evidence:
        """What its printer's evidence says of it: drawer.open, drawer.closed or drawer.not_sensed."""

    def said(self, level: ContactLevel | None) -> Evidence:
        """What that level of the contact means."""


@runtime_checkable
class ScaleDriver(Examiner, Protocol):
    """A scale of any dialect."""

    def weighings(self) -> AsyncGenerator[Weighing, None]:
        """Each weighing until closed; Timeout when the scale falls silent, else the line's errors."""


@runtime_checkable
class DisplayDriver(Examiner, Protocol):
    """A customer display; what it is told wipes what stood on it. Each call raises the line's errors."""

    @property
    def chinese(self) -> bool:
        """Whether it has Chinese characters."""

    async def show(self, upper: str, lower: str) -> None:
        """Both lines; 20 columns each, a Chinese character takes two."""

    async def light_all(self) -> None:
        """Every dot of both lines."""

    async def clear(self) -> None:
        """Nothing on either line."""


@runtime_checkable
class TagReader(Examiner, Protocol):
    """An RFID or NFC reader of any interface."""

    def tags(self, listening: Callable[[], None]) -> AsyncGenerator[Tag, None]:
        """Each tag as it is read, until closed; the line's errors.

        `listening` is called once, when no tag that is held to it from now on can be missed.
        """


@runtime_checkable
class TerminalDriver(Examiner, Protocol):
    """A card terminal, as far as its own network address shows it."""

    @property
    def serial_number(self) -> str:
        """What must stand on its label; empty where the profile does not say."""


class Searcher(Protocol):
    """A search for devices of some kind."""

    def search(self, report: Report) -> AsyncIterator[Found]:
        """Each device as it is found; bounded in time."""


class Settings(Protocol):
    """What this computer remembers about the person's choices (not the store's set-up)."""

    def get(self, name: str, otherwise: str) -> str:
        """The value kept under `name`."""

    def put(self, name: str, value: str) -> None:
        """Keep `value` at once."""


class SalesFolder(Protocol):
    """Where the till's program keeps what it has not uploaded yet."""

    def look(self) -> PendingSales:
        """What waits now; TillkeeperError where it cannot be seen. Blocks, without any bound."""


class RunStore(Protocol):
    """Where a running emergency is kept, so that a crash resumes where it stopped."""

    @property
    def note(self) -> Words | None:
        """Why the newest state could not be kept; None when it was."""

    def read(self) -> str | None:
        """What was kept last."""

    def write(self, text: str | None) -> None:
        """Keep `text` instead, without waiting; None takes it away."""


class ProfileEditor(Protocol):
    """Changes to the store's set-up file; each is validated as a whole and written atomically.

    Every call gives the new profile, or raises BadInput (the file is then unchanged). Not for the loop's
    thread while the disk is slow: callers run it in a worker.
    """

    def add(self, kind: str, entry: Mapping[str, object]) -> StoreProfile:
        """Append an entry of `kind`."""

    def replace(self, subject: Subject, entry: Mapping[str, object]) -> StoreProfile:
        """Put `entry` in the place of the subject's present one."""

    def remove(self, subject: Subject) -> StoreProfile:
        """Take the subject's entry out."""

    def set_store(self, *, name: str | None = None, language: str | None = None) -> StoreProfile:
        """Change the store's name, its language or both."""

    def undo(self) -> StoreProfile:
        """Bring the file's last good copy back."""


class DemoStore(Protocol):
    """The simulated devices behind `--demo`, for trying what a fault looks like."""

    @property
    def faults(self) -> Mapping[Subject, Sequence[str]]:
        """The names of the faults that each simulated subject can show."""

    def profile_in(self, profile: StoreProfile, language: str) -> StoreProfile:
        """The same store with its names in another language."""

    def active(self, subject: Subject) -> Sequence[str]:
        """The faults that are switched on."""

    def set_fault(self, subject: Subject, fault: str, on: bool) -> None:
        """Switch a fault while the simulator runs."""

    def scan(self, subject: Subject, code: str, paper: bool = False) -> None:
        """Let the simulated scanner read `code` from a screen, or from `paper`."""

    def weigh(self, subject: Subject, kilograms: float) -> None:
        """Lay so much on the simulated scale; 0 takes everything off."""

    def hold(self, subject: Subject) -> None:
        """Hold a tag to the simulated RFID reader for a moment."""

    def printed(self, subject: Subject) -> bytes | None:
        """The newest paper of a simulated printer as PNG, drawn anew; None where nothing was printed."""
