"""The demo store as its window uses it: a process of its own whose staff scans what is printed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from console.app.store import compose
from console.domain.selftest import Grade, Level
from console.services.crash import CrashSink
from console.services.options import Options
from console.services.selftest import Person
from console.simulators.demo import COUNTER, FRONT, KITCHEN, DemoProcess


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[DemoProcess]:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    store = DemoProcess("en")
    store.profile()
    yield store
    store.close()


def test_a_printer_that_printed_nothing_has_no_paper_to_show(demo: DemoProcess) -> None:
    assert demo.printed(FRONT) is None
    assert demo.printed(COUNTER) is None


@pytest.mark.parametrize("printer", [FRONT, KITCHEN])
async def test_the_closed_loop_runs_by_itself_and_the_page_can_be_seen(
    printer: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    crashes = CrashSink(tmp_path / "crashes", str)
    async with compose(Options(demo=True, language="en"), crashes) as console:
        assert console.demo is not None
        subject = next(each for each, _ in console.profile.entries() if each == printer)
        person = Person()
        result = await console.selftest.start(subject, Level.EXTERNAL, person).result()
        assert result.proof is not None
        assert (result.proof.grade, result.passed) == (Grade.A_PLUS, True)
        page = await asyncio.to_thread(console.demo.printed, subject)
    assert page is not None
    assert person.code in {
        code.text for code in zxingcpp.read_barcodes(Image.open(BytesIO(page)).convert("L"))
    }
