"""What is different since a backend last worked: kept over restarts, claimed only where both are known."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say
from console.services.board import Board
from console.services.language import diagnosis_table
from console.services.worked import LastWorked

ORDERS = Subject("backend", "orders")
URLS = {ORDERS: "https://pos.example/"}
GROUND = {"address.eth0": {"address": "192.168.1.23"}, "gateway.192.168.1.1": {"gateway": "192.168.1.1"}}


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 25, 9, 28, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def seconds(self) -> float:
        return self.at.timestamp()


class Noted(dict[str, str]):
    writes = 0

    def get(self, name: str, otherwise: str) -> str:  # type: ignore[override]  # as ports.Settings has it
        return super().get(name, otherwise)

    def put(self, name: str, value: str) -> None:
        self.writes += 1
        self[name] = value


class Shop:
    """A board, and what follows it."""

    def __init__(self, noted: Noted | None = None, url: str = URLS[ORDERS]) -> None:
        self.clock, self.noted = Clock(), Noted() if noted is None else noted
        self.board = Board((NETWORK, ORDERS), lambda _: None, diagnosis_table(), self.clock)
        self.worked = LastWorked(self.board, {ORDERS: url}, self.noted)

    def tell(
        self, works: bool, ground: dict[str, dict[str, str]] = GROUND, names: str = "203.0.113.7"
    ) -> None:
        def piece(probe: str, result: str = "-", *signs: str, **facts: str) -> Evidence:
            return Evidence(probe, result, say("seen"), self.clock.at, 0.01, frozenset(signs), facts)

        network = tuple(piece(probe, **facts) for probe, facts in ground.items())
        end = piece("http.get", "200", "http.expected") if works else piece("tcp.x", "-", "tcp.timeout")
        way = (piece("dns.pos.example", names, "dns.resolved"), end)
        self.board.put(Finding(NETWORK, Light.OK, evidence=network))
        self.board.put(Finding(ORDERS, Light.OK if works else Light.FAULT, evidence=way))

    def changed(self) -> list[tuple[str, str, str]]:
        worked = self.worked.of(ORDERS)
        assert worked is not None
        return [(each.name, each.before, each.now) for each in worked.changed]


def test_nothing_is_said_while_it_works_or_where_it_never_did() -> None:
    shop = Shop()
    shop.tell(works=False)
    assert shop.worked.of(ORDERS) is None
    shop.tell(works=True)
    assert shop.worked.of(ORDERS) is None


def test_each_value_that_is_another_one_now_is_told_with_both() -> None:
    shop = Shop()
    shop.tell(works=True)
    began = shop.clock.at
    shop.clock.at += timedelta(minutes=3)
    moved = {"address.eth0": {"address": "192.168.0.9"}, "gateway.192.168.0.1": {"gateway": "192.168.0.1"}}
    shop.tell(works=False, ground=moved, names="198.51.100.4")
    assert shop.changed() == [
        ("address", "192.168.1.23", "192.168.0.9"),
        ("router", "192.168.1.1", "192.168.0.1"),
        ("names", "203.0.113.7", "198.51.100.4"),
    ]
    worked = shop.worked.of(ORDERS)
    assert worked is not None
    assert worked.at == began


def test_what_is_not_seen_now_is_not_called_changed() -> None:
    shop = Shop()
    shop.tell(works=True)
    shop.tell(works=False, ground={})
    assert shop.changed() == []


def test_a_name_with_several_addresses_has_changed_when_none_is_left() -> None:
    shop = Shop()
    shop.tell(works=True, names="203.0.113.7, 203.0.113.8")
    shop.tell(works=False, names="203.0.113.8, 203.0.113.9")
    assert shop.changed() == []
    shop.tell(works=False, names="203.0.113.9")
    assert shop.changed() == [("names", "203.0.113.7, 203.0.113.8", "203.0.113.9")]


def test_it_is_known_after_a_restart_and_an_edited_profile_counts() -> None:
    shop = Shop()
    shop.tell(works=True)
    later = Shop(shop.noted, url="https://new.example/")
    later.tell(works=False)
    assert later.changed() == [("setup", "https://pos.example/", "https://new.example/")]


def test_the_disk_is_not_written_at_every_look() -> None:
    shop = Shop()
    for _ in range(10):
        shop.tell(works=True)
        shop.clock.at += timedelta(seconds=15)
    assert shop.noted.writes == 1
    shop.clock.at += timedelta(minutes=5)
    shop.tell(works=True)
    assert shop.noted.writes == 2
    shop.tell(works=True, names="198.51.100.4")
    assert shop.noted.writes == 3


@pytest.mark.parametrize(
    "content",
    ["", "[]", "7", "{}", '{"at": 7}', '{"at": "noon"}', '{"at": "2026-11-25T09:00:00"}',
     '{"at": "2026-11-25T09:00:00+00:00", "router": 7}', json.dumps("x" * 100)],
)  # fmt: skip
def test_what_somebody_else_wrote_there_is_nothing(content: str) -> None:
    shop = Shop(Noted({f"worked {ORDERS}": content}))
    shop.tell(works=False)
    assert shop.worked.of(ORDERS) is None
