"""What a family of printers speaks: all that `DirectPrinter` and `PrintJob` need to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, runtime_checkable

from console.domain.evidence import Evidence
from console.domain.head import Head
from console.domain.ports import TestPage
from console.domain.recovery import Recovery
from console.drivers.codecs.replies import Parser, Reply
from console.drivers.printer.conversation import Conversation

ANSWER_SECONDS = 1.0  # how long a question may go unanswered


class Language(Protocol):
    """One printer language with its questions, its page and its ways to prove that something was printed.

    Signs are those of `codecs.printer_states`, so that causes and advice are the same for every family.
    """

    @property
    def name(self) -> str:
        """As the profile writes it (`protocol`); begins the name of each probe."""

    @property
    def push_on(self) -> bytes:
        """What makes the printer tell each change of its state by itself; empty where nothing does."""

    @property
    def push_off(self) -> bytes:
        """What ends that."""

    @property
    def unasked(self) -> frozenset[str]:
        """The kinds of reply that may come while a job runs: pushed states and confirmations."""

    @property
    def answer_seconds(self) -> float:
        """How long an answer may take."""

    def parser(self) -> Parser:
        """A parser for one opening of the line."""

    async def look(self, line: Conversation) -> list[Evidence]:
        """Every state the printer tells, asked without printing, cutting or moving anything.

        Troubles of the line are evidence too; the last one tells why the look ended early if it did.
        """

    async def glance(self, line: Conversation, code: bytes) -> Evidence | None:
        """The one quickest question, for a waiting job; `print.echoed` when it confirms `code`.

        None without an answer. Where nothing ever confirms a page, `status.printing` tells that work is left.
        """

    async def identity(self, line: Conversation) -> Mapping[str, str]:
        """What the printer says of itself under UnifiedPOS names."""

    async def counters(self, line: Conversation) -> Mapping[str, int]:
        """Its cumulative counters under UnifiedPOS names; a page moves those of `page_counters`."""

    @property
    def page_counters(self) -> frozenset[str]:
        """The counters that a printed page must move."""

    def page(self, page: TestPage, paper: int) -> bytes:
        """All bytes of the test page for `paper` mm, `push_on` included; BadInput where it cannot be."""

    def head(self, paper: int) -> Head | None:
        """The head that the page's pattern is drawn for; None where the page has no pattern."""

    def code(self, before: Sequence[Evidence]) -> bytes:
        """What the confirmation of the next page will carry, a new one each time; empty where none can come.

        `before` is the look before the page.
        """

    def confirmation(self, code: bytes) -> bytes:
        """What asks for a sign of life after all before it was printed; empty for an empty `code`."""

    def told(self, reply: Reply, code: bytes) -> frozenset[str]:
        """The signs in a reply that came unasked or at a glance; `print.echoed` when it confirms `code`."""


@runtime_checkable
class Recovers(Protocol):
    """A language that can get a printer going again; only a person's press may cause it."""

    def recovery(self, how: Recovery, signs: frozenset[str]) -> bytes | None:
        """What makes a printer that shows `signs` do that; None where it would do nothing."""


@runtime_checkable
class Kicks(Protocol):
    """A language that can open a drawer; only a person's press may cause it."""

    def kick(self, pin: int) -> bytes:
        """The pulse that opens the drawer on `pin` (2 or 5) of the kick-out connector."""
