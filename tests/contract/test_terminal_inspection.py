"""The look at a card terminal: a person's three answers, and what stands of them until the next look."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence

import pytest

from console.domain.evidence import Evidence
from console.domain.lights import Light
from console.domain.profile import Terminal
from console.domain.selftest import Level
from console.domain.subjects import Subject
from console.platforms import here
from console.platforms.clock import SystemClock
from console.probes.terminal import TerminalExaminer
from console.services.language import Language, diagnosis_table
from console.services.roster import Roster
from console.services.selftest import Person, SelftestService
from tests.contract.test_till_selftests import answering

CARD = Subject("terminal", "card")


class Nothing:
    """Notes nothing."""

    def get(self, name: str, otherwise: str) -> str:
        return otherwise

    def put(self, name: str, value: str) -> None:
        pass


class Bench:
    """One terminal on this computer behind the service, and what its test leaves standing."""

    def __init__(self, port: int, serial: str | None = "53412345") -> None:
        clock, language = SystemClock("Asia/Shanghai"), Language("zh_CN")
        entry = Terminal("card", "127.0.0.1", "S920", serial, port=port, firmware="7.1")
        self.standing: dict[Subject, Sequence[Evidence]] = {}
        roster = Roster({CARD: TerminalExaminer(entry, here(), clock, Nothing())})
        self.service = SelftestService(
            "店", roster, diagnosis_table(), clock, lambda: language, str, lambda _: None, self.standing
        )


@pytest.fixture
def port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


async def test_only_asking_tells_who_it_is(port: int) -> None:
    result = await Bench(port).service.start(CARD, Level.INTERNAL).result()
    assert (result.passed, result.finding.light) == (True, Light.OK)
    identity = {"ModelName": "S920", "SerialNumber": "53412345", "FirmwareRevision": "7.1"}
    assert dict(result.identity) == identity


async def test_a_look_at_everything_passes(port: int) -> None:
    ask, asked = answering(screen=True, label=True, sides=True)
    bench = Bench(port)
    result = await bench.service.start(CARD, Level.INTERACTIVE, Person(ask)).result()
    assert (result.passed, result.finding.light, bench.standing) == (True, Light.OK, {})
    assert ["ready" in asked[0], "53412345" in asked[1], "from all sides" in asked[2]] == [True] * 3


@pytest.mark.parametrize(
    ("no", "cause", "light"),
    [
        ("screen", "terminal.not_ready", Light.ATTENTION),
        ("label", "terminal.swapped", Light.ATTENTION),
        ("sides", "terminal.tampered", Light.FAULT),
    ],
)
async def test_each_no_has_its_cause_and_stands_until_the_next_look(
    port: int, no: str, cause: str, light: Light
) -> None:
    ask, _ = answering(**{"screen": True, "label": True, "sides": True, no: False})
    bench = Bench(port)
    result = await bench.service.start(CARD, Level.INTERACTIVE, Person(ask)).result()
    assert (result.passed, result.finding.cause, result.finding.light) == (False, cause, light)
    assert CARD in bench.standing
    ask, _ = answering(screen=True, label=True, sides=True)
    await bench.service.start(CARD, Level.INTERACTIVE, Person(ask)).result()
    assert bench.standing == {}


async def test_a_look_that_was_not_finished_claims_nothing(port: int) -> None:
    ask, _ = answering(screen=True, label=True, sides=None)
    result = await Bench(port).service.start(CARD, Level.INTERACTIVE, Person(ask)).result()
    assert (result.passed, result.finding.light) == (None, Light.OK)


async def test_without_a_serial_number_nobody_is_asked_about_it(port: int) -> None:
    ask, asked = answering(screen=True, sides=True)
    result = await Bench(port, None).service.start(CARD, Level.INTERACTIVE, Person(ask)).result()
    assert (result.passed, len(asked)) == (True, 2)
