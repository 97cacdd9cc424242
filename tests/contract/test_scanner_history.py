"""What self-tests measured of a scanner is kept over time, beyond the end of the program."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from console.app.store import compose
from console.domain.selftest import Level
from console.domain.subjects import Subject
from console.services.console import Console
from console.services.crash import CrashSink
from console.services.options import Options
from console.services.scanner_figures import curve, latest
from console.services.selftest import Person, code_for
from console.simulators.scanner import ScannerSimulator

COUNTER = Subject("scanner", "counter")


async def scanned_once(console: Console, sim: ScannerSimulator) -> None:
    """One self-test whose code is scanned as soon as it is asked for."""
    person = Person(code=code_for(COUNTER))
    job = console.selftest.start(COUNTER, Level.EXTERNAL, person)
    async with asyncio.timeout(30):
        async for step in job.steps():
            if person.code in str(step.doing):
                await sim.scan(person.code)
        await job.result()


async def test_good_and_double_reads_and_the_pace_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    async with ScannerSimulator.pty(delay=0.02) as sim:
        (tmp_path / "store.toml").write_text(
            f'[store]\nname = "店"\n[[scanner]]\nname = "counter"\naddress = "{sim.address}"\n', "utf-8"
        )
        for run in range(2):
            async with compose(Options(language="en"), CrashSink(tmp_path / "crashes", str)) as console:
                await scanned_once(console, sim)
                sim.set_fault("double_read", run == 0)
        async with compose(Options(language="en"), CrashSink(tmp_path / "crashes", str)) as console:
            kept = await console.figures.history(COUNTER)
    newest = latest(kept)
    assert (newest["GoodScanCount"], newest["DoubleReadCount"], newest["MissedReadCount"]) == (1, 1, 0)
    assert len(curve(kept, "GoodScanCount")) == 2
    paces = curve(kept, "CharactersPerSecond")  # of a code that a busy machine gets in one piece it has none
    assert paces
    assert all(each > 0 for each in paces)
