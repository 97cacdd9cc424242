"""What is settled before there is a store: the folder and the language."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.errors import TillkeeperError
from console.platforms.language import system_language
from console.services.language import LANGUAGES, Language
from console.services.options import Options
from console.storage.files import home

if TYPE_CHECKING:
    from console.domain.ports import Settings
    from console.domain.profile import StoreProfile
    from console.domain.words import Words
    from console.services.unsynced import UnsyncedSales
    from console.simulators.demo import DemoProcess

log = logging.getLogger(__name__)


def language_of(options: Options) -> Language:
    """The language for words that come before, or without, a store: asked for, else the system's."""
    return Language(options.language or ("en" if system_language() == "en" else "zh_CN"))


def language_setting(settings: Settings) -> str:
    """The language that the person chose in the window; "" where none, or none that there is."""
    chosen = settings.get("language", "")
    return chosen if chosen in LANGUAGES else ""


def is_demo(options: Options) -> bool:
    """Without any profile, or without a folder for one, there is still the demo to look at."""
    try:
        return options.demo or not (options.profile or (home() / "store.toml").exists())
    except TillkeeperError as error:  # composing the demo tells the same as a notice
        log.warning("no store profile: %s", error)
        return True


def begin_demo(options: Options, settings: Settings | None = None) -> DemoProcess:
    """The demo store's devices, which start while this process goes on."""
    from console.simulators.demo import DemoProcess

    chosen = language_setting(settings) if settings else ""
    return DemoProcess(options.language or chosen or language_of(options).code)


def data_folder(notices: list[Words]) -> Path:
    """The data folder; where it cannot be had, a temporary one, so that a check still gives its verdict."""
    try:
        return home()
    except TillkeeperError as error:
        notices.append(error.words)
        import tempfile  # seldom needed, and slow to import

        return Path(tempfile.mkdtemp(prefix="tillkeeper-"))


def unsynced_sales(profile: StoreProfile | None) -> UnsyncedSales:
    """Looks where the profile says that unsynced sales lie; claims nothing where it does not say."""
    from console.services.unsynced import UnsyncedSales  # of no use to the window's first frame
    from console.storage.pending import PendingFolder

    place = profile.network.sync_pending if profile else None
    return UnsyncedSales(PendingFolder(place) if place else None)
