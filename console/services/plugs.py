"""Devices that are plugged in or out while the program runs: lights follow at once, new ones are offered."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from console.domain.addresses import parse_address
from console.domain.discovery import Found
from console.domain.profile import Drawer, Entry, Scanner, StoreProfile
from console.domain.subjects import Subject
from console.platforms.threads import in_thread
from console.services.check import Failed

SETTLE_SECONDS = 0.4  # one plug makes a dozen events, and its permissions come last
_HERE = frozenset({"serial", "usb", "hid", "keyboard"})

Watch = Callable[[Callable[[], None]], Callable[[], object]]


class Lights(Protocol):
    """What keeps the lights alive: the monitor."""

    def look_now(self, subjects: Sequence[Subject]) -> None:
        """Look at these at once."""


class Plugs:
    """Watches from `start` to `stop`; `offers` are new devices that the profile does not have.

    `plugged` lists what is there now and may block; `changed`, if set, is called when `offers` did.
    """

    def __init__(
        self,
        profile: StoreProfile,
        lights: Lights,
        watch: Watch,
        plugged: Callable[[], Sequence[Found]],
        failed: Failed,
        settle: float = SETTLE_SECONDS,
    ) -> None:
        self._profile = profile
        self._lights = lights
        self._watch = watch
        self._plugged = plugged
        self._failed = failed
        self._settle = settle
        self._there: set[str] | None = None  # addresses; None before the first look
        self._event = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.offers: list[Found] = []
        self.changed: Callable[[], None] | None = None

    def start(self) -> None:
        """Begin on the running loop."""
        self._task = asyncio.create_task(self._run(), name="watching what is plugged in")

    async def stop(self) -> None:
        """Stop, and let go of what told of changes."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    @property
    def looked(self) -> bool:
        """Whether it is known what is there, so that anything more is new."""
        return self._there is not None

    def put_away(self, offer: Found) -> None:
        """Not wanted, or taken: it is offered again only after it was unplugged."""
        self._show([each for each in self.offers if each != offer])

    async def _run(self) -> None:
        stop = self._watch(self._event.set)  # before the first look, so that nothing falls between
        try:
            await self._look()
            while True:
                await self._event.wait()
                self._lights.look_now(here(self._profile))
                await asyncio.sleep(self._settle)
                self._event.clear()
                self._lights.look_now(here(self._profile))
                await self._look()
        finally:
            stop()

    async def _look(self) -> None:
        try:
            found = {each.address: each for each in await in_thread(self._plugged)}
        except Exception as error:  # noqa: BLE001 - a look that failed must not end all looking
            self._failed(error, "looking at what is plugged in")
            return
        before, self._there = self._there, set(found)
        if before is None:
            return
        new = [each for address, each in found.items() if address not in before]
        still = [each for each in self.offers if each.address in found]
        wanted = await in_thread(lambda: [each for each in new if not is_set_up(each, self._profile)])
        self._show([*still, *wanted])

    def _show(self, offers: list[Found]) -> None:
        if offers != self.offers:
            self.offers = offers
            if self.changed is not None:
                self.changed()


def here(profile: StoreProfile) -> list[Subject]:
    """The devices that are plugged into this computer, and the drawers behind them."""
    entries = list(profile.entries())
    found = {subject for subject, entry in entries if _scheme(subject, entry) in _HERE}
    behind = (
        subject
        for subject, entry in entries
        if isinstance(entry, Drawer) and Subject("printer", entry.printer) in found
    )
    return [*found, *behind]


def is_set_up(found: Found, profile: StoreProfile) -> bool:
    """Whether the profile has it, by whatever name and settings. May wait for the disk.

    A scanner that types is set up as well where the profile has one that is known by its rhythm.
    """
    kind, place = _place(found.address, found.kind)
    for subject, entry in profile.entries():
        if kind == "keyboard" and isinstance(entry, Scanner) and entry.types_here:
            return True
        if _scheme(subject, entry) in _HERE:
            other, where = _place(str(getattr(entry, "address", "")), subject.kind)
            # Written with or without what tells two alike apart.
            if other == kind and (
                where == place or where.split("/")[0] == place or place.split("/")[0] == where
            ):
                return True
    return False


def _scheme(subject: Subject, entry: Entry) -> str:
    address = getattr(entry, "address", None)
    if not address or subject.kind == "terminal":
        return ""
    if isinstance(entry, Scanner) and entry.types_here:
        return ""  # no device in particular
    return parse_address(address, subject.kind).scheme


def _place(address: str, kind: str) -> tuple[str, str]:
    """How it is plugged in, and where: a port by its real file, another device by its numbers."""
    parts = parse_address(address, kind)
    if parts.scheme == "serial":
        return "serial", str(Path(parts.place).resolve()) if "/" in parts.place else parts.place.upper()
    return {"hid": "usb"}.get(parts.scheme, parts.scheme), parts.place.lower()
