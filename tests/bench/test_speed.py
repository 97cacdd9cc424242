"""The speed goals, as ratios against a named peer measured in the same run. Goals, not tests: they print.

    sh installer/test.sh bench

The peer of the window is `bare_window.py`, the smallest PySide6 window.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from console.app.store import compose
from console.services.crash import CrashSink
from console.services.options import Options

pytestmark = pytest.mark.bench

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
ROUNDS = 5
BARE = [sys.executable, str(HERE / "bare_window.py")]
WINDOW = [sys.executable, "-P", "-m", "console", "--demo"]
needs_screen = pytest.mark.skipif(
    not os.environ.get("DISPLAY") or shutil.which("xdotool") is None, reason="needs a screen and xdotool"
)
Tell = Callable[[str], None]


def wait_for_window(title: str) -> None:
    """Ask again and again, because xdotool's own --sync looks only every half second."""
    search = ["xdotool", "search", "--onlyvisible", "--name", title]
    deadline = time.monotonic() + 30
    while subprocess.run(search, capture_output=True, timeout=10, check=False).returncode:
        assert time.monotonic() < deadline, f"no window named {title}"


def seconds_to_screen(command: list[str], title: str, environment: dict[str, str]) -> float:
    began = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        wait_for_window(title)
        return time.perf_counter() - began
    finally:
        process.kill()
        process.wait()


@needs_screen
def test_window_on_screen(environment: dict[str, str], tell: Tell) -> None:
    pairs = [
        (
            seconds_to_screen(WINDOW, "Tillkeeper", environment),
            seconds_to_screen(BARE, "bare window", environment),
        )
        for _ in range(ROUNDS)
    ]
    ours, bare = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    tell(f"window on screen: {ours:.2f} s, bare window {bare:.2f} s, ratio {ratio:.2f} (goal 2)")


@needs_screen
def test_the_living_window(environment: dict[str, str], tell: Tell) -> None:
    bare = subprocess.Popen(BARE, env=environment)
    try:
        wait_for_window("bare window")
        floor = psutil.Process(bare.pid).memory_info().rss / 2**20
    finally:
        bare.kill()
        bare.wait()
    watched = subprocess.run(
        [sys.executable, str(HERE / "watched_window.py"), str(time.monotonic())],
        env=environment, stdout=subprocess.PIPE, text=True, timeout=90,
    )  # fmt: skip
    seen: dict[str, float] = {}
    for line in watched.stdout.splitlines():
        seen |= json.loads(line)
    tell(f"all lights true {seen['lights_seconds']:.2f} s after process start (goal 1.5)")
    memory = seen["memory_mib"]
    tell(f"memory {memory:.0f} MiB, bare window {floor:.0f}, ratio {memory / floor:.2f} (goal 2)")
    checked = seen["checked_mib"]
    tell(f"after full checks, which write to the history: {checked:.0f} MiB, ratio {checked / floor:.2f}")
    tell(f"beside it the demo store's devices, in a process of their own: {seen['devices_mib']:.0f} MiB")
    tell(f"idle {seen['idle_percent']:.2f} % of a core, with the devices (goal 1)")
    tell(f"longest stall in five full checks {seen['stall_ms']:.0f} ms (goal 50)")


def test_check_in_the_terminal(environment: dict[str, str], tell: Tell) -> None:
    run = [sys.executable, "-P", "-m", "console", "check", "--demo"]
    bare = [sys.executable, "-c", "import asyncio, dns.message, cryptography.x509"]
    pairs = []
    for _ in range(ROUNDS):
        times = []
        for command in (run, bare):
            began = time.perf_counter()
            subprocess.run(command, env=environment, check=True, capture_output=True, timeout=60)
            times.append(time.perf_counter() - began)
        pairs.append(times)
    ours, floor = (statistics.median(each) for each in zip(*pairs, strict=True))
    tell(f"check --demo: {ours:.2f} s (goal 1.5); importing its largest libraries alone {floor:.2f} s")


async def test_full_check_against_its_slowest_subject(
    environment: dict[str, str], tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TILLKEEPER_HOME", environment["TILLKEEPER_HOME"])
    async with compose(Options(demo=True), CrashSink(Path(environment["TILLKEEPER_HOME"]), str)) as console:
        await console.check.start().result()

        async def timed(only: list[str]) -> float:
            result = await console.check.start(only).result()
            return result.seconds

        ratios = []
        for _ in range(ROUNDS):
            alone = [await timed([str(each.subject)]) for each in console.board.findings]
            ratios.append(await timed([]) / max(alone))
        tell(f"full check: {statistics.median(ratios):.2f} × its slowest subject (goal 1.3)")
