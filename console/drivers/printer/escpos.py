"""An ESC/POS receipt printer on any transport.

The till's own program needs the same printer, so the line is taken for the moment of asking only.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Report, TestPage, Transport
from console.domain.selftest import Proof
from console.drivers.observed import trouble_seen
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.identity import ask_counters, ask_identity
from console.drivers.printer.job import PrintJob, lost_proof
from console.drivers.printer.status import ANSWER_SECONDS, StatusRound

ECHO_SECONDS = 15.0


class Turn:
    """One printer's queue: everybody who uses its line takes turns, and the last examination is shared."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.seen: Sequence[Evidence] = ()
        self.seen_at = float("-inf")  # monotonic seconds


class EscposPrinter:
    """Implements `ports.PrinterDriver`; drivers of the same printer are given the same `turn`.

    `connect` makes a transport for one opening; `paper` is in mm; an answer may take `answer_seconds`, the
    end of a page `echo_seconds`. `traits` are signs of the set-up: `line.network` or `line.serial`, and
    which level of the drawer's contact means open, `drawer.open_high` or `drawer.open_low` (neither: no
    drawer).
    """

    def __init__(
        self,
        connect: Callable[[], Transport],
        clock: Clock,
        paper: int = 80,
        traits: frozenset[str] = frozenset({"line.network", "drawer.open_high"}),
        turn: Turn | None = None,
        answer_seconds: float = ANSWER_SECONDS,
        echo_seconds: float = ECHO_SECONDS,
    ) -> None:
        self._connect = connect
        self._clock = clock
        self._paper = paper
        self._traits = traits
        self._answer_seconds = answer_seconds
        self._echo_seconds = echo_seconds
        self._turn = turn or Turn()

    async def examine(self) -> Sequence[Evidence]:
        """DLE EOT 1 to 4, one piece of evidence each.

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
                async with Conversation(self._connect) as line:
                    if "escpos.online" in signs_of(await self._round(line).ask_all()):
                        identity = await ask_identity(line, self._answer_seconds)
                        counters = await ask_counters(line, self._answer_seconds) if identity else {}
            except TillkeeperError:
                pass  # a printer that cannot be asked has no identity; examine() tells why
        return identity, counters

    async def print_test_page(self, page: TestPage, report: Report) -> tuple[Proof, Sequence[Evidence]]:
        """Print `page` and grade the proof; a cancel lets go of the line at once."""
        began = self._clock.seconds()
        seen: list[Evidence] = []
        async with self._turn.lock:
            try:
                async with Conversation(self._connect) as line:
                    job = PrintJob(
                        line, self._round(line), self._clock, self._answer_seconds, self._echo_seconds
                    )
                    seen = job.seen
                    return await job.run(page, self._paper, report), seen
            except TillkeeperError as trouble:
                seen.append(trouble_seen(self._clock, began, "printer.line", trouble))
                return lost_proof(trouble), seen

    async def _examined(self) -> Sequence[Evidence]:
        began = self._clock.seconds()
        try:
            async with Conversation(self._connect) as line:
                return await self._round(line).ask_all()
        except TillkeeperError as trouble:
            return [trouble_seen(self._clock, began, "printer.line", trouble)]

    def _round(self, line: Conversation) -> StatusRound:
        return StatusRound(line, self._clock, self._traits, self._answer_seconds)
