"""A cash drawer behind a receipt printer, seen through the printer's status pin 3."""

from __future__ import annotations

from collections.abc import Sequence

from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Examiner
from console.domain.words import say
from console.drivers.observed import observed


class PrinterDrawer:
    """Asks its printer and reports what the pin says; it never sends a pulse."""

    def __init__(self, printer: Examiner, clock: Clock) -> None:
        self._printer = printer
        self._clock = clock

    async def examine(self) -> Sequence[Evidence]:
        """The level of pin 3, or that the printer did not tell it."""
        began = self._clock.seconds()
        signs = signs_of(await self._printer.examine())
        for level, words in _LEVELS.items():
            if f"escpos.drawer_{level}" in signs:
                return [
                    observed(
                        self._clock,
                        began,
                        "drawer.pin3",
                        level,
                        words,
                        {"drawer.sensed", f"drawer.pin_{level}"},
                    )
                ]
        words = say("The printer did not tell the drawer's state")
        return [observed(self._clock, began, "drawer.pin3", "unknown", words, {"drawer.not_sensed"})]


_LEVELS = {
    "high": say(
        "The contact is high; whether that means open or closed differs by drawer and is not known here yet"
    ),
    "low": say(
        "The contact is low; whether that means open or closed differs by drawer and is not known here yet"
    ),
}
