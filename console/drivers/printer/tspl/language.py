"""TSPL as `DirectPrinter` needs it.

Nothing in TSPL tells that a label has come out. OUT is carried out in its order, but a label may still be on
its way then; so the proof is a printer that is ready again and has counted labels (`@LABEL`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from console.domain.errors import TillkeeperError
from console.domain.evidence import Evidence
from console.domain.ports import Clock, TestPage
from console.drivers.codecs import tspl
from console.drivers.codecs.replies import Parser, Reply
from console.drivers.codecs.tspl import Kind
from console.drivers.codecs.tspl_page import build_page
from console.drivers.observed import trouble_seen
from console.drivers.printer.asking import flawed, sure_answer, told
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.language import ANSWER_SECONDS

_SETTINGS = {"VERSION": "FirmwareRevision", "SERIAL": "SerialNumber"}  # SERIAL: unchecked
_COUNTERS = {"LabelPrintedCount": tspl.LABELS_PRINTED, "MileageKilometres": tspl.MILEAGE}


class Tspl:
    """Implements `Language`; `traits` are signs of the set-up, `size` is a label's width and height in mm."""

    name = "tspl"
    push_on = b""
    push_off = b""
    unasked: frozenset[str] = frozenset()
    page_counters = frozenset({"LabelPrintedCount"})

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
        self._detailed = True  # until it leaves ESC ! S unanswered, as many do that speak TSPL

    def parser(self) -> Parser:
        """See Language."""
        return tspl.ReplyParser()

    async def look(self, line: Conversation) -> list[Evidence]:
        """ESC ! ?, then ESC ! S of printers that know it, for what the one byte cannot say."""
        began = self._clock.seconds()
        try:
            reply, flaw = await sure_answer(line, tspl.STATUS, Kind.STATUS, self.answer_seconds)
            if reply is None:
                flaw = flaw or "status.silent"
                return [flawed(self._clock, began, "tspl.esc_status", line, flaw, self._traits)]
            seen = [self._status(began, reply)]
            if self._detailed or "status.error" in seen[0].signs:
                seen += await self._details(line)
        except TillkeeperError as trouble:
            return [trouble_seen(self._clock, began, "tspl.esc_status", trouble)]
        return seen

    async def glance(self, line: Conversation, code: bytes) -> Evidence | None:
        """ESC ! ?."""
        began = self._clock.seconds()
        reply = await line.ask(tspl.STATUS, Kind.STATUS, self.answer_seconds)
        return None if reply is None else self._status(began, reply)

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

    def code(self, before: Sequence[Evidence]) -> bytes:
        """See Language."""
        return b""

    def confirmation(self, code: bytes) -> bytes:
        """Nothing in TSPL confirms a label."""
        return b""

    def told(self, reply: Reply, code: bytes) -> frozenset[str]:
        """Nothing comes unasked."""
        return frozenset()

    def _status(self, began: float, reply: Reply) -> Evidence:
        signs = tspl.status_signs(reply.data[0])
        return told(self._clock, began, "tspl.esc_status", reply, signs, self._traits)

    async def _details(self, line: Conversation) -> list[Evidence]:
        began = self._clock.seconds()
        reply = await line.ask(tspl.DETAILED_STATUS, Kind.DETAILED, self.answer_seconds)
        if reply is not None and not line.garbled:
            signs = tspl.detailed_signs(reply.data)
            return [told(self._clock, began, "tspl.esc_detailed", reply, signs, self._traits)]
        if line.garbled or line.half_reply:
            flaw = "status.garbage" if line.garbled else "status.half_reply"
            return [flawed(self._clock, began, "tspl.esc_detailed", line, flaw, self._traits)]
        self._detailed = False
        return []
