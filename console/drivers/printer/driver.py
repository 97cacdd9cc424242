"""A printer on a line of its own (network, serial, USB), in any language.

The till's own program needs the same printer, so the line is taken for the moment of asking only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from console.domain.errors import TillkeeperError, Unsupported
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Report, TestPage, Transport
from console.domain.selftest import Proof
from console.domain.words import say
from console.drivers.observed import trouble_seen
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.job import PrintJob, lost_proof
from console.drivers.printer.language import Kicks, Language

ECHO_SECONDS = 15.0


class Turn:
    """One printer's queue: everybody who uses its line takes turns, and the last examination is shared."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.seen: Sequence[Evidence] = ()
        self.seen_at = float("-inf")  # monotonic seconds


class DirectPrinter:
    """Implements `ports.PrinterDriver`; drivers of the same printer are given the same `turn`.

    `connect` makes a transport for one opening; `paper` is in mm; the end of a page may be confirmed within
    `echo_seconds`.
    """

    def __init__(
        self,
        connect: Callable[[], Transport],
        language: Language,
        clock: Clock,
        paper: int = 80,
        turn: Turn | None = None,
        echo_seconds: float = ECHO_SECONDS,
    ) -> None:
        self._connect = connect
        self._language = language
        self._clock = clock
        self._paper = paper
        self._echo_seconds = echo_seconds
        self._turn = turn or Turn()

    async def examine(self) -> Sequence[Evidence]:
        """Every state that the printer tells.

        Whoever waited for the line while somebody else examined it gets that examination.
        """
        asked = self._clock.seconds()
        async with self._turn.lock:
            if self._turn.seen_at <= asked:
                self._turn.seen = await self._examined()
                self._turn.seen_at = self._clock.seconds()
            return self._turn.seen

    async def identify(self) -> tuple[Mapping[str, str], Mapping[str, int]]:
        """Identity and counters under their UnifiedPOS names; empty while the printer is not online."""
        identity: Mapping[str, str] = {}
        counters: Mapping[str, int] = {}
        async with self._turn.lock:
            try:
                async with self._line() as line:
                    if "status.online" in signs_of(await self._language.look(line)):
                        identity = await self._language.identity(line)
                        counters = await self._language.counters(line) if identity else {}
            except TillkeeperError:
                pass  # a printer that cannot be asked has no identity; examine() tells why
        return identity, counters

    async def print_test_page(self, page: TestPage, report: Report) -> tuple[Proof, Sequence[Evidence]]:
        """Print `page` and grade the proof; a cancel lets go of the line at once."""
        began = self._clock.seconds()
        seen: list[Evidence] = []
        async with self._turn.lock:
            try:
                async with self._line() as line:
                    job = PrintJob(line, self._language, self._clock, self._echo_seconds)
                    seen = job.seen
                    return await job.run(page, self._paper, report), seen
            except TillkeeperError as trouble:
                seen.append(trouble_seen(self._clock, began, "printer.line", trouble))
                return lost_proof(trouble), seen

    async def kick(self, pin: int) -> None:
        """Open the drawer on `pin`; Unsupported where the language cannot, else the line's errors."""
        if not isinstance(self._language, Kicks):
            raise Unsupported(say("this program cannot open a drawer in this printer's language"))
        async with self._turn.lock, self._line() as line:
            await line.write(self._language.kick(pin))

    async def _examined(self) -> Sequence[Evidence]:
        began = self._clock.seconds()
        try:
            async with self._line() as line:
                return await self._language.look(line)
        except TillkeeperError as trouble:
            return [trouble_seen(self._clock, began, "printer.line", trouble)]

    def _line(self) -> Conversation:
        return Conversation(self._connect, self._language.parser())
