"""A store with all its services, wired together."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from console.app.start import data_folder, language_of
from console.domain.errors import NotConfigured, TillkeeperError
from console.domain.ports import Clock, Examiner, Searcher
from console.domain.profile import Backend, Entry, Store, StoreProfile
from console.domain.subjects import NETWORK, Subject
from console.domain.words import Words, say
from console.platforms.clock import SystemClock
from console.services.board import Board
from console.services.check import CheckService
from console.services.console import Console
from console.services.emergency import EmergencyService
from console.services.language import Language, diagnosis_table
from console.services.monitor import Monitor
from console.services.options import Options
from console.services.parents import parents_of
from console.services.roster import Roster
from console.services.selftest import SelftestService
from console.storage.database import Database
from console.storage.files import last_good
from console.storage.history import CheckHistory
from console.storage.plan import RunFile, adopt_plan, read_plan
from console.storage.profile import profile_path, read_profile
from console.storage.profile_file import ProfileFile
from console.storage.secrets import secret
from console.storage.settings import SettingsFile

if TYPE_CHECKING:
    from console.simulators.demo import DemoShop

log = logging.getLogger(__name__)


def find_profile(options: Options) -> Path:
    """The profile that was named, else the one in the data folder; NotConfigured where there is none."""
    path = options.profile or profile_path()
    if options.profile is None and not path.exists():
        raise NotConfigured(say("there is no store profile at {path}; name one with --profile FILE,"
                                " or look around with --demo", path=str(path)))  # fmt: skip
    return path


@asynccontextmanager
async def compose(options: Options, settings: SettingsFile | None = None) -> AsyncIterator[Console]:
    """A store with all its services, and everything let go of afterwards; BadInput for a bad profile.

    `settings` stay open where they are lent.
    """
    async with AsyncExitStack() as stack:
        # Files are read and modules imported beside the loop, which may be the window's.
        console, history = await asyncio.to_thread(_wired, options, settings, stack)
        console.opening = asyncio.create_task(_open(history, console.notices), name="opening the history")
        stack.push_async_callback(asyncio.wait, [console.opening])
        yield console


def _profile_in(path: Path, lenient: bool, notices: list[Words]) -> StoreProfile:
    """What `path` holds; where that is broken and `lenient`, its last good copy or an empty store."""
    try:
        return read_profile(path)
    except TillkeeperError as error:
        if not lenient:
            raise
        notices.append(error.words)
    try:
        profile = read_profile(last_good(path))
        notices.append(say("The last good copy of the store profile is in use until this is mended"))
    except TillkeeperError:
        profile = StoreProfile(Store(path.stem))
    return profile


def _made(folder: Path) -> Path:
    """The same folder; where it cannot be made, whoever writes into it says so."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _demo(options: Options, settings: SettingsFile, stack: AsyncExitStack) -> DemoShop:
    from console.simulators.demo import DemoShop

    demo = DemoShop(options.language or settings.get("language", language_of(options).code))
    stack.push_async_callback(asyncio.to_thread, demo.close)
    return demo


def _wired(
    options: Options, settings: SettingsFile | None, stack: AsyncExitStack
) -> tuple[Console, CheckHistory]:
    notices: list[Words] = []
    folder = data_folder(notices)
    if settings is None:
        settings = SettingsFile(folder / "settings.json")
        stack.push_async_callback(asyncio.to_thread, settings.close)
    path, demo = None, None
    if options.demo:
        demo, folder = _demo(options, settings, stack), _made(folder / "demo")
        profile = demo.profile
    else:
        path = find_profile(options)
        profile = _profile_in(path, options.lenient, notices)
    language = Language(options.language or settings.get("language", profile.store.language))
    clock = SystemClock(profile.store.timezone)
    table = diagnosis_table()
    parent_of = parents_of(profile)
    history = CheckHistory(Database(folder / "history.db"))
    stack.push_async_callback(history.close)
    roster = _roster(profile, clock)
    board = Board(roster.subjects, parent_of, table, clock)
    check = CheckService(profile.store.name, roster, parent_of, table, clock, board, history)
    runs = RunFile(folder / "emergency-run.json")
    stack.push_async_callback(asyncio.to_thread, runs.close)

    def speak() -> Language:
        return console.language

    console = Console(
        profile=profile,
        profile_path=path,
        language=language,
        clock=clock,
        board=board,
        check=check,
        selftest=SelftestService(profile.store.name, roster, table, clock, speak, board.put),
        emergency=EmergencyService(
            lambda code: read_plan(None, code), runs, board, clock, speak, None if demo else adopt_plan
        ),
        monitor=Monitor(check, roster.subjects),
        history=history,
        settings=settings,
        editor=ProfileFile(path) if path else None,
        examiner=lambda subject, entry: _examiner(subject, entry, profile, clock),
        searchers=_searchers,
        typed=_keyboard(roster.examiners.values()),
        demo=demo,
        folder=folder,
        notices=[*notices, *([settings.note] if settings.note else [])],
    )
    return console, history


async def _open(history: CheckHistory, notices: list[Words]) -> None:
    """Without a history the console still checks; what is wrong with it is told."""
    try:
        note = await history.open()
    except TillkeeperError as error:
        note = error.words
    if note is not None:
        notices.append(note)


def _roster(profile: StoreProfile, clock: Clock) -> Roster:
    examiners: dict[Subject, Examiner | None] = {
        subject: _examiner(subject, entry, profile, clock) if entry.enabled else None
        for subject, entry in profile.entries()
    }
    examiners[NETWORK] = _network(profile, clock)
    return Roster(examiners)


def _examiner(subject: Subject, entry: Entry, profile: StoreProfile, clock: Clock) -> Examiner:
    if isinstance(entry, Backend):
        from console.platforms import here
        from console.probes.path import BackendExaminer

        return BackendExaminer(entry, profile, here(), clock, secret)
    from console.drivers.registry import open_driver

    return open_driver(subject, entry, profile, clock)


def _network(profile: StoreProfile, clock: Clock) -> Examiner:
    from console.platforms import here
    from console.probes.path import NetworkExaminer

    return NetworkExaminer(profile, here(), clock)


def _searchers(cidr: str | None) -> Sequence[Searcher]:
    from console.drivers.search import SerialSearch, TcpSearch

    return (SerialSearch(probe=True), TcpSearch(cidr)) if cidr else (SerialSearch(probe=True),)


def _keyboard(examiners: Iterable[Examiner | None]) -> Callable[[str, float], None]:
    listening: list[Any] = [each for each in examiners if hasattr(each, "typed")]

    def typed(character: str, at: float) -> None:
        for scanner in listening:
            scanner.typed(character, at)

    return typed
