"""The longest stall is measured, and resting is none."""

from __future__ import annotations

import asyncio
import time

from console.services.heartbeat import Heartbeat


def hold_up(seconds: float) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        pass


async def test_a_held_up_loop_is_measured() -> None:
    heartbeat = Heartbeat(beat=0.01)
    heartbeat.start()
    await asyncio.sleep(0.05)
    hold_up(0.2)
    await asyncio.sleep(0.05)
    await heartbeat.stop()
    assert heartbeat.longest > 0.15


async def test_resting_is_no_stall() -> None:
    heartbeat = Heartbeat(beat=0.01)
    heartbeat.start()
    await asyncio.sleep(0.2)
    await heartbeat.stop()
    assert heartbeat.longest < 0.15
