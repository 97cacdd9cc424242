"""The only composition root: here, and nowhere else, the floors are wired together.

What a command does not need is not imported: the window's first frame waits for every module.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import TYPE_CHECKING

from console.services.options import Options

if TYPE_CHECKING:
    from console.services.console import Console
    from console.services.crash import CrashSink
    from console.services.language import Language


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


def _language_of_the_store(options: Options) -> Language:
    """The profile's where it can be read; nothing that is wrong with it may stand in the plan's way."""
    from console.domain.errors import TillkeeperError
    from console.services.language import Language
    from console.storage.profile import profile_path, read_profile

    try:
        profile = None if options.language else read_profile(options.profile or profile_path())
    except TillkeeperError:
        profile = None
    return Language(profile.store.language) if profile else language_of(options)


async def simulate(kind: str, at: str | None, faults: Sequence[str], attached: bool, options: Options) -> int:
    """Run a fake device until it is interrupted; 0."""
    import sys

    from console.simulators.run import serve

    language = language_of(options).code
    await serve(kind, at, faults, sys.stdin, sys.stdout, language=language, attached=attached)
    return 0


def plan(options: Options, scenario: str | None) -> str:
    """The emergency plan, or one scenario of it, as text. Needs no store, database or network."""
    from datetime import datetime

    from console.services.plan_text import plan_text
    from console.storage.plan import read_plan

    language = _language_of_the_store(options)
    read, trouble = read_plan(None, language.code)
    told = f"{language.text(trouble.words)}\n\n" if trouble else ""
    return told + plan_text(read, language, datetime.now().astimezone().date(), scenario)
