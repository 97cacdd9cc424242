"""Windows facts from what `route print -4` and `arp -a` print, in Chinese and in English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from ipaddress import ip_address, ip_interface

import pytest

from console.domain.errors import Unsupported
from console.platforms.base import Neighbour
from console.platforms.windows import Windows, run_command

ROUTES = """\
===========================================================================
{list}
 12...00 15 5d 01 02 03 ......Realtek PCIe GbE Family Controller
  1...........................Software Loopback Interface 1
===========================================================================

IPv4 {table}
===========================================================================
{active}:
{columns}
          0.0.0.0          0.0.0.0      192.168.1.1    192.168.1.23     35
          0.0.0.0          0.0.0.0      192.168.8.1     192.168.8.2    281
        127.0.0.0        255.0.0.0         {onlink}         127.0.0.1    331
      192.168.1.0    255.255.255.0         {onlink}      192.168.1.23    291
===========================================================================
{persistent}:
  {persistent_columns}
          0.0.0.0          0.0.0.0      192.168.1.1       1
===========================================================================
"""
ENGLISH = ROUTES.format(
    list="Interface List", table="Route Table", active="Active Routes", onlink="On-link",
    columns="Network Destination        Netmask          Gateway       Interface  Metric",
    persistent="Persistent Routes",
    persistent_columns="Network Address          Netmask  Gateway Address  Metric",
)  # fmt: skip
CHINESE = ROUTES.format(
    list="接口列表", table="路由表", active="活动路由", onlink="在链路上",
    columns="网络目标        网络掩码          网关       接口   跃点数",
    persistent="永久路由", persistent_columns="网络地址          网络掩码  网关地址  跃点数",
)  # fmt: skip
ARP = """
{interface}: 192.168.1.23 --- 0xc
  Internet {address}         {hardware}              {kind}
  192.168.1.1           00-11-22-33-44-55     {dynamic}
  192.168.1.9           00-00-00-00-00-00     {invalid}
  224.0.0.22            01-00-5e-00-00-16     {static}
"""
ENGLISH_ARP = ARP.format(interface="Interface", address="Address", hardware="Physical Address", kind="Type",
                         dynamic="dynamic", static="static", invalid="invalid")  # fmt: skip
CHINESE_ARP = ARP.format(interface="接口", address="地址", hardware="物理地址", kind="类型",
                         dynamic="动态", static="静态", invalid="无效")  # fmt: skip
# What a console in code page 936 prints, as the reader sees it: its ASCII alone is intact.
GARBLED, GARBLED_ARP = (text.encode("gbk").decode("ascii", "replace") for text in (CHINESE, CHINESE_ARP))
ADDRESSES = {
    "以太网": (ip_interface("192.168.1.23/24"),),
    "WLAN": (ip_interface("192.168.8.2/24"),),
    "Loopback": (ip_interface("127.0.0.1/8"),),
}

LANGUAGES = [(ENGLISH, ENGLISH_ARP), (CHINESE, CHINESE_ARP), (GARBLED, GARBLED_ARP)]


@pytest.fixture(params=LANGUAGES, ids=["en", "zh", "garbled"])
def windows(request: pytest.FixtureRequest) -> Windows:
    routes, arp = request.param

    def run(command: Sequence[str]) -> str:
        return str({"route": routes, "arp": arp}[command[0]])

    return Windows(run, lambda: ADDRESSES, lambda: {"以太网": True, "WLAN": False, "Loopback": True})


def test_default_routes(windows: Windows) -> None:
    assert [(str(each.gateway), each.interface, each.metric) for each in windows.default_routes()] == [
        ("192.168.1.1", "以太网", 35),
        ("192.168.8.1", "WLAN", 281),
    ]


@pytest.mark.parametrize(
    ("address", "way"),
    [
        ("203.0.113.7", ("192.168.1.1", "以太网")),
        ("192.168.1.77", ("None", "以太网")),
        ("127.0.0.1", ("None", "Loopback")),
    ],
)
def test_route_to(address: str, way: tuple[str, str], windows: Windows) -> None:
    route = windows.route_to(ip_address(address))
    assert route is not None
    assert (str(route.gateway), route.interface) == way


def test_ipv6_route_is_not_guessed(windows: Windows) -> None:
    with pytest.raises(Unsupported):
        windows.route_to(ip_address("2001:db8::1"))


def test_neighbours(windows: Windows) -> None:
    states = [windows.neighbour(ip_address(f"192.168.1.{last}")) for last in (1, 9, 200)]
    assert states == [Neighbour.COMPLETE, Neighbour.FAILED, Neighbour.NONE]


def test_cards(windows: Windows) -> None:
    assert [(each.name, each.carrier) for each in windows.interfaces()][:2] == [
        ("以太网", True),
        ("WLAN", False),
    ]


def test_command_that_fails_is_said() -> None:
    with pytest.raises(Unsupported, match="no-such-program"):
        run_command(("no-such-program-here", "print"))


def test_stations_are_those_that_answered(windows: Windows) -> None:
    stations = windows.stations()
    assert "192.168.1.1" in stations
    assert "192.168.1.9" not in stations
    assert all(re.fullmatch("([0-9a-f]{2}:){5}[0-9a-f]{2}", each) for each in stations.values())
