"""Searches for print queues of this computer: CUPS, and the Windows spooler."""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, Callable, Sequence
from urllib.parse import quote

from console.domain.discovery import Found
from console.domain.errors import TillkeeperError
from console.domain.ports import Report
from console.domain.words import say
from console.drivers.entries import found
from console.drivers.printer.ipp.client import queues
from console.drivers.printer.ipp.place import cups_connector
from console.platforms import spooler
from console.platforms.threads import in_thread

_MOST = 100


class CupsSearch:
    """The queues that CUPS knows, as far as their names fit an address."""

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each queue; none where no CUPS runs."""
        report(say("Looking for print queues"))
        try:
            known = await queues(cups_connector())
        except TillkeeperError:
            return
        for name, make in known[:_MOST]:
            if re.fullmatch(r"[^\s/#?]+", name):
                yield found("printer", f"cups://{name}", ("", make), "documented")


class WindowsSearch:
    """The queues of the Windows spooler; none on another system."""

    def __init__(self, names: Callable[[], Sequence[str]] = spooler.queues) -> None:
        self._names = names

    async def search(self, report: Report) -> AsyncGenerator[Found, None]:
        """Each queue by its name; what is no character of an address is written as %20 and the like."""
        report(say("Looking for print queues"))
        try:
            known = await in_thread(self._names)
        except TillkeeperError:
            return
        for name in known[:_MOST]:
            yield found("printer", f"windows://{quote(name, safe='')}", ("", name), "documented")
