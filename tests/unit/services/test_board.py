"""The lights as they are now, and who hears of them."""

from __future__ import annotations

from console.domain.check import LightChange
from console.domain.diagnosis import Candidate, DiagnosisTable
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import NETWORK, Subject
from console.platforms.clock import SystemClock
from console.services.board import Board

ORDERS = Subject("backend", "orders")
TABLE = DiagnosisTable.from_data(
    {
        "proof": {},
        "cause": {
            "dns.no_answer": {"light": "fault", "when": [["silent"]], "blocks": ["backend"]},
            "backend.refused": {"light": "fault", "when": [["refused"]]},
        },
    }
)
REFUSED = Finding(ORDERS, Light.FAULT, (Candidate("backend.refused", 0.98),))
NO_DNS = Finding(NETWORK, Light.FAULT, (Candidate("dns.no_answer", 0.98),))


def board() -> tuple[Board, list[LightChange]]:
    made = Board([ORDERS, NETWORK], {ORDERS: NETWORK}.get, TABLE, SystemClock("Asia/Shanghai"))
    heard: list[LightChange] = []
    made.subscribe(heard.append)
    return made, heard


def test_before_the_first_look_everything_is_unknown() -> None:
    made, _ = board()
    assert {each.light for each in made.findings} == {Light.UNKNOWN}
    assert made.since(ORDERS) is None


def test_the_first_known_light_has_no_previous_one() -> None:
    made, heard = board()
    made.put(REFUSED)
    assert [(each.finding.light, each.previous) for each in heard] == [(Light.FAULT, None)]


def test_since_stays_while_the_light_stays() -> None:
    made, heard = board()
    made.put(REFUSED)
    since = made.since(ORDERS)
    made.put(REFUSED)
    assert made.since(ORDERS) == since
    assert heard[1].previous is Light.FAULT


def test_a_parent_that_breaks_and_mends_changes_its_child_both_times() -> None:
    made, heard = board()
    made.put(REFUSED)
    made.put(NO_DNS)
    assert made.finding(ORDERS).blocked_by == NETWORK
    made.put(Finding(NETWORK, Light.OK))
    assert made.finding(ORDERS) == REFUSED
    assert [(str(each.finding.subject), each.finding.light) for each in heard] == [
        ("backend:orders", Light.FAULT),
        ("backend:orders", Light.UNKNOWN),
        ("network", Light.FAULT),
        ("backend:orders", Light.FAULT),
        ("network", Light.OK),
    ]


def test_who_unsubscribed_hears_nothing_more() -> None:
    made, _ = board()
    heard: list[LightChange] = []
    made.subscribe(heard.append)()
    made.put(REFUSED)
    assert heard == []
