"""Getting a device going again from here, after a person has read what that may cost."""

from __future__ import annotations

import logging

from console.domain.errors import Unsupported
from console.domain.evidence import signs_of
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.ports import Recovering
from console.domain.recovery import Recovery
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.check import CheckService
from console.services.language import Language
from console.services.roster import Roster

log = logging.getLogger(__name__)


def outcome(finding: Finding, language: Language) -> tuple[Light, Words]:
    """What to tell whoever pressed, and in which light."""
    if finding.cause is None and finding.light is Light.OK:
        return Light.OK, say("The printer is ready again.")
    if finding.cause is None:
        return Light.UNKNOWN, say("It was told, and does not say how it is now.")
    title = language.cause(finding.cause).title
    return finding.light, say("It was told, and now says: {title}", title=title)


class RepairService:
    """Offers what a device's state allows, and does it when a person presses."""

    def __init__(self, roster: Roster, check: CheckService) -> None:
        self._roster = roster
        self._check = check

    def able(self, finding: Finding, how: Recovery) -> bool:
        """Whether the device of `finding`, as it is now, would heed that."""
        driver = self._roster.examiners.get(finding.subject)
        shown = signs_of(finding.evidence)
        return isinstance(driver, Recovering) and driver.can_recover(how, shown)

    async def carry_out(self, subject: Subject, how: Recovery) -> Finding:
        """Do it, and what the device says of itself afterwards, which goes to the board as well.

        Unsupported where nothing of the kind is called for, BadInput for a stranger; the line's errors.
        """
        driver = self._roster.driver(subject)
        if not isinstance(driver, Recovering):
            raise Unsupported(say("this device cannot be told to go on from here"))
        log.info("%s: %s, pressed by a person", subject, how)
        await driver.recover(how)
        return await self._check.examine(subject)
