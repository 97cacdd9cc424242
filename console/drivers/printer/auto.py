"""A printer whose language nobody has set: it is found out by asking, and then spoken."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing

from console.domain.errors import TillkeeperError, Unsupported
from console.domain.evidence import Evidence, signs_of
from console.domain.head import Head
from console.domain.ports import Clock, Report, TestPage, Transport
from console.domain.recovery import Recovery
from console.domain.selftest import Grade, Proof
from console.domain.words import say
from console.drivers.observed import trouble_seen
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.detection import PROBE, QUERY_SECONDS, AnyParser, find_language, found_seen
from console.drivers.printer.driver import DirectPrinter, Turn

_AGAIN_SECONDS = (
    30.0  # until a printer whose language is not known is asked again by who waits for its pushes
)


class AutoPrinter:
    """Implements `ports.PrinterDriver`; `speak` gives the driver for a language, on the same `turn`.

    What was found out holds as long as any driver of this printer lives, or until it speaks another language.
    While it is not known, nothing is printed and the light is unknown. `traits` as in `Escpos`.
    """

    def __init__(
        self,
        connect: Callable[[], Transport],
        speak: Callable[[str], DirectPrinter],
        clock: Clock,
        turn: Turn,
        traits: frozenset[str] = frozenset(),
        query_seconds: float = QUERY_SECONDS,
        hold: bool = False,
    ) -> None:
        self._connect = connect
        self._speak = speak
        self._clock = clock
        self._turn = turn
        self._traits = traits
        self._query_seconds = query_seconds
        self._hold = hold

    async def examine(self) -> Sequence[Evidence]:
        """What language it is and how that is known, and every state that the printer tells in it."""
        printer, told = await self._found()
        if printer is None:
            return [told]
        new = self._turn.wary.new
        seen = await printer.examine()
        signs = signs_of(seen)
        if "status.wrong_protocol" in signs or (new and "status.silent" in signs):
            self._turn.language = None  # another printer stands there now
        return [told, *seen]

    async def identify(self) -> tuple[Mapping[str, str], Mapping[str, int]]:
        """See DirectPrinter."""
        printer, _ = await self._found()
        return await printer.identify() if printer else ({}, {})

    async def print_test_page(self, page: TestPage, report: Report) -> tuple[Proof, Sequence[Evidence]]:
        """See DirectPrinter; nothing is sent in a language that is not known."""
        printer, told = await self._found()
        if printer is None:
            reason = say(
                "Nothing was sent, because the printer was not ready: {trouble}", trouble=told.meaning
            )
            return Proof(Grade.E, reason), [told]
        proof, seen = await printer.print_test_page(page, report)
        return proof, [told, *seen]

    def can_recover(self, how: Recovery, signs: frozenset[str]) -> bool:
        """See DirectPrinter; False while the language is not known."""
        known = self._turn.language
        return known is not None and self._speak(known[0]).can_recover(how, signs)

    async def recover(self, how: Recovery) -> Sequence[Evidence]:
        """See DirectPrinter; Unsupported while the language is not known."""
        printer, told = await self._found()
        if printer is None:
            raise Unsupported(told.meaning)
        return await printer.recover(how)

    def head(self) -> Head | None:
        """See DirectPrinter; None while the language is not known."""
        return self._speak(self._turn.language[0]).head() if self._turn.language else None

    async def kick(self, pin: int) -> None:
        """See DirectPrinter; Unsupported while the language is not known."""
        printer, told = await self._found()
        if printer is None:
            raise Unsupported(told.meaning)
        await printer.kick(pin)

    async def pushes(self) -> AsyncGenerator[Sequence[Evidence], None]:
        """See DirectPrinter, as soon as the language is known."""
        while self._hold:
            printer, _ = await self._found()
            if printer is not None:
                async with aclosing(printer.pushes()) as pushes:
                    async for evidence in pushes:
                        yield evidence
                return
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _found(self) -> tuple[DirectPrinter | None, Evidence]:
        """The driver, if the language is known, and how that was found out."""
        turn, began = self._turn, self._clock.seconds()
        async with turn.lock:
            if turn.language is not None:
                return self._speak(turn.language[0]), turn.language[1]
            try:
                async with Conversation(self._connect, AnyParser()) as line:
                    found = await find_language(line, turn.wary, self._query_seconds)
            except TillkeeperError as trouble:
                turn.wary.forget()  # another printer may be there when it is back
                return None, trouble_seen(self._clock, began, PROBE, trouble)
            told = found_seen(self._clock, began, found, self._traits)
            if found.query is None:
                return None, told
            turn.language = found.query.language, told
            return self._speak(found.query.language), told
