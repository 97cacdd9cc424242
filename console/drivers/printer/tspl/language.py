"""TSPL as `DirectPrinter` needs it.

Nothing in TSPL tells that a label has come out. OUT is carried out in its order, but a label may still be on
its way then; so the proof is a printer that is ready again and has counted labels (`@LABEL`).
"""

from __future__ import annotations

from collections.abc import Mapping

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import TestPage
from console.drivers.codecs import tspl
from console.drivers.codecs.queries import BY_LANGUAGE
from console.drivers.codecs.replies import Parser, Reply
from console.drivers.codecs.tspl import Kind
from console.drivers.codecs.tspl_page import build_page
from console.drivers.observed import trouble_seen
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.label import LabelLanguage
from console.drivers.printer.question import Questions

_STATUS, _DETAILS = "tspl.esc_status", "tspl.esc_detailed"  # probes
_SETTINGS = {"VERSION": "FirmwareRevision", "SERIAL": "SerialNumber"}  # SERIAL: unchecked
_COUNTERS = {"LabelPrintedCount": tspl.LABELS_PRINTED, "MileageKilometres": tspl.MILEAGE}


class Tspl(LabelLanguage):
    """Implements `Language`."""

    name = "tspl"
    go_on = tspl.GO_ON
    forget = tspl.FORGET
    page_counters = frozenset({"LabelPrintedCount"})

    _detailed = True  # until it leaves ESC ! S unanswered, as many do that speak TSPL

    def parser(self) -> Parser:
        """See Language."""
        return tspl.ReplyParser()

    async def look(self, line: Conversation) -> list[Evidence]:
        """ESC ! ?, then ESC ! S of printers that know it, for what the one byte cannot say."""
        questions, began = self._questions(line), self._clock.seconds()
        try:
            stranger = BY_LANGUAGE[self.name]
            request = tspl.STATUS if self._met else stranger.request
            reply, flaw = await questions.ask(request, Kind.STATUS, first=True)
            if reply is None or flaw is not None:
                self._met = False
                return [questions.flawed(began, _STATUS, flaw or "status.silent")]
            if not self._met:
                self._met = True
                await line.write(stranger.afterwards)
            seen = [self._status(questions, began, reply)]
            if self._detailed or "status.error" in seen[0].signs:
                seen += await self._details(line)
        except TillkeeperError as trouble:
            return [trouble_seen(self._clock, began, _STATUS, trouble)]
        return seen

    async def glance(self, line: Conversation, code: bytes) -> Evidence | None:
        """ESC ! ?."""
        began = self._clock.seconds()
        reply = await line.ask(tspl.STATUS, Kind.STATUS, self.answer_seconds)
        return None if reply is None else self._status(self._questions(line), began, reply)

    async def identity(self, line: Conversation) -> Mapping[str, str]:
        """~!T, then settings that TSPL2 printers tell; ends at the first silence."""
        identity: dict[str, str] = {}
        requests = {"ModelName": tspl.MODEL}
        requests |= {name: tspl.setting_request(key) for key, name in _SETTINGS.items()}
        for name, request in requests.items():
            reply = await self._text(line, request)
            if reply is None:
                break
            identity[name] = reply.data.decode("ascii", "replace").strip()
        return identity

    async def counters(self, line: Conversation) -> Mapping[str, int]:
        """The mileage, which moves by the kilometre, and the labels since power-on; ends at a silence."""
        counters: dict[str, int] = {}
        for name, request in _COUNTERS.items():
            reply = await self._text(line, request)
            if reply is None or not (reply.data.isdigit() and len(reply.data) <= 20):
                break
            counters[name] = int(reply.data)
        return counters

    async def _text(self, line: Conversation, request: bytes) -> Reply | None:
        """The answer to a question that is a line of its own.

        Asked twice: half a line that a broken-off job left swallows the first.
        """
        reply = await line.ask(request, Kind.LINE, self.answer_seconds)
        return reply or await line.ask(request, Kind.LINE, self.answer_seconds)

    def page(self, page: TestPage, paper: int) -> bytes:
        """See Language; the label's size counts, not the paper's."""
        return build_page(page, self._size)

    def _status(self, questions: Questions, began: float, reply: Reply) -> Evidence:
        return questions.answered(began, _STATUS, reply, tspl.status_signs(reply.data[0]))

    async def _details(self, line: Conversation) -> list[Evidence]:
        questions, began = self._questions(line), self._clock.seconds()
        reply = await line.ask(tspl.DETAILED_STATUS, Kind.DETAILED, self.answer_seconds)
        if reply is not None and not line.garbled:
            return [questions.answered(began, _DETAILS, reply, tspl.detailed_signs(reply.data))]
        if line.garbled or line.half_reply:
            flaw = "status.garbage" if line.garbled else "status.half_reply"
            return [questions.flawed(began, _DETAILS, flaw)]
        self._detailed = False
        return []
