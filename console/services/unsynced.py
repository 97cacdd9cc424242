"""What must be known before somebody restarts the till: whether sales still wait to be uploaded."""

from __future__ import annotations

import asyncio
from datetime import datetime

from console.domain.errors import TillkeeperError
from console.domain.pending import PendingSales
from console.domain.ports import SalesFolder
from console.domain.words import Words, say, say_many
from console.platforms.threads import in_thread
from console.services.language import Language
from console.services.times import clock_time

LIMIT = 2.0  # seconds a look may take; a dead network disk answers never


class UnsyncedSales:
    """Looks into the folder of unsynced sales; without one (`folder` None) nothing is claimed about them."""

    def __init__(self, folder: SalesFolder | None = None, limit: float = LIMIT) -> None:
        self._folder = folder
        self._limit = limit
        self.safe = folder is None  # as the last look showed: nothing waits, or nothing was said to look at
        self._turn = asyncio.Lock()
        self._stuck = False  # a thread still waits for the disk, and no second one may join it

    @property
    def known(self) -> bool:
        """True where the store says in which folder they lie."""
        return self._folder is not None

    async def before_restart(self, language: Language, now: datetime) -> str | None:
        """What a person must read before restarting the till; None where nothing can be said."""
        if self._folder is None:
            return None
        async with self._turn:
            return language.text(await self._told(self._folder, language, now))

    async def _told(self, folder: SalesFolder, language: Language, now: datetime) -> Words:
        self.safe = False
        try:
            pending = await self._look(folder)
        except TimeoutError:
            return _unseen(say("the folder does not answer"))
        except TillkeeperError as error:
            return _unseen(error.words)
        if pending.oldest is None:
            self.safe = True
            return say("No file of sales waits to be uploaded")
        return say_many(
            "{count} file of sales waits to be uploaded, since {since}: do not restart the till before that",
            "{count} files of sales wait to be uploaded, since {since}: do not restart the till before that",
            pending.count,
            since=clock_time(pending.oldest, now, language),
        )

    async def _look(self, folder: SalesFolder) -> PendingSales:
        if self._stuck:
            raise TimeoutError
        self._stuck = True

        def look() -> PendingSales:
            try:
                return folder.look()
            finally:
                self._stuck = False

        async with asyncio.timeout(self._limit):
            return await in_thread(look)


def _unseen(reason: Words) -> Words:
    return say(
        "Whether sales wait to be uploaded cannot be seen ({reason}): do not restart the till until somebody"
        " knows",
        reason=reason,
    )
