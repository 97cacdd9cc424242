"""A store with all its services, wired together."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from console.app.start import begin_demo, data_folder, language_setting, unsynced_sales
from console.domain.discovery import Found
from console.domain.errors import NotConfigured, TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Examiner, Searcher
from console.domain.profile import Backend, Entry, Store, StoreProfile, Terminal
from console.domain.recording import Event
from console.domain.subjects import NETWORK, Subject
from console.domain.words import Words, say
from console.platforms.clock import SystemClock
from console.platforms.plugs import watch_plugs
from console.services.black_box import BlackBox
from console.services.board import Board
from console.services.check import CheckService
from console.services.chronicle import Chronicle
from console.services.console import Console
from console.services.drawer_sense import DrawerSense
from console.services.drawer_watch import DrawerWatch, WatchedDrawer
from console.services.emergency import EmergencyService
from console.services.language import Language, diagnosis_table
from console.services.monitor import Monitor
from console.services.options import Options
from console.services.parents import parents_of
from console.services.plugs import Plugs
from console.services.recordings import Recordings
from console.services.repair import RepairService
from console.services.roster import Roster
from console.services.scanner_figures import ScannerFigures
from console.services.scanner_trials import ScannerTrials
from console.services.selftest import SelftestService
from console.services.support_bundle import SupportBundle
from console.services.wear import WearService
from console.services.worked import LastWorked, urls_of
from console.storage.bundle import BundleFiles
from console.storage.counters import Readings
from console.storage.database import Database
from console.storage.files import sweep, write_atomically
from console.storage.history import CheckHistory
from console.storage.logs import start_logging
from console.storage.models import shipped_models
from console.storage.plan import RunFile, adopt_plan, read_plan
from console.storage.profile import parse_profile, profile_path, read_profile
from console.storage.profile_file import ProfileFile
from console.storage.recording import FileShelf
from console.storage.recording_lines import recording_text
from console.storage.secrets import secret
from console.storage.settings import SettingsFile

if TYPE_CHECKING:
    from console.domain.ports import DrawerDriver, SensedDrawer
    from console.services.crash import CrashSink
    from console.simulators.demo import DemoProcess

log = logging.getLogger(__name__)


def find_profile(options: Options) -> Path:
    """The profile that was named, else the one in the data folder; NotConfigured where that is missing."""
    path = options.profile or profile_path()
    if options.profile is None and not options.lenient and not path.exists():
        raise NotConfigured(
            say(
                "there is no store profile at {path}; name one with --profile FILE,"
                " or look around with --demo",
                path=str(path),
            )
        )
    return path


@asynccontextmanager
async def compose(
    options: Options,
    crashes: CrashSink,
    settings: SettingsFile | None = None,
    demo: DemoProcess | None = None,
) -> AsyncIterator[Console]:
    """A store with all its services, and everything let go of afterwards; BadInput for a bad profile.

    The window lends its `settings`, whose language then goes before the profile's. `demo` holds the demo
    store's devices where they have been started already.
    """
    async with AsyncExitStack() as stack:
        # Files are read and modules imported beside the loop, which may be the window's.
        console, history = await asyncio.to_thread(_wired, options, crashes, settings, demo, stack)
        console.opening = asyncio.create_task(_open(history, console.notices), name="opening the history")
        stack.push_async_callback(asyncio.wait, [console.opening])
        yield console


def _profile_in(path: Path, options: Options, kept: Path) -> tuple[StoreProfile, Words | None]:
    """What `path` holds, and what is wrong with it.

    Where it is broken and the caller is lenient: the last copy that could be read (in `kept`), else an
    empty store. A missing file in its usual place is a store that nobody has set up yet.
    """
    try:
        profile = read_profile(path)
    except TillkeeperError as error:
        if not options.lenient:
            raise
        not_set_up = options.profile is None and not path.exists()
        try:
            return read_profile(kept), error.words
        except TillkeeperError:
            return StoreProfile(Store(path.stem)), None if not_set_up else error.words
    if options.lenient:
        _keep_good(path, kept)
    return profile, None


def _keep_good(path: Path, kept: Path) -> None:
    """Remember a profile that could be read, for the day when it cannot."""
    try:
        content = path.read_bytes()
        if not kept.exists() or kept.read_bytes() != content:
            write_atomically(kept, content, keep_old=False)
    except (OSError, TillkeeperError) as error:
        log.warning("no good copy of %s kept: %s", path, error)


def _folder_of(options: Options, folder: Path) -> Path:
    """Where a store's history lies: in the data folder, or for a profile elsewhere in a place of its own."""
    if options.profile is None or options.profile == folder / "store.toml":
        return folder
    own = hashlib.sha256(str(options.profile.resolve()).encode()).hexdigest()[:16]
    return _made(folder / "stores" / own)


def _made(folder: Path) -> Path:
    """The same folder; where it cannot be made, whoever writes into it says so."""
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def _log_into(folder: Path, stack: AsyncExitStack) -> None:
    handler = start_logging(folder=folder / "logs")

    def stop() -> None:
        logging.getLogger().removeHandler(handler)
        handler.close()

    stack.callback(stop)


def _wired(
    options: Options,
    crashes: CrashSink,
    lent: SettingsFile | None,
    demo: DemoProcess | None,
    stack: AsyncExitStack,
) -> tuple[Console, CheckHistory]:
    if options.demo:
        demo = demo or begin_demo(options, lent)
        stack.push_async_callback(asyncio.to_thread, demo.close)
    notices: list[Words] = []
    home_folder = folder = data_folder(notices)
    settings = lent or SettingsFile(folder / "settings.json")
    if lent is None:
        stack.push_async_callback(asyncio.to_thread, settings.close)
        _log_into(folder, stack)
    path, trouble = None, None
    if demo is not None:
        folder = _made(folder / "demo")
        profile = parse_profile(demo.profile())
    else:
        path = find_profile(options)
        folder = _folder_of(options, folder)
        profile, trouble = _profile_in(path, options, folder / "store.good.toml")
    chosen = language_setting(settings) if lent else ""
    language = Language(options.language or chosen or profile.store.language)
    if trouble is not None:
        notices.append(trouble)
    sweep(home_folder)
    clock = SystemClock(profile.store.timezone)
    table = diagnosis_table()
    parent_of = parents_of(profile)
    database = Database(folder / "history.db")
    history = CheckHistory(database)
    stack.push_async_callback(history.close)
    box = BlackBox()
    noted = SettingsFile(folder / "noted.json")
    stack.push_async_callback(asyncio.to_thread, noted.close)
    book = Readings(database)
    roster = _watched(_roster(profile, clock, box, noted), profile, book, noted, clock)
    board = Board(roster.subjects, parent_of, table, clock)
    standing: dict[Subject, Sequence[Evidence]] = {}
    check = CheckService(
        profile.store.name, roster, parent_of, table, clock, board, history, standing, crashes.take
    )
    wear = WearService(profile, roster, board, book, clock, shipped_models, crashes.take)
    figures = ScannerFigures(book, clock)
    drawers = {subject: each for subject, each in roster.examiners.items() if isinstance(each, WatchedDrawer)}
    printers = {Subject("drawer", each.name): Subject("printer", each.printer) for each in profile.drawer}

    async def keep(subject: Subject, identity: Mapping[str, str], counters: Mapping[str, int]) -> None:
        """What a device told in its self-test; each service keeps that of its own kind."""
        await wear.keep(subject, identity, counters)
        await figures.keep(subject, identity, counters)

    runs = RunFile(folder / "emergency-run.json")
    stack.push_async_callback(asyncio.to_thread, runs.close)

    monitor = Monitor(check, roster.subjects, crashes.take)

    def speak() -> Language:
        return console.language

    def name_of(subject: Subject) -> str:
        return console.name(subject)

    console = Console(
        profile=profile,
        profile_path=path,
        language=language,
        clock=clock,
        board=board,
        check=check,
        selftest=SelftestService(
            profile.store.name, roster, table, clock, speak, name_of, board.put, standing, keep
        ),
        repair=RepairService(roster, check),
        emergency=EmergencyService(
            lambda code: read_plan(None, code), runs, board, clock, speak, None if demo else adopt_plan
        ),
        monitor=monitor,
        chronicle=Chronicle(board, history, crashes.take),
        wear=wear,
        trials=ScannerTrials(roster),
        figures=figures,
        history=history,
        settings=settings,
        editor=ProfileFile(path) if path else None,
        examiner=lambda subject, entry: _examiner(subject, entry, profile, clock, box, noted),
        searchers=_searchers,
        drawer=lambda subject: DrawerSense(cast("DrawerDriver", roster.driver(subject)), clock),
        models=shipped_models,
        bundle=SupportBundle(BundleFiles(), recording_text),
        typed=_keyboard(roster.examiners.values()),
        plugs=None if demo else Plugs(profile, monitor, watch_plugs, _plugged, crashes.take),
        worked=LastWorked(board, urls_of(profile), noted),
        drawers=DrawerWatch(drawers, printers, board, check, crashes.take),
        recordings=Recordings(profile, clock, box, FileShelf(), _explain),
        unsynced=unsynced_sales(profile),
        demo=demo,
        folder=folder,
        trouble=trouble,
        notices=[*notices, *(each.note for each in (settings, noted) if each.note)],
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
    await asyncio.to_thread(shipped_models)  # now, so that nobody waits for the files later


def _watched(
    roster: Roster, profile: StoreProfile, book: Readings, noted: SettingsFile, clock: Clock
) -> Roster:
    """The same, with each drawer that is switched on timed and counted."""
    watched: dict[Subject, Examiner | None] = dict(roster.examiners)
    for each in profile.drawer:
        subject = Subject("drawer", each.name)
        if watched[subject] is not None:
            inner = cast("SensedDrawer", watched[subject])
            watched[subject] = WatchedDrawer(subject, inner, each.open_limit, book, noted, clock)
    return Roster(watched)


def _roster(profile: StoreProfile, clock: Clock, box: BlackBox, noted: SettingsFile) -> Roster:
    examiners: dict[Subject, Examiner | None] = {
        subject: _examiner(subject, entry, profile, clock, box, noted) if entry.enabled else None
        for subject, entry in profile.entries()
    }
    examiners[NETWORK] = _network(profile, clock)
    return Roster(examiners)


def _examiner(
    subject: Subject, entry: Entry, profile: StoreProfile, clock: Clock, box: BlackBox, noted: SettingsFile
) -> Examiner:
    if isinstance(entry, Terminal):
        from console.platforms import here
        from console.probes.terminal import TerminalExaminer

        return TerminalExaminer(entry, here(), clock, noted)
    if isinstance(entry, Backend):
        from console.platforms import here
        from console.probes.path import BackendExaminer

        return BackendExaminer(entry, profile, here(), clock, secret)
    from console.drivers.registry import connector, open_driver
    from console.drivers.transports.recorded import recorded
    from console.drivers.veils import KEPT

    connect = recorded(connector, box, KEPT.get(subject.kind))
    return open_driver(subject, entry, profile, clock, connect, models=shipped_models)


def _explain(kind: str, protocol: str, events: Sequence[Event]) -> Sequence[tuple[Words, ...]]:
    from console.drivers.readings import explain

    return explain(kind, protocol, events)


def _network(profile: StoreProfile, clock: Clock) -> Examiner:
    from console.platforms import here
    from console.probes.path import NetworkExaminer

    return NetworkExaminer(profile, here(), clock)


def _plugged() -> Sequence[Found]:
    from console.drivers.plugged import plugged

    return plugged()


def _searchers(cidr: str | None) -> Sequence[Searcher]:
    from console.drivers.announced import MdnsSearch
    from console.drivers.queues import CupsSearch, WindowsSearch
    from console.drivers.rfid.pcsc import CardReaderSearch
    from console.drivers.search import KeyboardSearch, SerialSearch, TcpSearch, UsbSearch
    from console.drivers.terminals import TerminalSearch

    local: tuple[Searcher, ...] = (
        UsbSearch(), KeyboardSearch(), SerialSearch(probe=True), CardReaderSearch(), CupsSearch(),
        WindowsSearch(),
    )  # fmt: skip
    sweep = (TcpSearch(cidr),) if cidr else ()
    return (*local, MdnsSearch(), *sweep, TerminalSearch())  # a sweep fills the neighbour table


def _keyboard(examiners: Iterable[Examiner | None]) -> Callable[[str, float], None]:
    listening: list[Any] = [each for each in examiners if hasattr(each, "typed")]

    def typed(character: str, at: float) -> None:
        for scanner in listening:
            scanner.typed(character, at)

    return typed
