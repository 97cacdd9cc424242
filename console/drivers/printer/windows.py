"""A queue of the Windows spooler. It tells what its port driver tells it: of most printers, little."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import unquote

from console.domain.addresses import Address
from console.domain.errors import TillkeeperError, Unsupported
from console.domain.evidence import Evidence
from console.domain.head import Head
from console.domain.ports import Clock, Report, TestPage
from console.domain.selftest import Grade, Proof
from console.domain.words import Words, say, say_many
from console.drivers.codecs.escpos_page import build_page
from console.drivers.observed import observed, trouble_seen
from console.platforms import spooler
from console.platforms.spooler import Spooled
from console.platforms.threads import in_thread

SECONDS = 5.0
_WORK_OFFLINE = 0x400  # PRINTER_ATTRIBUTE_WORK_OFFLINE: Windows found its cable pulled, or a person said so
# PRINTER_STATUS_* of winspool.h: mask, sign, words; those of toner and bins are nothing to a receipt printer.
_BITS: Sequence[tuple[int, str, Words]] = (
    (0x00400000, "windows.cover_open", say("cover open")),
    (0x00000010 | 0x00000040, "windows.paper_end", say("out of paper")),
    (0x00000008, "windows.jam", say("paper jam")),
    (0x00000001 | 0x00000004, "windows.paused", say("paused")),
    (0x00000080 | 0x00001000 | 0x00800000, "windows.offline", say("offline")),
    (0x00000002 | 0x00100000 | 0x00200000, "windows.error", say("stopped by an error")),
)

State = Callable[[str], Spooled]


class WindowsPrinter:
    """Implements `ports.PrinterDriver`; `state` and `send` are those of the spooler."""

    def __init__(
        self,
        address: Address,
        clock: Clock,
        protocol: str = "auto",
        paper: int = 80,
        state: State = spooler.state,
        send: Callable[[str, str, bytes], int] = spooler.send,
    ) -> None:
        self._name = unquote(address.place)
        self._clock = clock
        self._protocol = protocol
        self._paper = paper
        self._state = state
        self._send = send

    async def examine(self) -> Sequence[Evidence]:
        """What the spooler knows of the queue."""
        began = self._clock.seconds()
        try:
            async with asyncio.timeout(SECONDS):
                told = await in_thread(self._state, self._name)
        except TillkeeperError as trouble:
            return [trouble_seen(self._clock, began, "windows.queue", trouble)]
        except TimeoutError:
            meaning = say("The Windows print spooler does not answer")
            return [observed(self._clock, began, "windows.queue", "timeout", meaning, {"windows.failed"})]
        signs, words = judged(told)
        raw = f"{told.status:08x} {told.attributes:08x} {told.jobs}"
        return [observed(self._clock, began, "windows.queue", raw, words, signs)]

    async def identify(self) -> tuple[Mapping[str, str], Mapping[str, int]]:
        """The spooler does not ask a printer who it is."""
        return {}, {}

    def head(self) -> Head | None:
        """The head that the test page's pattern is drawn for."""
        return Head.of(self._paper) if self._protocol == "escpos" else None

    async def print_test_page(self, page: TestPage, report: Report) -> tuple[Proof, Sequence[Evidence]]:
        """Hand the page to the spooler; a cancel after that takes nothing back."""
        seen = list(await self.examine())
        if any(each.signs != {"queue.blind"} for each in seen):
            reason = say(
                "Nothing was sent, because the printer was not ready: {trouble}", trouble=seen[-1].meaning
            )
            return Proof(Grade.E, reason), seen
        began = self._clock.seconds()
        report(say("Sending the page"))
        try:
            if self._protocol != "escpos":
                raise Unsupported(
                    say("Through a Windows queue only ESC/POS is printed yet"), "print.unproven"
                )
            data = build_page(page, self._paper)
            job = await in_thread(self._send, self._name, f"Tillkeeper {page.code}", data)
        except TillkeeperError as trouble:
            seen.append(trouble_seen(self._clock, began, "windows.queue", trouble))
            return Proof(
                Grade.E, say("Nothing is known about the page: {trouble}", trouble=trouble.words)
            ), seen
        reason = say("The queue took the page; the printer behind it says nothing, so look at it")
        seen.append(observed(self._clock, began, "windows.queue", f"job {job}", reason, {"print.unproven"}))
        return Proof(Grade.D, reason), seen


def judged(told: Spooled) -> tuple[frozenset[str], Words]:
    """The signs in a queue's numbers, and their meaning; no bit set proves nothing of the printer."""
    found = [(sign, words) for mask, sign, words in _BITS if told.status & mask]
    if told.attributes & _WORK_OFFLINE and "windows.offline" not in dict(found):
        found.append(("windows.offline", say("offline")))
    blind = say("ready, but Windows does not see paper and cover of most receipt printers")
    words = found[0][1] if found else blind
    for _, more in found[1:]:
        words = say("{first}; {second}", first=words, second=more)
    if told.jobs:
        waiting = say_many("{count} job waits", "{count} jobs wait", told.jobs)
        words = say("{first}; {second}", first=words, second=waiting)
    return frozenset(dict(found) or {"queue.blind"}), say("{what}: {state}", what=say("Queue"), state=words)
