"""ESC/POS as `DirectPrinter` needs it."""

from __future__ import annotations

import asyncio
import string
from collections.abc import Mapping, Sequence

from console.domain.chance import drawn
from console.domain.evidence import Evidence
from console.domain.head import Head
from console.domain.models import Model
from console.domain.ports import Clock, TestPage
from console.domain.recovery import Recovery
from console.drivers.codecs import escpos
from console.drivers.codecs.escpos import Kind, ReplyParser
from console.drivers.codecs.escpos_page import build_page
from console.drivers.codecs.printer_states import meaning
from console.drivers.codecs.replies import Parser, Reply
from console.drivers.observed import observed
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.escpos.identity import ModelOf, any_printer, ask_counters, ask_identity
from console.drivers.printer.escpos.status import ask_all
from console.drivers.printer.language import ANSWER_SECONDS

_CHARACTERS = {"utf8": "utf8", "none": "ascii"}  # by a model's `chinese`
_LETTERS = string.ascii_letters + string.digits


class Escpos:
    """Implements `Language`.

    `traits` are signs of the set-up that each answer carries: `line.network` or `line.serial`, and which
    level of the drawer's contact means open, `drawer.open_high` or `drawer.open_low` (neither: no drawer).
    `model_of` finds the profile that says what this printer can be asked.
    """

    name = "escpos"
    push_on = escpos.ASB_ON
    push_off = escpos.ASB_OFF
    unasked: frozenset[str] = frozenset({Kind.AUTOMATIC, Kind.PROCESS_ID})
    page_counters = frozenset({"ReceiptLineFeedCount", "PaperCutCount"})  # hours, say, move without a page

    def __init__(
        self,
        clock: Clock,
        traits: frozenset[str] = frozenset(),
        answer_seconds: float = ANSWER_SECONDS,
        model_of: ModelOf = any_printer,
    ) -> None:
        self._clock = clock
        self._traits = traits
        self.model_of = model_of
        self._model: Model | None = None  # as its identity told it last
        self.answer_seconds = answer_seconds

    def parser(self) -> Parser:
        """See Language."""
        return ReplyParser()

    async def look(self, line: Conversation) -> list[Evidence]:
        """DLE EOT 1 to 4, one piece of evidence each."""
        return await ask_all(line, self._clock, self._traits, self.answer_seconds)

    async def glance(self, line: Conversation, code: bytes) -> Evidence | None:
        """DLE EOT 1."""
        began = self._clock.seconds()
        reply = await line.ask(escpos.status_request(1), Kind.REALTIME, self.answer_seconds)
        if reply is None:
            return None
        signs = escpos.status_signs(1, reply.data[0])
        return observed(self._clock, began, "escpos.dle_eot.1", reply.data.hex(), meaning(signs), signs)

    async def identity(self, line: Conversation) -> Mapping[str, str]:
        """GS I."""
        identity, self._model = await ask_identity(line, self.answer_seconds, self.model_of)
        return identity

    async def counters(self, line: Conversation) -> Mapping[str, int]:
        """GS g 2, with the numbers of the model's profile."""
        model = await asyncio.to_thread(self._known_model)
        return await ask_counters(line, self.answer_seconds, model.counter)

    def recovery(self, how: Recovery, signs: frozenset[str]) -> bytes | None:
        """DLE ENQ; None before the cause itself is gone, as far as that shows."""
        if signs & {"status.cover_open", "status.paper_end", "status.unrecoverable"}:
            return None
        if signs & {"status.cutter_error", "status.mechanical"}:
            return escpos.recovery_request(1 if how is Recovery.RESUME else 2)
        waits = "status.waiting_recovery" in signs and how is Recovery.RESUME
        return escpos.recovery_request(0) if waits else None

    def kick(self, pin: int) -> bytes:
        """ESC p: a pulse that opens the drawer on `pin` (2 or 5)."""
        return escpos.drawer_pulse(pin)

    def page(self, page: TestPage, paper: int) -> bytes:
        """See Language; GS a stands behind ESC @, which would undo it."""
        characters = _CHARACTERS.get(self._known_model().chinese, "gb18030")
        return build_page(page, paper, self.push_on, self.head(paper), characters)

    def head(self, paper: int) -> Head:
        """See Language; as wide as the model's line where that is known."""
        model = self._known_model()
        return Head.of(paper, model.dots, model.dots_per_mm)

    def _known_model(self) -> Model:
        """As the printer told it last, else as the profile names it; may read files at the first call."""
        return self._model or self.model_of({})

    def code(self, before: Sequence[Evidence]) -> bytes:
        """Four letters and digits."""
        return drawn(_LETTERS, 4).encode()

    def confirmation(self, code: bytes) -> bytes:
        """GS ( H function 48."""
        return escpos.process_id_request(code)

    def told(self, reply: Reply, code: bytes) -> frozenset[str]:
        """ASB, and the process ID of this page and no other."""
        if reply.kind == Kind.AUTOMATIC:
            return escpos.automatic_signs(reply.data) | self._traits
        return frozenset({"print.echoed"} if reply.data == code else ())
