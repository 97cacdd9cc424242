"""Printing a test page, and how well it is proved that it was printed.

A: the printer confirmed the end of this page after printing it (how: see each `Language`). B: healthy before
and after, counters moved. C: healthy before and after. D: the bytes were accepted. E: nothing known.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping, Sequence

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Report, TestPage
from console.domain.selftest import Grade, Proof
from console.domain.words import Words, say
from console.drivers.codecs.printer_states import FLAWS, TROUBLES, WELL, meaning
from console.drivers.codecs.replies import Reply
from console.drivers.observed import observed
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.language import Language

_CHUNK = 256
_LOOK_SECONDS = 1.0  # how often a waiting job looks whether the printer is still online
_GLANCE_SECONDS = 0.1  # how often a printer that confirms nothing is asked whether it has finished
_PAUSE_SECONDS = 0.5  # longer than between two labels of one page
_QUIET_SECONDS = 3.0  # ready for so long, it has nothing left to print, whatever its counters say
_PARTING_SECONDS = 0.05  # switching the automatic status off may not delay a cancel


class PrintJob:
    """One page on one open line; all evidence gathers in `seen`, also when the line breaks."""

    def __init__(
        self,
        line: Conversation,
        language: Language,
        clock: Clock,
        look: Callable[[Conversation], Awaitable[Sequence[Evidence]]],
        echo_seconds: float,
    ) -> None:
        self._line = line
        self._language = language
        self._clock = clock
        self._look_at = look
        self._echo_seconds = echo_seconds
        self._code = b""
        self.seen: list[Evidence] = []

    async def run(self, page: TestPage, paper: int, report: Report) -> Proof:
        """Print `page` on `paper` mm and grade the proof; the transport's errors when the line breaks."""
        data = await asyncio.to_thread(self._language.page, page, paper)  # it may draw
        report(say("Asking the printer how it is"))
        before = await self._look()
        if signs := signs_of(before) & (TROUBLES | FLAWS):
            known = signs & TROUBLES
            trouble = meaning(known) if known else before[-1].meaning
            return Proof(
                Grade.E,
                say("Nothing was sent, because the printer was not ready: {trouble}", trouble=trouble),
            )
        talks = "status.online" in signs_of(before)
        self._code = self._language.code(before)
        counted = await self._language.counters(self._line) if talks else {}
        stopped = True
        try:
            outcome = await self._send(data, report) or await self._finished(talks, counted, report)
            stopped = outcome is not None and outcome.grade is Grade.E
        finally:
            if stopped:  # a printer that takes no more would keep its line until it has the rest
                self._line.drop()
            with contextlib.suppress(TillkeeperError, TimeoutError):
                async with asyncio.timeout(_PARTING_SECONDS):
                    await self._line.write(self._language.push_off)
        return outcome or await self._afterwards(talks, counted)

    async def _look(self) -> Sequence[Evidence]:
        seen = await self._look_at(self._line)
        self.seen += seen
        return seen

    async def _send(self, data: bytes, report: Report) -> Proof | None:
        """All bytes of the page; a proof only when trouble came up on the way."""
        report(say("Sending the page"))
        for start in range(0, len(data), _CHUNK):
            await self._line.write(data[start : start + _CHUNK])
            await asyncio.sleep(0)  # else a line that takes all at once leaves nobody a turn, nor a cancel
            if trouble := self._pushed_trouble():
                return trouble
        return None

    async def _finished(self, talks: bool, counted: Mapping[str, int], report: Report) -> Proof | None:
        """Wait for the page's end; a proof when it was confirmed or trouble came, else None."""
        if self._language.confirmation(self._code):
            return await self._confirmed(talks, report)
        return await self._idle(counted, report) if talks else None

    async def _idle(self, counted: Mapping[str, int], report: Report) -> Proof | None:
        """Wait until the printer says that it works no more; a proof only when trouble came."""
        began = quiet = self._clock.seconds()
        while (left := began + self._echo_seconds - self._clock.seconds()) > 0:
            report(say("Waiting for the printer to finish, {seconds} s at most", seconds=round(left)))
            glance = await self._language.glance(self._line, self._code)
            if glance and (trouble := await self._seen_at(glance, began)):
                return trouble
            if glance is None or "status.printing" in glance.signs:
                quiet = self._clock.seconds()
            ready = self._clock.seconds() - quiet
            if ready > _QUIET_SECONDS or (ready > _PAUSE_SECONDS and counted and await self._moved(counted)):
                return None
            await self._line.next(*self._language.unasked, seconds=_GLANCE_SECONDS)
        return None

    async def _moved(self, counted: Mapping[str, int]) -> list[str]:
        """The counters of pages that are not what they were."""
        now = await self._language.counters(self._line)
        known = sorted(self._language.page_counters & now.keys() & counted.keys())
        return [name for name in known if now[name] != counted[name]]

    async def _confirmed(self, talks: bool, report: Report) -> Proof | None:
        """Wait for the page's confirmation; a proof when it or trouble came, None when neither did."""
        request = self._language.confirmation(self._code)
        began = self._clock.seconds()
        # A printer that answers nothing will not answer this either.
        patience = self._echo_seconds if talks else min(self._echo_seconds, self._language.answer_seconds)
        ends = began + patience
        await self._line.write(request)
        while (left := ends - self._clock.seconds()) > 0:
            report(say("Waiting for the printer to confirm, {seconds} s at most", seconds=round(left)))
            reply = await self._line.next(*self._language.unasked, seconds=min(left, _LOOK_SECONDS))
            if reply is not None:
                proof = await self._told(reply, began)
            else:
                proof = await self._asked(began) if talks else None
            if proof:
                return proof
        silence = say("The printer confirmed nothing")
        self._note(began, "confirmation", "no answer", silence, {"print.not_echoed"})
        return None

    async def _told(self, reply: Reply, began: float) -> Proof | None:
        if "print.echoed" not in self._language.told(reply, self._code):
            return self._interrupted(reply)
        return await self._proven(reply.data.hex(), began)

    async def _proven(self, result: str, began: float) -> Proof:
        reason = say("The printer confirmed the page after printing it")
        self._note(began, "confirmation", result, reason, {"print.echoed"})
        if after := signs_of(await self._look()) & TROUBLES:
            reason = say("{done}; since then: {trouble}", done=reason, trouble=meaning(after))
        return Proof(Grade.A, reason)

    async def _asked(self, began: float) -> Proof | None:
        """Look whether a waiting job still has a printer that is online, or was confirmed meanwhile.

        An answer that a busy line lost is asked for again at the next look, as long as the job waits.
        """
        glance = await self._language.glance(self._line, self._code)
        return await self._seen_at(glance, began) if glance else None

    async def _seen_at(self, glance: Evidence, began: float) -> Proof | None:
        """A proof where a glance shows the confirmation, or trouble that a look still sees."""
        if "print.echoed" in glance.signs:
            return await self._proven(glance.result, began)
        if not glance.signs & TROUBLES:
            return None
        signs = signs_of(await self._look()) & TROUBLES
        return self._stopped(signs) if signs else None

    def _pushed_trouble(self) -> Proof | None:
        while reply := self._line.taken(*self._language.unasked):
            if trouble := self._interrupted(reply):
                return trouble
        return None

    def _interrupted(self, reply: Reply) -> Proof | None:
        signs = self._language.told(reply, self._code)
        if not signs & TROUBLES:
            return None
        self._note(self._clock.seconds(), "pushed", reply.data.hex(), meaning(signs), signs)
        return self._stopped(signs & TROUBLES)

    def _stopped(self, signs: frozenset[str]) -> Proof:
        reason = say(
            "The printer stopped during the page: {trouble}; the rest may print when that is mended",
            trouble=meaning(signs),
        )
        return Proof(Grade.E, reason)

    async def _afterwards(self, talks: bool, counted: Mapping[str, int]) -> Proof:
        """The grade without an echo."""
        began = self._clock.seconds()
        if not talks:
            return self._unproven(began, Grade.D, _ACCEPTED)
        after = signs_of(await self._look())
        if signs := after & TROUBLES:
            return self._stopped(signs)
        if not after >= WELL or "status.printing" in after:
            return self._unproven(began, Grade.D, _ACCEPTED)
        if counted and (moved := await self._moved(counted)):
            reason = say("The printer was well before and after, and its counters moved")
            self._note(began, "counters", ", ".join(moved), reason, {"print.counted"})
            return Proof(Grade.B, reason)
        return self._unproven(
            began, Grade.C, say("The printer was well before and after, but confirmed nothing")
        )

    def _unproven(self, began: float, grade: Grade, reason: Words) -> Proof:
        self._note(began, "page", "accepted", reason, {"print.unproven"})
        return Proof(grade, reason)

    def _note(
        self, began: float, probe: str, result: str, words: Words, signs: set[str] | frozenset[str]
    ) -> None:
        probe = f"{self._language.name}.{probe}"
        self.seen.append(observed(self._clock, began, probe, result, words, signs))


def lost_proof(trouble: TillkeeperError) -> Proof:
    """The proof of a page whose line could not be opened, or broke."""
    return Proof(Grade.E, say("Nothing is known about the page: {trouble}", trouble=trouble.words))


_ACCEPTED = say("The printer took the page and answered nothing; look whether it printed")
