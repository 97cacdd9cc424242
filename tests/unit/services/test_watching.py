"""Pollers and the chronicle go on whatever happens to one look or one change."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from console.domain.check import CheckResult, LightChange
from console.domain.diagnosis import DiagnosisTable
from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import Subject
from console.domain.words import Words
from console.platforms.clock import SystemClock
from console.services.board import Board
from console.services.check import CheckService
from console.services.chronicle import Chronicle
from console.services.monitor import Monitor
from console.services.roster import Roster

FRONT = Subject("printer", "front")
TABLE = DiagnosisTable.from_data({"proof": {"printer": [["fine"]]}, "cause": {}})
ALONE: dict[Subject, Subject] = {}


class Looked:
    """Counts how often it was asked."""

    def __init__(self) -> None:
        self.times = 0

    async def examine(self) -> Sequence[Evidence]:
        self.times += 1
        return ()


class Flaky:
    """A history whose first change fails in a way that nobody foresaw, or whose disk never answers."""

    def __init__(self, hangs: bool = False) -> None:
        self.kept: list[Light] = []
        self.calls = 0
        self.hangs = hangs

    async def open(self) -> Words | None:
        return None

    async def add_check(self, result: CheckResult) -> None: ...

    async def add_change(self, change: LightChange) -> None:
        self.calls += 1
        if self.hangs:
            await asyncio.Event().wait()
        if self.calls == 1:
            raise RuntimeError("not foreseen")
        self.kept.append(change.finding.light)

    async def changes(self, limit: int) -> Sequence[tuple[datetime, str, str, str | None]]:
        return ()

    async def last_check(self) -> tuple[datetime, float, int] | None:
        return None


async def until(condition: object) -> None:
    async with asyncio.timeout(5):
        while not condition():  # type: ignore[operator]  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_a_poller_survives_a_listener_that_raises() -> None:
    clock, looked, reported = SystemClock("Asia/Shanghai"), Looked(), list[str]()
    board = Board([FRONT], ALONE.get, TABLE, clock)
    check = CheckService(
        "店", Roster({FRONT: looked}), ALONE.get, TABLE, clock, board, Flaky(), {}, lambda *_: None
    )

    def broken(_: LightChange) -> None:
        raise RuntimeError("a widget that is gone")

    board.subscribe(broken)
    monitor = Monitor(check, [FRONT], lambda _, where: reported.append(where), calm=0.01, alert=0.01)
    monitor.start()
    await until(lambda: looked.times > 3)
    await monitor.stop()
    assert reported[0] == "watching printer:front"


async def test_one_change_that_cannot_be_kept_does_not_lose_the_later_ones() -> None:
    board, history = Board([FRONT], ALONE.get, TABLE, SystemClock("Asia/Shanghai")), Flaky()
    reported: list[str] = []
    chronicle = Chronicle(board, history, lambda _, where: reported.append(where))
    chronicle.start()
    for light in (Light.FAULT, Light.OK):
        board.put(Finding(FRONT, light))
    await until(lambda: history.kept)
    await chronicle.stop()
    assert history.kept == [Light.OK]
    assert reported == ["keeping a change of printer:front"]


async def test_the_first_healthy_light_is_no_event() -> None:
    board, history = Board([FRONT], ALONE.get, TABLE, SystemClock("Asia/Shanghai")), Flaky()
    chronicle = Chronicle(board, history, lambda *_: None)
    chronicle.start()
    board.put(Finding(FRONT, Light.OK))
    await chronicle.stop()
    assert history.calls == 0


async def test_a_disk_that_never_answers_does_not_keep_the_window_open() -> None:
    board = Board([FRONT], ALONE.get, TABLE, SystemClock("Asia/Shanghai"))
    chronicle = Chronicle(board, Flaky(hangs=True), lambda *_: None)
    chronicle.start()
    board.put(Finding(FRONT, Light.FAULT))
    async with asyncio.timeout(10):
        await chronicle.stop()
