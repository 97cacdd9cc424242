"""A card terminal on the network: what proves it there, and what silence does not tell."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from console.domain.diagnosis import DiagnosisTable
from console.domain.errors import BadInput, Unsupported
from console.domain.findings import Finding, judge
from console.domain.lights import Light
from console.domain.profile import Terminal
from console.domain.subjects import Subject
from console.domain.words import say
from console.platforms.base import Neighbour
from console.probes import terminal as probe
from console.probes.ping import ping
from console.probes.terminal import TerminalExaminer
from console.services.language import diagnosis_table

CARD = Subject("terminal", "card")
NOWHERE = "192.0.2.60"  # documentation only: nobody has it
FIRST, SECOND, MADE_UP = "00:00:5e:00:53:01", "00:00:5e:00:53:02", "02:00:5e:00:53:01"


class Noted:
    """What was noted, in memory."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    def get(self, name: str, otherwise: str) -> str:
        return self.values.get(name, otherwise)

    def put(self, name: str, value: str) -> None:
        self.values[name] = value


@pytest.fixture(scope="module")
def devices() -> DiagnosisTable:
    return diagnosis_table()


@pytest.fixture
def no_ping(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: str) -> float | None:
        raise Unsupported(say("This system lets no ordinary user ping"))

    monkeypatch.setattr(probe, "ping", refused)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch, no_ping: None) -> None:
    monkeypatch.setattr(probe, "_SECONDS", 0.1)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as line:
        yield line


Look = Callable[..., Any]


@pytest.fixture
def look(clock: Any, platform: Any, devices: DiagnosisTable) -> Look:
    async def looked(noted: Noted | None = None, **entry: Any) -> Finding:
        examiner = TerminalExaminer(Terminal("card", **entry), platform, clock, noted or Noted())
        return judge(CARD, await examiner.examine(), devices)

    return looked


def probes(finding: Finding) -> dict[str, str]:
    return {each.probe: each.result for each in finding.evidence}


@pytest.mark.usefixtures("no_ping")
async def test_a_port_that_accepts_is_the_proof(look: Look, listener: socket.socket) -> None:
    port = listener.getsockname()[1]
    finding = await look(
        address="127.0.0.1", port=port, model="S920", serial_number="53412345", firmware="7.1"
    )
    assert (finding.light, finding.cause) == (Light.OK, None)
    assert probes(finding)[f"terminal.tcp.{port}"] == "connected"
    assert "Its line to the bank is its own" in str(finding.evidence[-1].meaning)
    facts = [finding.fact(name) for name in ("ModelName", "SerialNumber", "FirmwareRevision")]
    assert facts == ["S920", "53412345", "7.1"]


@pytest.mark.usefixtures("no_ping")
async def test_a_refusal_proves_the_host_and_only_the_named_port_is_missed(
    look: Look, listener: socket.socket
) -> None:
    port = listener.getsockname()[1]
    listener.close()
    finding = await look(address="127.0.0.1", port=port)
    assert (finding.light, finding.cause) == (Light.ATTENTION, "terminal.port_closed")
    assert probes(finding)[f"terminal.tcp.{port}"] == "ECONNREFUSED"
    assert (await look(address="127.0.0.1")).light is Light.OK  # no port was promised


@pytest.mark.usefixtures("quick")
async def test_silence_is_not_told_from_a_firewall(look: Look) -> None:
    finding = await look(address=NOWHERE)
    assert {each.cause for each in finding.candidates} == {"terminal.unreachable", "terminal.quiet"}
    assert (finding.light, finding.distinguish) == (Light.FAULT, "terminal_screen")


@pytest.mark.usefixtures("quick")
async def test_nobody_on_the_cable_is_sure(look: Look, platform: Any) -> None:
    platform.state = Neighbour.FAILED
    finding = await look(address=NOWHERE)
    assert [each.cause for each in finding.candidates] == ["terminal.unreachable"]


@pytest.mark.usefixtures("quick")
async def test_one_that_only_the_cable_knows_is_never_green(look: Look, platform: Any) -> None:
    platform.hardware = {NOWHERE: FIRST}
    finding = await look(address=NOWHERE)
    assert (finding.light, finding.cause) == (Light.UNKNOWN, "terminal.quiet")
    assert finding.fact("HardwareAddress") == FIRST


async def test_a_system_that_tells_no_neighbours_says_so(look: Look, platform: Any) -> None:
    platform.silent = True
    finding = await look(address="127.0.0.1")
    assert finding.light is Light.OK
    assert probes(finding)["terminal.neighbour"] == "?"


async def test_another_hardware_address_is_an_exchange_until_it_is_told(look: Look, platform: Any) -> None:
    noted = Noted()
    platform.hardware = {"127.0.0.1": FIRST}
    first = await look(noted, address="127.0.0.1", serial_number="A1")
    assert (first.light, first.fact("HardwareAddressSince")) == (
        Light.OK,
        datetime.now(UTC).date().isoformat(),
    )
    platform.hardware = {"127.0.0.1": SECOND}
    swapped = await look(noted, address="127.0.0.1", serial_number="A1")
    assert (swapped.light, swapped.cause) == (Light.ATTENTION, "terminal.swapped")
    assert f"{SECOND} instead of {FIRST}" in " ".join(str(each.meaning) for each in swapped.evidence)
    assert (
        await look(noted, address="127.0.0.1", serial_number="B2")
    ).light is Light.OK  # exchanged on purpose
    platform.hardware = {"127.0.0.1": FIRST}
    assert (await look(noted, address="127.0.0.1", serial_number="A1")).light is Light.OK  # the first is back


async def test_a_made_up_hardware_address_accuses_nobody(look: Look, platform: Any) -> None:
    noted = Noted()
    platform.hardware = {"127.0.0.1": MADE_UP}
    assert (await look(noted, address="127.0.0.1")).light is Light.OK
    assert noted.values == {}


async def test_without_an_address_nothing_is_claimed(look: Look) -> None:
    finding = await look(model="S920")
    assert (finding.light, finding.cause) == (Light.UNKNOWN, None)
    assert "write it there" in str(finding.evidence[0].meaning)


def test_this_system_pings_itself_or_says_that_it_may_not() -> None:
    try:
        seconds = ping("127.0.0.1", 2.0)
    except Unsupported:
        return
    assert seconds is not None
    assert seconds < 2


@pytest.mark.parametrize("wrong", ["tcp://192.168.1.60", "card.local", "192.168.1.600", ""])
def test_an_address_that_is_none_is_refused(wrong: str) -> None:
    with pytest.raises(BadInput):
        Terminal("card", wrong)


def test_an_impossible_port_is_refused() -> None:
    with pytest.raises(BadInput):
        Terminal("card", "192.168.1.60", port=0)
