"""The emergency plan at work: what to offer, one run at a time, ticked by people and by lights."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path

from console.domain.check import LightChange
from console.domain.emergency import Deed, Run
from console.domain.errors import BadInput, Unsupported
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.plan import Contact, Plan, Scenario, Step
from console.domain.ports import Clock, RunStore
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.board import Board
from console.services.language import Language

ReadPlan = Callable[[str], tuple[Plan, BadInput | None]]
AdoptPlan = Callable[[str], Path]

log = logging.getLogger(__name__)


class EmergencyService:
    """Leads through one scenario at a time; every deed is kept at once and survives a crash.

    `read_plan` gives the plan for a language code and why the shop's own was not taken; `adopt_plan` puts a
    copy of the shipped one where the shop can edit it (None: it cannot be edited here). Nothing here needs
    a database or a network. Runs on one loop; not thread-safe.
    """

    def __init__(
        self,
        read_plan: ReadPlan,
        store: RunStore,
        board: Board,
        clock: Clock,
        language: Callable[[], Language],
        adopt_plan: AdoptPlan | None = None,
    ) -> None:
        self._adopt_plan = adopt_plan
        self._read_plan = read_plan
        self._store = store
        self._board = board
        self._clock = clock
        self._language = language
        self._plans: dict[str, tuple[Plan, BadInput | None]] = {}
        self._run: Run | None = None
        self._looked = False  # whether an interrupted run was looked for
        self._listeners: list[Callable[[], None]] = []
        board.subscribe(self._light)

    # What there is

    @property
    def plan(self) -> Plan:
        """The plan in the present language."""
        return self._plan()[0]

    @property
    def trouble(self) -> Words | None:
        """Why the shop's own plan was not taken; None when all is well."""
        error = self._plan()[1]
        return error.words if error else None

    @property
    def note(self) -> Words | None:
        """Why the run cannot be kept on disk just now; None when it is."""
        return self._store.note

    @property
    def today(self) -> date:
        """The day in the store's time zone."""
        return self._clock.now().date()

    @property
    def editable(self) -> bool:
        """True where the shop can have a plan of its own."""
        return self._adopt_plan is not None

    async def own_plan(self) -> Path:
        """The shop's own plan file, copied from the shipped one at first; may raise TillkeeperError."""
        if self._adopt_plan is None:
            raise Unsupported(say("the plan of the demo store cannot be edited"))
        return await asyncio.to_thread(self._adopt_plan, self._language().code)

    def reload(self) -> None:
        """Read the plan anew when it is next asked for: somebody may have edited the file."""
        self._plans.clear()

    @property
    def run(self) -> Run | None:
        """The run under way or just ended, in the present language; an interrupted one is taken up again."""
        if not self._looked:
            self._looked = True
            self._run = self._interrupted()
        return self._run and (self._run.in_plan(self.plan) or self._run)

    @property
    def offered(self) -> tuple[tuple[Scenario, Finding], ...]:
        """The scenarios that present faults call for, the longest standing first, with the fault."""
        now = self._clock.now()
        faults = [each for each in self._board.findings if each.light is Light.FAULT and each.cause]
        faults.sort(key=lambda each: self._board.since(each.subject) or now)
        offers: dict[str, tuple[Scenario, Finding]] = {}
        for fault in faults:
            for scenario in self.plan.scenarios:
                if scenario.explains(fault.cause or ""):
                    offers.setdefault(scenario.id, (scenario, fault))
        return tuple(offers.values())

    @property
    def contacts(self) -> tuple[Contact, ...]:
        """Whom to call, in the order of the run's scenario, or of the plan."""
        return self.plan.order_of_calling(self.run.scenario) if self.run else self.plan.contacts

    def clear(self, subject: Subject) -> bool | None:
        """True when every switched-on subject that `subject` stands for is OK; None where there is none."""
        lights = [each.light for each in self._board.findings if subject.covers(each.subject)]
        on = [each for each in lights if each is not Light.OFF]
        return all(each is Light.OK for each in on) if on else None

    # What is done

    def start(self, scenario: Scenario) -> None:
        """Begin a scenario; a run under way gives way to it."""
        self._keep(Run(scenario, self._clock.now()))

    def done(self) -> None:
        """The current step has worked."""
        self._answer(Deed.DONE)

    def failed(self) -> None:
        """The current step has not worked."""
        self._answer(Deed.FAILED)

    def later(self) -> None:
        """The current step is put off."""
        self._answer(Deed.LATER)

    def back(self) -> None:
        """Return to the step before."""
        self._change(lambda run: run.back(self._clock.now()))

    def take_up(self, step: Step) -> None:
        """Go to a step that was put off."""
        self._change(lambda run: run.taken_up(step, self._clock.now()))

    def toggle(self, item: str) -> None:
        """Tick or untick `immediate:N` or `deferred:N`."""
        self._change(lambda run: run.toggled(item, self._clock.now()))

    def called(self, contact: Contact, answered: bool) -> None:
        """Somebody was called."""
        self._change(lambda run: run.called(contact, answered, self._clock.now()))

    def finish(self) -> None:
        """The shop can sell again; what was put off until afterwards stays to be ticked."""
        self._change(lambda run: run.finished(self._clock.now()))

    def dismiss(self) -> None:
        """Put the run away."""
        self._keep(None)

    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call `listener` whenever the run changed; the result unsubscribes."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _plan(self) -> tuple[Plan, BadInput | None]:
        code = self._language().code
        if code not in self._plans:
            self._plans[code] = self._read_plan(code)
        return self._plans[code]

    def _interrupted(self) -> Run | None:
        text = self._store.read()
        if text is None:
            return None
        try:
            return Run.from_json(text, self.plan)
        except BadInput as error:
            log.warning("%s", error)
            return None

    def _answer(self, deed: Deed) -> None:
        self._change(lambda run: run.answered(deed, self._clock.now()))

    def _change(self, change: Callable[[Run], Run]) -> None:
        if self.run is not None:
            self._keep(change(self.run))

    def _keep(self, run: Run | None) -> None:
        self._run, self._looked = run, True
        self._store.write(run.to_json() if run else None)
        for listener in tuple(self._listeners):
            listener()

    def _light(self, change: LightChange) -> None:
        """Tick what a light that just turned OK proves; a light that was never known proves no repair."""
        if change.previous in (None, Light.OK) or change.finding.light is not Light.OK:
            return
        run = self.run
        if run is None or run.ended:
            return
        waiting = ({run.current} | set(run.postponed)) - {None}
        for step in [each for each in run.scenario.steps if each in waiting]:
            if step.clears and step.clears.covers(change.finding.subject) and self.clear(step.clears):
                run = run.cleared(step, self._clock.now())
        if run is not self.run:
            self._keep(run)
