"""The folder in which the till's program keeps sales until they are uploaded (`network.sync_pending`)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from fnmatch import fnmatchcase

from console.domain.errors import TillkeeperError
from console.domain.pending import PendingSales
from console.domain.profile import SyncPending
from console.domain.words import say


class PendingFolder:
    """Implements `ports.SalesFolder`; the files are the till program's and are not touched."""

    def __init__(self, setup: SyncPending) -> None:
        self._setup = setup

    def look(self) -> PendingSales:
        """What waits now; TillkeeperError where the folder cannot be read. As slow as its disk."""
        try:
            changed = list(self._times())
        except OSError as error:
            reason = error.strerror or str(error)
            raise TillkeeperError(say("{path}: {reason}", path=self._setup.path, reason=reason)) from error
        oldest = datetime.fromtimestamp(min(changed), UTC) if changed else None
        return PendingSales(len(changed), oldest)

    def _times(self) -> Iterator[float]:
        with os.scandir(self._setup.path) as entries:
            for entry in entries:
                if fnmatchcase(entry.name, self._setup.pattern) and not entry.is_dir():
                    with suppress(FileNotFoundError):  # it was uploaded while we looked
                        yield entry.stat(follow_symlinks=False).st_mtime
