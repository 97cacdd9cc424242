"""The plan at work: offered by faults, ticked by lights, taken up after a crash, told as text."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest

from console.domain.diagnosis import Candidate, DiagnosisTable
from console.domain.emergency import Deed
from console.domain.errors import BadInput
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.plan import Plan
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say
from console.platforms.files import resource
from console.services.board import Board
from console.services.emergency import EmergencyService
from console.services.language import Language
from console.services.plan_text import plan_text
from console.storage.plan import read_plan

FRONT, ORDERS, STOCK = Subject("printer", "front"), Subject("backend", "orders"), Subject("backend", "stock")
PAPER_OUT = Finding(FRONT, Light.FAULT, (Candidate("printer.paper_out", 0.98),))
REFUSED = Finding(ORDERS, Light.FAULT, (Candidate("backend.refused", 0.98),))


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)

    def now(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()


class Kept:
    note = None

    def __init__(self) -> None:
        self.text: str | None = None

    def read(self) -> str | None:
        return self.text

    def write(self, text: str | None) -> None:
        self.text = text


def shipped(code: str) -> tuple[Plan, BadInput | None]:
    return read_plan(resource("plans", f"{code}.toml"), code)


class Shop:
    """A service over a board of three subjects."""

    def __init__(self) -> None:
        self.language = Language("en")
        self.kept = Kept()
        table = DiagnosisTable.from_data({"proof": {}, "cause": {}})
        self.board = Board([FRONT, ORDERS, STOCK], lambda _: None, table, Clock())
        self.service = self.restarted()

    def restarted(self) -> EmergencyService:
        return EmergencyService(shipped, self.kept, self.board, Clock(), lambda: self.language)

    def begin(self, name: str) -> None:
        scenario = self.service.plan.scenario(name)
        assert scenario is not None
        self.service.start(scenario)

    @property
    def current(self) -> str | None:
        run = self.service.run
        return run.current.id if run and run.current else None


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_faults_offer_their_scenarios_the_longest_standing_first(shop: Shop) -> None:
    assert not list(shop.service.offered)
    shop.board.put(REFUSED)
    shop.board.put(PAPER_OUT)
    assert [(each.id, fault.subject) for each, fault in shop.service.offered] == [
        ("backend", ORDERS),
        ("printer", FRONT),
    ]
    shop.board.put(Finding(ORDERS, Light.OK))
    assert [each.id for each, _ in shop.service.offered] == ["printer"]


def test_attention_offers_nothing(shop: Shop) -> None:
    shop.board.put(Finding(FRONT, Light.ATTENTION, (Candidate("printer.paper_low", 0.98),)))
    assert not list(shop.service.offered)


def test_a_light_that_turns_ok_ticks_the_step_that_waits_for_it(shop: Shop) -> None:
    shop.board.put(PAPER_OUT)
    shop.begin("printer")
    shop.board.put(Finding(FRONT, Light.OK))
    assert shop.current == "trial"
    assert shop.service.run is not None
    assert shop.service.run.results["paper"].deed is Deed.CLEARED


def test_a_light_that_was_never_bad_ticks_nothing(shop: Shop) -> None:
    shop.begin("printer")
    shop.board.put(Finding(FRONT, Light.OK))
    assert shop.current == "paper"


def test_a_step_waits_for_every_subject_of_its_kind(shop: Shop) -> None:
    shop.board.put(REFUSED, Finding(STOCK, Light.FAULT, (Candidate("backend.refused", 0.98),)))
    shop.begin("backend")
    shop.board.put(Finding(ORDERS, Light.OK))
    assert shop.current == "cable"
    shop.board.put(Finding(STOCK, Light.OFF))
    shop.board.put(REFUSED)
    shop.board.put(Finding(ORDERS, Light.OK))
    assert shop.current == "sale"


def test_what_a_store_lacks_is_neither_clear_nor_not(shop: Shop) -> None:
    assert shop.service.clear(NETWORK) is None
    assert shop.service.clear(FRONT) is False


def test_every_deed_is_kept_and_a_restart_goes_on_there(shop: Shop) -> None:
    shop.begin("backend")
    steps = []
    while shop.current:
        steps.append(shop.current)
        again = shop.restarted().run
        assert again is not None
        assert again.current is not None
        assert again.current.id == shop.current
        shop.service.failed()
    assert steps == ["cable", "router", "hotspot", "call", "spare", "paper", "cash"]
    shop.service.finish()
    run = shop.restarted().run
    assert run is not None
    assert run.ended is not None
    shop.service.dismiss()
    assert shop.restarted().run is None


def test_a_damaged_record_begins_without_a_run(shop: Shop) -> None:
    shop.kept.text = "{"
    assert shop.restarted().run is None


def test_another_language_goes_on_at_the_same_step(shop: Shop) -> None:
    shop.begin("backend")
    shop.service.failed()
    shop.language = Language("zh_CN")
    run = shop.service.run
    assert run is not None
    assert run.scenario.title == "收银机连不上后台"
    assert run.current is not None
    assert run.current.do == "路由器断电 30 秒再插上"


def test_listeners_hear_of_every_deed(shop: Shop) -> None:
    heard: list[str | None] = []
    unsubscribe = shop.service.subscribe(lambda: heard.append(shop.current))
    shop.begin("scanner")
    shop.service.later()
    shop.service.back()
    unsubscribe()
    shop.service.done()
    assert heard == ["ime", "cursor", "ime"]


def test_contacts_follow_the_scenario(shop: Shop) -> None:
    shop.begin("power")
    assert [each.id for each in shop.service.contacts] == ["property", "grid", "manager"]
    grid = shop.service.contacts[1]
    shop.service.called(grid, answered=False)
    run = shop.service.run
    assert run is not None
    assert run.next_to_call(shop.service.contacts) == grid  # the only one with a number


@pytest.mark.parametrize("code", ["en", "zh_CN"])
def test_the_whole_plan_as_text_holds_every_step_and_number(code: str) -> None:
    plan, _ = shipped(code)
    text = plan_text(plan, Language(code), date(2026, 11, 22))
    for scenario in plan.scenarios:
        for words in (scenario.title, scenario.exit, *scenario.immediate, *scenario.deferred):
            assert words in text
        for step in scenario.steps:
            assert step.do in text
            assert step.expect in text
    assert "95598" in text
    assert all(each.what in text for each in plan.backups)


def test_branches_are_told_by_number() -> None:
    plan, _ = shipped("en")
    text = plan_text(plan, Language("en"), date(2026, 11, 22), "backend")
    assert "It worked → 6; it did not → 2" in text
    assert "It worked → you can sell again; it did not → 8" in text
    assert "Slower than 10 s, or 2 failures in a row:" in text


def test_an_unknown_scenario_names_the_known_ones() -> None:
    plan, _ = shipped("en")
    with pytest.raises(BadInput, match='"fire" is no scenario of the plan; it has backend, terminal'):
        plan_text(plan, Language("en"), date(2026, 11, 22), "fire")


def test_a_chinese_plan_has_chinese_punctuation() -> None:
    plan, _ = shipped("zh_CN")
    text = plan_text(plan, Language("zh_CN"), date(2026, 11, 22))
    assert re.findall(r"[\u4e00-\u9fff][:,(] ?|[:,)] ?[\u4e00-\u9fff]| \([\u4e00-\u9fff]+\)", text) == []


def test_the_plan_names_the_devices_pages_button_as_it_stands_there() -> None:
    for code, quoted in (("en", '"{button}"'), ("zh_CN", "“{button}”")):
        plan, _ = shipped(code)
        step = next(each for each in plan.scenario("printer").steps if each.id == "trial")  # type: ignore[union-attr]
        assert quoted.format(button=Language(code).text(say("Self-test…"))) in step.detail
