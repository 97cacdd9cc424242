"""Long work with a name, progress, a cancel and one place for its failure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from console.domain.subjects import Subject
from console.domain.words import Words

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """How far a job is: `done` of `total` pieces, and what it does now. `total` 0 means not countable.

    `waiting` holds the subjects that have not answered yet, where the job asks subjects.
    """

    done: int
    total: int
    doing: Words
    waiting: tuple[Subject, ...] = ()


class Job(Generic[T]):
    """A piece of work on the running loop, begun at once.

    The work gets the job itself to report to. `steps()` ends when the work ends; `result()` gives its
    value or raises what it raised (asyncio.CancelledError after `cancel()`).
    """

    def __init__(self, name: Words, work: Callable[[Job[T]], Awaitable[T]], total: int = 0) -> None:
        self.name = name
        self.step = Step(0, total, name)
        self._changed = asyncio.Event()
        self._work = work
        self._task: asyncio.Task[T] = asyncio.create_task(self._run(), name=str(name))
        self._task.add_done_callback(lambda _: self._changed.set())

    async def _run(self) -> T:
        return await self._work(self)

    def report(self, doing: Words, advance: int = 0, waiting: tuple[Subject, ...] = ()) -> None:
        """Say what is being done now, and that `advance` more pieces are finished."""
        self.step = Step(self.step.done + advance, self.step.total, doing, waiting)
        self._changed.set()

    @property
    def running(self) -> bool:
        """True until the work has ended, well or badly."""
        return not self._task.done()

    async def steps(self) -> AsyncIterator[Step]:
        """The latest step whenever it changed; a slow reader skips steps, never lags behind."""
        while self.running:
            await self._changed.wait()
            self._changed.clear()
            yield self.step

    def cancel(self) -> None:
        """Ask the work to stop; it lets go of its devices while it unwinds."""
        self._task.cancel()

    async def result(self) -> T:
        """Wait for the work's value."""
        return await asyncio.shield(self._task)
