"""What this computer remembers about a person's choices: language, theme, window, table layouts."""

from __future__ import annotations

import errno
import json
import logging
import threading
from pathlib import Path

from console.domain.errors import TillkeeperError
from console.domain.words import Words, say
from console.storage.files import home, put_aside, write_atomically

_log = logging.getLogger(__name__)
_GATHER = 0.25  # seconds in which further changes join one write: dragging a window makes hundreds
_LARGEST = 1 << 20  # bytes


class SettingsFile:
    """Implements `ports.Settings` on `settings.json`; `put` never waits for the disk.

    `note` tells a person what became of a damaged file, and is None when all is well.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or home() / "settings.json"
        self.note: Words | None = None
        self._values = self._read()
        self._change = threading.Condition()
        self._dirty = False
        self._closing = False
        self._writer: threading.Thread | None = None

    def get(self, name: str, otherwise: str) -> str:
        """The value kept under `name`."""
        with self._change:
            return self._values.get(name, otherwise)

    def put(self, name: str, value: str) -> None:
        """Keep `value`; it reaches the disk within a moment, at the latest in `close`."""
        with self._change:
            if self._values.get(name) == value:
                return
            self._values[name] = value
            self._dirty = True
            if self._writer is None:
                self._writer = threading.Thread(target=self._write_changes, name="settings", daemon=True)
                self._writer.start()
            self._change.notify_all()

    def close(self, timeout: float = 3.0) -> None:
        """Write what is not yet on disk; waits at most `timeout` seconds."""
        with self._change:
            self._closing = True
            self._change.notify_all()
        if self._writer is not None:
            self._writer.join(timeout)

    def _read(self) -> dict[str, str]:
        try:
            if self._path.is_fifo():  # it would be waited for without end
                raise OSError(errno.EINVAL, "it is a pipe")
            with self._path.open("rb") as file:
                values = json.loads(file.read(_LARGEST))
            if isinstance(values, dict) and all(isinstance(value, str) for value in values.values()):
                return values
        except FileNotFoundError:
            return {}
        except OSError as error:
            self.note = say("{path} cannot be read ({reason}); the usual settings are used",
                            path=str(self._path), reason=error.strerror or str(error))  # fmt: skip
            return {}
        except (ValueError, RecursionError):
            pass  # no JSON: handled like JSON of another shape
        self.note = self._put_aside()
        return {}

    def _put_aside(self) -> Words:
        try:
            aside = put_aside(self._path)
        except TillkeeperError as error:
            return error.words
        return say("{path} was damaged and is kept as {aside}; the usual settings are used",
                   path=str(self._path), aside=aside.name)  # fmt: skip

    def _write_changes(self) -> None:
        unsaved = False
        while True:
            with self._change:
                self._change.wait_for(lambda: self._dirty or self._closing)
                self._change.wait_for(lambda: self._closing, _GATHER)
                content = json.dumps(self._values, indent=1, sort_keys=True).encode()
                unsaved, self._dirty = unsaved or self._dirty, False
                last = self._closing
            if unsaved:
                # After a failure the values live on in memory, and the next change or the close tries again.
                unsaved = not self._written(content)
            if last:
                return

    def _written(self, content: bytes) -> bool:
        try:
            write_atomically(self._path, content)
        except TillkeeperError as error:
            _log.warning("settings not saved: %s", error)
            self.note = error.words
            return False
        return True
