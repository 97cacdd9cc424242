"""What the label languages share: nothing comes unasked, nothing confirms a label, the label has a size.

Until the printer has answered for the first time it may be another one than the profile says, so it is asked
as an unknown one is (`codecs.queries`): the bare question would print on a receipt printer or set its style.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.recovery import Recovery
from console.drivers.codecs.replies import Reply
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.language import ANSWER_SECONDS
from console.drivers.printer.question import Questions


class LabelLanguage:
    """Part of a `Language`; `traits` are signs of the set-up, `size` is a label's width and height in mm."""

    name: ClassVar[str]
    go_on: ClassVar[bytes]  # ends a pause
    forget: ClassVar[bytes]  # drops what is printing or waits
    push_on = b""
    push_off = b""
    unasked: frozenset[str] = frozenset()

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
        self._met = False  # whether it has answered
        self.answer_seconds = answer_seconds

    def head(self, paper: int) -> None:
        """See Language: a label is too small for the pattern."""

    def code(self, before: Sequence[Evidence]) -> bytes:
        """See Language."""
        return b""

    def confirmation(self, code: bytes) -> bytes:
        """See Language."""
        return b""

    def told(self, reply: Reply, code: bytes) -> frozenset[str]:
        """See Language."""
        return frozenset()

    def recovery(self, how: Recovery, signs: frozenset[str]) -> bytes | None:
        """See Recovers; a pause is all that can be ended from here.

        What a paused printer forgets leaves it paused, so that clearing ends the pause as well.
        """
        if "status.paused" not in signs or signs & {"status.cover_open", "status.paper_end"}:
            return None
        return self.go_on if how is Recovery.RESUME else self.forget + self.go_on

    def _questions(self, line: Conversation) -> Questions:
        return Questions(line, self._clock, self.name, self._traits, self.answer_seconds)
