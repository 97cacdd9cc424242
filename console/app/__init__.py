"""The only composition root: here, and nowhere else, the floors are wired together.

What a command does not need is not imported: the window's first frame waits for every module.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING

from console.services.options import Options

if TYPE_CHECKING:
    from console.domain.profile import StoreProfile
    from console.services.console import Console
    from console.services.crash import CrashSink
    from console.services.language import Language
    from console.services.replay import Replayed


def language_of(options: Options) -> Language:
    """The language for words that come before, or without, a store."""
    from console.app import start

    return start.language_of(options)


def compose(options: Options, crashes: CrashSink) -> AbstractAsyncContextManager[Console]:
    """A store with all its services, and everything let go of afterwards; BadInput for a bad profile."""
    from console.app import start

    begun = start.begin_demo(options) if options.demo else None  # it starts while the rest is imported
    from console.app import store

    return store.compose(options, crashes, demo=begun)


def open_window(options: Options, crashes: CrashSink) -> int:
    """The window, until the person quits; 0. A second start raises the first window and ends at once."""
    from console.app import window

    return window.open_window(options, crashes)


def replay(options: Options, path: Path) -> Replayed:
    """A recorded self-test once more, without its device; BadInput for a file that is no recording."""
    from console.app import playback

    return playback.replay(options, path)


def _profile_of_the_store(options: Options) -> StoreProfile | None:
    """None where it cannot be read: nothing that is wrong with it may stand in the plan's way."""
    from console.domain.errors import TillkeeperError
    from console.storage.profile import profile_path, read_profile

    try:
        return read_profile(options.profile or profile_path())
    except TillkeeperError:
        return None


async def simulate(kind: str, at: str | None, faults: Sequence[str], attached: bool, options: Options) -> int:
    """Run a fake device until it is interrupted; 0."""
    import sys

    from console.simulators.run import serve

    language = language_of(options).code
    await serve(kind, at, faults, sys.stdin, sys.stdout, language=language, attached=attached)
    return 0


def plan(options: Options, scenario: str | None) -> str:
    """The emergency plan, or one scenario of it, as text. Needs no store, database or network."""
    import asyncio
    from datetime import datetime

    from console.app.start import unsynced_sales
    from console.platforms.clock import SystemClock
    from console.services.language import Language
    from console.services.plan_text import plan_text
    from console.storage.plan import read_plan

    profile = _profile_of_the_store(options)
    spoken = profile and not options.language
    language = Language(profile.store.language) if profile and spoken else language_of(options)
    read, trouble = read_plan(None, language.code)
    told = f"{language.text(trouble.words)}\n\n" if trouble else ""
    now = SystemClock(profile.store.timezone).now() if profile else datetime.now().astimezone()
    sales = unsynced_sales(None if options.demo else profile)
    before_restart = asyncio.run(sales.before_restart(language, now))
    return told + plan_text(read, language, now.date(), scenario, before_restart)
