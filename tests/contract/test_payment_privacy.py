"""A customer's payment code is kept by kind and length alone: searched in every file and answer."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from console.app.store import compose
from console.domain.selftest import Level
from console.domain.subjects import Subject
from console.drivers.scanner.keyboard import KeyboardScanner
from console.services.console import Console
from console.services.crash import CrashSink
from console.services.documents import selftest_document
from console.services.options import Options
from console.services.selftest import Person, code_for
from console.simulators.hid_scanner import HidScannerSimulator
from console.simulators.key_scanner import KeyBus, KeyScannerSimulator
from console.simulators.scanner import ScannerSimulator

COUNTER = Subject("scanner", "counter")
PAYMENTS = {
    "WeChat Pay": "134826059713470582",
    "Alipay": "284826059713470582",
    "UnionPay QR": "6248260597134705821",
}
SECRET = "4826059713470582"  # the digits that all of them hold

Scan = Callable[[Console, str], Any]


@asynccontextmanager
async def path_to(kind: str, bus: Any) -> AsyncGenerator[tuple[str, Scan], None]:
    """A scanner's address, and how it reads a code."""
    if kind == "keyboard":
        yield "keyboard:", _press
        return
    if kind == "keys":
        made = await asyncio.to_thread(KeyBus.start)
        with pytest.MonkeyPatch.context() as seeing:
            for name, value in made.environment.items():
                seeing.setenv(name, value)
            async with KeyScannerSimulator(None, made, delay=0.002) as keys:
                # No key types Hanzi.
                yield keys.address, lambda _, code: keys.scan(code.replace("付", "p"))
        await asyncio.to_thread(made.stop)
        return
    sim = ScannerSimulator.pty() if kind == "serial" else HidScannerSimulator(None, bus)
    async with sim:
        yield sim.address, lambda _, code: sim.scan(code)


async def _press(console: Console, code: str) -> None:
    start = console.clock.seconds()
    for place, key in enumerate(code + "\r"):
        console.typed(key, start + place * 0.002)


@pytest.mark.parametrize(
    "kind", ["serial", "keyboard", *(pytest.param(kind, marks=pytest.mark.usb) for kind in ("hid", "keys"))]
)
@pytest.mark.parametrize("around", ["{}", "]Q1{}", "{}TK-47110081/y:@z", "付{}"])
async def test_nothing_keeps_a_payment_code(
    kind: str, around: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, usb_bus: Any
) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", str(tmp_path))
    monkeypatch.setattr("console.services.scanback.ECHO_WAIT", 0.05)
    asyncio.get_running_loop().set_debug(True)
    shown: list[str] = []
    async with path_to(kind, usb_bus) as (address, scan):
        (tmp_path / "store.toml").write_text(
            f'[store]\nname = "店"\n[[scanner]]\nname = "counter"\naddress = "{address}"\n', "utf-8"
        )
        async with compose(Options(language="en"), CrashSink(tmp_path / "crashes", str)) as console:
            logging.getLogger().setLevel(logging.DEBUG)
            for number, payment in enumerate(PAYMENTS.values()):
                text = around.replace("{}", payment)
                shown.append(await shown_by(console, scan, text, tmp_path / f"{number}.jsonl"))
            logging.getLogger("test").error("a careless line: %s", around.replace("{}", payment))
            check = await console.check.start(("scanner",)).result()
            shown.append(repr(check))
            shown += [repr(each) for each in await console.history.changes(100)]
            parts = await console.bundle.gather(console)
            await asyncio.to_thread(console.bundle.pack, tmp_path / "support.zip", parts)
            shown.append(repr(parts))
    for name, told in zip(PAYMENTS, shown, strict=False):
        assert f"{name} payment code, " in told
    files = await asyncio.to_thread(contents, tmp_path)
    assert {".log", ".sqlite"} & {Path(name).suffix for name in files}, list(files)
    for text in (*shown, *files.values()):
        for at in range(len(SECRET) - 7):
            piece = SECRET[at : at + 8]
            assert piece not in text
            assert piece.encode().hex(" ") not in text
            assert piece.encode().hex() not in text


def contents(folder: Path) -> dict[str, str]:
    """Every file below `folder`, byte by byte, by its name."""
    files = (each for each in folder.rglob("*") if each.is_file())
    return {str(each): each.read_bytes().decode("latin-1") for each in files}


async def shown_by(console: Console, scan: Scan, text: str, path: Path) -> str:
    """A recorded self-test in which `text` is scanned; everything that it shows."""
    person = Person(code=code_for(COUNTER))
    tape, file = None, None
    assert console.recordings is not None
    if console.recordings.can_record(COUNTER):
        tape, file = console.recordings.begin(COUNTER, Level.EXTERNAL, person.code, path)
    job = console.selftest.start(COUNTER, Level.EXTERNAL, person, tape)
    async with asyncio.timeout(20):
        async for step in job.steps():
            if person.code in str(step.doing):
                await scan(console, text)
        result = await job.result()
    if file is not None:
        await asyncio.to_thread(file.close)
    assert result.passed is False
    driver = console.selftest._roster.driver(COUNTER)
    assert isinstance(driver, KeyboardScanner) is (file is None)
    return json.dumps(selftest_document(result, console.language, None), ensure_ascii=False) + repr(result)
