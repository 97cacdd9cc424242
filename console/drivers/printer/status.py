"""One round of the four realtime status questions (DLE EOT 1 to 4).

An answer is one byte that does not name its question. So questions are put singly; after a time-out
the same question is put once more, and the round then waits for a second answer: if one comes, the
first was late, no later answer could be trusted, and the round ends without a verdict.
"""

from __future__ import annotations

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words, say
from console.drivers.codecs import escpos
from console.drivers.codecs.escpos import Kind, Reply
from console.drivers.observed import observed, trouble_seen
from console.drivers.printer.conversation import Conversation

ANSWER_SECONDS = 1.0
SLOW_SECONDS = 0.5  # a realtime answer takes milliseconds, by radio some tenths of a second
_PATIENCE = 1.2  # the second wait is this much longer, to span the first question's late answer


class StatusRound:
    """Asks on an open line; `traits` are signs that the set-up adds to every answer (see EscposPrinter)."""

    def __init__(
        self, conversation: Conversation, clock: Clock, traits: frozenset[str], answer_seconds: float
    ) -> None:
        self._conversation = conversation
        self._clock = clock
        self._traits = traits
        self._wait = answer_seconds

    async def ask_all(self) -> list[Evidence]:
        """One piece of evidence a question, the last one telling why the round ended early if it did."""
        seen: list[Evidence] = []
        for question in escpos.QUESTIONS:
            began = self._clock.seconds()
            probe = f"escpos.dle_eot.{question}"
            try:
                reply, flaw = await self._answer(question, first=not seen)
            except TillkeeperError as trouble:
                return [*seen, trouble_seen(self._clock, began, probe, trouble)]
            if reply is None or flaw is not None:
                flaw = flaw or "escpos.silent"
                return [*(seen if flaw in _EARLIER_HOLDS else ()), self._flawed(began, probe, flaw)]
            signs = escpos.status_signs(question, reply.data[0])
            words = escpos.meaning(signs)
            if self._clock.seconds() - began > SLOW_SECONDS:
                signs, words = signs | {"escpos.slow"}, say("slow answer: {meaning}", meaning=words)
            seen.append(observed(self._clock, began, probe, reply.data.hex(), words, signs | self._traits))
        return seen

    async def _answer(self, question: int, first: bool) -> tuple[Reply | None, str | None]:
        """The answer, and the sign of what was wrong with it."""
        line, request = self._conversation, escpos.status_request(question)
        if line.taken(Kind.REALTIME) is not None:
            return None, "escpos.late"
        reply = await line.ask(request, Kind.REALTIME, self._wait)
        if reply is None and not line.garbled and not line.half_reply:
            reply = await line.ask(request, Kind.REALTIME, self._wait * _PATIENCE)
            if reply and await line.next(Kind.REALTIME, seconds=self._wait * _PATIENCE):
                return reply, "escpos.late"
        if line.heard == request:
            return None, "escpos.echo"
        if line.garbled:
            return None, "escpos.wrong_protocol" if escpos.foreign_language(line.heard) else "escpos.garbage"
        if reply is None and line.half_reply:
            return None, "escpos.half_reply"
        if line.taken(Kind.REALTIME) is not None:
            return None, "escpos.late"
        return reply, None if reply or first else "escpos.incomplete"

    def _flawed(self, began: float, probe: str, sign: str) -> Evidence:
        heard = "no answer" if sign in _UNANSWERED else self._conversation.heard[:16].hex(" ")
        return observed(self._clock, began, probe, heard, _FLAWS[sign], {sign} | self._traits)


_UNANSWERED = frozenset({"escpos.silent", "escpos.incomplete"})
_EARLIER_HOLDS = _UNANSWERED | {"escpos.half_reply"}

_FLAWS: dict[str, Words] = {
    "escpos.silent": say("The printer took the question and answered nothing"),
    "escpos.incomplete": say("The printer answered the first questions, then no more"),
    "escpos.late": say("The printer answered an earlier question, too late to be sure of anything"),
    "escpos.half_reply": say("The printer's answer broke off in the middle"),
    "escpos.echo": say("Our own question came back: what is there repeats what it hears, and is no printer"),
    "escpos.garbage": say("What came back is no ESC/POS answer"),
    "escpos.wrong_protocol": say("What came back is another printer language, not ESC/POS"),
}
