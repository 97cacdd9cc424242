"""From the tables of a `plan.toml` to a Plan; what is wrong is told with its key path and the mend."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import NoReturn, TypeVar

from console.domain.errors import BadInput
from console.domain.plan import EXIT, MOST_IMMEDIATE, Backup, Contact, Plan, Scenario, Step, SwitchOver
from console.domain.subjects import KINDS, Subject
from console.domain.words import Words, say

T = TypeVar("T")

_PLAN = ("scenario", "contact", "backup")
_CONTACT = ("id", "name", "role", "phone", "hours", "have_ready", "order")
_BACKUP = ("what", "where", "how", "who", "proven", "valid_days")
_SWITCH_OVER = ("seconds", "failures", "to")
_STEP = ("id", "do", "detail", "expect", "words_to_say", "who", "yes", "no", "clears", "restart")
_SCENARIO = (
    "id", "title", "symptoms", "exit", "step", "causes", "immediate", "deferred", "call", "switch_over",
)  # fmt: skip


def plan_of(document: Mapping[str, object]) -> Plan:
    """The plan in a parsed TOML document; BadInput with key path, value and expectation."""
    top = _Table("", document, _PLAN)
    ordered = sorted(top.tables("contact", _CONTACT), key=lambda each: each.number("order", 1000))
    contacts = tuple(_contact(each) for each in ordered)
    _unique("contact", [each.id for each in contacts])
    scenarios = tuple(_scenario(each, contacts) for each in top.tables("scenario", _SCENARIO))
    if not scenarios:
        raise BadInput(say("the plan has no [[scenario]]; write at least one"))
    _unique("scenario", [each.id for each in scenarios])
    return Plan(scenarios, contacts, tuple(_backup(each) for each in top.tables("backup", _BACKUP)))


class _Table:
    """One TOML table with the path that leads to it; unknown keys are refused at once."""

    def __init__(self, path: str, values: object, known: Sequence[str]) -> None:
        self._path = path
        if not isinstance(values, Mapping):
            _refuse(path, values, say("a table"))
        self._values: Mapping[str, object] = values
        for key in values:
            if key not in known:
                self._unknown(key, known)

    def _unknown(self, key: str, known: Sequence[str]) -> NoReturn:
        nearest = next(iter(difflib.get_close_matches(key.lower(), known, 1)), None)
        if nearest:
            raise BadInput(say("{key}: there is no such key; is \"{nearest}\" meant?",
                               key=self.at(key), nearest=nearest))  # fmt: skip
        raise BadInput(say("{key}: there is no such key; known are {known}",
                           key=self.at(key), known=", ".join(known)))  # fmt: skip

    def at(self, key: str) -> str:
        """The path of `key` as a person reads it: `scenario.backend.step.cable.do`."""
        return f"{self._path}.{key}" if self._path else key

    def named(self, key: str) -> str:
        """The text under `key`, by which the table is called from now on."""
        name = self.text(key)
        self._path = f"{self._path.rpartition('.')[0]}.{name}".lstrip(".")
        return name

    def text(self, key: str, otherwise: str | None = None) -> str:
        """The text under `key`; it must be there and not empty unless `otherwise` is given."""
        value = self._values.get(key, otherwise)
        if value is None or (value == "" and otherwise is None):
            raise BadInput(say("{key} is missing; a text is expected", key=self.at(key)))
        if not isinstance(value, str):
            _refuse(self.at(key), value, say("text in quotes"))
        return " ".join(value.split())

    def texts(self, key: str) -> tuple[str, ...]:
        """The list of texts under `key`; empty where it is not written."""
        value = self._values.get(key, ())
        if not isinstance(value, (list, tuple)) or not all(isinstance(each, str) and each for each in value):
            _refuse(self.at(key), value, say('a list of texts: ["…", "…"]'))
        return tuple(value)

    def number(self, key: str, otherwise: int) -> int:
        """The whole number, 1 or more, under `key`."""
        value = self._values.get(key, otherwise)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            _refuse(self.at(key), value, say("a whole number from 1"))
        return value

    def flag(self, key: str) -> bool:
        """True or false under `key`; false where it is not written."""
        value = self._values.get(key, False)
        return value if isinstance(value, bool) else _refuse(self.at(key), value, say("true or false"))

    def day(self, key: str) -> date | None:
        """The day under `key`; None where it is not written."""
        value = self._values.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        return _refuse(self.at(key), value, say("a day without quotes, such as 2026-11-20"))

    def tables(self, key: str, known: Sequence[str]) -> Iterator[_Table]:
        """Each table of the array of tables under `key`."""
        value = self._values.get(key, ())
        if not isinstance(value, (list, tuple)):
            _refuse(self.at(key), value, say("tables under [[{heading}]]", heading=self.at(key)))
        for number, each in enumerate(value, 1):
            yield _Table(f"{self.at(key)}.{number}", each, known)

    def optional(self, key: str, known: Sequence[str], build: Callable[[_Table], T]) -> T | None:
        """What `build` makes of the table under `key`; None where it is not written."""
        return build(_Table(self.at(key), self._values[key], known)) if key in self._values else None


def _refuse(key: str, value: object, expected: Words) -> NoReturn:
    shown = str(value) if len(str(value)) <= 60 else f"{str(value)[:60]}…"
    raise BadInput(say("{key} = {value}: {expected} is expected", key=key, value=shown, expected=expected))


def _unique(key: str, ids: Sequence[str]) -> None:
    for name in ids:
        if ids.count(name) > 1:
            raise BadInput(say("{key}.id = {value}: this id stands in the plan twice; give each its own",
                               key=key, value=name))  # fmt: skip


def _contact(table: _Table) -> Contact:
    return Contact(
        table.named("id"),
        table.text("name"),
        role=table.text("role", ""),
        phone=table.text("phone", ""),
        hours=table.text("hours", ""),
        have_ready=table.texts("have_ready"),
    )


def _backup(table: _Table) -> Backup:
    return Backup(
        table.text("what"),
        table.text("where", ""),
        how=table.text("how", ""),
        who=table.text("who", ""),
        proven=table.day("proven"),
        valid_days=table.number("valid_days", 30),
    )


def _scenario(table: _Table, contacts: Sequence[Contact]) -> Scenario:
    scenario = Scenario(
        table.named("id"),
        table.text("title"),
        symptoms=table.texts("symptoms"),
        exit=table.text("exit"),
        steps=tuple(_step(each) for each in table.tables("step", _STEP)),
        causes=table.texts("causes"),
        immediate=table.texts("immediate"),
        deferred=table.texts("deferred"),
        call=table.texts("call"),
        switch_over=table.optional("switch_over", _SWITCH_OVER, _switch_over),
    )
    if len(scenario.immediate) > MOST_IMMEDIATE:
        raise BadInput(say("{key} has {count} actions; at most {most} can be done at once, so move the others"
                           " to steps", key=table.at("immediate"), count=len(scenario.immediate),
                           most=MOST_IMMEDIATE))  # fmt: skip
    known = [each.id for each in contacts]
    for name in scenario.call:
        if name not in known:
            _refuse(table.at("call"), name, say("the id of a contact ({known})", known=", ".join(known)))
    _check_way(scenario, table.at("step"))
    return scenario


def _switch_over(table: _Table) -> SwitchOver:
    return SwitchOver(table.number("seconds", 10), table.number("failures", 2), table.text("to"))


def _step(table: _Table) -> Step:
    name = table.named("id")
    if name == EXIT:
        _refuse(table.at("id"), name, say('another id, for "exit" means selling again,'))
    clears = Subject.parse(table.text("clears", ""))
    if clears.kind and clears.kind not in KINDS:
        _refuse(table.at("clears"), clears.kind, say("one of {known}", known=", ".join(KINDS)))
    return Step(
        name,
        table.text("do"),
        detail=table.text("detail", ""),
        expect=table.text("expect", ""),
        words_to_say=table.text("words_to_say", ""),
        who=table.text("who", ""),
        yes=table.text("yes", ""),
        no=table.text("no", ""),
        clears=clears if clears.kind else None,
        restart=table.flag("restart"),
    )


def _check_way(scenario: Scenario, path: str) -> None:
    """Every branch leads forward to a step that is there, so that every way ends; none is cut off."""
    ids = [each.id for each in scenario.steps]
    if not ids:
        raise BadInput(say("{key}: the scenario has no steps; write at least one", key=path))
    _unique(path, ids)
    reached = {ids[0]}
    for place, step in enumerate(scenario.steps, 1):
        onward = (*ids[place:], EXIT)
        for key, target in (("yes", step.yes), ("no", step.no)):
            if target and target not in onward:
                expected = say("the id of a step further down ({known})", known=", ".join(onward))
                _refuse(f"{path}.{step.id}.{key}", target, expected)
        if step.id not in reached:
            raise BadInput(say("{key}: no step leads here; take it out, or let a branch lead to it",
                               key=f"{path}.{step.id}"))  # fmt: skip
        reached |= {each.id for worked in (True, False) if (each := scenario.after(step, worked))}
