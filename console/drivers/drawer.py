"""A cash drawer behind a receipt printer, seen through the printer's status pin 3."""

from __future__ import annotations

from collections.abc import Sequence

from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Examiner
from console.domain.words import say
from console.drivers.observed import observed


class PrinterDrawer:
    """Asks its printer and reports what the contact says; it never sends a pulse.

    `open_level` is the contact's level while the drawer is open: high, low, or none where nothing is wired.
    """

    def __init__(self, printer: Examiner, clock: Clock, open_level: str) -> None:
        self._printer = printer
        self._clock = clock
        self._open_level = open_level

    async def examine(self) -> Sequence[Evidence]:
        """Open or closed by the level of pin 3, or why that cannot be told."""
        began = self._clock.seconds()
        signs = signs_of(await self._printer.examine())
        level = next((each for each in ("high", "low") if f"status.drawer_{each}" in signs), "unknown")
        if level == "unknown":
            words, sign = say("The printer did not tell the drawer's state"), "drawer.not_sensed"
        elif self._open_level == "none":
            words, sign = say("The profile says that no drawer contact is wired"), "drawer.not_sensed"
        elif level == self._open_level:
            words, sign = say("Open, by its contact"), "drawer.sensed"
        else:
            words, sign = say("Closed, by its contact"), "drawer.sensed"
        return [observed(self._clock, began, "drawer.pin3", level, words, {sign})]
