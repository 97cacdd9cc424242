"""Getting a printer that stands still going again without switching it off."""

from __future__ import annotations

from enum import StrEnum

from console.domain.words import Words, say


class Recovery(StrEnum):
    """What the console can tell a printer to do, after a person's press only."""

    RESUME = "resume"  # go on with what it still holds
    CLEAR = "clear"  # throw away what it still holds


PRICE: dict[Recovery, Words] = {
    Recovery.RESUME: say(
        "The printer goes on with everything that it still holds. The line at which it stopped may come out"
        " twice, and so does a receipt that somebody has printed again meanwhile: tell such copies apart."
    ),
    Recovery.CLEAR: say(
        "Everything that the printer still holds is thrown away, also what others sent. Receipts and labels"
        " that have not come out are lost: print them again from the till afterwards."
    ),
}
"""What may be printed twice or lost; told before anybody presses."""
