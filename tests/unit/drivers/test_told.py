"""What a line has told goes to the printer's evidence, and counts only where the printer says nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from datetime import UTC, datetime

import pytest

from console.domain import ports
from console.domain.evidence import Evidence, signs_of
from console.domain.head import Head
from console.domain.recovery import Recovery
from console.domain.selftest import Grade, Proof
from console.domain.words import say
from console.drivers.told import Fact, Told, WithTold


class WallClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def seconds(self) -> float:
        return time.monotonic()


class Speaker:
    """A printer's driver that shows one sign."""

    sign = "status.silent"

    async def examine(self) -> Sequence[Evidence]:
        return [Evidence("asked", "", say("x"), datetime.now(UTC), 0.0, frozenset({self.sign}))]

    async def identify(self) -> tuple[Mapping[str, str], Mapping[str, int]]:
        return {}, {}

    async def print_test_page(
        self, page: ports.TestPage, report: ports.Report
    ) -> tuple[Proof, Sequence[Evidence]]:
        return Proof(Grade.E, say("x")), ()

    def head(self) -> Head:
        return Head.of(58)

    async def kick(self, pin: int) -> None:
        raise AssertionError(pin)

    def can_recover(self, how: Recovery, signs: frozenset[str]) -> bool:
        raise AssertionError(how)

    async def recover(self, how: Recovery) -> Sequence[Evidence]:
        raise AssertionError(how)

    async def pushes(self) -> AsyncGenerator[Sequence[Evidence], None]:
        yield await self.examine()


@pytest.mark.parametrize("flaw", ["silent", "wrong_protocol", "garbage", "half_reply"])
async def test_a_line_is_looked_at_once_until_the_printer_is_understood_again(flaw: str) -> None:
    told: Told = {}
    looks: list[bool] = []
    turn = asyncio.Lock()

    async def look() -> None:
        looks.append(turn.locked())
        told["serial.speed"] = Fact("19200", say("x"), frozenset({"speed.other"}))

    speaker = Speaker()
    printer = WithTold(speaker, told, WallClock(), turn, look)
    speaker.sign = f"status.{flaw}"
    for _ in range(3):
        assert "speed.other" in signs_of(await printer.examine())
    assert looks == [True]  # nobody else has the line meanwhile
    speaker.sign = "status.online"
    assert signs_of(await printer.examine()) == {"status.online"}
    speaker.sign = f"status.{flaw}"
    await printer.examine()
    assert len(looks) == 2


async def test_the_lines_signs_do_not_contradict_a_printer_that_answers() -> None:
    told: Told = {"usb.port_status": Fact("38", say("x"), frozenset({"usb.paper_empty"}))}
    speaker = Speaker()
    printer = WithTold(speaker, told, WallClock(), asyncio.Lock())
    assert "usb.paper_empty" in signs_of(await printer.examine())
    speaker.sign = "status.online"
    evidence = await printer.examine()
    assert [each.probe for each in evidence] == ["asked", "usb.port_status"]
    assert printer.head() == Head.of(58)
    assert signs_of(evidence) == {"status.online"}
