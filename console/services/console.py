"""Everything that a window or a command line can ask for, in one place; `app` fills it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from console.domain.models import Models
from console.domain.ports import Clock, DemoStore, Examiner, History, ProfileEditor, Searcher, Settings
from console.domain.profile import Entry, StoreProfile
from console.domain.subjects import Subject
from console.domain.words import Words
from console.services.board import Board
from console.services.check import CheckService
from console.services.chronicle import Chronicle
from console.services.drawer_sense import DrawerSense
from console.services.drawer_watch import DrawerWatch
from console.services.emergency import EmergencyService
from console.services.language import Language
from console.services.monitor import Monitor
from console.services.plugs import Plugs
from console.services.recordings import Recordings
from console.services.repair import RepairService
from console.services.scanner_figures import ScannerFigures
from console.services.scanner_trials import ScannerTrials
from console.services.selftest import SelftestService
from console.services.sentences import names_of
from console.services.support_bundle import SupportBundle
from console.services.unsynced import UnsyncedSales
from console.services.wear import WearService
from console.services.worked import LastWorked


@dataclass(slots=True)
class Console:
    """One store with its services. A changed profile makes a new Console; a changed language does not."""

    profile: StoreProfile
    profile_path: Path | None  # None in the demo
    language: Language
    clock: Clock
    board: Board
    check: CheckService
    selftest: SelftestService
    repair: RepairService
    emergency: EmergencyService
    monitor: Monitor
    chronicle: Chronicle
    wear: WearService
    trials: ScannerTrials
    figures: ScannerFigures
    history: History
    settings: Settings
    editor: ProfileEditor | None  # None in the demo, which has no file
    examiner: Callable[[Subject, Entry], Examiner]  # for an entry that is not saved yet
    searchers: Callable[[str | None], Sequence[Searcher]]  # all of them; a CIDR adds the network sweep
    drawer: Callable[[Subject], DrawerSense]  # a new lesson; BadInput for what is no drawer
    models: Callable[[], Models]  # may read files at the first call
    bundle: SupportBundle
    typed: Callable[[str, float], None]  # a key's character and its monotonic second, from the window
    worked: LastWorked | None = None
    drawers: DrawerWatch | None = None
    recordings: Recordings | None = None
    plugs: Plugs | None = None  # None in the demo, whose devices are plugged into nothing
    unsynced: UnsyncedSales = field(default_factory=UnsyncedSales)
    demo: DemoStore | None = None
    folder: Path | None = None  # where the history lies
    trouble: Words | None = None  # what is wrong with the profile; its last good copy is watched
    notices: list[Words] = field(default_factory=list)  # what happened at the start and must be told once
    opening: asyncio.Task[None] | None = None  # opens the history; notices are complete when it is done

    @property
    def name(self) -> Callable[[Subject], str]:
        """How people call each subject, in the present language."""
        return names_of(self.profile, self.language)

    def speak(self, language: Language) -> None:
        """Use another language from now on; the demo's devices have a name in each."""
        self.language = language
        if self.demo is not None:
            self.profile = self.demo.profile_in(self.profile, language.code)

    async def before_restart(self) -> str | None:
        """What a person must read before restarting the till; None where nothing is known about sales."""
        return await self.unsynced.before_restart(self.language, self.clock.now())
