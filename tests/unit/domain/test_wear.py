"""Counters that behave, wrap, jump, or belong to another printer; and when a life will be used up."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.models import CUTS, LINES, Counter, Life, Model
from console.domain.wear import Follower, Reading, follow, forecast, gained_until, parts

NOW = datetime(2026, 11, 24, 18, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WRAP = 143_165_576


def hourly(*values: int, name: str = LINES, serial: str = "") -> list[Reading]:
    start = NOW - (len(values) - 1) * HOUR
    return [Reading(start + n * HOUR, name, value, serial) for n, value in enumerate(values)]


def test_gains_are_added_to_the_first_count() -> None:
    told = follow(hourly(1000, 1400, 1400, 2000), LINES)
    assert (told.worn, [each.gained for each in told.points]) == (2000, [0, 400, 400, 1000])
    assert told.oddities == []


def test_other_counters_do_not_disturb() -> None:
    assert follow([*hourly(10, name=CUTS), *hourly(1000, 1200)], LINES).worn == 1200


def test_a_wrap_is_no_loss() -> None:
    told = follow(hourly(WRAP - 100, 300), LINES, WRAP)
    assert told.worn == WRAP + 301  # the counter passes from its largest count to 0
    assert told.oddities == []


def test_the_same_fall_far_below_the_largest_count_is_no_wrap() -> None:
    told = follow(hourly(90_000, 300, 800), LINES, WRAP)
    assert told.worn == 90_500
    assert [(each.what, each.before, each.after) for each in told.oddities] == [("went_back", 90_000, 300)]


def test_what_a_power_cut_took_is_neither_told_nor_counted_twice() -> None:
    told = follow(hourly(90_000, 89_500, 90_200), LINES)
    assert told.worn == 90_200
    assert told.oddities == []


def test_a_leap_that_no_printer_can_feed_is_told_and_not_counted() -> None:
    told = follow(hourly(1000, 900_000_000, 900_000_100), LINES)
    assert told.worn == 1100
    assert [each.what for each in told.oddities] == ["leapt"]


def test_another_serial_number_is_another_printer() -> None:
    told = follow([*hourly(500_000, 500_100, serial="A1"), Reading(NOW + HOUR, LINES, 40, "B2")], LINES)
    assert told.worn == 40
    assert [each.what for each in told.oddities] == ["swapped"]
    assert [each.gained for each in told.points] == [0]


def test_a_serial_number_that_is_missing_once_is_no_swap() -> None:
    readings = [*hourly(100, serial="A1"), *(hourly(200)), *hourly(300, serial="A1")]
    assert follow(readings, LINES).worn == 300


def test_a_clock_set_back_begins_the_curve_anew_and_loses_no_count() -> None:
    told = follow([*hourly(100, 200, 300), Reading(NOW - 48 * HOUR, LINES, 350)], LINES)
    assert told.worn == 350
    assert [each.what for each in told.oddities] == ["clock_back"]
    assert len(told.points) == 1


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**12),
            st.integers(-(10**6), 10**6),
            st.sampled_from(["", "A", "B"]),
        ),
        max_size=30,
    ),
    st.sampled_from([0, WRAP]),
)
def test_wear_is_never_negative_and_never_falls_within_one_printer(
    told: list[tuple[int, int, str]], wraps_at: int
) -> None:
    follower = Follower(wraps_at)
    for value, seconds, serial in told:
        worn, swaps = follower.worn, len(follower.oddities)
        assert follower.add(Reading(NOW + timedelta(seconds=seconds), LINES, value, serial)) >= 0
        swapped = "swapped" in [each.what for each in follower.oddities[swaps:]]
        assert worn is None or swapped or (follower.worn or 0) >= worn


def daily(*gains: int) -> list[Reading]:
    value, readings = 1000, []
    for n, gain in enumerate((0, *gains)):
        value += gain
        readings.append(Reading(NOW - timedelta(days=len(gains) - n), CUTS, value))
    return readings


def test_a_forecast_by_even_days() -> None:
    told = forecast(follow(daily(*[100] * 10), CUTS).points, 1000, NOW)
    assert told is not None
    assert (told.at - NOW.date()).days == 10
    assert told.early < told.at
    assert told.late is not None
    assert told.late > told.at


def test_uneven_days_widen_the_band() -> None:
    even = forecast(follow(daily(*[100] * 10), CUTS).points, 5000, NOW)
    uneven = forecast(follow(daily(*[20, 180] * 5), CUTS).points, 5000, NOW)
    assert even is not None
    assert uneven is not None
    assert uneven.early < even.early
    assert uneven.late is None or (even.late is not None and uneven.late > even.late)


@pytest.mark.parametrize(
    "readings",
    [daily(*[100] * 6), daily(*[0] * 10), [daily(*[100] * 10)[0], daily(*[100] * 10)[-1]], []],
    ids=["six days", "nothing gained", "two readings", "none"],
)
def test_silent_until_there_is_data(readings: list[Reading]) -> None:
    assert forecast(follow(readings, CUTS).points, 1000, NOW) is None


def test_silent_beyond_ten_years() -> None:
    assert forecast(follow(daily(*[1] * 10), CUTS).points, 1e6, NOW) is None


def test_between_two_points_in_proportion() -> None:
    points = follow(daily(100), CUTS).points
    assert gained_until(points, NOW - timedelta(hours=6)) == 75
    assert gained_until(points, NOW + HOUR) is None


MODEL = Model(
    "Some",
    "escpos",
    line_mm=4.0,
    life=(
        Life("head", 100.0, "Manual", "documented"),
        Life("cutter", 2000.0, "Manual", "documented"),
    ),
    counter=(Counter(148, "ReceiptLineFeedCount"), Counter(178, "PaperCutCount")),
)


def test_parts_in_their_own_units() -> None:
    head, cutter = parts([*hourly(250_000, name=LINES), *hourly(500, name=CUTS)], MODEL, NOW)
    assert (head.part, head.done, head.share) == ("head", 1.0, 0.01)  # 250 000 lines of 4 mm: 1 km
    assert (cutter.part, cutter.done, cutter.share) == ("cutter", 500, 0.25)


def test_no_kilometres_without_the_length_of_a_line() -> None:
    assert parts(hourly(250_000), Model("Other", "escpos"), NOW) == ()
