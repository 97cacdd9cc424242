"""The ladder shows the first broken rung and greys what lies above it."""

from __future__ import annotations

from datetime import UTC, datetime

from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.ladder import RUNGS, Rung, ladder
from console.domain.lights import Light
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
GROUND = {"link.eth0": "link.up", "address.eth0": "address.usable", "gateway.192.0.2.1": "gateway.alive"}
WHOLE_WAY = {
    "dns.pos.example": "dns.resolved",
    "tcp.203.0.113.7:443": "tcp.connected",
    "tls.203.0.113.7:443": "tls.trusted",
    "http.get": "http.expected",
}


def seen(subject: Subject, shown: dict[str, str]) -> Finding:
    evidence = tuple(piece(probe, sign) for probe, sign in shown.items())
    return Finding(subject, Light.UNKNOWN, evidence=evidence)


def piece(probe: str, *signs: str) -> Evidence:
    return Evidence(probe, "-", say(probe), NOON, 0.0, frozenset(signs))


def climbed(ground: dict[str, str], above: dict[str, str]) -> tuple[Rung, ...]:
    return ladder(seen(NETWORK, ground), seen(Subject("backend", "orders"), above))


def lights(rungs: tuple[Rung, ...]) -> str:
    letters = {Light.OK: "o", Light.ATTENTION: "a", Light.FAULT: "F", Light.UNKNOWN: "-", Light.OFF: "x"}
    return "".join(letters[rung.light] for rung in rungs)


def test_whole_way_holds() -> None:
    rungs = climbed(GROUND, WHOLE_WAY)
    assert lights(rungs) == "ooooooo"
    assert tuple(rung.name for rung in rungs) == RUNGS
    assert str(rungs[6].words) == "http.get"


def test_nothing_known_is_never_ok() -> None:
    assert lights(ladder(None, None)) == "-------"


def test_network_alone_shows_the_lower_rungs() -> None:
    assert lights(ladder(seen(NETWORK, GROUND), None)) == "ooo----"


def test_first_broken_rung_hides_those_above() -> None:
    rungs = climbed({"link.eth0": "link.no_carrier"}, {"tcp.203.0.113.7:443": "tcp.timeout"})
    assert lights(rungs) == "F------"
    assert str(rungs[0].words) == "link.eth0"
    assert rungs[4].evidence is None


def test_route_speaks_for_the_gateway() -> None:
    ground = {**GROUND, "route.default": "route.none"}
    del ground["gateway.192.0.2.1"]
    assert lights(climbed(ground, {})) == "ooF----"


def test_clock_speaks_for_tls() -> None:
    above = {**WHOLE_WAY, "tls.203.0.113.7:443": "tls.expired", "clock.http_date": "clock.agrees"}
    del above["http.get"]
    assert lights(climbed(GROUND, above)) == "oooooF-"


def test_backends_own_name_goes_before_the_networks_resolver() -> None:
    ground = {**GROUND, "dns.shop": "dns.answers"}
    assert lights(climbed(ground, {"dns.pos.example": "dns.nxdomain"})) == "oooF---"


def test_silent_gateway_that_carries_is_no_fault() -> None:
    assert lights(climbed({**GROUND, "gateway.192.0.2.1": "gateway.silent"}, WHOLE_WAY)) == "ooaoooo"


def test_plain_http_has_no_tls_rung() -> None:
    above = {probe: sign for probe, sign in WHOLE_WAY.items() if not probe.startswith("tls")}
    assert lights(climbed(GROUND, above)) == "oooooxo"


def test_certificate_that_runs_out_wants_a_look() -> None:
    orders = Subject("backend", "orders")
    soon = piece("tls.days", "tls.trusted", "tls.expires_soon")
    evidence = (*seen(orders, WHOLE_WAY).evidence, soon)
    rungs = ladder(seen(NETWORK, GROUND), Finding(orders, Light.UNKNOWN, evidence=evidence))
    assert lights(rungs) == "oooooao"
    assert rungs[5].evidence is soon


def test_the_internet_is_told_before_the_backend_on_it() -> None:
    ground = {**GROUND, "dns.192.0.2.1": "dns.answers"}
    checked = {**ground, "internet.check": "internet.ok"}
    assert lights(ladder(seen(NETWORK, checked), None)) == "ooooo--"
    stopped = {"dns.pos.example": "dns.resolved", "tcp.203.0.113.7:443": "tcp.timeout"}
    assert lights(climbed(checked, stopped)) == "ooooF--"
    portal = {**ground, "internet.check": "internet.captive"}
    assert lights(climbed(portal, stopped)) == "ooooF--"
    assert lights(climbed(portal, WHOLE_WAY)) == "ooooaoo"
