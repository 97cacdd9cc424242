"""Listening to a scanner whose cable comes out: it goes on when the scanner is back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing

from console.domain.errors import TillkeeperError, Unreachable
from console.domain.ports import ScannerDriver
from console.domain.scan import Scan

BACK_SECONDS = 20.0  # that a person gets to plug it in again
_AGAIN_SECONDS = 0.25


async def resumed(
    driver: ScannerDriver, listening: Callable[[], None], gone: Callable[[], None]
) -> AsyncGenerator[Scan, None]:
    """As `driver.scans`, but a line that is lost is opened anew: `gone` is called, and `listening` once more.

    Raises what the loss was when the scanner is not back in time. What was half scanned is never a code.
    """
    lost: Unreachable | None = None
    begun, ends = False, 0.0
    clock = asyncio.get_running_loop().time

    def ready() -> None:
        nonlocal lost, begun
        lost, begun = None, True
        listening()

    while True:
        begun = False
        try:
            async with aclosing(driver.scans(ready)) as scans:
                async for scan in scans:
                    yield scan
                return
        except TillkeeperError as trouble:
            if begun and isinstance(trouble, Unreachable):
                lost, ends = trouble, clock() + BACK_SECONDS
                gone()
            elif lost is None:
                raise
            elif clock() > ends:
                raise lost from trouble
        await asyncio.sleep(_AGAIN_SECONDS)
