"""Linux facts read from recorded /proc and /sys files."""

from __future__ import annotations

import re
from ipaddress import ip_address, ip_interface, ip_network
from pathlib import Path
from time import perf_counter

import pytest

from console.domain.errors import Unsupported
from console.platforms.base import Neighbour, Route
from console.platforms.linux import Linux

ROUTE = """\
Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
wlan0\t00000000\t0101A8C0\t0003\t0\t0\t600\t00000000\t0\t0\t0
eth0\t00000000\tFE32A8C0\t0003\t0\t0\t100\t00000000\t0\t0\t0
eth0\t0032A8C0\t00000000\t0001\t0\t0\t100\t00FFFFFF\t0\t0\t0
wlan0\t0001A8C0\t00000000\t0001\t0\t0\t600\t00FFFFFF\t0\t0\t0
eth0\t0500000A\t0132A8C0\t0007\t0\t0\t0\tFFFFFFFF\t0\t0\t0
*\t0007A8C0\t00000000\t0200\t0\t0\t0\t00FFFFFF\t0\t0\t0
"""
NONE, FE80, ROUTER6 = "0" * 32, "fe80" + "0" * 28, "fe80" + "0" * 27 + "1"
ROUTE6 = f"""\
{FE80} 40 {NONE} 00 {NONE} 00000100 00000001 00000000 00000001     eth0
{NONE} 00 {NONE} 00 {ROUTER6} 00000064 00000002 00000000 00000003     eth0
{NONE[:-1]}1 80 {NONE} 00 {NONE} 00000000 00000002 00000000 80200001       lo
"""
ARP = """\
IP address       HW type     Flags       HW address            Mask     Device
192.168.50.254   0x1         0x2         02:00:5e:10:00:01     *        eth0
192.168.50.9     0x1         0x0         00:00:00:00:00:00     *        eth0
"""
HOSTS = "127.0.0.1 localhost\n# 10.0.0.9 pos.example\n10.0.0.7\tShop-Server shop # back office\n"
RESOLV = "# by hand\nsearch shop\nnameserver 192.168.50.254\nnameserver 2001:db8::53\noptions edns0\n"
CARDS = {
    "eth0": {"flags": "0x1003", "carrier": "1", "device": ""},
    "wlan0": {"flags": "0x1003", "carrier": "0", "device": "", "wireless": ""},
    "lo": {"flags": "0x9", "carrier": "1"},
    "docker0": {"flags": "0x1003", "carrier": "0", "bridge": ""},
    "tun0": {"flags": "0x1091", "carrier": "1"},
    "eth9": {"flags": "0x1002"},
}
ADDRESSES = {
    "eth0": (ip_interface("192.168.50.20/24"),),
    "wlan0": (ip_interface("192.168.1.20/24"),),
    "lo": (ip_interface("127.0.0.1/8"),),
}


@pytest.fixture
def linux(tmp_path: Path) -> Linux:
    files = {
        "proc/net/route": ROUTE,
        "proc/net/ipv6_route": ROUTE6,
        "proc/net/arp": ARP,
        "etc/hosts": HOSTS,
        "etc/resolv.conf": RESOLV,
    }
    for card, parts in CARDS.items():
        for name, text in parts.items():
            files[f"sys/class/net/{card}/{name}"] = text + "\n"
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    (tmp_path / "sys/class/net/bonding_masters").write_text("")
    return Linux(tmp_path, lambda: ADDRESSES)


def test_cards(linux: Linux) -> None:
    cards = {each.name: each for each in linux.interfaces()}
    assert set(cards) == set(CARDS)
    assert (cards["eth0"].up, cards["eth0"].carrier, cards["eth0"].addresses) == (
        True,
        True,
        ADDRESSES["eth0"],
    )
    assert (cards["wlan0"].carrier, cards["wlan0"].wireless, cards["eth0"].wireless) == (False, True, False)
    assert (cards["eth9"].up, cards["eth9"].carrier) == (False, False)
    assert [name for name, card in cards.items() if not card.hardware] == ["docker0", "tun0"]


def test_preferred_default_route_comes_first(linux: Linux) -> None:
    first, second, third = linux.default_routes()
    assert first == Route(ip_network("0.0.0.0/0"), ip_address("192.168.50.254"), "eth0", 100)
    assert (second.interface, second.metric) == ("wlan0", 600)
    assert third.gateway == ip_address("fe80::1%eth0")


@pytest.mark.parametrize(
    ("address", "interface", "gateway"),
    [
        ("203.0.113.7", "eth0", "192.168.50.254"),
        ("192.168.1.9", "wlan0", None),
        ("10.0.0.5", "eth0", "192.168.50.1"),
        ("127.0.0.1", "lo", None),
        ("192.168.50.20", "lo", None),
        ("2001:db8::1", "eth0", "fe80::1%eth0"),
    ],
)
def test_route_to(address: str, interface: str, gateway: str | None, linux: Linux) -> None:
    route = linux.route_to(ip_address(address))
    assert route is not None
    assert (route.interface, route.gateway) == (interface, ip_address(gateway) if gateway else None)


def test_no_way_without_routes(tmp_path: Path) -> None:
    (tmp_path / "sys/class/net").mkdir(parents=True)
    lonely = Linux(tmp_path, dict)
    assert lonely.route_to(ip_address("203.0.113.7")) is None
    assert (lonely.default_routes(), lonely.resolvers(), lonely.hosts("shop")) == ((), (), ())


def test_neighbours(linux: Linux) -> None:
    assert linux.neighbour(ip_address("192.168.50.254")) is Neighbour.COMPLETE
    assert linux.neighbour(ip_address("192.168.50.9")) is Neighbour.FAILED
    assert linux.neighbour(ip_address("192.168.50.25")) is Neighbour.NONE
    with pytest.raises(Unsupported):
        linux.neighbour(ip_address("fe80::1"))


def test_resolvers_and_hosts(linux: Linux) -> None:
    assert linux.resolvers() == ("192.168.50.254", "2001:db8::53")
    assert linux.hosts("shop-server") == linux.hosts("shop") == ("10.0.0.7",)
    assert linux.hosts("pos.example") == ()


def test_reading_is_quick(linux: Linux) -> None:
    def once() -> float:
        begun = perf_counter()
        (
            linux.interfaces(),
            linux.default_routes(),
            linux.route_to(ip_address("203.0.113.7")),
            linux.resolvers(),
        )
        return perf_counter() - begun

    assert min(once() for _ in range(5)) < 0.005


def test_stations_are_those_that_answered(linux: Linux) -> None:
    stations = linux.stations()
    assert "192.168.50.254" in stations
    assert "192.168.50.9" not in stations
    assert all(re.fullmatch("([0-9a-f]{2}:){5}[0-9a-f]{2}", each) for each in stations.values())
