"""The emergency plan: what to do by symptom, whom to call, and what stands in for what.

After the rules of crisis checklists (CAP 676): entry by symptom, at most three immediate actions, one
action a step with its expected result, branches, an explicit exit, and what is put off until later.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from console.domain.subjects import Subject

EXIT = "exit"  # where a branch leads when the shop can sell again
MOST_IMMEDIATE = 3


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to call; `phone` is empty until the shop has filled it in."""

    id: str
    name: str
    role: str = ""
    phone: str = ""
    hours: str = ""
    have_ready: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Backup:
    """What stands in for something broken; `proven` is the day it was last tried."""

    what: str
    where: str
    how: str = ""
    who: str = ""
    proven: date | None = None
    valid_days: int = 30

    def overdue(self, today: date) -> bool:
        """True when it was never tried, or longer ago than `valid_days`."""
        return self.proven is None or today - self.proven > timedelta(days=self.valid_days)


@dataclass(frozen=True, slots=True)
class SwitchOver:
    """Any action slower than `seconds`, or `failures` in a row: do what `to` says."""

    seconds: int
    failures: int
    to: str


@dataclass(frozen=True, slots=True)
class Step:
    """One action; `yes` and `no` name the step after success and failure, empty for the next in line.

    `clears` is a subject, or a kind of subject, whose light ticks the step when it turns OK; `restart` means
    the till, its program or the computer, so that unsynced sales are looked for first.
    """

    id: str
    do: str
    detail: str = ""
    expect: str = ""
    words_to_say: str = ""
    who: str = ""
    yes: str = ""
    no: str = ""
    clears: Subject | None = None
    restart: bool = False


@dataclass(frozen=True, slots=True)
class Scenario:
    """One kind of emergency, from what staff see to selling again.

    `causes` are codes, or kinds of them, that offer it; `call` are contacts in the order of calling.
    """

    id: str
    title: str
    symptoms: tuple[str, ...]
    exit: str
    steps: tuple[Step, ...]
    causes: tuple[str, ...] = ()
    immediate: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()
    call: tuple[str, ...] = ()
    switch_over: SwitchOver | None = None

    def explains(self, cause: str) -> bool:
        """True when `cause`, or its kind, is one of those that offer this scenario."""
        return any(cause == each or cause.startswith(f"{each}.") for each in self.causes)

    def step(self, name: str) -> Step | None:
        """The step of that id; None where there is none (any more)."""
        return next((each for each in self.steps if each.id == name), None)

    def after(self, step: Step, worked: bool) -> Step | None:
        """The step that follows; None at the exit."""
        target = step.yes if worked else step.no
        if target == EXIT:
            return None
        if target:
            return self.step(target)
        place = self.steps.index(step) + 1
        return self.steps[place] if place < len(self.steps) else None

    def ahead(self, step: Step | None, worked: bool = True) -> Iterator[Step]:
        """`step` and all that follow it while each one worked, or while none does."""
        while step is not None:
            yield step
            step = self.after(step, worked)

    def longest(self, step: Step | None) -> int:
        """The number of steps on the longest way from `step` to the exit."""
        ways: dict[Step | None, int] = {None: 0}
        for each in reversed(self.steps):
            ways[each] = 1 + max(ways[self.after(each, True)], ways[self.after(each, False)])
        return ways[step]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything a shop needs when the program, the network or the power lets it down."""

    scenarios: tuple[Scenario, ...]
    contacts: tuple[Contact, ...] = ()
    backups: tuple[Backup, ...] = ()

    def scenario(self, name: str) -> Scenario | None:
        """The scenario of that id; None where there is none."""
        return next((each for each in self.scenarios if each.id == name), None)

    def order_of_calling(self, scenario: Scenario) -> tuple[Contact, ...]:
        """The contacts that the scenario names, in its order; all of the plan's where it names none."""
        if not scenario.call:
            return self.contacts
        return tuple(each for name in scenario.call for each in self.contacts if each.id == name)
