"""A printer on a line of its own (network, serial, USB), in any language.

The till's own program needs the same printer, so the line is taken for the moment of asking only, unless
the profile says that it may be held. A held line has one owner, who lends it to whoever asks or prints.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from console.domain.errors import TillkeeperError, Unsupported
from console.domain.evidence import Evidence, signs_of
from console.domain.head import Head
from console.domain.ports import Clock, Report, TestPage, Transport
from console.domain.recovery import Recovery
from console.domain.selftest import Proof
from console.domain.words import say
from console.drivers.codecs.printer_states import MEANINGS, meaning
from console.drivers.observed import observed, trouble_seen
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.detection import Wary, look_or_listen
from console.drivers.printer.job import PrintJob, lost_proof
from console.drivers.printer.language import Kicks, Language, Recovers
from console.drivers.told import Told

ECHO_SECONDS = 15.0
RECOVERY_SECONDS = 3.0  # from a request to go on until the printer must show that it heeded it
_AGAIN_SECONDS = 0.1  # between two looks meanwhile
_OFFLINE_SECONDS = 30.0  # a printer that is not online reads the request to tell once it is
_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)  # seconds before a lost line is tried again; the last one repeats


class Turn:
    """One printer's queue: everybody who uses its line takes turns, and the last examination is shared."""

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.seen: Sequence[Evidence] = ()
        self.seen_at = float("-inf")  # monotonic seconds
        self.held: Conversation | None = None  # the line that is kept open between two looks
        self.language: tuple[str, Evidence] | None = None  # as found out by asking, and how
        self.wary = Wary()
        self.told: Told = {}  # what the line knows besides the printer's own answers


class DirectPrinter:
    """Implements `ports.PrinterDriver`; drivers of the same printer are given the same `turn`.

    `connect` makes a transport for one opening; `paper` is in mm; the end of a page may be confirmed within
    `echo_seconds`; `hold` says that `pushes` may keep the line.
    """

    def __init__(
        self,
        connect: Callable[[], Transport],
        language: Language,
        clock: Clock,
        paper: int = 80,
        turn: Turn | None = None,
        echo_seconds: float = ECHO_SECONDS,
        hold: bool = False,
    ) -> None:
        self._connect = connect
        self._language = language
        self._clock = clock
        self._paper = paper
        self._echo_seconds = echo_seconds
        self._turn = turn or Turn()
        self._hold = hold

    async def examine(self) -> Sequence[Evidence]:
        """Every state that the printer tells.

        Whoever waited for the line while somebody else examined it gets that examination.
        """
        asked = self._clock.seconds()
        async with self._turn.lock:
            if self._turn.seen_at <= asked:
                self._turn.seen = await self._examined()
                self._turn.seen_at = self._clock.seconds()
            return self._turn.seen

    async def identify(self) -> tuple[Mapping[str, str], Mapping[str, int]]:
        """Identity and counters under their UnifiedPOS names; empty while the printer is not online."""
        identity: Mapping[str, str] = {}
        counters: Mapping[str, int] = {}
        async with self._turn.lock:
            try:
                async with self._lent() as line:
                    if "status.online" in signs_of(await self._language.look(line)):
                        identity = await self._language.identity(line)
                        counters = await self._language.counters(line) if identity else {}
            except TillkeeperError:
                pass  # a printer that cannot be asked has no identity; examine() tells why
        return identity, counters

    async def print_test_page(self, page: TestPage, report: Report) -> tuple[Proof, Sequence[Evidence]]:
        """Print `page` and grade the proof; a cancel lets go of the line at once."""
        began = self._clock.seconds()
        seen: list[Evidence] = []
        async with self._turn.lock:
            try:
                async with self._lent() as line:
                    job = PrintJob(line, self._language, self._clock, self._look, self._echo_seconds)
                    seen = job.seen
                    return await job.run(page, self._paper, report), seen
            except TillkeeperError as trouble:
                seen.append(trouble_seen(self._clock, began, "printer.line", trouble))
                return lost_proof(trouble), seen

    def head(self) -> Head | None:
        """The head that the test page's pattern is drawn for; None where its page has no pattern."""
        return self._language.head(self._paper)

    async def pushes(self) -> AsyncGenerator[Sequence[Evidence], None]:
        """Each state as the printer tells it, until closed; ends soon where it does not, or may not.

        The line is held meanwhile, lent to whoever looks or prints, and taken anew when it breaks.
        """
        tries = 0
        while self._hold and self._language.push_on:
            began = self._clock.seconds()
            try:
                async with AsyncExitStack() as stack:
                    async with self._turn.lock:
                        line = await stack.enter_async_context(self._line())
                        stack.callback(self._let_go, line)
                        seen = await self._language.look(line)
                        await line.write(self._language.push_on)
                        online = "status.online" in signs_of(seen)
                        telling = online and await self._tells(line, self._language.answer_seconds)
                        if telling or not online:
                            self._turn.held = line
                    yield seen
                    if not online and not (telling := await self._tells(line, _OFFLINE_SECONDS)):
                        async with self._turn.lock:  # whoever has it just now may finish
                            await self._give_up(line)
                    # It answers, but tells nothing by itself: whoever polls does better. Twice, as one that
                    # went offline between look and request does not read the request either.
                    if online and not telling and tries:
                        return
                    tries = 0 if telling else tries
                    while telling and await line.arrival(*self._language.unasked):
                        async with self._turn.lock:  # a job that runs takes what concerns it first
                            states = self._told(line)
                        for state in states:
                            yield [state]
            except TillkeeperError as trouble:
                yield [trouble_seen(self._clock, began, "printer.line", trouble)]
            await asyncio.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
            tries += 1

    async def _tells(self, line: Conversation, seconds: float) -> bool:
        """Whether a first state arrived; it may be newer than what was seen and so stays to be taken."""
        try:
            async with asyncio.timeout(seconds):
                return await line.arrival(*self._language.unasked)
        except TimeoutError:
            return False

    def _told(self, line: Conversation) -> list[Evidence]:
        """What the printer told since the last time, as evidence."""
        states = []
        while (reply := line.taken(*self._language.unasked)) is not None:
            if (signs := self._language.told(reply, b"")) & MEANINGS.keys():
                probe, began = f"{self._language.name}.pushed", self._clock.seconds()
                states.append(observed(self._clock, began, probe, reply.data.hex(), meaning(signs), signs))
        return states

    def _let_go(self, line: Conversation) -> None:
        if self._turn.held is line:
            self._turn.held = None

    @asynccontextmanager
    async def _lent(self) -> AsyncIterator[Conversation]:
        """The held line, else one for this moment; the caller has the turn's lock.

        A held line on which an answer is still owed is given up: a late one would be taken for another.
        """
        held = self._turn.held
        if held is None or not held.sound:
            await self._give_up(held)
            async with self._line() as line:
                yield line
            return
        try:
            yield held
        finally:
            if held.sound:
                with suppress(TillkeeperError):  # who waits for its news learns of the loss as well
                    await held.write(self._language.push_on)  # a page begins with a reset that ends it
            else:
                await self._give_up(held)

    async def _give_up(self, held: Conversation | None) -> None:
        if held is not None:
            self._let_go(held)
            held.drop()
            await held.close()

    def can_recover(self, how: Recovery, signs: frozenset[str]) -> bool:
        """See ports.Recovering."""
        return isinstance(self._language, Recovers) and self._language.recovery(how, signs) is not None

    async def recover(self, how: Recovery) -> Sequence[Evidence]:
        """See ports.Recovering; it is given `RECOVERY_SECONDS`."""
        language = self._language
        async with self._turn.lock, self._lent() as line:
            seen = await language.look(line)
            request = language.recovery(how, signs_of(seen)) if isinstance(language, Recovers) else None
            if request is None:
                raise Unsupported(say("what the printer shows now calls for nothing of the kind"))
            await line.write(request)
            ends = self._clock.seconds() + RECOVERY_SECONDS
            while self.can_recover(how, signs_of(seen)) and self._clock.seconds() < ends:
                await line.next(*language.unasked, seconds=_AGAIN_SECONDS)
                seen = await language.look(line)
            return seen

    async def kick(self, pin: int) -> None:
        """Open the drawer on `pin`; Unsupported where the language cannot, else the line's errors."""
        if not isinstance(self._language, Kicks):
            raise Unsupported(say("this program cannot open a drawer in this printer's language"))
        async with self._turn.lock, self._lent() as line:
            await line.write(self._language.kick(pin))

    async def _examined(self) -> Sequence[Evidence]:
        began = self._clock.seconds()
        try:
            async with self._lent() as line:
                return await self._look(line)
        except TillkeeperError as trouble:
            self._turn.wary.forget()  # another printer may be there when it is back
            return [trouble_seen(self._clock, began, "printer.line", trouble)]

    async def _look(self, line: Conversation) -> Sequence[Evidence]:
        return await look_or_listen(line, self._language, self._clock, self._turn.wary)

    def _line(self) -> Conversation:
        return Conversation(self._connect, self._language.parser())
