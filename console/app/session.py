"""What the window shows from its first store to its last."""

from __future__ import annotations

import asyncio
import logging
from contextlib import AsyncExitStack
from dataclasses import replace

from console.app.store import compose
from console.services.chronicle import Chronicle
from console.services.console import Console
from console.services.crash import CrashReport, CrashSink
from console.services.heartbeat import Heartbeat
from console.services.options import Options
from console.storage.profile import profile_path
from console.storage.profile_file import ProfileFile
from console.storage.settings import SettingsFile
from console.ui.main_window import MainWindow

log = logging.getLogger(__name__)


async def live(
    window: MainWindow,
    options: Options,
    settings: SettingsFile,
    crashes: CrashSink,
    wishes: asyncio.Queue[Options | None],
) -> None:
    """Show the store of `options`, then one after another that `wishes` ask for, until they hold None."""
    loop = asyncio.get_running_loop()
    demo = options.demo or not (options.profile or profile_path().exists())
    shown = replace(options, lenient=True, demo=demo)

    def crashed(report: CrashReport) -> None:
        loop.call_soon_threadsafe(window.show_crash, report)

    def set_up(name: str, language: str) -> None:
        ProfileFile.create(profile_path(), name, language)
        wishes.put_nowait(replace(shown, demo=False, profile=None))

    crashes.listener = crashed
    window.profile_changed.connect(lambda _: wishes.put_nowait(shown))
    window.setup_requested.connect(set_up)
    heartbeat = Heartbeat()
    heartbeat.start()
    wish: Options | None = shown
    current = AsyncExitStack()
    try:
        while wish is not None:
            shown, entering = wish, AsyncExitStack()
            console = await entering.enter_async_context(compose(shown, settings))
            await _enter(window, console, entering)
            await current.aclose()  # only now: the window has let go of the former store
            current = entering
            wish = await wishes.get()
        await window.shut_down()
    finally:
        await current.aclose()
        await heartbeat.stop()
        log.info("the longest stall of the window was %.3f s", heartbeat.longest)


async def _enter(window: MainWindow, console: Console, stack: AsyncExitStack) -> None:
    """Show a store and keep its lights alive until `stack` is closed."""
    window.bind(console)
    for part in (Chronicle(console.board, console.history), console.monitor):
        part.start()
        stack.push_async_callback(part.stop)
    told = len(console.notices)
    if console.opening is not None:
        await console.opening
    if len(console.notices) > told:
        window.bind(console)
