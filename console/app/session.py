"""What the window shows from its first store to its last."""

from __future__ import annotations

import asyncio
import linecache
import logging
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from console.app.start import is_demo
from console.app.store import compose
from console.domain.errors import TillkeeperError
from console.services.console import Console
from console.services.crash import CrashReport, CrashSink
from console.services.heartbeat import Heartbeat
from console.services.options import Options
from console.storage.profile import profile_path
from console.storage.profile_file import ProfileFile
from console.storage.settings import SettingsFile
from console.ui.main_window import MainWindow

if TYPE_CHECKING:
    from console.simulators.demo import DemoProcess

FILE_LOOK = 2.0  # seconds between two looks at the profile on disk

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class FirstStore:
    """The wish for a first profile, and for its store."""

    name: str
    language: str


Wish = Options | FirstStore | None
FileState = tuple[int, int] | None


async def live(
    window: MainWindow,
    options: Options,
    settings: SettingsFile,
    crashes: CrashSink,
    wishes: asyncio.Queue[Wish],
    demo: DemoProcess | None = None,
) -> None:
    """Show the store of `options`, then one after another that `wishes` ask for, until they hold None.

    `demo` holds the devices of the first store where that is the demo and they have been started already.
    """
    loop = asyncio.get_running_loop()
    shown = replace(options, lenient=True, demo=bool(demo) or await asyncio.to_thread(is_demo, options))

    def crashed(report: CrashReport) -> None:
        loop.call_soon_threadsafe(window.show_crash, report)

    crashes.listener = crashed
    window.profile_changed.connect(lambda _: wishes.put_nowait(shown))
    window.setup_requested.connect(lambda *words: wishes.put_nowait(FirstStore(*words)))
    heartbeat = Heartbeat()
    heartbeat.start()
    current = AsyncExitStack()
    following: Options | None = shown
    try:
        while following is not None:
            shown, entering = following, AsyncExitStack()
            before = await asyncio.to_thread(_state_of, shown)  # before it is read: no edit falls between
            console = await entering.enter_async_context(compose(shown, crashes, settings, demo))
            linecache.clearcache()  # the drivers' sources, before other things settle around them
            demo = None
            await _enter(window, console, entering)
            entering.push_async_callback(_stop, _watch(shown, before, wishes))
            await current.aclose()  # only now: the window has let go of the former store
            current = entering
            following = await _following(window, console, shown, wishes)
        await window.shut_down()
    finally:
        await current.aclose()
        await heartbeat.stop()
        log.info("the longest stall of the window was %.3f s", heartbeat.longest)


def _watch(shown: Options, before: FileState, wishes: asyncio.Queue[Wish]) -> asyncio.Task[None]:
    """Wish for the same store again when its profile is no longer as it was read."""

    async def watch() -> None:
        while await asyncio.to_thread(_state_of, shown) == before:  # noqa: ASYNC110 - a file signals nothing
            await asyncio.sleep(FILE_LOOK)
        wishes.put_nowait(shown)

    return asyncio.create_task(watch(), name="watching the profile")


async def _stop(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


def _state_of(shown: Options) -> FileState:
    """Time and size of the profile; None for the demo, or a file that is not there."""
    try:
        state = None if shown.demo else (shown.profile or profile_path()).stat()
    except (OSError, TillkeeperError):
        return None
    return (state.st_mtime_ns, state.st_size) if state else None


async def _following(
    window: MainWindow, console: Console, shown: Options, wishes: asyncio.Queue[Wish]
) -> Options | None:
    """The store to show after this one, None to quit; a first store that cannot be made is a notice."""
    while isinstance(wish := await wishes.get(), FirstStore):
        try:
            await asyncio.to_thread(_create, wish)
        except TillkeeperError as error:
            console.notices.insert(0, error.words)
            window.bind(console)
        else:
            return replace(shown, demo=False, profile=None)
    return wish


def _create(wish: FirstStore) -> None:
    ProfileFile.create(profile_path(), wish.name, wish.language)


async def _enter(window: MainWindow, console: Console, stack: AsyncExitStack) -> None:
    """Show a store and keep its lights alive until `stack` is closed."""
    window.bind(console)
    for part in (console.chronicle, console.drawers, console.monitor, console.wear, console.plugs):
        if part is not None:
            part.start()
            stack.push_async_callback(part.stop)
    told = len(console.notices)
    if console.opening is not None:
        await console.opening
    if len(console.notices) > told:
        window.bind(console)
