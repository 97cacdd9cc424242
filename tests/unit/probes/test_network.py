"""The store's own network: each broken rung is named and ends the climb."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from ipaddress import ip_address, ip_interface, ip_network
from typing import Any

import pytest

from console.domain.diagnosis import DiagnosisTable
from console.domain.findings import Finding, judge
from console.domain.lights import Light
from console.domain.profile import Backend, NetworkSetup, Store, StoreProfile
from console.domain.subjects import NETWORK
from console.platforms.base import Interface, Neighbour, Route
from console.probes.path import NetworkExaminer
from console.simulators.backend import BackendSimulator
from console.simulators.dns import DnsSimulator

Examine = Callable[..., Any]
WAY_OUT = Route(ip_network("0.0.0.0/0"), ip_address("127.0.0.1"), "eth0", 0)
EVERYWHERE = "https://pos.example/health"


def card(up: bool = True, carrier: bool | None = True, *addresses: str) -> Interface:
    return Interface(
        "eth0", up, carrier, False, True, tuple(map(ip_interface, addresses or ("192.0.2.50/24",)))
    )


@pytest.fixture
def examine(clock: Any, table: DiagnosisTable) -> Examine:
    async def examined(platform: Any, url: str = EVERYWHERE, **setup: Any) -> Finding:
        profile = StoreProfile(Store("shop"), NetworkSetup(**setup), backend=(Backend("orders", url),))
        return judge(NETWORK, await NetworkExaminer(profile, platform, clock).examine(), table)

    return examined


def rungs(finding: Finding) -> list[str]:
    return [each.probe.split(".")[0] for each in finding.evidence]


@pytest.mark.parametrize(
    ("broken", "cause"),
    [
        (card(carrier=False), "link.no_carrier"),
        (card(up=False, carrier=False), "link.disabled"),
    ],
)
async def test_broken_link_ends_the_climb(
    broken: Interface, cause: str, make_platform: Callable[..., Any], examine: Examine
) -> None:
    finding = await examine(make_platform(cards=(broken,), routes=()))
    assert (finding.light, finding.cause, rungs(finding)) == (Light.FAULT, cause, ["link"])


async def test_no_card_at_all(make_platform: Callable[..., Any], examine: Examine) -> None:
    assert (await examine(make_platform(cards=(), routes=()))).cause == "link.disabled"


@pytest.mark.parametrize(
    ("addresses", "gateway", "cause"),
    [
        (("fe80::1/64",), "auto", "address.none"),
        (("169.254.9.9/16",), "auto", "address.self_assigned"),
        (("192.168.88.5/24",), "192.168.1.1", "address.wrong_network"),
        (("192.168.1.50/30",), "192.168.1.1", "address.bad_mask"),
    ],
)
async def test_bad_address(
    addresses: tuple[str, ...], gateway: str, cause: str, make_platform: Callable[..., Any], examine: Examine
) -> None:
    finding = await examine(make_platform(cards=(card(True, True, *addresses),), routes=()), gateway=gateway)
    assert (finding.cause, rungs(finding)) == (cause, ["link", "address"])
    assert len(finding.candidates) == 1


async def test_no_route(make_platform: Callable[..., Any], examine: Examine) -> None:
    finding = await examine(make_platform(cards=(card(),), routes=()))
    assert (finding.light, finding.cause) == (Light.FAULT, "route.none")


GATEWAY_STATES = {
    Neighbour.FAILED: ["gateway.down", "gateway.wrong", "address.wrong_network"],
    Neighbour.NONE: ["gateway.down", "gateway.wrong", "address.wrong_network"],
    Neighbour.COMPLETE: ["dns.missing"],  # it is on the cable, so the climb goes on
}


@pytest.mark.parametrize("state", GATEWAY_STATES)
async def test_gateway_that_answers_nothing_is_judged_by_the_neighbour_table(
    state: Neighbour, make_platform: Callable[..., Any], examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(_: str) -> None:
        return None

    monkeypatch.setattr("console.probes.gateway._first_answer", nobody)
    way = Route(ip_network("0.0.0.0/0"), ip_address("192.0.2.1"), "eth0", 0)
    finding = await examine(make_platform(cards=(card(),), routes=(way,), state=state))
    assert [each.cause for each in finding.candidates] == GATEWAY_STATES[state]


async def test_mute_gateway_on_the_cable_is_enough_for_a_store_without_names(
    make_platform: Callable[..., Any], examine: Examine, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nobody(_: str) -> None:
        return None

    monkeypatch.setattr("console.probes.gateway._first_answer", nobody)
    way = Route(ip_network("0.0.0.0/0"), ip_address("192.0.2.1"), "eth0", 0)
    platform = make_platform(cards=(card(),), routes=(way,), state=Neighbour.COMPLETE)
    assert (await examine(platform, url="https://203.0.113.7/")).light is Light.OK


async def test_another_router_than_the_profiles_is_attention(
    make_platform: Callable[..., Any], examine: Examine
) -> None:
    platform = make_platform(cards=(card(),), routes=(WAY_OUT,))
    finding = await examine(platform, url="https://203.0.113.7/", gateway="192.0.2.1")
    assert "gateway.alive" in finding.evidence[2].signs
    assert (finding.light, [each.cause for each in finding.candidates]) == (
        Light.ATTENTION,
        ["gateway.differs"],
    )


async def test_gateway_that_refuses_is_alive(make_platform: Callable[..., Any], examine: Examine) -> None:
    finding = await examine(make_platform(cards=(card(),), routes=(WAY_OUT,)), url="https://203.0.113.7/")
    assert "gateway.alive" in finding.evidence[2].signs


async def test_names_are_asked_of_each_server(make_platform: Callable[..., Any], examine: Examine) -> None:
    platform = make_platform(cards=(card(),), routes=(WAY_OUT,))
    async with DnsSimulator.start({"pos.example": "203.0.113.7"}) as server:
        assert (await examine(platform, dns=server.address)).light is Light.OK
        server.set_fault("unknown_name")  # an answer all the same
        assert (await examine(platform, dns=server.address)).light is Light.OK
        server.set_fault("unknown_name", False)
        server.set_fault("refused")
        assert (await examine(platform, dns=server.address)).cause == "dns.refused"
        server.set_fault("refused", False)
        server.set_fault("mute")
        assert (await examine(platform, dns=server.address)).cause == "dns.no_answer"
    assert (await examine(platform, dns=server.address)).cause == "dns.refused"


async def test_garbage_from_a_name_server_is_no_answer(
    make_platform: Callable[..., Any], examine: Examine
) -> None:
    class Liar(asyncio.DatagramProtocol):
        def connection_made(self, transport: Any) -> None:
            self.transport = transport

        def datagram_received(self, data: bytes, addr: Any) -> None:
            self.transport.sendto(b"\xff" * 40, addr)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Liar, ("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    finding = await examine(make_platform(cards=(card(),), routes=(WAY_OUT,)), dns=f"127.0.0.1:{port}")
    transport.close()
    assert finding.cause == "dns.no_answer"
    assert "dns.garbage" in finding.evidence[-1].signs


async def test_missing_name_server(make_platform: Callable[..., Any], examine: Examine) -> None:
    assert (await examine(make_platform(cards=(card(),), routes=(WAY_OUT,)))).cause == "dns.missing"


async def test_store_on_this_computer_is_ok(platform: Any, examine: Examine) -> None:
    assert (await examine(platform, url="https://127.0.0.1:8443/", gateway="127.0.0.1")).light is Light.OK


async def test_what_the_system_does_not_tell_is_never_ok(
    make_platform: Callable[..., Any], examine: Examine
) -> None:
    told_nothing = make_platform(cards=(card(carrier=None),), silent=True)
    finding = await examine(told_nothing, url="https://203.0.113.7/")
    assert (finding.light, finding.candidates) == (Light.UNKNOWN, ())


async def test_backend_in_the_shop_needs_no_gateway(
    make_platform: Callable[..., Any], examine: Examine
) -> None:
    near = Route(ip_network("192.0.2.0/24"), None, "eth0", 0)
    finding = await examine(make_platform(cards=(card(),), routes=(near,)), url="http://192.0.2.9/")
    assert finding.light is Light.OK
    assert "gateway.not_needed" in finding.evidence[2].signs


PAGE_SHOWS = {
    None: ("internet.ok", None),
    "captive_portal": ("internet.captive", "internet.captive_portal"),
    "proxy_auth": ("internet.proxy", "internet.proxy_auth"),
    "server_error": ("internet.silent", "internet.blackhole"),
    "refused": ("internet.silent", "internet.blackhole"),
    "hang": ("internet.silent", "internet.blackhole"),
}


@pytest.mark.parametrize("fault", PAGE_SHOWS)
async def test_the_page_with_the_known_answer(
    fault: str | None, make_platform: Callable[..., Any], examine: Examine
) -> None:
    sign, cause = PAGE_SHOWS[fault]
    platform = make_platform(cards=(card(),), routes=(WAY_OUT,))
    async with BackendSimulator.start(tls=False) as page:
        if fault:
            page.set_fault(fault)
        finding = await examine(
            platform, "https://127.0.0.1:9/", internet_check=f"http://127.0.0.1:{page.port}/generate_204"
        )
    assert (finding.evidence[-1].probe, finding.evidence[-1].signs) == ("internet.check", {sign})
    assert finding.cause == cause
    assert finding.light is (Light.FAULT if cause else Light.OK)


async def test_another_answer_than_the_known_one_is_somebody_in_between(
    make_platform: Callable[..., Any], examine: Examine
) -> None:
    platform = make_platform(cards=(card(),), routes=(WAY_OUT,))
    async with BackendSimulator.start(tls=False) as page:
        finding = await examine(
            platform, "https://127.0.0.1:9/", internet_check=f"http://127.0.0.1:{page.port}/health"
        )
    assert finding.cause == "internet.captive_portal"


async def test_a_page_that_has_no_name_says_nothing_of_the_line(
    make_platform: Callable[..., Any], examine: Examine
) -> None:
    platform = make_platform(cards=(card(),), routes=(WAY_OUT,))
    async with DnsSimulator.start({"pos.example": "203.0.113.7"}) as server:
        finding = await examine(
            platform, dns=server.address, internet_check="http://gone.example/generate_204"
        )
    assert finding.light is Light.OK
    assert (finding.evidence[-1].probe, finding.evidence[-1].signs) == ("internet.check", frozenset())
