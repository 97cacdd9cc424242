"""The display driver against a simulated display of each command set, on pseudo-terminals."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.errors import TillkeeperError
from console.domain.lights import Light
from console.drivers.display import SerialDisplay
from console.drivers.registry import connector
from console.simulators.display import BLOCK, PROTOCOLS, DisplaySimulator
from tests.waiting import until


@pytest.fixture(params=PROTOCOLS)
async def glass(request: pytest.FixtureRequest) -> AsyncGenerator[DisplaySimulator, None]:
    async with DisplaySimulator.pty(protocol=request.param) as made:
        yield made


def driver(sim: Any, clock: Any, chinese: bool = True, protocol: str = "") -> SerialDisplay:
    way = connector(parse_address(sim.address, "display"))
    return SerialDisplay(way, clock, protocol or sim.protocol, chinese)


async def shows(glass: DisplaySimulator, upper: str, lower: str) -> None:
    """Wait until the glass shows both lines."""
    await until(lambda: glass.lines == (upper, lower))


async def test_both_lines_with_chinese(glass: Any, clock: Any) -> None:
    pole = driver(glass, clock)
    await pole.show("应收 128.50", "Change 1.50")
    await shows(glass, "应收 128.50", "Change 1.50")
    await pole.show("谢谢", "")
    await shows(glass, "谢谢", "")


async def test_latin_where_the_model_has_no_chinese(glass: Any, clock: Any) -> None:
    glass.set_fault("latin_only")
    await driver(glass, clock, chinese=False).show("Total 应收", "12.50")
    await shows(glass, "Total ??", "12.50")


async def test_chinese_sent_to_a_model_without_it_shows_other_signs(glass: Any, clock: Any) -> None:
    glass.set_fault("latin_only")
    await driver(glass, clock).show("收", "-")
    await shows(glass, "收".encode("gbk").decode("cp437"), "-")


async def test_every_dot_and_then_none(glass: Any, clock: Any) -> None:
    pole = driver(glass, clock)
    await pole.light_all()
    await shows(glass, BLOCK * 20, BLOCK * 20)
    assert glass.picture().startswith(b"\x89PNG")
    await pole.clear()
    await shows(glass, "", "")


@pytest.mark.parametrize("spoken", PROTOCOLS)
async def test_the_other_command_set_does_not_show_the_text(glass: Any, clock: Any, spoken: str) -> None:
    if spoken == glass.protocol:
        spoken = next(each for each in PROTOCOLS if each != spoken)
    await driver(glass, clock, chinese=False, protocol=spoken).show("Tillkeeper test", "TK1")
    await until(lambda: "TK1" in "".join(glass.lines))
    assert glass.lines != ("Tillkeeper test", "TK1")


async def test_a_look_sends_nothing_and_proves_nothing(glass: Any, clock: Any, judged: Any) -> None:
    pole = driver(glass, clock)
    await pole.show("Total", "12.50")
    await shows(glass, "Total", "12.50")
    finding = judged("display", await pole.examine())
    assert (finding.light, finding.cause) == (Light.UNKNOWN, "display.not_proven")
    assert glass.lines == ("Total", "12.50")


async def test_a_display_that_was_unplugged_is_a_fault(glass: Any, clock: Any, judged: Any) -> None:
    pole = driver(glass, clock)
    await glass.unplug()
    finding = judged("display", await pole.examine())
    assert (finding.light, finding.cause) == (Light.FAULT, "display.not_found")
    with pytest.raises(TillkeeperError):
        await pole.show("a", "b")
    await glass.plug_in()
    assert judged("display", await pole.examine()).light is Light.UNKNOWN


async def test_a_display_that_another_program_holds_is_busy(glass: Any, clock: Any, judged: Any) -> None:
    way = connector(parse_address(glass.address, "display"))()
    await way.open(lambda _: None, lambda _: None)
    try:
        finding = judged("display", await driver(glass, clock).examine())
    finally:
        await way.close()
    assert (finding.light, finding.cause) == (Light.ATTENTION, "display.busy")
