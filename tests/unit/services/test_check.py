"""The full check: side by side, bounded, honest about what failed, cancellable."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from console.domain.check import CheckResult, LightChange
from console.domain.diagnosis import DiagnosisTable
from console.domain.errors import BadInput, Denied, TillkeeperError
from console.domain.evidence import Evidence
from console.domain.lights import Light
from console.domain.ports import Examiner
from console.domain.subjects import NETWORK, Subject
from console.domain.words import Words, say
from console.platforms.clock import SystemClock
from console.services.board import Board
from console.services.check import CheckService, Failed
from console.services.roster import Roster

FRONT, KITCHEN, OFF = Subject("printer", "front"), Subject("printer", "kitchen"), Subject("printer", "old")
TABLE = DiagnosisTable.from_data(
    {
        "proof": {"printer": [["fine"]], "network": [["fine"]]},
        "cause": {
            "printer.cover_open": {"light": "fault", "when": [["cover"]]},
            "printer.denied": {"light": "fault", "when": [["denied"]]},
            "link.no_carrier": {"light": "fault", "when": [["no_carrier"]], "blocks": ["printer"]},
            "printer.cut_off": {"light": "fault", "when": [["no_carrier_here"]], "blocks": ["printer"]},
        },
    }
)


def evidence(*signs: str) -> Evidence:
    return Evidence("probe", "", say("seen"), datetime(2026, 11, 22, tzinfo=UTC), 0.0, frozenset(signs))


class Answers:
    def __init__(self, *signs: str) -> None:
        self.signs = signs

    async def examine(self) -> Sequence[Evidence]:
        return (evidence(*self.signs),)


class Raises:
    def __init__(self, error: Exception) -> None:
        self.error = error

    async def examine(self) -> Sequence[Evidence]:
        raise self.error


class Waits:
    """Waits until everybody who should meet here is here."""

    def __init__(self, barrier: asyncio.Barrier | None = None) -> None:
        self.barrier = barrier
        self.let_go = False

    async def examine(self) -> Sequence[Evidence]:
        try:
            await (self.barrier.wait() if self.barrier else asyncio.Event().wait())
        finally:
            self.let_go = True
        return (evidence("fine"),)


class Kept:
    """A history in memory; `full` makes the disk full."""

    def __init__(self, full: bool = False) -> None:
        self.results: list[CheckResult] = []
        self.full = full

    async def open(self) -> Words | None:
        return None

    async def add_check(self, result: CheckResult) -> None:
        if self.full:
            raise TillkeeperError(say("the disk is full"), "disk_full")
        self.results.append(result)

    async def add_change(self, change: LightChange) -> None: ...

    async def changes(self, limit: int) -> Sequence[tuple[datetime, str, str, str | None]]:
        return ()

    async def last_check(self) -> tuple[datetime, float, int] | None:
        return None


REPORTED: list[str] = []


def failures() -> Failed:
    REPORTED.clear()
    return lambda error, where: REPORTED.append(where)


def service(
    examiners: dict[Subject, Examiner | None], history: Kept | None = None, limit: float = 5.0
) -> tuple[CheckService, Board]:
    clock = SystemClock("Asia/Shanghai")
    parents = {FRONT: NETWORK}
    board = Board(examiners, parents.get, TABLE, clock)
    roster = Roster(examiners)
    return CheckService(
        "人民路店", roster, parents.get, TABLE, clock, board, history or Kept(), {}, failures(), limit
    ), board


async def test_every_subject_gets_a_finding_and_the_result_is_kept() -> None:
    history = Kept()
    check, board = service({FRONT: Answers("fine"), KITCHEN: Answers("cover"), OFF: None}, history)
    result = await check.start().result()
    assert {str(each.subject): each.light for each in result.findings} == {
        "printer:front": Light.OK, "printer:kitchen": Light.FAULT, "printer:old": Light.OFF,
    }  # fmt: skip
    assert result.overall is Light.FAULT
    assert history.results == [result]
    assert board.finding(KITCHEN).cause == "printer.cover_open"


async def test_subjects_are_asked_side_by_side() -> None:
    barrier = asyncio.Barrier(2)
    check, _ = service({FRONT: Waits(barrier), KITCHEN: Waits(barrier)})
    result = await check.start().result()
    assert result.overall is Light.OK


async def test_a_subject_that_never_ends_is_unknown_and_holds_nobody_up() -> None:
    check, _ = service({FRONT: Answers("fine"), KITCHEN: Waits()}, limit=0.05)
    result = await check.start().result()
    front, kitchen = result.findings
    assert (front.light, kitchen.light) == (Light.OK, Light.UNKNOWN)
    assert kitchen.evidence[0].result == "timeout"


async def test_a_known_trouble_is_evidence() -> None:
    check, _ = service({FRONT: Raises(Denied(say("not allowed")))})
    assert (await check.start().result()).findings[0].cause == "printer.denied"


async def test_a_broken_examiner_is_unknown_reported_and_tells_no_secret() -> None:
    check, _ = service({FRONT: Raises(ZeroDivisionError("hunter2")), KITCHEN: Answers("fine")})
    front, kitchen = (await check.start().result()).findings
    assert (front.light, kitchen.light) == (Light.UNKNOWN, Light.OK)
    assert "ZeroDivisionError" in str(front.evidence[0].meaning)
    assert "hunter2" not in repr(front)
    assert REPORTED == ["examining printer:front"]


async def test_a_full_disk_does_not_take_the_verdict_away() -> None:
    check, _ = service({FRONT: Answers("fine")}, Kept(full=True))
    assert (await check.start().result()).overall is Light.OK


async def test_only_what_was_named_is_asked() -> None:
    check, _ = service({FRONT: Answers("fine"), KITCHEN: Answers("fine"), NETWORK: Answers("fine")})
    assert [str(each.subject) for each in (await check.start(["printer:kitchen"]).result()).findings] == [
        "printer:kitchen"
    ]
    assert len((await check.start(["printer"]).result()).findings) == 2
    with pytest.raises(BadInput, match=r"printer:back.*printer:front, printer:kitchen, network"):
        check.start(["printer:back"])


async def test_cancel_lets_go_of_every_device() -> None:
    waits = Waits()
    check, _ = service({FRONT: waits})
    job = check.start()
    async for step in job.steps():
        if FRONT in step.waiting:
            job.cancel()
    with pytest.raises(asyncio.CancelledError):
        await job.result()
    assert waits.let_go


async def test_progress_counts_what_is_done() -> None:
    check, _ = service({FRONT: Answers("fine"), KITCHEN: Answers("fine")})
    job = check.start()
    await job.result()
    assert (job.step.done, job.step.total) == (2, 2)


async def test_a_broken_network_silences_what_hangs_behind_it() -> None:
    check, board = service({FRONT: Answers("cover"), NETWORK: Answers("no_carrier")})
    front, network = (await check.start().result()).findings
    assert (front.light, front.blocked_by, front.cause) == (Light.UNKNOWN, NETWORK, "link.no_carrier")
    assert network.light is Light.FAULT
    assert board.finding(FRONT).blocked_by == NETWORK


async def test_what_only_a_self_test_sees_is_weighed_along() -> None:
    clock, board_of = SystemClock("Asia/Shanghai"), {FRONT: Answers("fine")}
    alone: dict[Subject, Subject] = {}
    board = Board(board_of, alone.get, TABLE, clock)
    standing: dict[Subject, Sequence[Evidence]] = {FRONT: [evidence("cover")]}
    check = CheckService("店", Roster(board_of), alone.get, TABLE, clock, board, Kept(), standing, failures())
    assert (await check.examine(FRONT)).cause == "printer.cover_open"
    standing.clear()
    assert (await check.examine(FRONT)).light is Light.OK


async def test_a_network_fault_is_never_shown_under_what_hangs_behind_it() -> None:
    check, board = service({FRONT: Answers("no_carrier_here"), NETWORK: Answers("no_carrier")})
    shown: list[tuple[Subject, Light]] = []
    board.subscribe(lambda change: shown.append((change.finding.subject, change.finding.light)))
    await check.examine(FRONT)
    assert (FRONT, Light.FAULT) not in shown
    assert board.finding(NETWORK).light is Light.FAULT
