"""The window from its first frame to its last; the store follows behind the first frame."""

from __future__ import annotations

import linecache
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from console.app.start import begin_demo, data_folder, is_demo, language_of, language_setting
from console.services.language import Language
from console.services.options import Options
from console.storage.settings import SettingsFile
from console.ui.collector import Collector
from console.ui.main_window import MainWindow
from console.ui.single_instance import SingleInstance

if TYPE_CHECKING:
    from console.app.session import Wish
    from console.services.crash import CrashSink


def open_window(options: Options, crashes: CrashSink) -> int:
    """The window, until the person quits; 0. A second start raises the first window and ends at once."""
    application = QApplication(["tillkeeper"])
    application.setApplicationName("tillkeeper")
    application.setDesktopFileName("tillkeeper")
    application.setQuitOnLastWindowClosed(False)
    folder = data_folder([])
    instance = SingleInstance(place_of(options, folder))
    if not instance.claim():
        return 0
    settings = SettingsFile(folder / "settings.json")
    language = Language(options.language or language_setting(settings) or language_of(options).code)

    def report(error: BaseException, where: str) -> None:
        crashes.take(error, where)

    window = MainWindow(settings, report, language)
    instance.raised.connect(window.bring_up)
    window.show_starting()
    application.processEvents()  # the first frame before anything heavy is imported

    from qasync import QEventLoop

    from console.storage.logs import start_logging

    collector = Collector(application)
    handler = start_logging(folder=folder / "logs")
    try:
        with QEventLoop(application) as loop, _signals(window):
            crashes.catch_loop(loop)
            loop.run_until_complete(_live(window, options, settings, crashes))
    finally:
        collector.stop()
        instance.release()
        settings.close()
        logging.getLogger().removeHandler(handler)
        handler.close()
    return 0


def place_of(options: Options, folder: Path) -> Path:
    """Where the store of `options` is kept, by which another start knows whether it is open already."""
    return folder / "demo" if options.demo else options.profile or folder / "store.toml"


@contextmanager
def _signals(window: MainWindow) -> Iterator[None]:
    """Whoever ends the program from outside has it quit as a person would: nothing stays behind.

    Python hears of a signal when it runs next; the collector's timer sees to that within a second.
    """
    before = {
        each: signal.signal(each, lambda *_: window.quit_requested.emit())
        for each in (signal.SIGTERM, signal.SIGINT)
    }
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


async def _live(window: MainWindow, options: Options, settings: SettingsFile, crashes: CrashSink) -> None:
    """Bring the window to life; the rest of the program is imported beside its thread, which stays free."""
    import asyncio

    wishes: asyncio.Queue[Wish] = asyncio.Queue()
    window.quit_requested.connect(lambda: wishes.put_nowait(None))
    demo = None
    if await asyncio.to_thread(is_demo, options):
        demo = await asyncio.to_thread(begin_demo, options, settings)
    session = await asyncio.to_thread(_imported, "console.app.session")
    await session.live(window, options, settings, crashes, wishes, demo)


def _imported(name: str) -> ModuleType:
    """A module and all that it needs, without their sources: PySide reads them and leaves them there."""
    module = import_module(name)
    linecache.clearcache()
    return module
