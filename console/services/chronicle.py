"""Writes every change of a light into the history."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from console.domain.check import LightChange
from console.domain.errors import TillkeeperError
from console.domain.lights import Light
from console.domain.ports import History
from console.services.board import Board
from console.services.check import Failed

LAST_WRITES = 3.0  # seconds that the end waits for the disk

log = logging.getLogger(__name__)


class Chronicle:
    """Follows the board from `start` to `stop`; changes are written in order, one after the other."""

    def __init__(self, board: Board, history: History, failed: Failed) -> None:
        self._board = board
        self._history = history
        self._failed = failed
        self._waiting: asyncio.Queue[LightChange] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin on the running loop."""
        self._unsubscribe = self._board.subscribe(self._heard)
        self._task = asyncio.create_task(self._write(), name="chronicle")

    async def stop(self) -> None:
        """Hear no more, write what was heard, end."""
        if self._task is not None:
            self._unsubscribe()
            with suppress(TimeoutError):
                async with asyncio.timeout(LAST_WRITES):
                    await self._waiting.join()
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _heard(self, change: LightChange) -> None:
        # The first look at a healthy subject is no event: every start would fill the history with them.
        began_well = change.previous is None and change.finding.light is Light.OK
        if change.previous is not change.finding.light and not began_well:
            self._waiting.put_nowait(change)

    async def _write(self) -> None:
        while True:
            change = await self._waiting.get()
            try:
                await self._history.add_change(change)
            except TillkeeperError as error:
                log.warning("change of %s not kept: %s", change.finding.subject, error)
            except Exception as error:  # noqa: BLE001 - one change lost must not lose all later ones
                self._failed(error, f"keeping a change of {change.finding.subject}")
            finally:
                self._waiting.task_done()
