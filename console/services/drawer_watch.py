"""Watches cash drawers: how long each stands open, and how often it was opened, as far as this console saw.

What is kept goes among the counters, so that a program that starts anew knows a drawer that was left open.
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
from console.domain.drawer import BY_US, FAILED, GOOD, STATE, ContactLevel, Opens, daily_opens
from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, CounterBook, SensedDrawer
from console.domain.subjects import Subject
from console.domain.wear import Reading
from console.domain.words import say
from console.services.board import Board
from console.services.check import CheckService, Failed

PULSE_SECONDS = 3.0  # in which a pulse opens a drawer
LOAD_SECONDS = 1.0  # that a look waits for what was kept
WHOLE = timedelta(days=35)  # that are read back in full

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Kept:
    """What the book held before this program started."""

    counts: Counter[str]
    opened: datetime | None  # since when it stood open, if it did
    closed: bool  # whether it was ever seen closed, with the contact as the profile has it now


class WatchedDrawer:
    """Implements `ports.DrawerDriver` around another one, and times what that sees; `limit` in seconds."""

    def __init__(
        self, subject: Subject, inner: SensedDrawer, limit: int, book: CounterBook, clock: Clock
    ) -> None:
        self.subject = subject
        self._inner = inner
        self._limit = limit
        self._book = book
        self._clock = clock
        self._open: bool | None = None
        self._since = 0.0  # monotonic seconds at which it opened, as far as anybody knows
        self._closed = False  # it was seen closed in this run
        self._kicked = float("-inf")
        self._kept: _Kept | None = None
        self._gained: Counter[str] = Counter()  # since the program started
        self._unwritten: list[tuple[datetime, str]] = []
        self._turn = asyncio.Lock()

    async def examine(self) -> Sequence[Evidence]:
        """What the contact says, and since when the drawer has been open."""
        evidence = await self._inner.examine()
        if self._open is None and "drawer.open" in signs_of(evidence):
            await self.load()
        return self.take(evidence)

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
        """What the printer told unasked, as evidence of the drawer; None where nothing is new.

        The first look is the drawer's own: it reads what was kept.
        """
        if self._open is None:
            return None
        before, said = self._open, self._inner.heard(evidence)
        if not said.signs & {"drawer.open", "drawer.closed"} or before == ("drawer.open" in said.signs):
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
        kept = self._kept
        if first and kept is not None and kept.opened is not None:
            # It was open when the last program ended, and is so again: nobody saw it closed between.
            self._since = now - max(0.0, (self._clock.now() - kept.opened).total_seconds())
            return
        if not first or (kept is not None and kept.closed):
            self._count(GOOD)
        self._note(STATE)
        self._kicked = float("-inf")

    def _shut(self, now: float) -> None:
        if self._open is not False:
            self._open, self._closed = False, True
            self._note(STATE)
        if PULSE_SECONDS < now - self._kicked < float("inf"):
            self._kicked = float("-inf")
            self._count(FAILED)

    def _too_long(self, now: float) -> Evidence:
        seconds = round(now - self._since)
        known = self._closed or (self._kept is not None and self._kept.closed)
        since = f"{self._clock.now() - timedelta(seconds=seconds):%H:%M}"
        words = say("Open since {time}, longer than {limit} s", time=since, limit=self._limit)
        if not known:
            words = say("Open since {time} by its contact, and never seen closed", time=since)
        sign = "drawer.open_long" if known else "drawer.never_closed"
        at = self._clock.now()
        return Evidence("drawer.open_time", f"{seconds} s", words, at, 0.0, frozenset({sign}))

    @property
    def alarm_in(self) -> float | None:
        """Seconds until it has been open for too long; None while it is not open, or was told already."""
        if not self._open or not self._limit:
            return None
        left = self._limit - (self._clock.seconds() - self._since)
        return left if left > 0 else None

    # --- what is kept

    def _count(self, name: str) -> None:
        self._gained[name] += 1
        self._note(name)

    def _note(self, name: str) -> None:
        self._unwritten.append((self._clock.now(), name))

    @property
    def waits(self) -> bool:
        """Whether anything is to be written."""
        return bool(self._unwritten)

    async def load(self) -> None:
        """Read what was kept, once; where that cannot be had in a moment, nothing is known of before."""
        try:
            async with asyncio.timeout(LOAD_SECONDS), self._turn:
                await self._load()
        except (TimeoutError, TillkeeperError) as error:
            log.warning("opens of %s not read: %s", self.subject, error)

    async def _load(self) -> None:
        if self._kept is not None:
            return
        counts: Counter[str] = Counter()
        opened, closed = None, False
        for each in await self._book.readings(self.subject, self._clock.now() - WHOLE):
            if each.name == STATE and each.serial == self._inner.open_level:
                opened = (opened or each.at) if each.value else None
                closed = closed or not each.value
            elif each.name != STATE:
                counts[each.name] = each.value
        self._kept = _Kept(counts, opened, closed)

    async def write(self) -> None:
        """Keep what happened since the last time; TillkeeperError where it cannot be: it is tried again."""
        async with self._turn:
            await self._load()
            kept, news = self._kept or _Kept(Counter(), None, False), tuple(self._unwritten)
            if not news:
                return
            readings = [self._reading(at, name, kept, news[place:]) for place, (at, name) in enumerate(news)]
            await self._book.add_readings(self.subject, readings)
            del self._unwritten[: len(news)]

    def _reading(
        self, at: datetime, name: str, kept: _Kept, following: Sequence[tuple[datetime, str]]
    ) -> Reading:
        if name == STATE:
            changes_after = sum(each == STATE for _, each in following[1:])
            now_open = bool(self._open) is (changes_after % 2 == 0)
            return Reading(at, STATE, int(now_open), self._inner.open_level)
        later = sum(each == name for _, each in following[1:])
        return Reading(at, name, kept.counts[name] + self._gained[name] - later)

    async def totals(self) -> Mapping[str, int]:
        """Every counter since the console first saw this drawer, by its UnifiedPOS name where it has one."""
        await self.load()
        kept = self._kept.counts if self._kept else Counter[str]()
        return {name: kept[name] + self._gained[name] for name in (GOOD, BY_US, FAILED)}

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
                asyncio.get_running_loop().call_soon(self._attend, drawer, subject, change)

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
            loop = asyncio.get_running_loop()
            self._timers[drawer.subject] = loop.call_later(left + 0.01, self._look, drawer)

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
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._failed(error, task.get_name())
