"""What a person reads before restarting the till."""

from __future__ import annotations

import asyncio
import os
import threading
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from console.domain.advice import AdviceStep
from console.domain.pending import PendingSales
from console.domain.profile import SyncPending
from console.services.language import LANGUAGES, CauseText, Language
from console.services.unsynced import UnsyncedSales
from console.storage.pending import PendingFolder

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
ENGLISH = Language("en")


class SlowDisk:
    """A folder whose disk answers only when it is let go."""

    def __init__(self) -> None:
        self.released = threading.Event()
        self.looks = 0

    def look(self) -> PendingSales:
        self.looks += 1
        assert self.released.wait(20)
        return PendingSales(0)


def real(folder: Path) -> UnsyncedSales:
    return UnsyncedSales(PendingFolder(SyncPending(str(folder), "*.pending")))


async def test_without_the_setting_nothing_is_claimed() -> None:
    assert await UnsyncedSales().before_restart(ENGLISH, NOW) is None


async def test_what_waits_is_told_with_its_number_and_time(tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / f"{number}.pending"
        path.touch()
        time = (NOW - timedelta(minutes=18 - number)).timestamp()
        os.utime(path, (time, time))
    told = await real(tmp_path).before_restart(ENGLISH, NOW)
    assert told == "3 files of sales wait to be uploaded, since 09:12: do not restart the till before that"
    chinese = await real(tmp_path).before_restart(Language("zh_CN"), NOW)
    assert chinese is not None
    assert "3 个销售文件" in chinese
    assert "09:12" in chinese


async def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert await real(tmp_path).before_restart(ENGLISH, NOW) == "No file of sales waits to be uploaded"


async def test_a_folder_that_cannot_be_read_means_do_not_restart(tmp_path: Path) -> None:
    told = await real(tmp_path / "gone").before_restart(ENGLISH, NOW)
    assert told is not None
    assert str(tmp_path / "gone") in told
    assert "do not restart" in told


async def test_a_dead_disk_holds_up_neither_the_loop_nor_a_second_look() -> None:
    disk = SlowDisk()
    sales = UnsyncedSales(disk, limit=0.05)
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(0.005)
            beats += 1

    beating = asyncio.create_task(beat())
    told = ""
    for _ in range(2):
        told = await sales.before_restart(ENGLISH, NOW) or ""
        assert "does not answer" in told
        assert "do not restart" in told
    beating.cancel()
    assert beats > 2
    assert disk.looks == 1
    disk.released.set()
    async with asyncio.timeout(10):
        while "does not answer" in told:
            told = await sales.before_restart(ENGLISH, NOW) or ""
    assert told == "No file of sales waits to be uploaded"


def test_the_sentence_stands_before_the_first_step_that_restarts() -> None:
    text = CauseText("", "", (AdviceStep("look"), AdviceStep("restart", restart=True), AdviceStep("call")))
    assert text.steps("3 wait") == ("look", "3 wait", "restart", "call")
    assert text.steps(None) == text.advice
    assert CauseText("", "", (AdviceStep("look"),)).steps("3 wait") == ("look",)


@pytest.mark.parametrize("cause", ["address.none", "dns.no_answer", "printer.denied", "scanner.denied"])
def test_advice_that_restarts_says_so_in_both_languages(cause: str) -> None:
    places = {Language(code).cause(cause).restart for code in LANGUAGES}
    assert len(places) == 1
    assert places != {None}
