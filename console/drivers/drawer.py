"""A cash drawer behind a receipt printer, seen through the printer's status pin 3."""

from __future__ import annotations

from collections.abc import Sequence

from console.domain.drawer import ContactLevel
from console.domain.errors import Unsupported
from console.domain.evidence import Evidence, signs_of
from console.domain.ports import Clock, Examiner
from console.domain.words import say
from console.drivers.observed import observed


class PrinterDrawer:
    """Asks its printer and reports what the contact says; a pulse is sent by `kick` alone.

    `open_level` is the contact's level while the drawer is open: high, low, or none where nothing is wired.
    """

    def __init__(self, printer: Examiner, clock: Clock, open_level: str, pin: int = 2) -> None:
        self._printer = printer
        self._clock = clock
        self.open_level = open_level
        self._pin = pin

    async def examine(self) -> Sequence[Evidence]:
        """Open or closed by the level of pin 3, or why that cannot be told."""
        began = self._clock.seconds()
        return [self._said(_level(signs_of(await self._printer.examine())), began)]

    def heard(self, evidence: Sequence[Evidence]) -> Evidence:
        """What its printer's evidence says of it."""
        return self.said(_level(signs_of(evidence)))

    def said(self, level: ContactLevel | None) -> Evidence:
        """What that level of the contact means."""
        return self._said(level, self._clock.seconds())

    def _said(self, level: ContactLevel | None, began: float) -> Evidence:
        if level is None:
            words, signs = say("The printer did not tell the drawer's state"), {"drawer.not_sensed"}
        elif self.open_level == "none":
            words, signs = say("The profile says that no drawer contact is wired"), {"drawer.not_sensed"}
        elif level == self.open_level:
            words, signs = say("Open, by its contact"), {"drawer.sensed", "drawer.open"}
        else:
            words, signs = say("Closed, by its contact"), {"drawer.sensed", "drawer.closed"}
        return observed(self._clock, began, "drawer.pin3", level or "unknown", words, signs)

    async def contact(self) -> ContactLevel | None:
        """The level of pin 3 now; None where the printer does not tell."""
        await self._printer.examine()  # one that had begun before may be older than the question
        return _level(signs_of(await self._printer.examine()))

    async def kick(self) -> None:
        """Open the drawer; Unsupported where its printer's driver cannot, else the line's errors."""
        kick = getattr(self._printer, "kick", None)
        if kick is None:
            raise Unsupported(say("this program cannot open a drawer behind this printer"))
        await kick(self._pin)


def _level(signs: frozenset[str]) -> ContactLevel | None:
    levels: tuple[ContactLevel, ContactLevel] = ("high", "low")
    return next((each for each in levels if f"status.drawer_{each}" in signs), None)
