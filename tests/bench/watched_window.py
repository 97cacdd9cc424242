"""The real window on the demo store, telling what happens in it as JSON lines on standard output.

    python watched_window.py SECOND

`SECOND` is the monotonic one at which the caller started it: what the system keeps of a start may be
wrong by a second, because the time of its own start has no fractions (proc(5), btime in /proc/stat).

Nothing of the product is changed; two of its methods are listened to. The demo store's devices run in a
process of their own: what they do while the window is idle counts, their memory is told by itself.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

import psutil

from console.__main__ import main
from console.domain.lights import Light
from console.services.board import Board
from console.services.check import CheckService
from console.services.heartbeat import Heartbeat

IDLE = 20.0  # seconds of doing nothing that are measured
checks: list[CheckService] = []


def tell(**values: float) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def rss(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / 2**20


def cpu(processes: list[psutil.Process]) -> float:
    return float(sum(sum(each.cpu_times()[:2]) for each in processes))


async def measure() -> None:
    """After the first lights: memory, idleness, then five full checks: the longest stall, memory again."""
    await asyncio.sleep(2)
    window = psutil.Process()
    devices = window.children(recursive=True)
    tell(memory_mib=rss(window), devices_mib=sum(map(rss, devices)))
    before, began = cpu([window, *devices]), time.monotonic()
    await asyncio.sleep(IDLE)
    tell(idle_percent=100 * (cpu([window, *devices]) - before) / (time.monotonic() - began))
    heart = Heartbeat(beat=0.01)
    heart.start()
    for _ in range(5):
        await checks[0].start().result()
    tell(stall_ms=1000 * heart.longest, checked_mib=rss(window))
    os._exit(0)


def watch() -> None:
    put, wired = Board.put, CheckService.__init__
    seen: list[bool] = []

    def listened(board: Board, *findings: object) -> None:
        put(board, *findings)  # type: ignore[arg-type]
        if not seen and all(each.light is Light.OK for each in board.findings):
            seen.append(True)
            tell(lights_seconds=time.monotonic() - float(sys.argv[1]))
            asyncio.get_running_loop().create_task(measure())

    def kept(check: CheckService, *args: object, **more: object) -> None:
        checks.append(check)
        wired(check, *args, **more)  # type: ignore[arg-type]

    Board.put, CheckService.__init__ = listened, kept  # type: ignore[method-assign,assignment]


watch()
raise SystemExit(main(["--demo"]))
