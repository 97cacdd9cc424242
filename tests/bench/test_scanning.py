"""Scanners at full speed: nothing is lost, and the verdict is there before a person looks up.

Goals: keys at 1,000 a second lose nothing; from the last key to the verdict under 30 ms; a serial line at
115200 baud with ten codes a second for 60 s loses none. Each against a bare reader of the same keys or bytes.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from console.domain.profile import Scanner, Store, StoreProfile
from console.domain.subjects import Subject
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from tests.bench.conftest import ROOT, Tell
from tests.bench.line_of_codes import code_of

pytestmark = pytest.mark.bench

HERE = Path(__file__).parent
CODES, CHARACTERS = 30, 500
RATE, SECONDS, BARE_SECONDS, BAUD = 10, int(os.environ.get("TILLKEEPER_SCAN_SECONDS", "60")), 10, 115200
BARE = """
import serial, sys, time
port = serial.Serial(sys.argv[1], int(sys.argv[2]), timeout=5)
print("ready", flush=True)
for _ in range(int(sys.argv[3])):
    code = port.read_until(b"\\r")
    print(time.monotonic(), code[:-1].decode(), flush=True)
"""


def line(process: subprocess.Popen[str], seconds: float = 30.0) -> Any:
    """The next line of JSON; an end of the process where none comes in time."""
    stop = threading.Timer(seconds, process.kill)
    stop.start()
    try:
        assert process.stdout
        return json.loads(process.stdout.readline() or "null")
    finally:
        stop.cancel()


def middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def typed(mode: str, environment: dict[str, str]) -> list[dict[str, Any]]:
    """What a window made of `CODES` codes that xdotool typed as fast as it can."""
    command = [sys.executable, "-P", str(HERE / "typed_window.py"), mode]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            subprocess.run(["xdotool", "windowfocus", str(line(process)["window"])], check=True, timeout=10)
            told = []
            for number in range(CODES):
                keys = code_of(number, 12) + "7" * (CHARACTERS - 12)
                subprocess.run(
                    ["xdotool", "type", "--delay", "0", "--file", "-"],
                    input=f"{keys}\r".encode(), check=True, timeout=60,
                )  # fmt: skip
                told.append(line(process) | {"sent": keys})
            return told
        finally:
            process.kill()


@pytest.mark.skipif(not os.environ.get("DISPLAY"), reason="xdotool types to an X server alone")
def test_keys_at_a_thousand_a_second(environment: dict[str, str], tell: Tell) -> None:
    ours, bare = typed("ours", environment), typed("bare", environment)
    assert [each["text"] for each in ours] == [each["sent"] for each in ours]
    assert all("scan.matches" in each["verdict"] for each in ours)
    late = sorted(1e3 * each["late"] for each in ours)
    floor = middle([1e3 * each["late"] for each in bare])
    rate = middle([each["rate"] for each in ours])
    changed = sum(each["text"] != each["sent"] for each in bare)
    tell(
        f"{CODES} codes of {CHARACTERS} keys, {rate:.0f} a second (goal 1000):"
        f" none lost (bare Qt window: {changed} codes changed);"
        f" last key to verdict: median {middle(late):.1f} ms, longest {late[-1]:.1f} ms (goal 30);"
        f" bare window {floor:.1f} ms; median ratio {middle(late) / floor:.1f}"
    )
    assert middle(late) < 30


async def heard_by_us(port: str, count: int, start: Any) -> list[tuple[float, str]]:
    entry = Scanner("counter", f"serial://{port}?baud={BAUD}")
    profile = StoreProfile(Store("x"), scanner=(entry,))
    driver: Any = open_driver(Subject("scanner", "counter"), entry, profile, SystemClock("UTC"))
    came: list[tuple[float, str]] = []
    async with aclosing(driver.scans(lambda: threading.Thread(target=start).start())) as codes:
        for _ in range(count):
            async with asyncio.timeout(5):
                scan = await anext(codes)
            came.append((time.monotonic(), scan.text))
    return came


def heard_by_pyserial(port: str, count: int, start: Any) -> list[tuple[float, str]]:
    command = [sys.executable, "-c", BARE, port, str(BAUD), str(count)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        start()
        pairs = (process.stdout.readline().split(maxsplit=1) for _ in range(count))
        return [(float(at), code.strip()) for at, code in pairs]


def scanned(reader: Any, seconds: int) -> tuple[list[float], int]:
    """Milliseconds from each code's last byte to the code, and how many did not come as they were sent."""
    command = [sys.executable, str(HERE / "line_of_codes.py"), str(RATE), str(seconds), str(BAUD)]
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip

        def press() -> None:
            assert process.stdin
            process.stdin.write("\n")
            process.stdin.flush()

        try:
            came = reader(line(process)["port"], RATE * seconds, press)
            went = line(process)
        finally:
            process.kill()
    longest = BAUD * 9 // 100 // RATE
    lost = sum(code != code_of(number, longest) for number, (_, code) in enumerate(came))
    return [1e3 * (at - gone) for (at, _), gone in zip(came, went, strict=True)], lost


def test_a_serial_line_without_rest(tell: Tell) -> None:
    ours, lost = scanned(lambda *more: asyncio.run(heard_by_us(*more)), SECONDS)
    bare, bare_lost = scanned(heard_by_pyserial, BARE_SECONDS)
    tell(
        f"{BAUD} baud, {RATE} codes a second for {SECONDS} s: {lost} of {RATE * SECONDS} lost (goal 0), bare"
        f" pyserial {bare_lost} of {RATE * BARE_SECONDS}; last byte to code: median {middle(ours):.1f} ms"
        f" (50 of it wait for a line feed), longest {max(ours):.1f} ms; pyserial {middle(bare):.1f} ms"
    )
    assert lost == 0
