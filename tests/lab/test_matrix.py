"""Rows of the fault matrix, built for real: the true cause comes first, or the exact inseparable set.

ip link, addresses, routes and nftables between three namespaces; needs root on Linux.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.lab.town import NOBODY, ROUTER, SERVER, TILL, Town


def missing() -> str | None:
    """Why the lab cannot be built here."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "network namespaces need root on Linux"
    tools = [tool for tool in ("ip", "nft", "dnsmasq", "sysctl") if shutil.which(tool) is None]
    if tools:
        return f"not installed: {', '.join(tools)}"
    tried = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False)
    return None if tried.returncode == 0 else "this system gives no network namespaces"


WHY_NOT = missing()
pytestmark = [pytest.mark.lab, pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))]


@pytest.fixture(scope="module")
def built() -> Iterator[Town]:
    with Town() as town:
        yield town


@pytest.fixture
def town(built: Town) -> Iterator[Town]:
    yield built
    built.restore()


def orders(
    town: Town, port: int = 8443, host: str = "pos.example", path: str = "/health", **more: Any
) -> dict[str, Any]:
    url = f"https://{host}:{port}{path}"
    return {"name": "orders", "url": url, "ca_file": str(town.trusted), **more}


def check(town: Town, backend: dict[str, Any], **network: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    findings = town.examine([backend], {"dns": ROUTER, **network})
    return findings["network"], findings["backend:orders"]


def test_sound_town_is_ok(town: Town) -> None:
    network, backend = check(town, orders(town))
    assert (network["light"], backend["light"]) == ("ok", "ok"), (network, backend)
    assert ["dns.resolved"] in [signs for *_, signs, _ in backend["evidence"]]


def test_row_10_mute_to_ping_is_healthy(town: Town) -> None:
    town.filter("G", "input", "icmp type echo-request drop")
    network, backend = check(town, orders(town))
    assert (network["light"], backend["light"]) == ("ok", "ok"), (network, backend)


GATEWAY_SET = {"gateway.down", "gateway.wrong", "address.wrong_network"}
OWN_NETWORK: dict[str, tuple[Callable[[Town], object], dict[str, str], set[str]]] = {
    "1": (lambda town: town.ip("-n G link set g0 down"), {}, {"link.no_carrier"}),
    "2": (lambda town: town.ip("-n P link set p0 down"), {}, {"link.disabled"}),
    "3": (lambda town: town.ip("-n P addr flush dev p0"), {}, {"address.none"}),
    "4": (lambda town: readdress(town, "169.254.7.9/16"), {}, {"address.self_assigned"}),
    "5": (lambda town: town.ip("-n P route del default"), {}, {"route.none"}),
    "6": (lambda town: reroute(town, "10.77.1.9"), {}, GATEWAY_SET),
    "6, gateway known": (lambda town: reroute(town, "10.77.1.9"), {"gateway": ROUTER}, {"gateway.wrong"}),
    "7": (lambda town: move(town), {}, GATEWAY_SET),
    "7, gateway known": (lambda town: move(town), {"gateway": ROUTER}, {"address.wrong_network"}),
    "8, gateway known": (lambda town: narrow(town), {"gateway": ROUTER}, {"address.bad_mask"}),
    "9": (lambda town: town.ip("-n G addr flush dev g0"), {}, GATEWAY_SET),
    "14": (lambda town: town.filter("G", "input", "udp dport 53 drop"), {}, {"dns.no_answer"}),
    "15": (lambda town: town.filter("G", "input", "udp dport 53 reject"), {}, {"dns.refused"}),
}  # fmt: skip


def readdress(town: Town, address: str) -> None:
    town.ip("-n P addr flush dev p0")
    town.ip(f"-n P addr add {address} dev p0")


def narrow(town: Town) -> None:
    readdress(town, f"{TILL}/30")


def reroute(town: Town, gateway: str) -> None:
    town.ip(f"-n P route replace default via {gateway} dev p0")


def move(town: Town) -> None:
    readdress(town, "192.168.88.50/24")
    reroute(town, "192.168.88.1")


# The page with the known answer lies on S; told about the shop's line, and once.
PAGE = {"internet_check": f"http://{SERVER}:8451/status/204"}
BEYOND: dict[str, tuple[Callable[[Town], object], dict[str, Any], set[str]]] = {
    "12": (lambda town: town.ip("-n G link set g1 down"), PAGE, {"internet.down"}),
    "13": (lambda town: forward(town, "drop"), PAGE, {"internet.blackhole"}),
    "33": (
        lambda town: None,
        {"internet_check": f"http://{SERVER}:8451/portal"},
        {"internet.captive_portal"},
    ),
    "40d": (
        lambda town: None,
        {"internet_check": f"http://{SERVER}:8451/status/407"},
        {"internet.proxy_auth"},
    ),
}


@pytest.mark.parametrize("row", BEYOND)
def test_beyond_the_shop(row: str, town: Town) -> None:
    break_it, setup, causes = BEYOND[row]
    break_it(town)
    network, backend = check(town, orders(town), **setup)
    assert (network["light"], set(network["causes"])) == ("fault", causes), network
    assert backend["blocked_by"] == (None if backend["light"] == "ok" else "network"), backend


def test_a_mute_page_is_no_fault_while_a_backend_beyond_answers(town: Town) -> None:
    forward(town, "tcp dport 8451 drop")
    network, backend = check(town, orders(town), **PAGE)
    assert (network["light"], backend["light"]) == ("ok", "ok"), (network, backend)
    assert ["internet.elsewhere"] in [signs for *_, signs, _ in network["evidence"]]


@pytest.mark.parametrize("row", OWN_NETWORK)
def test_own_network(row: str, town: Town) -> None:
    break_it, setup, causes = OWN_NETWORK[row]
    break_it(town)
    network, backend = check(town, orders(town), **setup)
    assert network["light"] == "fault", network
    assert set(network["causes"]) == causes, network
    assert (network["distinguish"] is not None) == (len(causes) > 1)
    # Told once: the backend is not blamed.
    assert (backend["light"], backend["blocked_by"]) == ("unknown", "network"), backend


SILENT_SET = {"backend.filtered", "local.firewall", "backend.one_way", "backend.overloaded"}
# Nothing shows whether the computer is there: it, or the line, may be gone as well.
ALL_SILENT_SET = SILENT_SET | {"backend.host_down", "internet.blackhole"}
REFUSED_SET = {"backend.refused", "local.firewall", "backend.service_stopped"}
STATUS = {
    "40a": (401, "auth.unauthorized"),
    "40b": (403, "auth.forbidden"),
    "40c": (404, "backend.wrong_path"),
    "40d": (407, "internet.proxy_auth"),
    "40e": (426, "backend.version_unsupported"),
    "40f": (429, "backend.rate_limited"),
    "40g": (502, "backend.server_error"),
    "40h": (503, "backend.maintenance"),
}
# The town is sound, but this backend is not: all of these are examined in one go, side by side.
BAD_BACKENDS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "16": ({"host": "nowhere.example"}, {"dns.unknown_name"}),
    "17": ({"host": "old.example", "known_addresses": [SERVER]}, {"dns.stale"}),
    "18": ({"host": "lured.example", "known_addresses": [SERVER]}, {"dns.hijacked"}),
    "21": ({"port": 8499}, REFUSED_SET),
    "24": ({"host": NOBODY}, {"backend.host_down"}),
    "34": ({"port": 8449}, {"tls.intercepted"}),
    "35": ({"port": 8444}, {"tls.expired"}),
    "36": ({"port": 8448}, {"clock.wrong"}),
    "37": ({"port": 8445}, {"tls.wrong_host"}),
    "38": ({"port": 8446}, {"tls.untrusted"}),
    "38, incomplete chain": ({"port": 8450}, {"tls.missing_intermediate"}),
    "39": ({"port": 8447}, {"backend.wrong_service"}),
    **{row: ({"path": f"/status/{status}"}, {cause}) for row, (status, cause) in STATUS.items()},
}


@pytest.fixture(scope="module")
def side_by_side(built: Town) -> dict[str, Any]:
    backends = [orders(built, **{**changes, "name": row}) for row, (changes, _) in BAD_BACKENDS.items()]
    return built.examine(backends, {"dns": ROUTER})


@pytest.mark.parametrize("row", BAD_BACKENDS)
def test_bad_backend(row: str, side_by_side: dict[str, Any]) -> None:
    assert side_by_side["network"]["light"] == "ok", side_by_side["network"]
    assert_cause(side_by_side[f"backend:{row}"], BAD_BACKENDS[row][1])


def assert_cause(backend: dict[str, Any], causes: set[str]) -> None:
    assert backend["light"] == "fault", backend
    assert set(backend["causes"]) == causes, backend
    assert (backend["distinguish"] is not None) == (len(causes) > 1)


ON_THE_WAY: dict[str, tuple[Callable[[Town], object], dict[str, Any], set[str]]] = {
    "12": (lambda town: town.ip("-n G link set g1 down"), {}, {"internet.down"}),
    "13": (lambda town: forward(town, "drop"), {}, {"internet.blackhole"}),
    "19": (lambda town: forward(town, "tcp dport 8443 drop"), {}, SILENT_SET),
    "19, other ports known": (
        lambda town: forward(town, "tcp dport 8443 drop; udp dport 33434-33500 drop"),
        {"sibling_ports": [9443]},
        SILENT_SET,
    ),
    "19, mute to all else": (lambda town: hide(town), {}, ALL_SILENT_SET),
    "20": (
        lambda town: forward(town, "tcp dport 8443 reject with icmpx admin-prohibited"),
        {},
        {"backend.filtered"},
    ),
    "22, by reject": (lambda town: leave(town, "tcp dport 8443 reject with tcp reset"), {}, REFUSED_SET),
    "22, by drop": (lambda town: leave(town, "tcp dport 8443 drop"), {}, SILENT_SET),
    "31, certificate": (lambda town: forward(town, "meta length > 640 drop"), {}, {"path.mtu"}),
    "31, answer": (
        lambda town: forward(town, "meta length > 1300 drop"),
        {"url": f"http://{SERVER}:8451/large"},
        {"path.mtu"},
    ),
    "28": (lambda town: forward(town, "tcp sport 8443 drop"), {}, SILENT_SET),
}


def slowest(backend: dict[str, Any]) -> float:
    """Seconds of the longest question."""
    return max(float(seconds) for *_, seconds in backend["evidence"])


def forward(town: Town, rule: str) -> None:
    town.filter("G", "forward", rule)


def hide(town: Town) -> None:
    """No router tells anything, and the server neither."""
    town.filter("S", "input", "drop")
    town.filter("G", "output", "icmp type { time-exceeded, destination-unreachable } drop")


def leave(town: Town, rule: str) -> None:
    town.filter("P", "output", rule)


@pytest.mark.parametrize("row", ON_THE_WAY)
def test_on_the_way(row: str, town: Town) -> None:
    break_it, changes, causes = ON_THE_WAY[row]
    break_it(town)
    network, backend = check(town, orders(town, **changes))
    assert network["light"] == "ok", network
    assert_cause(backend, causes)


def test_row_29_a_line_that_loses_packets_is_told_while_sales_go_on(town: Town) -> None:
    forward(town, "numgen random mod 10 < 3 drop")
    seen: list[Any] = []
    for _ in range(8):  # chance may spare one check, or break another
        _, backend = check(town, orders(town))
        seen.append((backend["light"], backend["causes"]))
        if seen[-1] == ("attention", ["quality.loss"]):
            return
    raise AssertionError(seen)


def test_a_service_that_begins_slowly_loses_nothing(town: Town) -> None:
    process = town.serve({8462: "drowsy"})
    _, backend = check(town, orders(town, 8462))
    assert backend["light"] == "ok", backend
    assert any(probe.startswith("tcp.burst") and not signs for probe, _, _, signs, _ in backend["evidence"])
    town.stop(process)


def test_row_25_stopped_service(town: Town) -> None:
    process = town.serve({8460: "good"})
    assert check(town, orders(town, 8460))[1]["light"] == "ok"
    town.stop(process)
    _, backend = check(town, orders(town, 8460))
    assert_cause(backend, REFUSED_SET)


def test_row_26_frozen_service(town: Town) -> None:
    process = town.serve({8461: "good"})
    process.send_signal(signal.SIGSTOP)
    _, backend = check(town, orders(town, 8461))
    assert_cause(backend, {"backend.hung"})
    assert slowest(backend) < 5


def test_nothing_is_left_behind() -> None:
    def standing() -> set[str]:
        listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True).stdout
        return {line.split()[0] for line in listed.splitlines()}

    with Town() as town:
        assert set(town.spaces.values()) <= standing()
    assert not set(town.spaces.values()) & standing()
