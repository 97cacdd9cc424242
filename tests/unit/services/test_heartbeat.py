"""The longest stall is measured."""

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
    await asyncio.sleep(0)  # the beat has begun
    hold_up(0.2)
    async with asyncio.timeout(5):
        while heartbeat.longest <= 0.15:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    await heartbeat.stop()
