"""The plan file: what it means, and how its mistakes are told."""

from __future__ import annotations

import tomllib
from datetime import date

import pytest

from console.domain.errors import BadInput
from console.domain.plan import Backup, Plan
from console.domain.plan_reader import plan_of
from console.domain.subjects import Subject

SMALL = """
[[contact]]
id = "support"
name = "Support"
phone = "400 000"
order = 2

[[contact]]
id = "manager"
name = "Manager"
order = 1

[[backup]]
what = "Spare till"
where = "store room"
proven = 2026-11-20

[[scenario]]
id = "backend"
title = "No backend"
symptoms = ["it spins"]
causes = ["backend.refused", "dns"]
immediate = ["One", "Two", "Three"]
call = ["support"]
exit = "Three payments succeed"
deferred = ["Enter the slips"]
switch_over = { seconds = 10, failures = 2, to = "write slips" }

[[scenario.step]]
id = "cable"
do = "Push it in"
clears = "backend"
yes = "sale"

[[scenario.step]]
id = "hotspot"
do = "Use the phone"
no = "exit"

[[scenario.step]]
id = "sale"
do = "Sell"
"""


def read(text: str) -> Plan:
    return plan_of(tomllib.loads(text))


def trouble(old: str, new: str) -> str:
    assert old in SMALL
    with pytest.raises(BadInput) as caught:
        read(SMALL.replace(old, new, 1))
    return str(caught.value)


def test_plan_holds_what_the_file_says() -> None:
    plan = read(SMALL)
    scenario = plan.scenarios[0]
    assert scenario.immediate == ("One", "Two", "Three")
    assert scenario.switch_over is not None
    assert scenario.switch_over.seconds == 10
    assert scenario.steps[0].clears == Subject("backend")
    assert plan.backups[0].proven == date(2026, 11, 20)


def test_contacts_stand_in_the_order_of_calling() -> None:
    plan = read(SMALL)
    assert [each.id for each in plan.contacts] == ["manager", "support"]
    assert [each.id for each in plan.order_of_calling(plan.scenarios[0])] == ["support"]


def test_branches_lead_on_from_success_and_failure() -> None:
    scenario = read(SMALL).scenarios[0]
    cable, hotspot, sale = scenario.steps
    assert scenario.after(cable, worked=True) == sale
    assert scenario.after(cable, worked=False) == hotspot
    assert scenario.after(hotspot, worked=False) is None
    assert scenario.after(sale, worked=True) is None
    assert scenario.longest(cable) == 3
    assert [each.id for each in scenario.ahead(cable)] == ["cable", "sale"]


@pytest.mark.parametrize(
    ("cause", "offered"),
    [("backend.refused", True), ("backend.hung", False), ("dns.no_answer", True), ("dnssec.x", False)],
)
def test_causes_offer_a_scenario_by_code_or_kind(cause: str, offered: bool) -> None:
    assert read(SMALL).scenarios[0].explains(cause) is offered


def test_backup_is_overdue_after_its_days_and_before_its_first_trial() -> None:
    backup = Backup("Till", "here", proven=date(2026, 11, 20), valid_days=30)
    assert not backup.overdue(date(2026, 12, 20))
    assert backup.overdue(date(2026, 12, 21))
    assert Backup("Till", "here").overdue(date(2026, 12, 20))


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('where = "store', 'wher = "store', "backup.1.wher: there is no such key; is \"where\" meant?"),
        ('title = "No', 'zzz = "No', "scenario.1.zzz: there is no such key; known are id, title"),
        ('do = "Push it in"', "", "scenario.backend.step.cable.do is missing"),
        ('do = "Push it in"', "do = 5", "scenario.backend.step.cable.do = 5: text in quotes is expected"),
        ('yes = "sale"', 'yes = "moon"', "yes = moon: the id of a step further down (hotspot, sale, exit)"),
        ('no = "exit"', 'no = "cable"', "step.hotspot.no = cable: the id of a step further down"),
        ('no = "exit"', 'yes = "exit"\nno = "exit"\n', None),
        ('yes = "sale"', 'yes = "sale"\nno = "sale"', "step.hotspot: no step leads here"),
        ('"Three"]', '"Three", "Four"]', "scenario.backend.immediate has 4 actions; at most 3"),
        ('id = "sale"', 'id = "cable"', "scenario.backend.step.id = cable: this id stands in the plan twice"),
        ('id = "manager"', 'id = "support"', "contact.id = support: this id stands in the plan twice"),
        ('clears = "backend"', 'clears = "bakend"', "step.cable.clears = bakend: one of printer,"),
        ('id = "sale"', 'id = "exit"', "step.exit.id = exit: another id"),
        ('call = ["support"]', 'call = ["boss"]', "call = boss: the id of a contact (manager, support)"),
        ('symptoms = ["it spins"]', 'symptoms = "it"', "scenario.backend.symptoms = it: a list of texts"),
        ("proven = 2026-11-20", 'proven = "soon"', "backup.1.proven = soon: a day without quotes"),
        ("seconds = 10", "seconds = 0", "scenario.backend.switch_over.seconds = 0: a whole number from 1"),
        ("[[backup]]", "[backup]", "backup = {"),
    ],
)  # fmt: skip
def test_mistakes_are_told_with_key_value_and_expectation(old: str, new: str, told: str | None) -> None:
    if told is None:
        assert read(SMALL.replace(old, new, 1)).scenarios
    else:
        assert told in trouble(old, new)


def test_a_plan_without_scenarios_or_steps_is_no_plan() -> None:
    with pytest.raises(BadInput, match=r"no \[\[scenario\]\]"):
        read("")
    with pytest.raises(BadInput, match=r"scenario\.backend\.step: the scenario has no steps"):
        read(SMALL[: SMALL.index("[[scenario.step]]")])
