"""One emergency as it is worked through: a log of deeds, from which everything else follows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from console.domain.errors import BadInput
from console.domain.plan import Contact, Plan, Scenario, Step
from console.domain.words import say

SCHEMA = "tillkeeper.run/1"


class Deed(StrEnum):
    """What somebody, or a sensor, did."""

    DONE = "done"
    FAILED = "failed"
    LATER = "later"
    CLEARED = "cleared"  # the step's own light turned OK
    BACK = "back"
    TAKEN_UP = "taken_up"  # a step that had been put off
    TICKED = "ticked"
    UNTICKED = "unticked"
    REACHED = "reached"  # a contact who answered
    NO_ANSWER = "no_answer"
    ENDED = "ended"


_WORKED = {Deed.DONE: True, Deed.CLEARED: True, Deed.FAILED: False, Deed.LATER: False}


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed; `item` is a step's id, `immediate:N`, `deferred:N` or `contact:ID`; `at` is aware."""

    deed: Deed
    item: str
    at: datetime


@dataclass(slots=True)
class _Way:
    """The log played through: where the person stands and what came of each step."""

    current: Step | None
    trail: list[Step] = field(default_factory=list)
    results: dict[str, Entry] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Run:
    """A scenario under way. Frozen: every deed gives a new Run, nothing of the log is ever taken out."""

    scenario: Scenario
    started: datetime
    log: tuple[Entry, ...] = ()

    # What is so

    @property
    def current(self) -> Step | None:
        """The step to do now; None at the exit."""
        return self._way().current

    @property
    def trail(self) -> tuple[Step, ...]:
        """The steps gone through before the current one."""
        return tuple(self._way().trail)

    @property
    def results(self) -> Mapping[str, Entry]:
        """The last word on each step, by its id."""
        return self._way().results

    @property
    def postponed(self) -> tuple[Step, ...]:
        """The steps that were put off and not done since."""
        results = self._way().results
        return tuple(
            each for each in self.scenario.steps if each.id in results and results[each.id].deed is Deed.LATER
        )

    @property
    def ended(self) -> datetime | None:
        """When somebody said that the shop can sell again."""
        return next((each.at for each in self.log if each.deed is Deed.ENDED), None)

    @property
    def unticked(self) -> tuple[str, ...]:
        """What the plan asks for and nobody ticked: immediate actions, steps put off, steps ahead."""
        immediate = (
            text
            for place, text in enumerate(self.scenario.immediate)
            if not self.ticked(f"immediate:{place}")
        )
        ahead = (each for each in self.scenario.ahead(self.current) if each not in self.postponed)
        return (*immediate, *(each.do for each in (*self.postponed, *ahead)))

    def ticked(self, item: str) -> datetime | None:
        """When `immediate:N` or `deferred:N` was ticked; None where it is not."""
        last = self._last(item, Deed.TICKED, Deed.UNTICKED)
        return last.at if last and last.deed is Deed.TICKED else None

    @property
    def owed(self) -> tuple[str, ...]:
        """The items (`deferred:N`) that are still to be made good."""
        items = (f"deferred:{place}" for place in range(len(self.scenario.deferred)))
        return tuple(each for each in items if not self.ticked(each))

    def call(self, contact: Contact) -> Entry | None:
        """What came of the last call to `contact`; None before the first."""
        return self._last(f"contact:{contact.id}", Deed.REACHED, Deed.NO_ANSWER)

    def next_to_call(self, contacts: tuple[Contact, ...]) -> Contact | None:
        """The first with a number who was not called yet, else the one whose unanswered call is oldest.

        None where nobody has a number, and while the last call was answered.
        """
        calls_made = [each for each in self.log if each.deed in (Deed.REACHED, Deed.NO_ANSWER)]
        if calls_made and calls_made[-1].deed is Deed.REACHED:
            return None
        known = [each for each in contacts if each.phone]
        calls = {each.id: self.call(each) for each in known}
        fresh = [each for each in known if calls[each.id] is None]
        again = sorted(known, key=lambda each: call.at if (call := calls[each.id]) else self.started)
        return next(iter((*fresh, *again)), None)

    # What is done

    def answered(self, deed: Deed, at: datetime) -> Run:
        """The current step is DONE, FAILED or put off until LATER; at the exit nothing changes."""
        step = self.current
        return self._with(deed, step.id, at) if step else self

    def back(self, at: datetime) -> Run:
        """The step before becomes the current one again; what was ticked stays in the log."""
        return self._with(Deed.BACK, "", at) if self.trail else self

    def taken_up(self, step: Step, at: datetime) -> Run:
        """A step that was put off becomes the current one."""
        return self._with(Deed.TAKEN_UP, step.id, at) if step in self.postponed else self

    def cleared(self, step: Step, at: datetime) -> Run:
        """A sensor shows that the current, or a postponed, step has worked."""
        return self._with(Deed.CLEARED, step.id, at)

    def toggled(self, item: str, at: datetime) -> Run:
        """Tick `immediate:N` or `deferred:N`, or take the tick away."""
        return self._with(Deed.UNTICKED if self.ticked(item) else Deed.TICKED, item, at)

    def called(self, contact: Contact, answered: bool, at: datetime) -> Run:
        """`contact` was called."""
        return self._with(Deed.REACHED if answered else Deed.NO_ANSWER, f"contact:{contact.id}", at)

    def finished(self, at: datetime) -> Run:
        """The shop can sell again."""
        return self if self.ended else self._with(Deed.ENDED, "", at)

    def in_plan(self, plan: Plan) -> Run | None:
        """The same run by another plan's words (another language); None where the plan lacks its scenario."""
        scenario = plan.scenario(self.scenario.id)
        return replace(self, scenario=scenario) if scenario else None

    # What survives a crash

    def to_json(self) -> str:
        """The run as one JSON document; times are RFC 3339."""
        log = [[each.deed.value, each.item, each.at.isoformat()] for each in self.log]
        document = {
            "schema": SCHEMA, "scenario": self.scenario.id, "started": self.started.isoformat(), "log": log,
        }  # fmt: skip
        return json.dumps(document, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str, plan: Plan) -> Run:
        """The run that `to_json` wrote; BadInput when it is damaged or its scenario is not in `plan`."""
        try:
            document = json.loads(text)
            if document["schema"] != SCHEMA:
                raise ValueError(document["schema"])
            name = str(document["scenario"])
            started = _time(document["started"])
            log = tuple(Entry(Deed(deed), _item(item), _time(at)) for deed, item, at in document["log"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            words = say("the interrupted checklist cannot be read: {reason}", reason=repr(error))
            raise BadInput(words) from error
        scenario = plan.scenario(name)
        if scenario is None:
            raise BadInput(say('the interrupted checklist "{value}" is no longer in the plan', value=name))
        return cls(scenario, started, log)

    def _with(self, deed: Deed, item: str, at: datetime) -> Run:
        return replace(self, log=(*self.log, Entry(deed, item, at)))

    def _last(self, item: str, *deeds: Deed) -> Entry | None:
        return next((each for each in reversed(self.log) if each.item == item and each.deed in deeds), None)

    def _way(self) -> _Way:
        way = _Way(self.scenario.steps[0])
        for entry in self.log:
            self._play(entry, way)
        return way

    def _play(self, entry: Entry, way: _Way) -> None:
        step = self.scenario.step(entry.item)
        if entry.deed is Deed.BACK:
            if way.trail:
                way.current = way.trail.pop()
                way.results.pop(way.current.id, None)
        elif step is None:
            return  # the plan was edited meanwhile, or the deed moves nobody
        elif entry.deed is Deed.TAKEN_UP:
            way.trail += [way.current] if way.current else []
            way.current = step
        elif entry.deed in _WORKED:
            way.results[step.id] = entry
            if step == way.current:
                way.trail.append(step)
                way.current = self._onward(step, way)

    def _onward(self, step: Step, way: _Way) -> Step | None:
        """The next step that is not yet answered; one that was put off is asked for again."""
        following: Step | None = step
        while following is not None:
            result = way.results.get(following.id)
            if result is None or (result.deed is Deed.LATER and following is not step):
                return following
            following = self.scenario.after(following, _WORKED[result.deed])
        return None


def _item(text: object) -> str:
    """The text as it is; ValueError for what no file could hold again."""
    item = str(text)
    item.encode()
    return item


def _time(text: object) -> datetime:
    """The aware time in `text`; ValueError for any other, and for one that another time zone cannot hold."""
    time = datetime.fromisoformat(str(text))
    if time.tzinfo is None or not 1 < time.year < 9999:
        raise ValueError(text)
    return time
