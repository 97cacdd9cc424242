"""Printing a test page, and how well it is proved that it was printed.

A: the printer sent the process ID back after printing. B: healthy before and after, counters moved.
C: healthy before and after. D: the bytes were accepted. E: nothing known.
"""

from __future__ import annotations

import asyncio
import contextlib
import string
from collections.abc import Mapping, Sequence

from console.domain.chance import drawn
from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Report, TestPage
from console.domain.selftest import Grade, Proof
from console.domain.words import Words, say
from console.drivers.codecs import escpos
from console.drivers.codecs.escpos import Kind
from console.drivers.codecs.escpos_page import build_page
from console.drivers.observed import observed
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.identity import ask_counters
from console.drivers.printer.status import StatusRound

_CHUNK = 256
_LOOK_SECONDS = 1.0  # how often a waiting job looks whether the printer is still online
_PARTING_SECONDS = 0.05  # switching the automatic status off may not delay a cancel
_FLAWS = frozenset({"escpos.garbage", "escpos.wrong_protocol", "escpos.late", "escpos.half_reply"})
_PRINTED = ("ReceiptLineFeedCount", "PaperCutCount")  # hours, say, move without a page
_WELL = frozenset({"escpos.online", "escpos.no_offline_cause", "escpos.no_error"})


class PrintJob:
    """One page on one open line; all evidence gathers in `seen`, also when the line breaks."""

    def __init__(
        self,
        line: Conversation,
        status: StatusRound,
        clock: Clock,
        answer_seconds: float,
        echo_seconds: float,
    ) -> None:
        self._line = line
        self._status = status
        self._clock = clock
        self._answer_seconds = answer_seconds
        self._echo_seconds = echo_seconds
        self.seen: list[Evidence] = []

    async def run(self, page: TestPage, paper: int, report: Report) -> Proof:
        """Print `page` on `paper` mm and grade the proof; the transport's errors when the line breaks."""
        data = build_page(page, paper, after_init=escpos.ASB_ON)
        report(say("Asking the printer how it is"))
        before = await self._look()
        if signs := signs_of(before) & (escpos.TROUBLES | _FLAWS):
            known = signs & escpos.TROUBLES
            trouble = escpos.meaning(known) if known else before[-1].meaning
            return Proof(
                Grade.E,
                say("Nothing was sent, because the printer was not ready: {trouble}", trouble=trouble),
            )
        talks = "escpos.online" in signs_of(before)
        counted = await ask_counters(self._line, self._answer_seconds) if talks else {}
        try:
            outcome = await self._send(data, report) or await self._echoed(talks, report)
        finally:
            with contextlib.suppress(TillkeeperError, TimeoutError):
                async with asyncio.timeout(_PARTING_SECONDS):
                    await self._line.write(escpos.ASB_OFF)
        return outcome or await self._afterwards(talks, counted)

    async def _look(self) -> Sequence[Evidence]:
        seen = await self._status.ask_all()
        self.seen += seen
        return seen

    async def _send(self, data: bytes, report: Report) -> Proof | None:
        """All bytes of the page; a proof only when trouble came up on the way."""
        report(say("Sending the page"))
        for start in range(0, len(data), _CHUNK):
            await self._line.write(data[start : start + _CHUNK])
            if trouble := self._pushed_trouble():
                return trouble
        return None

    async def _echoed(self, talks: bool, report: Report) -> Proof | None:
        """Wait for the process ID; a proof when it came or trouble came up, None when neither did."""
        code = drawn(string.ascii_letters + string.digits, 4).encode()
        began = self._clock.seconds()
        # A printer that answers nothing will not answer this either.
        ends = began + (self._echo_seconds if talks else min(self._echo_seconds, self._answer_seconds))
        await self._line.write(escpos.process_id_request(code))
        while (left := ends - self._clock.seconds()) > 0:
            report(say("Waiting for the printer to confirm, {seconds} s at most", seconds=round(left)))
            reply = await self._line.next(Kind.PROCESS_ID, Kind.AUTOMATIC, seconds=min(left, _LOOK_SECONDS))
            if reply is None:
                if talks and (trouble := await self._offline()):
                    return trouble
            elif reply.kind is Kind.PROCESS_ID and reply.data == code:
                reason = say("The printer confirmed the page after printing it")
                self._note(began, "escpos.process_id", reply.data.hex(), reason, {"print.echoed"})
                after = signs_of(await self._look()) & escpos.TROUBLES
                if after:
                    reason = say("{done}; since then: {trouble}", done=reason, trouble=escpos.meaning(after))
                return Proof(Grade.A, reason)
            elif reply.kind is Kind.AUTOMATIC and (trouble := self._interrupted(reply.data)):
                return trouble
        silence = say("The printer confirmed nothing")
        self._note(began, "escpos.process_id", "no answer", silence, {"print.not_echoed"})
        return None

    async def _offline(self) -> Proof | None:
        """Look whether a waiting job still has a printer that is online."""
        reply = await self._line.ask(escpos.status_request(1), Kind.REALTIME, self._answer_seconds)
        if reply is None or "escpos.offline" not in escpos.status_signs(1, reply.data[0]):
            return None
        return self._stopped(signs_of(await self._look()) & escpos.TROUBLES)

    def _pushed_trouble(self) -> Proof | None:
        while reply := self._line.taken(Kind.AUTOMATIC):
            if trouble := self._interrupted(reply.data):
                return trouble
        return None

    def _interrupted(self, message: bytes) -> Proof | None:
        signs = escpos.automatic_signs(message)
        if not signs & escpos.TROUBLES:
            return None
        self._note(self._clock.seconds(), "escpos.asb", message.hex(), escpos.meaning(signs), signs)
        return self._stopped(signs & escpos.TROUBLES)

    def _stopped(self, signs: frozenset[str]) -> Proof:
        reason = say(
            "The printer stopped during the page: {trouble}; the rest may print when that is mended",
            trouble=escpos.meaning(signs or {"escpos.offline"}),
        )
        return Proof(Grade.E, reason)

    async def _afterwards(self, talks: bool, counted: Mapping[str, int]) -> Proof:
        """The grade without an echo."""
        began = self._clock.seconds()
        if not talks:
            return self._unproven(began, Grade.D, _ACCEPTED)
        after = signs_of(await self._look())
        if signs := after & escpos.TROUBLES:
            return self._stopped(signs)
        if not after >= _WELL:
            return self._unproven(began, Grade.D, _ACCEPTED)
        now = await ask_counters(self._line, self._answer_seconds) if counted else {}
        if moved := [name for name in _PRINTED if now.get(name) != counted.get(name)]:
            reason = say("The printer was well before and after, and its counters moved")
            self._note(began, "escpos.counters", ", ".join(moved), reason, {"print.counted"})
            return Proof(Grade.B, reason)
        return self._unproven(
            began, Grade.C, say("The printer was well before and after, but confirmed nothing")
        )

    def _unproven(self, began: float, grade: Grade, reason: Words) -> Proof:
        self._note(began, "escpos.page", "accepted", reason, {"print.unproven"})
        return Proof(grade, reason)

    def _note(
        self, began: float, probe: str, result: str, meaning: Words, signs: set[str] | frozenset[str]
    ) -> None:
        self.seen.append(observed(self._clock, began, probe, result, meaning, signs))


def lost_proof(trouble: TillkeeperError) -> Proof:
    """The proof of a page whose line could not be opened, or broke."""
    return Proof(Grade.E, say("Nothing is known about the page: {trouble}", trouble=trouble.words))


_ACCEPTED = say("The printer took the page and answered nothing; look whether it printed")
