"""Waiting for what only looking tells: simulators are devices, and tell nobody when they change."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

BOUND = 15.0  # seconds; a machine that is busy with other tests is patient too


async def until(true: Callable[[], object]) -> None:
    """Look again and again; TimeoutError when it does not become true."""
    async with asyncio.timeout(BOUND):
        while not true():  # noqa: ASYNC110 - an event would have to be wired into the device under test
            await asyncio.sleep(0.005)
