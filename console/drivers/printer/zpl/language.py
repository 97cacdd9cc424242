"""ZPL II as `DirectPrinter` needs it.

~HS tells how many formats and labels wait, but not that one has come out: `^HV` sends fields back when a
format is read, not when it is printed. So the proof is a printer that has no work left and whose odometer
(~HQOD) moved.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock, TestPage
from console.drivers.codecs import zpl
from console.drivers.codecs.printer_states import TROUBLES
from console.drivers.codecs.replies import Parser, Reply
from console.drivers.codecs.zpl import Kind
from console.drivers.codecs.zpl_page import build_page
from console.drivers.observed import trouble_seen
from console.drivers.printer.asking import flawed, sure_answer, told
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.language import ANSWER_SECONDS
from console.drivers.printer.zpl.picture import drawn


class Zpl:
    """Implements `Language`; `traits` are signs of the set-up, `size` is a label's width and height in mm."""

    name = "zpl"
    push_on = b""
    push_off = b""
    unasked: frozenset[str] = frozenset()
    page_counters = frozenset({"HeadTravelCentimetres"})

    def __init__(
        self,
        clock: Clock,
        traits: frozenset[str] = frozenset(),
        answer_seconds: float = ANSWER_SECONDS,
        size: tuple[int, int] = (60, 40),
    ) -> None:
        self._clock = clock
        self._traits = traits
        self._size = size
        self.answer_seconds = answer_seconds

    def parser(self) -> Parser:
        """See Language."""
        return zpl.ReplyParser()

    async def look(self, line: Conversation) -> list[Evidence]:
        """~HS and ~HQES.

        Newer manuals say that ~HS may stay unanswered in trouble, and older printers do not know ~HQES: one
        of the two is enough, and both are asked.
        """
        began = self._clock.seconds()
        try:
            reply, flaw = await sure_answer(line, zpl.HOST_STATUS, Kind.STATUS, self.answer_seconds)
            seen = [] if reply is None else [self._status(began, reply)]
            if flaw in (None, "status.silent"):
                asked = self._clock.seconds()
                seen += await self._errors(line)
                if line.garbled or line.half_reply:
                    flaw = "status.garbage" if line.garbled else "status.half_reply"
                    return [flawed(self._clock, asked, "zpl.hqes", line, flaw, self._traits)]
            return seen or [flawed(self._clock, began, "zpl.hs", line, flaw or "status.silent", self._traits)]
        except TillkeeperError as trouble:
            return [trouble_seen(self._clock, began, "zpl.hs", trouble)]

    async def glance(self, line: Conversation, code: bytes) -> Evidence | None:
        """~HS; ~HQES too where work waits or ~HS is silent, for the troubles that only it tells."""
        began = self._clock.seconds()
        reply = await line.ask(zpl.HOST_STATUS, Kind.STATUS, self.answer_seconds)
        status = None if reply is None else self._status(began, reply)
        if status is None or "status.printing" in status.signs:
            for errors in await self._errors(line):
                if errors.signs & TROUBLES:
                    return errors
        return status

    async def identity(self, line: Conversation) -> Mapping[str, str]:
        """~HI, and ~HQSN where it is known."""
        reply = await line.ask(zpl.IDENTITY, Kind.IDENTITY, self.answer_seconds)
        if reply is None:
            return {}
        itself = zpl.identity(reply.data)
        identity = {"ModelName": itself.model, "FirmwareRevision": itself.firmware}
        reply = await line.ask(zpl.SERIAL_NUMBER, Kind.TEXT, self.answer_seconds)
        if reply and (number := zpl.serial_number(reply.data)):
            identity["SerialNumber"] = number
        return identity

    async def counters(self, line: Conversation) -> Mapping[str, int]:
        """How far the head has printed."""
        reply = await line.ask(zpl.ODOMETER, Kind.TEXT, self.answer_seconds)
        travel = zpl.head_travel(reply.data) if reply else None
        return {} if travel is None else {"HeadTravelCentimetres": travel}

    def page(self, page: TestPage, paper: int) -> bytes:
        """See Language; the label's size counts, not the paper's."""
        return build_page(page, self._size, drawn)

    def code(self, before: Sequence[Evidence]) -> bytes:
        """See Language."""
        return b""

    def confirmation(self, code: bytes) -> bytes:
        """Nothing in ZPL confirms a label."""
        return b""

    def told(self, reply: Reply, code: bytes) -> frozenset[str]:
        """Nothing comes unasked."""
        return frozenset()

    async def _errors(self, line: Conversation) -> list[Evidence]:
        began = self._clock.seconds()
        while line.taken(Kind.ERRORS):
            pass  # an answer to an earlier question, which had run out of time
        reply = await line.ask(zpl.ERRORS, Kind.ERRORS, self.answer_seconds)
        if reply is None:
            return []
        return [told(self._clock, began, "zpl.hqes", reply, zpl.error_signs(reply.data), self._traits)]

    def _status(self, began: float, reply: Reply) -> Evidence:
        return told(self._clock, began, "zpl.hs", reply, zpl.status_signs(reply.data), self._traits)
