"""Ranked causes from signs, as the table's own rules promise."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.domain.diagnosis import DiagnosisTable
from console.domain.evidence import Evidence
from console.domain.findings import Finding, judge, silence_children
from console.domain.lights import Light
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say

TABLE = DiagnosisTable.from_data(
    {
        "proof": {"printer": [["answers", "paper"]], "network": [["link.up"]]},
        "cause": {
            "printer.paper_out": {"light": "fault", "when": [["end"]], "prior": 0.9},
            "printer.paper_low": {"light": "attention", "when": [["near"]], "unless": ["end"]},
            "printer.cover_open": {"light": "fault", "when": [["cover"]], "prior": 0.9, "blocks": ["drawer"]},
            "printer.offline": {"light": "fault", "when": [["offline"]], "unless": ["cover", "end"]},
            "printer.no_answer": {"light": "unknown", "when": [["silent"]], "prior": 0.7},
            "printer.write_only": {"light": "attention", "when": [["silent"]], "prior": 0.3},
            "dns.no_answer": {"light": "fault", "when": [["dns.silent"]], "blocks": ["backend"]},
            "backend.refused": {"light": "fault", "when": [["refused"]], "prior": 0.5},
        },
        "apart": [{"causes": ["printer.no_answer", "printer.write_only"], "test": "print_page"}],
    }
)
PRINTER = Subject("printer", "front")
BACKEND = Subject("backend", "orders")


def found(subject: Subject, *signs: str) -> Finding:
    at = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
    return judge(subject, [Evidence("probe", "", say("seen"), at, 0.01, frozenset(signs))], TABLE)


def test_green_needs_the_whole_proof() -> None:
    assert found(PRINTER, "answers", "paper").light is Light.OK
    assert found(PRINTER, "answers").light is Light.UNKNOWN


def test_nothing_known_is_unknown_without_a_cause() -> None:
    finding = found(PRINTER)
    assert (finding.light, finding.cause) == (Light.UNKNOWN, None)


def test_independent_troubles_keep_their_full_weight_the_graver_first() -> None:
    finding = found(PRINTER, "near", "cover")
    assert [(each.cause, each.weight) for each in finding.candidates] == [
        ("printer.cover_open", 0.98),
        ("printer.paper_low", 0.98),
    ]
    assert finding.light is Light.FAULT
    assert finding.distinguish is None


def test_a_sign_that_rules_a_cause_out_does_so() -> None:
    assert [each.cause for each in found(PRINTER, "offline", "cover").candidates] == ["printer.cover_open"]


def test_causes_that_share_a_sign_stand_together_with_the_test_that_tells() -> None:
    finding = found(PRINTER, "silent")
    assert [each.cause for each in finding.candidates] == ["printer.no_answer", "printer.write_only"]
    assert sum(each.weight for each in finding.candidates) == pytest.approx(0.98)
    assert finding.distinguish == "print_page"
    assert finding.light is Light.UNKNOWN


def test_a_likely_mild_cause_is_not_outshouted_by_an_unlikely_grave_one() -> None:
    table = DiagnosisTable.from_data(
        {
            "proof": {},
            "cause": {
                "printer.rare": {"light": "fault", "when": [["sign"]], "prior": 0.1},
                "printer.common": {"light": "attention", "when": [["sign"]], "prior": 0.8},
            },
        }
    )
    candidates = table.candidates("printer", frozenset({"sign"}))
    assert [each.cause for each in candidates] == ["printer.common", "printer.rare"]


def test_a_cause_of_another_kind_is_never_named() -> None:
    assert found(BACKEND, "cover").candidates == ()


def test_network_causes_may_be_told_under_a_backend() -> None:
    assert found(BACKEND, "dns.silent").cause == "dns.no_answer"


def test_a_broken_parent_explains_its_children_once() -> None:
    network, backend = found(NETWORK, "dns.silent"), found(BACKEND, "refused")
    parents = {BACKEND: NETWORK}
    _, child = silence_children([network, backend], parents.get, TABLE)
    assert (child.light, child.blocked_by, child.cause) == (Light.UNKNOWN, NETWORK, "dns.no_answer")
    assert child.evidence == backend.evidence


def test_a_child_that_works_is_left_alone() -> None:
    network = found(NETWORK, "dns.silent")
    works = Finding(BACKEND, Light.OK)
    assert silence_children([network, works], {BACKEND: NETWORK}.get, TABLE)[1] is works


def test_a_parent_fault_that_does_not_explain_the_child_leaves_it_alone() -> None:
    cover, drawer = found(PRINTER, "end"), Finding(Subject("drawer", "till"), Light.UNKNOWN)
    parents = {drawer.subject: PRINTER}
    assert silence_children([cover, drawer], parents.get, TABLE)[1] is drawer
    opened = found(PRINTER, "cover")
    assert silence_children([opened, drawer], parents.get, TABLE)[1].blocked_by == PRINTER
