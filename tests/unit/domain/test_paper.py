"""“Paper lasts until about …”: silent without data, and right about a shop that feeds evenly."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from console.domain.models import LINES
from console.domain.paper import ROLL, lasts, length_of, rolls
from console.domain.wear import Reading

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def shop(hours: int, an_hour: int, roll: int, fed: int) -> list[Reading]:
    """Hourly readings up to now; rolls of `roll` lines, the last one changed `fed` lines ago."""
    kept: list[Reading] = []
    for n in range(hours + 1):
        at, value = NOW - (hours - n) * HOUR, 10_000 + n * an_hour
        kept.append(Reading(at, LINES, value))
        left = (hours - n) * an_hour - fed
        if left >= 0 and left % roll == 0:
            kept.append(Reading(at, ROLL, value))
    return kept


def test_rolls_between_changes() -> None:
    told = rolls(shop(hours=60, an_hour=200, roll=4000, fed=2000))
    assert told.lengths == (4000, 4000)
    assert told.fed == 2000


def test_until_about_by_the_last_hours() -> None:
    told = lasts(rolls(shop(60, 200, 4000, 3400)), NOW)
    assert told is not None
    assert told.until == NOW + 3 * HOUR  # 600 lines at 200 an hour
    assert NOW < told.early < told.until < told.late
    assert not told.more


def test_the_same_weekday_counts_too() -> None:
    busy_afternoon = [Reading(NOW - timedelta(weeks=1), LINES, 1000),
                      Reading(NOW - timedelta(weeks=1) + 3 * HOUR, LINES, 1000 + 3 * 600)]  # fmt: skip
    quiet_morning = shop(60, 200, 4000, 3400)
    told = lasts(rolls([*busy_afternoon, *quiet_morning]), NOW)
    assert told is not None
    assert told.until == NOW + 1.5 * HOUR  # 600 lines at the mean of 200 and 600 an hour


def test_a_length_from_the_profile_until_one_is_learnt() -> None:
    assert length_of((), 50_000, 4.0) == (12_500, 0.1)
    assert length_of((11_000,), 50_000, 4.0) == (11_000.0, 0.15)
    assert length_of((), 50_000, 0.0) is None


def test_silent_without_a_change_a_length_a_rate_or_a_fresh_reading() -> None:
    kept = shop(60, 200, 4000, 3400)
    assert lasts(rolls(kept), NOW) is not None
    assert lasts(rolls([each for each in kept if each.name != ROLL]), NOW) is None
    assert lasts(rolls(kept[-4:]), NOW) is None
    assert lasts(rolls([each for each in kept if each.name == ROLL]), NOW) is None
    assert lasts(rolls(kept), NOW + 2 * HOUR) is None
    assert lasts(rolls(shop(60, 1, 20, 10)), NOW) is None


def test_a_counter_that_jumped_spoils_its_roll_alone() -> None:
    kept = shop(60, 200, 4000, 2000)
    broken = [*kept, Reading(NOW, LINES, 5)]
    assert rolls(broken).fed is None
    assert rolls(broken).lengths == (4000, 4000)
    assert lasts(rolls(broken), NOW) is None


def test_a_roll_that_should_be_used_up_ends_now_and_one_that_cannot_be_says_nothing() -> None:
    kept, last = shop(60, 200, 4000, 3400), 10_000 + 60 * 200
    over = lasts(rolls([*kept, Reading(NOW, LINES, last + 700)]), NOW)
    assert over is not None
    assert over.until == NOW
    assert lasts(rolls([*kept, Reading(NOW, LINES, last + 1500)]), NOW) is None  # 4900 of 4000


def test_far_away_says_more() -> None:
    told = lasts(rolls(shop(200, 40, 4000, 400)), NOW)
    assert told is not None
    assert told.more
