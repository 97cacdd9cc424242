"""Printers' counters over time: read now and then, kept, and turned into wear and paper that lasts."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from console.domain.check import LightChange
from console.domain.errors import TillkeeperError
from console.domain.evidence import signs_of
from console.domain.lights import Light
from console.domain.models import AUTO, LINES, Model, Models
from console.domain.paper import FULL, ROLL, Lasts, Rolls, lasts, length_of, rolls
from console.domain.ports import Clock, CounterBook, PrinterDriver
from console.domain.profile import Printer, StoreProfile
from console.domain.subjects import Subject
from console.domain.wear import LARGEST, Part, Reading, parts
from console.domain.words import Words
from console.services.board import Board
from console.services.check import Failed
from console.services.roster import Roster

EVERY = 3600.0  # seconds between two readings of one printer
ROUND = 30.0  # seconds between two looks whether a reading is due
QUIET = timedelta(seconds=30)  # that a printer must have been well before it is read
LIMIT = 2.5  # seconds, as one question of a look may take; the till may want the line
WHOLE = timedelta(days=35)  # that are read back in full

_ENDED = frozenset({"status.paper_end", "status.paper_stop"})
_PRINTS = ("printer.paper_low", "printer.drawer_open")  # causes that stop nothing

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wear:
    """What is known of one printer.

    `chosen` tells a person's word from the printer's own; `roll_lines` are those of a whole roll.
    """

    model: Model
    chosen: bool
    parts: tuple[Part, ...]
    rolls: Rolls
    roll_lines: float | None
    lasts: Lasts | None
    read: datetime | None


class WearService:
    """Reads every printer once an hour, while it is idle and well, from `start` to `stop`.

    A roll counts as changed when paper was out, or the cover open late in a roll, and paper is there again.
    """

    def __init__(
        self,
        profile: StoreProfile,
        roster: Roster,
        board: Board,
        book: CounterBook,
        clock: Clock,
        models: Callable[[], Models],
        failed: Failed,
    ) -> None:
        self._troubles: dict[str, Words] = {}
        self._printers = {Subject("printer", each.name): each for each in profile.printer}
        self._roster = roster
        self._board = board
        self._book = book
        self._clock = clock
        self._models = models
        self._failed = failed
        self._identity: dict[Subject, Mapping[str, str]] = {}
        self._read: dict[Subject, float] = {}  # monotonic seconds
        self._was_out: set[Subject] = set()
        self._was_open: set[Subject] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin on the running loop."""
        self._unsubscribe = self._board.subscribe(self._heard)
        for subject in self._printers:
            self._spawn(self._watch(subject), f"counters of {subject}")

    async def stop(self) -> None:
        """Stop and let go of every printer."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def note(self) -> Words | None:
        """Why counters cannot be kept, or read back."""
        return next(iter(self._troubles.values()), None)

    async def keep(self, subject: Subject, identity: Mapping[str, str], counters: Mapping[str, int]) -> None:
        """Keep what a printer has just told; a count that cannot be one is dropped."""
        if subject not in self._printers:
            return
        if identity:
            self._identity[subject] = identity
        serial = identity.get("SerialNumber", "")
        now = self._clock.now()
        told = [
            Reading(now, name, value, serial) for name, value in counters.items() if 0 <= value <= LARGEST
        ]
        if told:
            self._read[subject] = self._clock.seconds()
            await self._add(subject, told)

    async def new_roll(self, subject: Subject) -> None:
        """A new roll is in: read the counters, so that what is fed from now on is known."""
        lines = (await self.read(subject)).get(LINES, 0)
        await self._add(subject, [Reading(self._clock.now(), ROLL, lines)])
        self._was_out.discard(subject)
        self._was_open.discard(subject)

    async def read(self, subject: Subject) -> Mapping[str, int]:
        """Ask the counters now, bounded in time, and keep them; empty where none are told."""
        driver: Any = self._roster.examiner(subject)
        if driver is None or not hasattr(driver, "identify"):
            return {}
        printer: PrinterDriver = driver
        try:
            async with asyncio.timeout(LIMIT):
                identity, counters = await printer.identify()
        except (TimeoutError, TillkeeperError):
            return {}
        await self.keep(subject, identity, counters)
        return counters

    async def wear(self, subject: Subject) -> Wear:
        """Everything known of a printer; KeyError for what is none. Without a database only the model."""
        printer = self._printers[subject]
        # The window's loop also runs tasks between two of its own turns, when it does not count as running.
        beside = asyncio.get_event_loop().run_in_executor
        model = await beside(None, self._model, subject)
        now = self._clock.now()
        try:
            kept: Sequence[Reading] = await self._book.readings(subject, now - WHOLE)
        except TillkeeperError as error:
            self._note("reading", error)
            kept = ()
        else:
            self._troubles.pop("reading", None)
        return await beside(None, _worked_out, kept, model, printer, now)

    def _model(self, subject: Subject) -> Model:
        printer = self._printers[subject]
        language = "escpos" if printer.protocol == AUTO else printer.protocol
        return self._models().find(printer.model, self._identity.get(subject, {}), language)

    async def _add(self, subject: Subject, told: list[Reading]) -> None:
        try:
            await self._book.add_readings(subject, told)
        except TillkeeperError as error:
            self._note("writing", error)
        else:
            self._troubles.pop("writing", None)

    def _note(self, doing: str, error: TillkeeperError) -> None:
        if doing not in self._troubles:
            log.warning("%s counters failed: %s", doing, error)
        self._troubles[doing] = error.words

    async def _watch(self, subject: Subject) -> None:
        while True:
            await asyncio.sleep(ROUND)
            if self._due(subject):
                try:
                    self._read[subject] = self._clock.seconds()  # one that tells nothing has its hour too
                    await self.read(subject)
                except Exception as error:  # noqa: BLE001 - one bad reading must not end all later ones
                    self._failed(error, f"reading the counters of {subject}")

    def _due(self, subject: Subject) -> bool:
        """Well, or so that it prints all the same, for a while; and not read within the hour."""
        since = self._board.since(subject)
        quiet = since is not None and self._clock.now() - since >= QUIET
        waited = self._clock.seconds() - self._read.get(subject, float("-inf"))
        finding = self._board.finding(subject)
        prints = finding.light is Light.OK or finding.cause in _PRINTS
        return quiet and prints and waited >= EVERY

    def _heard(self, change: LightChange) -> None:
        subject, signs = change.finding.subject, signs_of(change.finding.evidence)
        if subject not in self._printers:
            return
        if signs & _ENDED:
            self._was_out.add(subject)
        if "status.cover_open" in signs:
            self._was_open.add(subject)
        elif "status.paper_present" in signs and not signs & _ENDED:
            out, opened = subject in self._was_out, subject in self._was_open
            self._was_out.discard(subject)
            self._was_open.discard(subject)
            if out:
                self._spawn(self.new_roll(subject), f"a new roll in {subject}")
            elif opened and "status.paper_near_end" not in signs:
                self._spawn(self._perhaps_new(subject), f"perhaps a new roll in {subject}")

    async def _perhaps_new(self, subject: Subject) -> None:
        """The cover was open: a new roll, unless the present one has just begun."""
        wear = await self.wear(subject)
        half = wear.roll_lines / 2 if wear.roll_lines else FULL
        if wear.rolls.fed is None or wear.rolls.fed >= half:
            await self.new_roll(subject)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error, task.get_name())


def _worked_out(kept: Sequence[Reading], model: Model, printer: Printer, now: datetime) -> Wear:
    told, given_mm = rolls(kept, model.wraps_at(LINES)), printer.roll * 1000.0
    length = length_of(told.lengths, given_mm, model.line_mm)
    return Wear(
        model,
        printer.model != AUTO,
        parts(kept, model, now),
        told,
        length[0] if length else None,
        lasts(told, now, model.line_mm, given_mm),
        kept[-1].at if kept else None,
    )
