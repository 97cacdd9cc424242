"""What counters tell over weeks: wear against the rated life, and when that will be reached.

Counters are followed in the order in which they were kept, never by the clock alone. They may wrap, be
reset, jump or belong to another printer; what a counter gained is never negative, and what was odd is told.
"""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import fmean, stdev
from typing import Literal, NamedTuple

from console.domain.models import CUTS, HOURS, LINES, PULSES, Life, Model, PartName

LARGEST = 10**12  # a larger count is no count
WEEKS = 4  # that a forecast looks back
DAYS_SPANNED, DAYS_SEEN = 7, 4  # before there is a forecast: between first and last reading; with readings
FAR_YEARS = 10  # a later date says nothing

# What a printer can do in a second at most, and by how much a counter may fall unnoticed: makers save
# counters every few minutes only, and lose what came after that at a power cut (Epson, TM-m50II Technical
# Reference, Maintenance Counter).
_FASTEST = {LINES: 150.0, PULSES: 10_000.0, CUTS: 2.0, HOURS: 1.1 / 3600}
_SLACK = {LINES: 2_000, PULSES: 100_000, CUTS: 50, HOURS: 2}
_BACKWARD = 60.0  # seconds by which a clock may be corrected without a word
_A_DAY = 86_400.0

Odd = Literal["swapped", "went_back", "leapt", "clock_back"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A counter as it was told at a time; `serial` is the printer's number, empty where it tells none."""

    at: datetime
    name: str
    value: int
    serial: str = ""


class Oddity(NamedTuple):
    """Something that a healthy counter does not do."""

    at: datetime
    what: Odd
    before: int
    after: int


class Point(NamedTuple):
    """How much had been gained at a time, since the first point."""

    at: datetime
    gained: int


@dataclass(slots=True)
class Follower:
    """Follows one counter from reading to reading.

    `worn` is what this printer's part has done: its first count and every gain. `points` hold the gains
    since the last swap or jump of the clock.
    """

    wraps_at: int = 0
    worn: int | None = None
    last: Reading | None = None
    points: list[Point] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    _serial: str = ""

    def add(self, reading: Reading) -> int:
        """Take the next reading; what was gained since the one before, never less than 0."""
        last, self.last = self.last, reading
        if last is None or (reading.serial and self._serial and reading.serial != self._serial):
            if last is not None:
                self._odd(reading, "swapped", last.value)
            self._serial = reading.serial
            self.worn = reading.value
            self.points = [Point(reading.at, 0)]
            return 0
        self._serial = reading.serial or self._serial
        elapsed = (reading.at - last.at).total_seconds()
        if elapsed < -_BACKWARD:
            self._odd(reading, "clock_back", last.value)
            self.points.clear()
        gained = self._gain(last, reading, elapsed)
        self.worn = (self.worn or 0) + gained
        before = self.points[-1].gained if self.points else 0
        self.points.append(Point(reading.at, before + gained))
        return gained

    def _gain(self, last: Reading, reading: Reading, elapsed: float) -> int:
        slack = _SLACK.get(reading.name, 0)
        possible = slack + _FASTEST.get(reading.name, math.inf) * (elapsed if elapsed > 0 else _A_DAY)
        gained = reading.value - last.value
        if gained < 0 and self.wraps_at and last.value > 0.9 * self.wraps_at:
            wrapped = gained + self.wraps_at + 1
            gained = wrapped if wrapped <= possible else gained
        if gained > possible:
            self._odd(reading, "leapt", last.value)
            return 0
        if gained >= 0:
            return gained
        if -gained > slack:
            self._odd(reading, "went_back", last.value)
        else:
            self.last = Reading(reading.at, last.name, last.value, reading.serial)  # counted already
        return 0

    def _odd(self, reading: Reading, what: Odd, before: int) -> None:
        self.oddities.append(Oddity(reading.at, what, before, reading.value))


def follow(readings: Iterable[Reading], name: str, wraps_at: int = 0) -> Follower:
    """What the counter `name` did in `readings`, which stand in the order in which they were kept."""
    follower = Follower(wraps_at)
    for reading in readings:
        if reading.name == name:
            follower.add(reading)
    return follower


class Forecast(NamedTuple):
    """When a life is used up; `late` None where that may be never. All in the time zone that was given."""

    at: date
    early: date
    late: date | None


def forecast(points: Sequence[Point], left: float, now: datetime) -> Forecast | None:
    """When `left` more will have been gained, by the last four weeks.

    None until the readings of these weeks span 7 days and stand on 4 different days, when nothing is
    gained, and beyond 10 years. The band is two standard errors of the daily gains, at least a tenth.
    """
    since = now - timedelta(weeks=WEEKS)
    recent = [point for point in points if since <= point.at <= now]
    days = {point.at.astimezone(now.tzinfo).date() for point in recent}
    if len(days) < DAYS_SEEN or (recent[-1].at - recent[0].at) < timedelta(days=DAYS_SPANNED):
        return None
    days_gains = daily(recent)
    rate = fmean(days_gains)
    if rate <= 0 or left / rate > FAR_YEARS * 365:
        return None
    band = max(2 * stdev(days_gains) / math.sqrt(len(days_gains)), rate / 10)
    slowest = rate - band
    late = None if slowest <= 0 or left / slowest > FAR_YEARS * 365 else _day(now, left / slowest)
    return Forecast(_day(now, left / rate), _day(now, left / (rate + band)), late)


def gained_until(points: Sequence[Point], at: datetime) -> float | None:
    """What had been gained at `at`, between two points in proportion; None outside of them."""
    place = bisect_left(points, at, key=lambda point: point.at)
    if place == len(points) or (place == 0 and points[0].at != at):
        return None
    after, before = points[place], points[max(0, place - 1)]
    span = (after.at - before.at).total_seconds()
    share = (at - before.at).total_seconds() / span if span else 1.0
    return before.gained + share * (after.gained - before.gained)


def daily(points: Sequence[Point]) -> list[float]:
    """The gains of each whole 24 hours counted back from the newest point, oldest first."""
    if not points:
        return []
    whole = min(WEEKS * 7, int((points[-1].at - points[0].at) / timedelta(days=1)))
    marks = [gained_until(points, points[-1].at - timedelta(days=n)) for n in range(whole + 1)]
    known = [mark for mark in marks if mark is not None]
    return [later - earlier for later, earlier in itertools.pairwise(known)][::-1]


def _day(now: datetime, days: float) -> date:
    return (now + timedelta(days=max(0.0, days))).date()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a printer: `done` in km, cuts or hours; `life` None where no source tells its life."""

    part: PartName
    done: float
    life: Life | None
    forecast: Forecast | None
    oddities: tuple[Oddity, ...]
    points: tuple[Point, ...]

    @property
    def share(self) -> float | None:
        """How much of the rated life is used, 1.0 for all of it."""
        return self.done / self.life.limit if self.life else None


def parts(readings: Sequence[Reading], model: Model, now: datetime) -> tuple[Part, ...]:
    """Every part that counters tell of; the head, in km, only where the length of a line is known."""
    counted: tuple[tuple[PartName, str, float], ...] = (
        ("head", LINES, model.line_mm / 1e6),
        ("cutter", CUTS, 1.0),
        ("hours", HOURS, 1.0),
    )
    made = []
    for part, name, unit in counted:
        follower = follow(readings, name, model.wraps_at(name))
        if follower.worn is None or not unit:
            continue
        done, life = follower.worn * unit, model.rated_life(part)
        soon = forecast(follower.points, (life.limit - done) / unit, now) if life else None
        made.append(Part(part, done, life, soon, tuple(follower.oddities), tuple(follower.points)))
    return tuple(made)
