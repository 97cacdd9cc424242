"""One emergency worked through: branches, putting off, going back, calls, and a crash in between."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.emergency import Deed, Run
from console.domain.errors import BadInput
from console.domain.plan import Contact, Plan, Scenario, Step

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
CABLE = Step("cable", "Push it in", yes="sale")
HOTSPOT = Step("hotspot", "Use the phone")
CALL = Step("call", "Call support")
SALE = Step("sale", "Sell something", yes="exit")
SLIPS = Step("slips", "Write slips")
SCENARIO = Scenario(
    "backend", "No backend", ("it spins",), "You can sell", (CABLE, HOTSPOT, CALL, SALE, SLIPS),
    immediate=("Tell the queue", "Get the bag"), deferred=("Enter the slips",),
)  # fmt: skip
SUPPORT, PROVIDER, NOBODY = Contact("a", "A", phone="1"), Contact("b", "B", phone="2"), Contact("c", "C")
PLAN = Plan((SCENARIO,), (SUPPORT, PROVIDER, NOBODY))


def begun() -> Run:
    return Run(SCENARIO, NOON)


def after(*deeds: Deed) -> Run:
    run = begun()
    for number, deed in enumerate(deeds, 1):
        run = run.answered(deed, NOON + timedelta(minutes=number))
    return run


def test_success_follows_the_yes_branch_and_ends_at_the_exit() -> None:
    run = after(Deed.DONE)
    assert run.current == SALE
    assert run.trail == (CABLE,)
    assert run.answered(Deed.DONE, NOON).current is None


def test_failure_goes_on_down_the_list() -> None:
    assert after(Deed.FAILED, Deed.FAILED).current == CALL
    assert after(Deed.FAILED, Deed.DONE, Deed.DONE, Deed.FAILED).current == SLIPS


def test_back_returns_to_the_step_before_and_keeps_the_log() -> None:
    run = after(Deed.FAILED, Deed.DONE).back(NOON)
    assert run.current == HOTSPOT
    assert "hotspot" not in run.results
    assert [each.deed for each in run.log] == [Deed.FAILED, Deed.DONE, Deed.BACK]
    assert begun().back(NOON) == begun()


def test_a_step_put_off_comes_back_when_it_is_taken_up() -> None:
    run = after(Deed.FAILED, Deed.LATER, Deed.DONE, Deed.DONE)
    assert run.current is None
    assert run.postponed == (HOTSPOT,)
    run = run.taken_up(HOTSPOT, NOON)
    assert run.current == HOTSPOT
    run = run.answered(Deed.DONE, NOON)
    assert run.postponed == ()
    assert run.current is None


def test_a_step_put_off_twice_does_not_go_round_for_ever() -> None:
    run = after(Deed.LATER, Deed.LATER, Deed.LATER, Deed.LATER, Deed.LATER)
    assert run.current is None
    run = run.taken_up(CALL, NOON).answered(Deed.LATER, NOON)
    assert run.current == SALE  # the next that was put off is asked for again


def test_a_sensor_ticks_the_current_step_or_one_put_off() -> None:
    assert begun().cleared(CABLE, NOON).current == SALE
    run = after(Deed.LATER).cleared(CABLE, NOON)
    assert run.current == HOTSPOT
    assert run.postponed == ()


def test_unticked_names_immediate_actions_and_what_lies_ahead() -> None:
    run = after(Deed.FAILED, Deed.LATER).toggled("immediate:0", NOON)
    assert run.unticked == ("Get the bag", "Use the phone", "Call support", "Sell something")
    assert run.toggled("immediate:0", NOON).ticked("immediate:0") is None


def test_calls_go_down_the_line_and_begin_anew_with_the_oldest() -> None:
    contacts = PLAN.contacts
    run = begun()
    assert run.next_to_call(contacts) == SUPPORT
    run = run.called(SUPPORT, False, NOON)
    assert run.next_to_call(contacts) == PROVIDER
    run = run.called(PROVIDER, False, NOON + timedelta(minutes=1))
    assert run.next_to_call(contacts) == SUPPORT
    assert run.called(SUPPORT, True, NOON).next_to_call(contacts) is None
    assert run.next_to_call((NOBODY,)) is None


def test_what_is_owed_stays_until_it_is_ticked() -> None:
    run = begun().finished(NOON)
    assert run.ended == NOON
    assert run.owed == ("deferred:0",)
    assert run.toggled("deferred:0", NOON).owed == ()


def test_another_language_tells_the_same_run() -> None:
    chinese = Plan((Scenario("backend", "连不上", (), "好了", (CABLE, HOTSPOT)),))
    run = after(Deed.FAILED).in_plan(chinese)
    assert run is not None
    assert run.scenario.title == "连不上"
    assert run.current == HOTSPOT
    assert after().in_plan(Plan(())) is None


def test_steps_that_an_edited_plan_lost_are_passed_over() -> None:
    edited = Plan((Scenario("backend", "t", (), "e", (HOTSPOT, SALE)),))
    run = Run.from_json(after(Deed.FAILED, Deed.DONE).to_json(), edited)
    assert run.current == SALE


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", '{"schema": "other"}', "[" * 100_000, after(Deed.DONE).to_json()[:-9],
     after(Deed.DONE).to_json().replace("done", "undone"), begun().to_json().replace("+00:00", "")],
)  # fmt: skip
def test_a_damaged_record_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(BadInput, match="cannot be read"):
        Run.from_json(text, PLAN)


def test_a_record_of_an_unknown_scenario_names_it() -> None:
    with pytest.raises(BadInput, match='"backend" is no longer in the plan'):
        Run.from_json(begun().to_json(), Plan(()))


ANSWERS = st.sampled_from([Deed.DONE, Deed.FAILED, Deed.LATER])
MOVES = st.lists(st.one_of(ANSWERS, st.just("back"), st.just("take up"), st.just("sensor")), max_size=25)


@given(MOVES)
def test_any_deeds_leave_a_run_that_survives_a_crash_and_can_end(moves: list[Deed | str]) -> None:
    run = begun()
    for move in moves:
        if isinstance(move, Deed):
            run = run.answered(move, NOON)
        elif move == "back":
            run = run.back(NOON)
        elif move == "take up" and run.postponed:
            run = run.taken_up(run.postponed[-1], NOON)
        elif move == "sensor" and run.current:
            run = run.cleared(run.current, NOON)
        again = Run.from_json(run.to_json(), PLAN)
        assert again == run
        assert again.current == run.current
    for _ in range(2 * len(SCENARIO.steps)):
        run = run.answered(Deed.DONE, NOON)
    assert run.current is None
