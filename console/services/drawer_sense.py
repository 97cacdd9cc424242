"""Learning which level of its contact means that a drawer is open, from one look at each state."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from console.domain.drawer import ContactLevel, Lesson, Sense, learn
from console.domain.evidence import Evidence
from console.domain.ports import Ask, Clock, DrawerDriver, Report
from console.domain.profile import Drawer, Printer, StoreProfile
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.entry_form import keys

OPENS_WITHIN = 3.0  # seconds from the pulse to the contact's change
_LOOK = 0.2  # seconds between two looks at the contact


class DrawerSense:
    """The two looks at one drawer, in any order, and the lesson once there are both."""

    def __init__(self, driver: DrawerDriver, clock: Clock) -> None:
        self._driver = driver
        self._clock = clock
        self._levels: dict[str, ContactLevel | None] = {}

    async def look(self, state: str) -> ContactLevel | None:
        """Read the contact while the drawer is `closed` or `open`, as the person says."""
        self._levels[state] = await self._driver.contact()
        return self._levels[state]

    async def open(self) -> bool:
        """Send the pulse, after a press that names it; whether the contact changed within three seconds.

        The line's errors, or Unsupported.
        """
        await self._driver.kick()
        ends = self._clock.seconds() + OPENS_WITHIN
        while await self._driver.contact() == self._levels.get("closed"):
            if self._clock.seconds() >= ends:
                return False
            await asyncio.sleep(_LOOK)
        return True

    @property
    def lesson(self) -> Lesson | None:
        """What the looks taught; None until there are both."""
        if self._levels.keys() != {"closed", "open"}:
            return None
        return learn(self._levels["closed"], self._levels["open"])


async def ask_through(driver: DrawerDriver, ask: Ask, clock: Clock, report: Report) -> tuple[
    list[Evidence], bool | None
]:  # fmt: skip
    """The whole lesson by yes/no questions, as in a terminal: evidence, and whether the drawer passed.

    The drawer is opened by a pulse only after a yes to the question that names it.
    """
    sense, begun = DrawerSense(driver, clock), clock.seconds()

    def told(result: str, words: Words, sign: str, learnt: str = "") -> list[Evidence]:
        facts = {"drawer_sense": learnt} if learnt else {}
        seconds = round(clock.seconds() - begun, 6)
        return [Evidence("drawer.contact", result, words, clock.now(), seconds, frozenset({sign}), facts)]

    nobody = say("Nobody said in which state the drawer is, so nothing was learnt")
    if not await ask(say("Close the drawer. Is it closed now?")):
        return told("", nobody, "drawer.not_sensed"), None
    await sense.look("closed")
    if await ask(say("Shall the drawer be opened by a pulse now? No: open it with its key.")):
        report(say("Opening the drawer"))
        await sense.open()
    opened = await ask(say("Is the drawer open now?"))
    level = await sense.look("open")
    if opened is None:
        return told(level or "", nobody, "drawer.not_sensed"), None
    if opened is False:
        words = say("The drawer did not open, says the person beside it")
        return told(level or "", words, "drawer.unmoved"), False
    lesson = sense.lesson or learn(None, None)
    return told(level or "", lesson.words, lesson.sign, lesson.sense or ""), True if lesson.sure else None


def behind(profile: StoreProfile, drawer: Subject) -> Printer:
    """The printer that opens the drawer and tells its contact; KeyError for a stranger."""
    entry = dict(profile.entries())[drawer]
    if not isinstance(entry, Drawer):
        raise KeyError(drawer)
    return next(each for each in profile.printer if each.name == entry.printer)


def change_of(profile: StoreProfile, drawer: Subject, sense: Sense) -> tuple[Subject, dict[str, object]]:
    """The printer's entry and its keys with `drawer_sense` as learnt, for the profile's editor."""
    printer = behind(profile, drawer)
    return Subject("printer", printer.name), keys(replace(printer, drawer_sense=sense))
