"""Which level of its contact means that a drawer is open: learnt from one look at each state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from console.domain.words import Words, say

ContactLevel = Literal["high", "low"]
Sense = Literal["high", "low", "none"]  # as `drawer_sense` in the profile
LEVEL_WORDS = {"high": say("high"), "low": say("low"), None: say("not told")}


@dataclass(frozen=True, slots=True)
class Lesson:
    """What two looks taught; `sense` None teaches nothing. `sure` is False where a person must agree."""

    sense: Sense | None
    sure: bool
    sign: str
    words: Words


def learn(closed: ContactLevel | None, opened: ContactLevel | None) -> Lesson:
    """The lesson of the contact's level with the drawer closed and with the drawer open."""
    if closed is None or opened is None:
        words = say("The printer does not tell its drawer contact, so nothing could be learnt")
        return Lesson(None, False, "drawer.not_sensed", words)
    if closed == opened:
        words = say(
            "The contact is {level} both times: nothing is wired to it, or the cable is the wrong one",
            level=LEVEL_WORDS[closed],
        )
        return Lesson("none", False, "drawer.contact_same", words)
    words = say(
        "The contact is {closed} when closed and {open} when open",
        closed=LEVEL_WORDS[closed],
        open=LEVEL_WORDS[opened],
    )
    return Lesson(opened, True, "drawer.sensed", words)
