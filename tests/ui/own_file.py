"""A store with a file of its own behind the window, and people who look for devices in it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

from console.domain.discovery import Found
from console.domain.ports import Report
from console.domain.profile import StoreProfile
from console.domain.words import say
from console.services.entry_form import keys
from console.storage.profile import read_profile
from console.storage.profile_file import ProfileFile
from tests.ui.store import ShopFloor


def give_file(floor: ShopFloor, folder: Path) -> Path:
    """Write the floor's profile to a real file that the window edits from now on."""
    path = folder / "store.toml"
    file = ProfileFile.create(path, floor.console.profile.store.name, "zh_CN")
    for subject, entry in floor.console.profile.entries():
        file.add(subject.kind, keys(entry))
    floor.console.editor = file
    floor.console.profile_path = path
    floor.console.folder = folder
    return path


async def written(path: Path) -> StoreProfile:
    """The profile as it is on disk now."""
    return await asyncio.to_thread(read_profile, path)


class Search:
    """Finds what it is told to; while `held` is cleared it goes on searching."""

    def __init__(self, found: Sequence[Found]) -> None:
        self.found = found
        self.held = asyncio.Event()
        self.held.set()
        self.stopped = False

    async def search(self, report: Report) -> AsyncIterator[Found]:
        report(say("Asking {place}", place="192.0.2.9"))
        try:
            await self.held.wait()
        except asyncio.CancelledError:
            self.stopped = True
            raise
        for each in self.found:
            yield each
