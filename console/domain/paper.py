"""How long the paper in a printer lasts: lines fed since the roll was changed, by the rate of such hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, median

from console.domain.models import LINES
from console.domain.wear import Follower, Point, Reading, gained_until

ROLL = "RollChanged"  # kept among the readings; its value is the line counter, or 0 where that was not told
FULL = 200  # lines; less than that was no roll
LEARN_FROM = 6  # the newest rolls
FRESH = timedelta(minutes=90)  # an older reading says nothing about now
_SLOWEST = 5.0  # lines an hour; less is a closed shop
LATEST = timedelta(hours=12)  # beyond that the shop closes in between


@dataclass(frozen=True, slots=True)
class Rolls:
    """`lengths` of whole rolls in lines, oldest first; `fed` since the change, None when unknown."""

    lengths: tuple[int, ...]
    fed: int | None
    changed: datetime | None
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Lasts:
    """When the paper ends and the band around it; `more` when that is more than 12 hours away."""

    until: datetime
    early: datetime
    late: datetime
    more: bool


def rolls(readings: Iterable[Reading], wraps_at: int = 0) -> Rolls:
    """The rolls that `readings` (in the order kept) tell of.

    A roll during which the line counter did something odd is not learnt from, and says nothing.
    """
    follower, lengths = Follower(wraps_at), list[int]()
    fed: int | None = None
    changed: datetime | None = None
    for reading in readings:
        if reading.name == ROLL:
            if fed is not None and fed >= FULL:
                lengths.append(fed)
            fed, changed = 0, reading.at
        elif reading.name == LINES:
            odd = len(follower.oddities)
            gained = follower.add(reading)
            fed = None if fed is None or len(follower.oddities) > odd else fed + gained
    return Rolls(tuple(lengths), fed, changed, tuple(follower.points))


def length_of(lengths: Sequence[int], given_mm: float, line_mm: float) -> tuple[float, float] | None:
    """A roll's lines and their spread (0.1: a tenth): learnt, else from the roll's length in the profile."""
    newest = lengths[-LEARN_FROM:]
    if len(newest) > 1:
        middle = median(newest)
        return middle, max(0.05, (max(newest) - min(newest)) / 2 / middle)
    if newest:
        return float(newest[0]), 0.15
    return (given_mm / line_mm, 0.1) if given_mm and line_mm else None


def rate_of(points: Sequence[Point], now: datetime) -> tuple[float, float, float] | None:
    """Lines an hour: likely, lowest, highest; None until there is data.

    By the last three hours (at least one of them, up to a fresh reading), and by the same three hours of
    the same weekday in the last four weeks.
    """
    rates = [rate for rate in (_recent(points, now), _weekday(points, now)) if rate is not None]
    if not rates or fmean(rates) < _SLOWEST:
        return None
    spread = 0.2 if len(rates) > 1 else 0.3
    return fmean(rates), min(rates) * (1 - spread), max(rates) * (1 + spread)


def lasts(told: Rolls, now: datetime, line_mm: float = 0.0, given_mm: float = 0.0) -> Lasts | None:
    """When the paper ends; None without a known change of the roll, a length or a rate."""
    length, rate = length_of(told.lengths, given_mm, line_mm), rate_of(told.points, now)
    if told.fed is None or length is None or rate is None or now - told.points[-1].at > FRESH:
        return None
    lines, spread = length
    if told.fed > lines * (1 + 2 * spread):
        return None  # no roll holds that much: a change was missed
    likely, slow, fast = rate
    read = told.points[-1].at

    def when(total: float, an_hour: float) -> datetime:
        hours = (total - told.fed) / an_hour if told.fed is not None else 0.0
        return max(now, read + timedelta(hours=min(hours, 1e5)))

    until = when(lines, likely)
    early, late = when(lines * (1 - spread), fast), when(lines * (1 + spread), max(slow, _SLOWEST))
    return Lasts(until, early, late, until - now > LATEST)


def _recent(points: Sequence[Point], now: datetime) -> float | None:
    window = [point for point in points if now - timedelta(hours=3, minutes=30) <= point.at <= now]
    if len(window) < 2 or now - window[-1].at > FRESH:
        return None
    hours = (window[-1].at - window[0].at) / timedelta(hours=1)
    return (window[-1].gained - window[0].gained) / hours if hours >= 0.95 else None


def _weekday(points: Sequence[Point], now: datetime) -> float | None:
    gains = []
    for weeks in range(1, 5):
        start = now - timedelta(weeks=weeks)
        before, after = gained_until(points, start), gained_until(points, start + timedelta(hours=3))
        if before is not None and after is not None:
            gains.append((after - before) / 3)
    return fmean(gains) if gains else None
