"""A cash drawer: which level of its contact means open, learnt from two looks, and its opens day by day."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from console.domain.wear import Reading
from console.domain.words import Words, say

ContactLevel = Literal["high", "low"]
Sense = Literal["high", "low", "none"]  # as `drawer_sense` in the profile
LEVEL_WORDS = {"high": say("high"), "low": say("low"), None: say("not told")}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What two looks taught; `sense` None teaches nothing. `sure` is False where a person must agree."""

    sense: Sense | None
    sure: bool
    sign: str
    words: Words


def learn(closed: ContactLevel | None, opened: ContactLevel | None) -> Lesson:
    """The lesson of the contact's level with the drawer closed and with the drawer open."""
    if closed is None or opened is None:
        words = say("The printer does not tell its drawer contact, so nothing could be learnt")
        return Lesson(None, False, "drawer.not_sensed", words)
    if closed == opened:
        words = say(
            "The contact is {level} both times: nothing is wired to it, or the cable is the wrong one",
            level=LEVEL_WORDS[closed],
        )
        return Lesson("none", False, "drawer.contact_same", words)
    words = say(
        "The contact is {closed} when closed and {open} when open",
        closed=LEVEL_WORDS[closed],
        open=LEVEL_WORDS[opened],
    )
    return Lesson(opened, True, "drawer.sensed", words)


# Names of counters: the first and the third are UnifiedPOS's.
GOOD, BY_US, FAILED = "DrawerGoodOpenCount", "DrawerCommandCount", "DrawerFailedOpenCount"


@dataclass(frozen=True, slots=True)
class Opens:
    """One day of a drawer: `seen` opens by its contact, pulses `by_us`, and those of them that `failed`."""

    seen: int = 0
    by_us: int = 0
    failed: int = 0


def daily_opens(readings: Iterable[Reading], now: datetime) -> dict[date, Opens]:
    """Each day's gains of the counters, by the days of `now`'s time zone; days without any are left out."""
    last: Counter[str] = Counter()
    gains: defaultdict[date, Counter[str]] = defaultdict(Counter)
    for each in readings:
        if each.name in (GOOD, BY_US, FAILED):
            gained = each.value - last[each.name]
            last[each.name] = each.value
            gains[each.at.astimezone(now.tzinfo).date()][each.name] += max(0, gained)
    return {day: Opens(each[GOOD], each[BY_US], each[FAILED]) for day, each in gains.items()}
