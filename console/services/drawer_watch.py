"""Watches cash drawers: how long each stands open, and how often it was opened, as far as this console saw.

Its state is noted and its opens go among the counters, so that a program that starts anew knows a drawer
that was left open.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from console.domain.check import LightChange
from console.domain.drawer import BY_US, FAILED, GOOD, ContactLevel, Opens, daily_opens
from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, CounterBook, SensedDrawer, Settings
from console.domain.subjects import Subject
from console.domain.wear import Reading
from console.domain.words import say
from console.services.board import Board
from console.services.check import CheckService, Failed

PULSE_SECONDS = 3.0  # in which a pulse opens a drawer
LONG, UNPROVEN = "drawer.open_long", "drawer.never_closed"  # signs
WHOLE = timedelta(days=35)  # that are read back in full

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Noted:
    """How the drawer was when it was last seen; `closed` says that it was ever seen so."""

    opened: datetime | None = None
    closed: bool = False


class WatchedDrawer:
    """Implements `ports.DrawerDriver` around another one, and times what that sees; `limit` in seconds.

    Its state goes into `notes`, which wait for no database, and only while `keeps` is set.
    """

    def __init__(
        self,
        subject: Subject,
        inner: SensedDrawer,
        limit: int,
        book: CounterBook,
        notes: Settings,
        clock: Clock,
    ) -> None:
        self.subject = subject
        self.keeps = False
        self._inner = inner
        self._limit = limit
        self._book = book
        self._notes = notes
        self._clock = clock
        self._noted = self._read()
        self._open: bool | None = None
        self._since = 0.0  # monotonic seconds at which it opened, as far as anybody knows
        self._kicked = float("-inf")
        self._gained: Counter[str] = Counter()  # since the program started
        self._before: Counter[str] | None = None  # what the book held then
        self._unwritten: list[tuple[datetime, str]] = []
        self._turn = asyncio.Lock()

    async def examine(self) -> Sequence[Evidence]:
        """What the contact says, and since when the drawer has been open."""
        return self.take(await self._inner.examine())

    async def contact(self) -> ContactLevel | None:
        """The level of its contact now."""
        level = await self._inner.contact()
        self.take([self._inner.said(level)])
        return level

    async def kick(self) -> None:
        """Open it; the pulse is counted."""
        await self._inner.kick()
        self._kicked = self._clock.seconds()
        self._count(BY_US)

    def heard(self, evidence: Sequence[Evidence]) -> Sequence[Evidence] | None:
        """What the printer told unasked, as evidence of the drawer; None where nothing is new."""
        said = self._inner.heard(evidence)
        if not said.signs & {"drawer.open", "drawer.closed"} or self._open == ("drawer.open" in said.signs):
            return None
        return self.take([said])

    def take(self, evidence: Sequence[Evidence]) -> Sequence[Evidence]:
        """The same evidence, and how long it has been open where that is too long."""
        signs, now = signs_of(evidence), self._clock.seconds()
        if "drawer.open" in signs:
            if not self._open:
                self._opened(now)
        elif "drawer.closed" in signs:
            self._shut(now)
        else:
            return evidence  # nobody told: what was known stays
        if not self._open or not self._limit or now - self._since < self._limit:
            return evidence
        return [*evidence, self._too_long(now)]

    def _opened(self, now: float) -> None:
        first, self._open, self._since = self._open is None, True, now
        if first and self._noted.opened is not None:
            # It was open when the last program saw it, and is so again: nobody saw it closed between.
            self._since = now - max(0.0, (self._clock.now() - self._noted.opened).total_seconds())
            return
        if self._noted.closed:
            self._count(GOOD)
        self._kicked = float("-inf")
        self._note(_Noted(self._clock.now(), self._noted.closed))

    def _shut(self, now: float) -> None:
        if self._open is not False:
            self._open = False
            self._note(_Noted(None, True))
        if PULSE_SECONDS < now - self._kicked < float("inf"):
            self._kicked = float("-inf")
            self._count(FAILED)

    def _too_long(self, now: float) -> Evidence:
        seconds = round(now - self._since)
        since = f"{self._clock.now() - timedelta(seconds=seconds):%H:%M}"
        if self._noted.closed:
            words, sign = say("Open since {time}, longer than {limit} s", time=since, limit=self._limit), LONG
        else:
            words, sign = say("Open since {time} by its contact, and never seen closed", time=since), UNPROVEN
        return Evidence("drawer.open_time", f"{seconds} s", words, self._clock.now(), 0.0, frozenset({sign}))

    @property
    def alarm_in(self) -> float | None:
        """Seconds until it has been open for too long; None while it is not open, or was told already."""
        if not self._open or not self._limit:
            return None
        left = self._limit - (self._clock.seconds() - self._since)
        return left if left > 0 else None

    # --- what is kept

    def _read(self) -> _Noted:
        """What was noted with the contact as the profile has it now; nothing where that cannot be read."""
        level, opened, closed, *_ = [*self._notes.get(str(self.subject), "").split(), "", "", ""]
        if level != self._inner.open_level:
            return _Noted()
        try:
            at = datetime.fromisoformat(opened)
        except ValueError:
            at = None
        return _Noted(at if at is not None and at.tzinfo is not None else None, closed == "closed")

    def _note(self, noted: _Noted) -> None:
        self._noted = noted
        if self.keeps:
            opened = noted.opened.isoformat() if noted.opened else "-"
            closed = "closed" if noted.closed else "-"
            self._notes.put(str(self.subject), f"{self._inner.open_level} {opened} {closed}")

    def _count(self, name: str) -> None:
        self._gained[name] += 1
        self._unwritten.append((self._clock.now(), name))

    @property
    def waits(self) -> bool:
        """Whether anything is to be written."""
        return bool(self._unwritten)

    async def _counts(self) -> Counter[str]:
        """What the book held when the program started."""
        if self._before is None:
            kept = await self._book.readings(self.subject, self._clock.now() - WHOLE)
            self._before = Counter({each.name: each.value for each in kept})
        return self._before

    async def write(self) -> None:
        """Keep what happened since the last time; TillkeeperError where it cannot be: it is tried again."""
        async with self._turn:
            before, news = await self._counts(), tuple(self._unwritten)
            waiting = Counter(name for _, name in news)
            readings = []
            for at, name in news:
                waiting[name] -= 1
                readings.append(Reading(at, name, before[name] + self._gained[name] - waiting[name]))
            if readings:
                await self._book.add_readings(self.subject, readings)
                del self._unwritten[: len(news)]

    async def totals(self) -> Mapping[str, int]:
        """Every counter since the console first saw this drawer; of this run alone without a database."""
        try:
            async with self._turn:
                before = await self._counts()
        except TillkeeperError as error:
            log.warning("opens of %s not read: %s", self.subject, error)
            before = Counter()
        return {name: before[name] + self._gained[name] for name in (GOOD, BY_US, FAILED)}

    async def opens(self) -> Mapping[date, Opens]:
        """Each day's opens, by the store's days; TillkeeperError where the book cannot be read."""
        now = self._clock.now()
        return daily_opens(await self._book.readings(self.subject, now - WHOLE), now)


class DrawerWatch:
    """From `start` to `stop` every drawer is heard through its printer, timed and counted."""

    def __init__(
        self,
        drawers: Mapping[Subject, WatchedDrawer],
        printers: Mapping[Subject, Subject],
        board: Board,
        check: CheckService,
        failed: Failed,
    ) -> None:
        self._drawers = drawers
        self._printers = printers  # of each drawer
        self._board = board
        self._check = check
        self._failed = failed
        self._timers: dict[Subject, asyncio.TimerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._unsubscribe: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin on the running loop."""
        for each in self._drawers.values():
            each.keeps = True
        self._loop = asyncio.get_running_loop()  # the window's does not always count as running
        self._unsubscribe = self._board.subscribe(self._heard)

    async def stop(self) -> None:
        """Hear no more, and keep what was seen."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None
        for timer in self._timers.values():
            timer.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.gather(*(self._write(each) for each in self._drawers.values() if each.waits))

    def drawer(self, subject: Subject) -> WatchedDrawer | None:
        """The watched drawer; None for what is none."""
        return self._drawers.get(subject)

    def _heard(self, change: LightChange) -> None:
        subject = change.finding.subject
        for name, drawer in self._drawers.items():
            if subject in (name, self._printers[name]):
                # Behind the others who hear of this finding: they must not hear of the drawer's first.
                self._loop.call_soon(self._attend, drawer, subject, change)

    def _attend(self, drawer: WatchedDrawer, told_by: Subject, change: LightChange) -> None:
        if self._unsubscribe is None:
            return
        if told_by != drawer.subject and (news := drawer.heard(change.finding.evidence)):
            self._check.take(drawer.subject, news)
        if drawer.waits:
            self._spawn(self._write(drawer), f"opens of {drawer.subject}")
        if timer := self._timers.pop(drawer.subject, None):
            timer.cancel()
        if (left := drawer.alarm_in) is not None:
            self._timers[drawer.subject] = self._loop.call_later(left + 0.01, self._look, drawer)

    def _look(self, drawer: WatchedDrawer) -> None:
        self._spawn(self._examine(drawer), f"time of {drawer.subject}")

    async def _examine(self, drawer: WatchedDrawer) -> None:
        await self._check.examine(drawer.subject)

    async def _write(self, drawer: WatchedDrawer) -> None:
        try:
            await drawer.write()
        except TillkeeperError as error:
            log.warning("opens of %s not kept: %s", drawer.subject, error)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = self._loop.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error, task.get_name())
