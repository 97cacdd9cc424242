"""The window from its first frame to its last; the store follows behind the first frame."""

from __future__ import annotations

import logging
from importlib import import_module
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from console.app.start import data_folder, language_of
from console.services.language import Language
from console.services.options import Options
from console.storage.settings import SettingsFile
from console.ui.collector import Collector
from console.ui.main_window import MainWindow
from console.ui.single_instance import SingleInstance

if TYPE_CHECKING:
    from console.services.crash import CrashSink


def open_window(options: Options, crashes: CrashSink) -> int:
    """The window, until the person quits; 0. A second start raises the first window and ends at once."""
    application = QApplication(["tillkeeper"])
    application.setApplicationName("tillkeeper")
    application.setDesktopFileName("tillkeeper")
    application.setQuitOnLastWindowClosed(False)
    folder = data_folder([])
    instance = SingleInstance(folder)
    if not instance.claim():
        return 0
    settings = SettingsFile(folder / "settings.json")
    language = Language(options.language or settings.get("language", language_of(options).code))

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
        with QEventLoop(application) as loop:
            crashes.catch_loop(loop)
            loop.run_until_complete(_live(window, options, settings, crashes))
    finally:
        collector.stop()
        instance.release()
        settings.close()
        logging.getLogger().removeHandler(handler)
        handler.close()
    return 0


async def _live(window: MainWindow, options: Options, settings: SettingsFile, crashes: CrashSink) -> None:
    """Bring the window to life; the rest of the program is imported beside its thread, which stays free."""
    import asyncio

    wishes: asyncio.Queue[Options | None] = asyncio.Queue()
    window.quit_requested.connect(lambda: wishes.put_nowait(None))
    session = await asyncio.to_thread(import_module, "console.app.session")
    await session.live(window, options, settings, crashes, wishes)
