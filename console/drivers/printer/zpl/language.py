"""ZPL II as `DirectPrinter` needs it.

~HS tells how many formats and labels wait, but not that one has come out: `^HV` sends fields back when a
format is read, not when it is printed. So the proof is a printer that has no work left and whose odometer
(~HQOD) moved.
"""

from __future__ import annotations

from collections.abc import Mapping

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import TestPage
from console.drivers.codecs import zpl
from console.drivers.codecs.printer_states import TROUBLES
from console.drivers.codecs.queries import unheard
from console.drivers.codecs.replies import Parser, Reply
from console.drivers.codecs.zpl import Kind
from console.drivers.codecs.zpl_page import build_page
from console.drivers.observed import trouble_seen
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.label import LabelLanguage
from console.drivers.printer.question import Questions
from console.drivers.printer.zpl.picture import drawn

_STATUS, _ERRORS = "zpl.hs", "zpl.hqes"  # probes


class Zpl(LabelLanguage):
    """Implements `Language`."""

    name = "zpl"
    go_on = zpl.GO_ON
    forget = zpl.FORGET
    page_counters = frozenset({"HeadTravelCentimetres"})

    def parser(self) -> Parser:
        """See Language."""
        return zpl.ReplyParser()

    async def look(self, line: Conversation) -> list[Evidence]:
        """~HS and ~HQES.

        Newer manuals say that ~HS may stay unanswered in trouble, and older printers do not know ~HQES: one
        of the two is enough, and both are asked.
        """
        questions, began = self._questions(line), self._clock.seconds()
        try:
            reply, flaw = await questions.ask(self._shown(zpl.HOST_STATUS), Kind.STATUS, first=True)
            if flaw not in (None, "status.silent"):
                self._met = False
                return [questions.flawed(began, _STATUS, flaw)]
            self._met = self._met or reply is not None
            seen = [] if reply is None else [self._status(questions, began, reply)]
            asked = self._clock.seconds()
            seen += await self._errors(line)
            if line.garbled or line.half_reply:
                flaw = "status.garbage" if line.garbled else "status.half_reply"
                return [questions.flawed(asked, _ERRORS, flaw)]
            self._met = bool(seen)
            return seen or [questions.flawed(began, _STATUS, "status.silent")]
        except TillkeeperError as trouble:
            return [trouble_seen(self._clock, began, _STATUS, trouble)]

    async def glance(self, line: Conversation, code: bytes) -> Evidence | None:
        """~HS; ~HQES too where work waits or ~HS is silent, for the troubles that only it tells."""
        began = self._clock.seconds()
        reply = await line.ask(zpl.HOST_STATUS, Kind.STATUS, self.answer_seconds)
        status = None if reply is None else self._status(self._questions(line), began, reply)
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

    async def _errors(self, line: Conversation) -> list[Evidence]:
        began = self._clock.seconds()
        while line.taken(Kind.ERRORS):
            pass  # an answer to an earlier question, which had run out of time
        reply = await line.ask(self._shown(zpl.ERRORS), Kind.ERRORS, self.answer_seconds)
        if reply is None:
            return []
        return [self._questions(line).answered(began, _ERRORS, reply, zpl.error_signs(reply.data))]

    def _shown(self, request: bytes) -> bytes:
        """As a printer is asked that may be another one than the profile says."""
        return request if self._met else unheard(request)

    def _status(self, questions: Questions, began: float, reply: Reply) -> Evidence:
        return questions.answered(began, _STATUS, reply, zpl.status_signs(reply.data))
