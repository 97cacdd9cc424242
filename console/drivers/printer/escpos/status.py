"""One round of the four realtime status questions (DLE EOT 1 to 4), put singly: an answer is one byte."""

from __future__ import annotations

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.drivers.codecs import escpos
from console.drivers.codecs.escpos import Kind
from console.drivers.observed import trouble_seen
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.question import EARLIER_HOLDS, Questions


async def ask_all(
    line: Conversation, clock: Clock, traits: frozenset[str], answer_seconds: float
) -> list[Evidence]:
    """One piece of evidence a question, the last one telling why the round ended early if it did."""
    questions = Questions(line, clock, "escpos", traits, answer_seconds)
    seen: list[Evidence] = []
    for number in escpos.QUESTIONS:
        began = clock.seconds()
        probe = f"escpos.dle_eot.{number}"
        try:
            request = escpos.status_request(number)
            reply, flaw = await questions.ask(request, Kind.REALTIME, first=not seen)
        except TillkeeperError as trouble:
            return [*seen, trouble_seen(clock, began, probe, trouble)]
        if reply is None or flaw is not None:
            flaw = flaw or "status.silent"
            return [*(seen if flaw in EARLIER_HOLDS else ()), questions.flawed(began, probe, flaw)]
        seen.append(questions.answered(began, probe, reply, escpos.status_signs(number, reply.data[0])))
    return seen
