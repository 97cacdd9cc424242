"""Star Line Mode and StarPRNT as `DirectPrinter` needs them.

Why a counted ETB deserves grade A: the manual has the printer wait at ETB until everything before it is
printed, and only then count. The page puts the counter back to 0 and ends with as many ETBs as its code says;
a status with just that count, pushed or asked for, can come from no earlier moment of this page, and the code
keeps clear of what the counter showed before. What is left: another program's ETBs on a printer that serves
several at once, or an unfinished page of an earlier job with the same code (one in ten).

A printer whose status has no counter (version 1) sets its ETB bit when it reads the command: that confirms
nothing, and the grade comes from the looks before and after.

The manual wants ESC ACK SOH unused while automatic status is on. A waiting job uses it all the same when
nothing was pushed for a second: both answers are the same whole status, so neither is taken for another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from console.domain.chance import drawn
from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.head import Head
from console.domain.ports import Clock, TestPage
from console.drivers.codecs import star
from console.drivers.codecs.printer_states import meaning
from console.drivers.codecs.replies import Parser, Reply
from console.drivers.codecs.star import Kind
from console.drivers.codecs.star_page import build_page
from console.drivers.observed import observed, trouble_seen
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.language import ANSWER_SECONDS
from console.drivers.printer.question import Questions

_STARPRNT = 4  # the first status version of StarPRNT, where ESC GS ) I is a command and not text
_MOST_COUNTS = 15  # ETBs at the end of a page
_COUNTS = "ABCDEFGHIJKLMNO"  # how they are drawn
_STILL_COMING = 4  # ETBs of earlier jobs that may still wait in the printer
_COUNTER = "etb_counter"  # name of the fact


class Star:
    """Implements `Language`; `traits` as in `Escpos`."""

    name = "star"
    push_on = star.ASB_ON
    push_off = star.ASB_OFF
    unasked: frozenset[str] = frozenset({Kind.STATUS})
    page_counters: frozenset[str] = frozenset()

    def __init__(
        self, clock: Clock, traits: frozenset[str] = frozenset(), answer_seconds: float = ANSWER_SECONDS
    ) -> None:
        self._clock = clock
        self._traits = traits
        self.answer_seconds = answer_seconds

    def parser(self) -> Parser:
        """See Language."""
        return star.ReplyParser()

    async def look(self, line: Conversation) -> list[Evidence]:
        """ESC ACK SOH, twice: should the first answer be a straggler or pushed, the second is of now."""
        questions = Questions(line, self._clock, self.name, self._traits, self.answer_seconds)
        seen: list[Evidence] = []
        for first in (True, False):
            began = self._clock.seconds()
            try:
                reply, flaw = await questions.ask(star.STATUS_REQUEST, Kind.STATUS, first, pushed=True)
            except TillkeeperError as trouble:
                return [trouble_seen(self._clock, began, _PROBE, trouble)]
            if reply is None or flaw is not None:
                return [questions.flawed(began, _PROBE, flaw or "status.silent")]
            told = questions.answered(began, _PROBE, reply, star.status_signs(reply.data))
            seen = [replace(told, facts={_COUNTER: str(star.counter(reply.data))})]
        return seen

    async def glance(self, line: Conversation, code: bytes) -> Evidence | None:
        """ESC ACK SOH, whose answer holds the ETB counter too."""
        began = self._clock.seconds()
        reply = await self._status(line)
        if reply is None:
            return None
        signs = self.told(reply, code)
        return observed(self._clock, began, _PROBE, reply.data.hex(), meaning(signs), signs)

    async def _status(self, line: Conversation) -> Reply | None:
        return await line.ask(star.STATUS_REQUEST, Kind.STATUS, self.answer_seconds)

    async def identity(self, line: Conversation) -> Mapping[str, str]:
        """ESC # *, and on StarPRNT the serial number; no Star printer names its maker."""
        version = await line.ask(star.VERSION_REQUEST, Kind.VERSION, self.answer_seconds)
        if version is None:
            return {}
        model, firmware = star.named_version(version.data)
        identity = {"ModelName": model, "FirmwareRevision": firmware}
        status = await self._status(line)
        if status is not None and star.version(status.data) >= _STARPRNT:
            told = await line.ask(star.INFORMATION_REQUEST, Kind.INFORMATION, self.answer_seconds)
            identity["SerialNumber"] = star.serial_number(told.data) if told else ""
        return {name: value for name, value in identity.items() if value}

    async def counters(self, line: Conversation) -> Mapping[str, int]:
        """None is documented."""
        return {}

    def page(self, page: TestPage, paper: int) -> bytes:
        """See Language; ESC RS a and ESC RS E stand behind ESC @."""
        return build_page(page, paper, after_init=self.push_on + star.RESET_COUNTER)

    def head(self, paper: int) -> Head:
        """See Language."""
        return Head.of(paper)

    def code(self, before: Sequence[Evidence]) -> bytes:
        """One byte, the count that ends the page: away from the counter's present value."""
        shown = before[-1].facts.get(_COUNTER, "") if before else ""
        if not shown.isdigit():
            return b""
        ahead = (int(shown) + step for step in range(_STILL_COMING + 1))
        taken = {count % star.COUNTED for count in ahead}
        free = "".join(_COUNTS[n - 1] for n in range(1, _MOST_COUNTS + 1) if n not in taken)
        return bytes((_COUNTS.index(drawn(free, 1)) + 1,))

    def confirmation(self, code: bytes) -> bytes:
        """As many ETBs as the code says."""
        return star.COUNT * sum(code)

    def told(self, reply: Reply, code: bytes) -> frozenset[str]:
        """The status, and whether its counter has come to the end of this page."""
        signs = star.status_signs(reply.data) | self._traits
        return signs | {"print.echoed"} if code and star.counter(reply.data) == code[0] else signs


_PROBE = "star.asb"
