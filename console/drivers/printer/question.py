"""One question to a printer whose answers do not name their question, and what may be wrong with the answer.

After a time-out the same question is put once more, and a second answer is waited for: if one comes, the
first was late, no later answer could be trusted, and the round of questions ends without a verdict.
"""

from __future__ import annotations

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words, say
from console.drivers.codecs.printer_states import meaning
from console.drivers.codecs.queries import NAMES, spoken
from console.drivers.codecs.replies import Reply
from console.drivers.observed import observed
from console.drivers.printer.conversation import Conversation

SLOW_SECONDS = 0.5  # a realtime answer takes milliseconds, by radio some tenths of a second
_PATIENCE = 1.6  # the second wait is this much longer, to span the first question's late answer


class Questions:
    """Asks on an open line in `language` and writes evidence; `traits` are signs of the set-up."""

    def __init__(
        self, line: Conversation, clock: Clock, language: str, traits: frozenset[str], answer_seconds: float
    ) -> None:
        self._line = line
        self._clock = clock
        self._language = language
        self._traits = traits
        self._wait = answer_seconds

    async def ask(
        self, request: bytes, kind: str, first: bool, pushed: bool = False
    ) -> tuple[Reply | None, str | None]:
        """The answer, and the sign of what was wrong with it; `first` of the round.

        `pushed`: the printer also tells this kind by itself, so that one more is no sign of a late answer.
        """
        line = self._line
        while line.taken(kind) is not None:
            if not pushed:
                return None, "status.late"
        reply = await line.ask(request, kind, self._wait)
        if reply is None and not line.garbled and not line.half_reply:
            reply = await line.ask(request, kind, self._wait * _PATIENCE)
            if reply and await line.next(kind, seconds=self._wait * _PATIENCE):
                return reply, "status.late"
        if line.heard == request:
            return None, "status.echo"
        if line.garbled:
            foreign = spoken(line.heard) not in (None, self._language)
            return None, "status.wrong_protocol" if foreign else "status.garbage"
        if reply is None and line.half_reply:
            return None, "status.half_reply"
        if not pushed and line.taken(kind) is not None:
            return None, "status.late"
        return reply, None if reply else "status.silent" if first else "status.incomplete"

    def answered(self, began: float, probe: str, reply: Reply, signs: frozenset[str]) -> Evidence:
        """An answer put at `began` monotonic seconds, with the meaning of its `signs`."""
        words = meaning(signs)
        if self._clock.seconds() - began > SLOW_SECONDS:
            signs, words = signs | {"status.slow"}, say("slow answer: {meaning}", meaning=words)
        return observed(self._clock, began, probe, _shown(reply.data), words, signs | self._traits)

    def flawed(self, began: float, probe: str, sign: str) -> Evidence:
        """A question that got no answer, or one that is worth nothing."""
        heard = self._line.heard
        result = "no answer" if sign in _UNANSWERED else heard[:16].hex(" ")
        words = _FLAWS.get(sign) or _foreign(NAMES[self._language], spoken(heard))
        return observed(self._clock, began, probe, result, words, {sign} | self._traits)


_UNANSWERED = frozenset({"status.silent", "status.incomplete"})
EARLIER_HOLDS = _UNANSWERED | {"status.half_reply"}
"""Flaws of a later answer that leave the earlier ones of the round as they are."""

_FLAWS: dict[str, Words] = {
    "status.silent": say("The printer took the question and answered nothing"),
    "status.incomplete": say("The printer answered the first questions, then no more"),
    "status.late": say("The printer answered an earlier question, too late to be sure of anything"),
    "status.echo": say("Our own question came back: what is there repeats what it hears, and is no printer"),
    "status.half_reply": say("The printer's answer broke off in the middle"),
}


def _shown(data: bytes) -> str:
    """Readable answers as text, all others in hex."""
    readable = len(data) > 4 and all(0x20 <= byte < 0x7F or byte in b"\r\n" for byte in data)
    return " ".join(data.decode("ascii").split()) if readable else data.hex()


def _foreign(expected: Words, heard: str | None) -> Words:
    if heard is None:
        return say("What came back is no {language} answer", language=expected)
    return say("What came back is {heard}, not {language}", heard=NAMES[heard], language=expected)
