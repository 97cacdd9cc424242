"""Somebody's payment code that comes during a reading test: nothing of its digits is kept anywhere."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from pathlib import Path

import pytest

from console.app.store import compose
from console.domain.eye_chart import Medium, Row, figures, row_of
from console.domain.payment_codes import foreign
from console.domain.specimens import Kind, sighting
from console.domain.subjects import Subject
from console.services.crash import CrashSink
from console.services.options import Options
from console.services.phone_trial import PhoneTrial
from console.simulators.scanner import ScannerSimulator

COUNTER = Subject("scanner", "counter")
PAYMENTS = ("134826059713470582", "284826059713470582", "6248260597134705821")
SECRET = "4826059713470582"  # the digits that all of them hold


@pytest.mark.parametrize("payment", PAYMENTS)
async def test_nothing_keeps_a_payment_code(
    payment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    shown: list[str] = []
    async with ScannerSimulator.pty() as sim:
        (tmp_path / "store.toml").write_text(
            f'[store]\nname = "店"\n[[scanner]]\nname = "counter"\naddress = "{sim.address}"\n', "utf-8"
        )
        async with compose(Options(language="en"), CrashSink(tmp_path / "crashes", str)) as console:
            logging.getLogger().setLevel(logging.DEBUG)
            listening = asyncio.Event()
            trial = PhoneTrial(console.clock)
            for _ in trial.codes:
                trial.missed()
            async with aclosing(console.trials.scans(COUNTER, listening.set)) as scans:
                coming = asyncio.ensure_future(anext(scans))
                async with asyncio.timeout(20):
                    await listening.wait()
                    await sim.scan(payment)
                    scan = await coming
            assert scan.text == payment
            assert (sighting(scan), row_of(scan.text)) == (None, None)
            assert trial.asks_paper
            assert trial.arrived(scan)  # the customer's phone was held before it instead of a product
            finding = console.selftest.found(COUNTER, trial.evidence())
            assert "payment code, " in repr(finding)
            await console.figures.add(COUNTER, figures([Row(Medium.PAPER, Kind.CODE_128, 250)]))
            said = console.recordings.just_said(COUNTER) if console.recordings else None
            assert said is not None
            shown += [repr(scan), repr(finding), str(foreign(scan.text)), repr(said), repr(vars(trial))]
            shown.append(repr(await console.figures.history(COUNTER)))
            logging.getLogger("test").error("a careless line: %s", payment)
    files = await asyncio.to_thread(contents, tmp_path)
    assert any(name.endswith(".db") for name in files)
    for text in (*shown, *files):
        for at in range(len(SECRET) - 7):
            assert SECRET[at : at + 8] not in text


def contents(folder: Path) -> list[str]:
    """The name and the bytes of every file below `folder`."""
    files = (each for each in folder.rglob("*") if each.is_file())
    return [text for each in files for text in (str(each), each.read_bytes().decode("latin-1"))]
