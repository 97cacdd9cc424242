"""One sink for every error that nobody handled: a report that the person reads before anybody else does."""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

from console import __version__

if TYPE_CHECKING:
    import asyncio

KEPT = 20  # reports; older ones are removed

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class CrashReport:
    """What happened where; `path` is None when the disk would not take it."""

    where: str
    text: str
    path: Path | None


class CrashSink:
    """Takes unhandled errors from every thread, keeps each as a file and tells one listener.

    `scrub` removes secrets from the text. Never raises: it is the last resort.
    """

    def __init__(self, folder: Path, scrub: Callable[[str], str]) -> None:
        self._folder = folder
        self._scrub = scrub
        self._taking = threading.Lock()
        self.listener: Callable[[CrashReport], None] = lambda report: None

    def take(self, error: BaseException, where: str) -> CrashReport:
        """Keep a report of `error`, which came up in `where`."""
        text = self._scrub(_text(error, where))
        log.error("unhandled in %s\n%s", where, text)
        with self._taking:
            report = CrashReport(where, text, self._keep(text))
        self.listener(report)
        return report

    def _keep(self, text: str) -> Path | None:
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            path = self._folder / f"crash-{datetime.now().astimezone():%Y%m%d-%H%M%S-%f}.txt"
            path.write_text(text, encoding="utf-8")
            for old in sorted(self._folder.glob("crash-*.txt"))[:-KEPT]:
                old.unlink()
        except OSError as trouble:
            log.warning("crash report not kept: %s", trouble)
            return None
        return path

    def install(self) -> None:
        """Catch what leaves the main thread, any other thread, and destructors."""
        sys.excepthook = self._main
        threading.excepthook = self._thread
        sys.unraisablehook = self._unraisable

    def catch_loop(self, loop: asyncio.AbstractEventLoop) -> None:
        """Catch what nobody awaited on `loop`."""
        loop.set_exception_handler(self._loop)

    def _main(self, kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            return
        self.take(error, "main thread")

    def _thread(self, hook: threading.ExceptHookArgs) -> None:
        if hook.exc_value is not None and not issubclass(hook.exc_type, SystemExit):
            self.take(hook.exc_value, f"thread {hook.thread.name if hook.thread else '?'}")

    def _unraisable(self, hook: Any) -> None:
        if hook.exc_value is not None:
            self.take(hook.exc_value, f"cleaning up {hook.object!r}")

    def _loop(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if error is None:
            log.error("event loop: %s", context.get("message"))
            return
        self.take(error, str(context.get("task") or context.get("handle") or context.get("message")))


def _text(error: BaseException, where: str) -> str:
    trace = "".join(traceback.format_exception(error))
    return (
        f"Tillkeeper {__version__} · Python {platform.python_version()} · {_system()}\n"
        f"{datetime.now().astimezone().isoformat(timespec='seconds')} · {where}\n\n{trace}"
    )


def _system() -> str:
    """Not `platform.platform`: that runs a program, and a report may be written on the window's thread."""
    return "-".join((platform.system(), platform.release(), platform.machine()))
