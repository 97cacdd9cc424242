"""What every page, widget and dialog is given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from console.domain.check import LightChange
from console.domain.lights import Light, loudest
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.console import Console
from console.ui.full_check import FullCheck
from console.ui.theme import Theme

COALESCE_MS = 100  # light changes reach the window at most ten times a second


class Context(QObject):
    """The store's services, the look, and the signals that pages live on.

    `lights_changed` carries a frozenset of subjects, coalesced; `tick` comes once a second for ages;
    `navigate` carries a page's name and a Subject or None. `profile_changed` carries the StoreProfile as it
    now stands in the file; `setup_requested` a store's name and language. `language_chosen` carries a
    code of LANGUAGES, `theme_chosen` a theme's name. `full_check` outlives the pages that show it.
    """

    lights_changed = Signal(object)
    tick = Signal()
    navigate = Signal(str, object)
    profile_changed = Signal(object)
    setup_requested = Signal(str, str)
    language_chosen = Signal(str)
    theme_chosen = Signal(str)

    def __init__(
        self,
        console: Console,
        theme: Theme,
        report: Callable[[BaseException, str], None],
        full_check: FullCheck | None = None,
    ) -> None:
        super().__init__()
        self.console = console
        self.theme = theme
        self.full_check = full_check or FullCheck(console.check, report)
        self._report = report
        self._tasks: set[asyncio.Task[Any]] = set()
        self._changed: set[Subject] = set()
        self._coalesce = QTimer(self, interval=COALESCE_MS, singleShot=True)
        self._coalesce.timeout.connect(self._flush)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.tick)
        self._second.start()
        self._unsubscribe = console.board.subscribe(self._light)

    def text(self, words: Words) -> str:
        """The sentence in the person's language."""
        return self.console.language.text(words)

    def name(self, subject: Subject) -> str:
        """How people call the subject."""
        return self.console.name(subject)

    def now(self) -> datetime:
        """The wall clock in the store's time zone."""
        return self.console.clock.now()

    @property
    def unwatched(self) -> Words | None:
        """Why not everything is watched that could be; None where it is."""
        watched = any(self.console.profile.entries())
        if self.console.trouble is None:
            return None if watched else say("No devices are set up yet")
        if watched:
            return say("The store profile is broken: an older copy of it is watched")
        return say("The store profile is broken: nothing is watched")

    @property
    def overall(self) -> Light:
        """The store's light: never well while not everything is watched."""
        if not any(self.console.profile.entries()):
            return Light.UNKNOWN
        light = self.console.board.overall
        return light if self.unwatched is None else loudest((light, Light.UNKNOWN))

    def spawn(self, work: Coroutine[Any, Any, Any], name: str) -> asyncio.Task[Any]:
        """Run `work` on the window's loop; kept until done, cancelled at closing, failures reported once."""
        task = asyncio.get_event_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            self._report(error, task.get_name())

    async def close(self) -> None:
        """Stop timers and tasks; bounded by how fast tasks let go when cancelled."""
        self._unsubscribe()
        self._second.stop()
        self._coalesce.stop()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _light(self, change: LightChange) -> None:
        self._changed.add(change.finding.subject)
        if not self._coalesce.isActive():
            self._coalesce.start()

    def _flush(self) -> None:
        changed, self._changed = frozenset(self._changed), set()
        self.lights_changed.emit(changed)
