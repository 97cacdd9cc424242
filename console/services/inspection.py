"""The self-test of a card terminal: a person looks whether it is ready, the same one, and untouched.

PCI DSS 9.5.1 wants terminals looked at for tampering and exchange; what is asked here is that look.
"""

from __future__ import annotations

from console.domain.evidence import Evidence
from console.domain.ports import Ask, Clock, TerminalDriver
from console.domain.words import Words, say

_READY = say("Does the terminal's screen show that it is ready, without an error?")
_WHOLE = say(
    "Look at it from all sides. Is everything as it was before: casing and seals whole,"
    " nothing added or loose?"
)


async def inspect_through(
    driver: TerminalDriver, ask: Ask, clock: Clock
) -> tuple[list[Evidence], bool | None]:
    """Evidence, and whether it passed: yes to everything, no to anything, else not known."""
    label = say("Does the label on its back show the serial number {serial}?", serial=driver.serial_number)
    looks = [
        (_READY, "terminal.not_ready", say("The person says that its screen does not show it ready")),
        (label, "terminal.other_serial", say("The person read another serial number on its label")),
        (_WHOLE, "terminal.touched", say("The person saw that somebody may have tampered with it")),
    ]
    seen: list[Evidence] = []
    answers: list[bool | None] = []
    for question, sign, words in looks:
        if question is label and not driver.serial_number:
            continue
        begun = clock.seconds()
        answers.append(await ask(question))
        if answers[-1] is False:
            seen.append(_saw(clock, begun, "no", words, sign))
    if all(answers):
        whole = say("The person found it ready, the same one and untouched")
        return [_saw(clock, clock.seconds(), "yes", whole, "terminal.inspected")], True
    if not seen:
        seen.append(
            _saw(clock, clock.seconds(), "", say("Nobody looked at it to the end"), "terminal.not_told")
        )
    return seen, False if False in answers else None


def _saw(clock: Clock, begun: float, result: str, words: Words, sign: str) -> Evidence:
    seconds = round(clock.seconds() - begun, 6)
    return Evidence("terminal.looked_at", result, words, clock.now(), seconds, frozenset({sign}))
