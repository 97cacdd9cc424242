"""One status question whose answer can be trusted, or what was wrong with it.

An answer may come after its time-out and then be taken for the next one's. So the same question is put once
more, and if two answers come then, the first was late and no later answer could be trusted.
"""

from __future__ import annotations

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import Words, say
from console.drivers.codecs.printer_states import meaning
from console.drivers.codecs.replies import Reply
from console.drivers.observed import observed
from console.drivers.printer.conversation import Conversation

SLOW_SECONDS = 0.5  # a realtime answer takes milliseconds, by radio some tenths of a second
_PATIENCE = 1.2  # the second wait is this much longer, to span the first question's late answer

FLAW_WORDS: dict[str, Words] = {
    "status.silent": say("The printer took the question and answered nothing"),
    "status.late": say("The printer answered an earlier question, too late to be sure of anything"),
    "status.half_reply": say("The printer's answer broke off in the middle"),
    "status.garbage": say("What came back is no answer in this printer language"),
}


async def sure_answer(
    line: Conversation, request: bytes, kind: str, seconds: float
) -> tuple[Reply | None, str | None]:
    """The answer to `request`, and the sign of what was wrong with it."""
    if line.taken(kind) is not None:
        return None, "status.late"
    reply = await line.ask(request, kind, seconds)
    if reply is None and not line.garbled and not line.half_reply:
        reply = await line.ask(request, kind, seconds * _PATIENCE)
        if reply and await line.next(kind, seconds=seconds * _PATIENCE):
            return None, "status.late"
    if line.garbled:
        return None, "status.garbage"
    if reply is None:
        return None, "status.half_reply" if line.half_reply else "status.silent"
    return (None, "status.late") if line.taken(kind) is not None else (reply, None)


def told(
    clock: Clock, began: float, probe: str, reply: Reply, signs: frozenset[str], traits: frozenset[str]
) -> Evidence:
    """A status answer with its signs as evidence; says so where it was slow."""
    words = meaning(signs)
    if clock.seconds() - began > SLOW_SECONDS:
        signs, words = signs | {"status.slow"}, say("slow answer: {meaning}", meaning=words)
    return observed(clock, began, probe, _shown(reply.data), words, signs | traits)


def flawed(
    clock: Clock, began: float, probe: str, line: Conversation, flaw: str, traits: frozenset[str]
) -> Evidence:
    """A question without a trustworthy answer as evidence."""
    heard = "no answer" if flaw == "status.silent" else line.heard[:16].hex(" ")
    return observed(clock, began, probe, heard, FLAW_WORDS[flaw], {flaw} | traits)


def _shown(data: bytes) -> str:
    readable = len(data) > 4 and all(0x20 <= byte < 0x7F or byte in b"\r\n" for byte in data)
    return " ".join(data.decode("ascii").split()) if readable else data.hex()
