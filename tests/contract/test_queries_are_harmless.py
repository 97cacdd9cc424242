"""Every question of `codecs.queries`, sent to every simulated printer in any state: nothing comes of it.

The questions go down the wire as they are, also where the console would not send them.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from console.drivers.codecs.queries import QUERIES, Query
from console.simulators.paper import Run, Style
from console.simulators.printer import PrinterModel, PrinterSimulator
from tests.client_end import ClientEnd
from tests.contract.families import FAMILIES
from tests.contract.test_auto import JOBS
from tests.waiting import until

RECEIPTS = ("escpos", "star", "starprnt")
STATES = ("", "write_only", "mute", "offline", "cover_open", "paper_out")
# What a till's broken-off job left: half a line in a style of its own.
LEFT = {"escpos": b"\x1b!\x38half ", "star": b"\x1bE\x1bh\x01half ", "starprnt": b"\x1bE\x1bh\x01half "}
BIG = {"escpos": Style(bold=True, high=2, wide=2), "star": Style(bold=True, high=2)}
QUERY = pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.language)


@asynccontextmanager
async def plugged(sim: Any) -> AsyncGenerator[tuple[Any, ClientEnd]]:
    async with sim:
        yield sim, ClientEnd()


async def told(sim: Any, wire: ClientEnd, *pieces: bytes) -> None:
    for piece in pieces:
        sim.received(wire, piece)
    await until(lambda: not sim.waiting or not sim.can_print)


async def next_line(sim: Any, wire: ClientEnd) -> list[Run]:
    await told(sim, wire, b"next\n")
    await until(lambda: "next" in sim.text())
    (line,) = sim.ticket.lines
    return [item for item in line.items if isinstance(item, Run)]


def unharmed(sim: Any) -> bool:
    return not sim.pulses and not sim.papers


@QUERY
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", RECEIPTS)
async def test_nothing_is_printed_and_no_style_is_left(name: str, state: str, query: Query) -> None:
    async with plugged(FAMILIES[name].make("tcp", None)) as (sim, wire):
        if state:
            sim.set_fault(state)
        await told(sim, wire, query.request, query.request)
        if state:
            sim.set_fault(state, False)
        (run,) = await next_line(sim, wire)
        assert (run.text, run.style, run.x) == ("next", Style(), 0)
        assert unharmed(sim)


@QUERY
@pytest.mark.parametrize("state", ["", "write_only", "mute", "cover_open"])
@pytest.mark.parametrize("name", RECEIPTS)
async def test_what_a_broken_off_job_left_stays(name: str, state: str, query: Query) -> None:
    """But for a Star that nobody hears: it forgets that half line instead of printing our question."""
    async with plugged(FAMILIES[name].make("tcp", None)) as (sim, wire):
        await told(sim, wire, LEFT[name])
        if state:
            sim.set_fault(state)
        await told(sim, wire, query.request)
        if state:
            sim.set_fault(state, False)
        (run,) = await next_line(sim, wire)
        forgotten = name != "escpos" and "star" in query.prints_on
        style = Style() if forgotten else BIG.get(name, BIG["star"])
        assert (run.text, run.style) == ("next" if forgotten else "half next", style)
        assert unharmed(sim)


@pytest.mark.parametrize("missing", range(7))
@pytest.mark.parametrize("name", RECEIPTS)
async def test_a_command_that_broke_off_takes_only_what_holds_no_text(name: str, missing: int) -> None:
    """Up to 6 bytes: the questions that come first."""
    picture = b"\x1dv0\x00\x01\x00\x08\x00" if name == "escpos" else b"\x1bK\x08\x00"
    async with plugged(FAMILIES[name].make("tcp", None)) as (sim, wire):
        await told(sim, wire, picture + bytes(8 - missing), *(query.request for query in QUERIES))
        await told(sim, wire, b"next\n")
        await until(lambda: "next" in sim.text())
        items = [item for line in sim.ticket.lines for item in line.items]
        assert [item.text for item in items if isinstance(item, Run)] == ["next"]
        assert unharmed(sim)


@QUERY
@pytest.mark.parametrize(
    "devices",
    [range(256), range(4), range(1, 4), range(2), ()],
    ids=["0-255", "0-3", "1-3", "0-1", "unknown"],
)
async def test_every_reading_of_the_manuals_is_served(devices: Any, query: Query) -> None:
    """ESC = takes other values on each; where it is unknown the second shell has to do."""
    model = PrinterModel(devices=frozenset(devices))
    async with plugged(PrinterSimulator.tcp(model=model)) as (sim, wire):
        sim.set_fault("write_only")
        await told(sim, wire, b"\x1b!\x38half ", query.request)
        (run,) = await next_line(sim, wire)
        assert (run.text, run.style) == ("half next", BIG["escpos"])
        assert sim._setter.selected
        assert unharmed(sim)


@QUERY
async def test_a_downloaded_picture_stays(query: Query) -> None:
    async with plugged(FAMILIES["escpos"].make("tcp", None)) as (sim, wire):
        await told(sim, wire, b"\x1d*\x01\x01" + b"\xff" * 8, query.request, b"\x1d/\x00")
        await until(lambda: sim.ticket.lines)
        assert sim.ticket.lines[0].inked


@QUERY
async def test_a_question_that_broke_off_is_made_good_by_the_next(query: Query) -> None:
    async with plugged(FAMILIES["escpos"].make("tcp", None)) as (sim, wire):
        for end in range(1, len(query.request)):
            await told(sim, wire, query.request[:end])
            sim.lost(wire)
            await told(sim, wire, *(each.request for each in QUERIES))
            sim.lost(wire)
        await told(sim, wire, b"next\n")
        await until(lambda: "next" in sim.text())
        assert sim._setter.selected
        assert unharmed(sim)


@QUERY
@pytest.mark.parametrize("state", ["", "write_only", "mute", "paused", "cover_open"])
@pytest.mark.parametrize("name", ["tspl", "zpl"])
async def test_no_label_comes_out_and_the_next_one_is_whole(name: str, state: str, query: Query) -> None:
    """The line end behind TSPL's own answer clears its line; one that is never heard gets none."""
    async with plugged(FAMILIES[name].make("tcp", None)) as (sim, wire):
        if state:
            sim.set_fault(state)
        own = next(each for each in QUERIES if each.language == name)
        await told(sim, wire, query.request, own.request, own.afterwards)
        assert bool(wire.heard) == (state not in ("write_only", "mute"))
        if state:
            sim.set_fault(state, False)
        await told(sim, wire, JOBS[name])
        await until(lambda: sim.papers)
        (label,) = sim.papers
        assert (label.text.strip(), label.width, label.height) == ("next", 240, 160)


@pytest.mark.parametrize(
    ("name", "bare", "text", "style"),
    [
        ("escpos", b"\x1b!?", "next", Style(small=True, bold=True, high=2, wide=2)),
        ("escpos", b"~HS", "~HSnext", Style()),
        ("star", b"\x1b!?", "?next", Style()),
        ("star", b"~HS", "~HSnext", Style()),
    ],
)
async def test_bare_the_questions_do_harm(name: str, bare: bytes, text: str, style: Style) -> None:
    """Else these tests would show nothing."""
    async with plugged(FAMILIES[name].make("tcp", None)) as (sim, wire):
        await told(sim, wire, bare)
        (run,) = await next_line(sim, wire)
        assert (run.text, run.style) == (text, style)
