"""A card terminal in a network namespace: there, gone, behind a firewall, and another one in its place."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.lab.test_matrix import WHY_NOT
from tests.lab.town import run

pytestmark = [pytest.mark.lab, pytest.mark.skipif(WHY_NOT is not None, reason=str(WHY_NOT))]

TILL, CARD = "10.78.1.50", "10.78.1.60"
HERS, ANOTHER = "00:00:5e:00:53:01", "00:00:5e:00:53:02"
STORE = '[store]\nname = "店"\nlanguage = "en"\n\n[[terminal]]\nname = "card"\naddress = "10.78.1.60"\n'

_numbers = itertools.count()


class Counter:
    """The till's namespace P and the terminal's T, on one cable; made and removed here."""

    def __init__(self, folder: Path) -> None:
        number = next(_numbers)
        self.spaces = {name: f"till-card-{os.getpid()}-{number}-{name}" for name in "PT"}
        self._folder = folder
        self.profile = folder / "store.toml"
        self.profile.write_text(STORE, "utf-8")

    def build(self) -> None:
        """Both ends up; nobody may ping but through the system's datagram sockets."""
        for space in self.spaces.values():
            run("ip", "netns", "add", space)
        self.ip("link add p0 netns P type veth peer name t0 netns T")
        self.ip(f"-n T link set t0 address {HERS}")
        for space, card, address in (("P", "p0", TILL), ("T", "t0", CARD)):
            self.ip(f"-n {space} addr add {address}/24 dev {card}")
            self.ip(f"-n {space} link set {card} up")
            self.ip(f"-n {space} link set lo up")
        self.inside("P", "sysctl", "-qw", "net.ipv4.ping_group_range=0 2147483647")

    def remove(self) -> None:
        """Nothing is left."""
        for space in self.spaces.values():
            subprocess.run(["ip", "netns", "del", space], capture_output=True, check=False)

    def ip(self, line: str) -> None:
        """An `ip` command in which P and T stand for the namespaces."""
        run("ip", *(self.spaces.get(word, word) for word in line.split()))

    def inside(self, name: str, *command: str) -> str:
        """What a command prints inside a namespace."""
        return run("ip", "netns", "exec", self.spaces[name], *command)

    def mute(self, but: str = "") -> None:
        """A firewall in the terminal that lets nothing in but ARP, and what the rule `but` accepts."""
        rules = (
            f"table inet lab {{\nchain c {{\ntype filter hook input priority 0; policy drop;\n{but}\n}}\n}}\n"
        )
        run("ip", "netns", "exec", self.spaces["T"], "nft", "-f", "-", told=rules)

    def check(self) -> dict[str, Any]:
        """What `check` says of the terminal, run inside the till's namespace."""
        done = subprocess.run(
            ["ip", "netns", "exec", self.spaces["P"], sys.executable, "-m", "console", "check", "--json",
             "--profile", str(self.profile), "--only", "terminal"],
            env={**os.environ, "TILLKEEPER_HOME": str(self._folder / "home"),
                 "PYTHONPATH": str(Path(__file__).parents[2])},
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        (finding,) = json.loads(done.stdout)["findings"]
        assert isinstance(finding, dict)
        return finding


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    made = Counter(tmp_path)
    try:
        made.build()
        yield made
    finally:
        made.remove()


def results(finding: dict[str, Any]) -> dict[str, str]:
    return {each["probe"]: each["result"] for each in finding["evidence"]}


def test_one_that_answers_is_well_and_known_again(counter: Counter) -> None:
    for _ in range(2):
        finding = counter.check()
        assert (finding["light"], finding["cause"]) == ("ok", None)
        assert results(finding)["terminal.hardware"] == HERS


def test_another_device_at_its_address_is_told_after_a_new_start(counter: Counter) -> None:
    assert counter.check()["light"] == "ok"
    counter.ip(f"-n T link set t0 address {ANOTHER}")
    counter.ip("-n P neigh flush dev p0")
    finding = counter.check()
    assert (finding["light"], finding["cause"]) == ("attention", "terminal.swapped")
    assert any(f"{ANOTHER} instead of {HERS}" in each["meaning"] for each in finding["evidence"])
    counter.profile.write_text(STORE + 'serial_number = "B2"\n', "utf-8")  # it was exchanged on purpose
    assert counter.check()["light"] == "ok"


def test_unplugged_it_cannot_be_reached(counter: Counter) -> None:
    counter.ip("-n T link set t0 down")
    counter.ip("-n P neigh flush dev p0")
    finding = counter.check()
    assert finding["cause"] == "terminal.unreachable"
    assert finding["light"] != "ok"


def test_on_the_cable_nobody_has_its_address(counter: Counter) -> None:
    counter.ip(f"-n T addr del {CARD}/24 dev t0")
    finding = counter.check()
    assert (finding["light"], finding["cause"]) == ("fault", "terminal.unreachable")
    assert [each["cause"] for each in finding["candidates"]] == ["terminal.unreachable"]


def test_behind_its_firewall_it_is_known_by_the_cable_and_not_green(counter: Counter) -> None:
    counter.mute()
    finding = counter.check()
    assert (finding["light"], finding["cause"]) == ("unknown", "terminal.quiet")
    assert results(finding)["terminal.ping"] == "no answer"


def test_a_ping_needs_no_root_where_the_system_lets_users_ask(counter: Counter) -> None:
    counter.mute(but="meta l4proto icmp accept")
    finding = counter.check()
    assert finding["light"] == "ok"
    assert results(finding)["terminal.ping"].endswith(" ms")
    counter.inside("P", "sysctl", "-qw", "net.ipv4.ping_group_range=1 0")
    finding = counter.check()
    assert (finding["cause"], results(finding)["terminal.ping"]) == ("terminal.quiet", "?")
