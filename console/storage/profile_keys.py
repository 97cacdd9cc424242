"""From a parsed TOML document to a dataclass, key by key: the annotations say what each may hold."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from typing import Any, Literal, NamedTuple, TypeVar

from console.domain.errors import BadInput
from console.domain.profile import StoreProfile
from console.domain.words import LONGEST, Words, legible, one_line, say
from console.storage.toml_lines import KeyPath

T = TypeVar("T")

_EXAMPLES = {
    ("store",): '[store] name = "人民路店"',
    ("store", "name"): 'name = "人民路店"',
    ("network", "sync_pending", "path"): 'path = "/var/lib/pos/pending"',
    ("printer", "address"): 'address = "tcp://192.168.1.50:9100"',
    ("scanner", "address"): 'address = "keyboard:"',
    ("drawer", "printer"): 'printer = "front"',
    ("backend", "url"): 'url = "https://pos.example.com/health"',
    ("name",): 'name = "front"',
    ("address",): 'address = "serial:///dev/ttyUSB0?baud=9600"',
}


class Trouble(NamedTuple):
    """One thing that is wrong with the key at `path`."""

    path: KeyPath
    words: Words


def build_profile(document: Mapping[str, Any]) -> tuple[StoreProfile | None, list[Trouble]]:
    """The profile in a parsed TOML `document`; or None, and everything that is wrong with it."""
    return build(StoreProfile, document)


def build(kind: type[T], document: Mapping[str, Any]) -> tuple[T | None, list[Trouble]]:
    """The `kind` that a parsed TOML `document` describes; or None, and everything that is wrong with it."""
    builder = _Builder(document)
    return builder.table(kind, document, ()), builder.troubles


class _Builder:
    """Fills the profile's tables from a document and gathers what does not fit."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.troubles: list[Trouble] = []
        self._document = document

    def table(self, kind: type[T], table: Mapping[str, Any], path: KeyPath) -> T | None:
        """A `kind` with the keys of `table`; None when any of them is wrong."""
        before = len(self.troubles)
        known, needed = _keys(kind)
        unknown = [key for key in table if key not in known]
        for key in unknown:
            self._report((*path, key), _unknown(key, known))
        misspelt = {nearest(key, known) for key in unknown}
        for key in needed:
            if key not in table and key not in misspelt:
                example = _example((*path, key))
                self._report(
                    (*path, key), say("this key is missing; for example: {example}", example=example)
                )
        values = {
            key: self._value(known[key], value, (*path, key)) for key, value in table.items() if key in known
        }
        if len(self.troubles) > before:
            return None
        try:
            return kind(**values)
        except BadInput as error:
            self._report_own(path, error.words)
            return None

    def _value(self, kind: Any, value: object, path: KeyPath) -> object:
        """`value` where it is a `kind`, with lists as tuples; otherwise a trouble."""
        if isinstance(kind, types.UnionType):  # a key that may be left out; TOML has no null
            kind = next(each for each in typing.get_args(kind) if each is not types.NoneType)
        if typing.get_origin(kind) is tuple and isinstance(value, list):
            element = typing.get_args(kind)[0]
            return tuple(self._value(element, each, (*path, n)) for n, each in enumerate(value))
        if is_dataclass(kind) and isinstance(value, dict):
            return self.table(typing.cast("type[Any]", kind), value, path)
        if typing.get_origin(kind) is Literal:
            # True == 1 and 2.0 == 2, but the file must say what it means
            if any(type(value) is type(each) and value == each for each in typing.get_args(kind)):
                return value
        elif type(value) is kind:
            return value
        # A credential of the wrong type may be the secret itself.
        shown = say("something else") if path[-1] == "credential" else _shown(value)
        expected = _expected(kind, path)
        self._report(path, say("{value} stands here; {expected} is expected", value=shown, expected=expected))
        return None

    def _report(self, path: KeyPath, words: Words) -> None:
        self.troubles.append(Trouble(path, say("{key}: {trouble}", key=self._spoken(path), trouble=words)))

    def _report_own(self, path: KeyPath, words: Words) -> None:
        """A trouble that the profile itself found; its values `kind`, `key` and `value` tell where."""
        values = dict(words.values)
        key, value = values.get("key"), values.get("value")
        if not path:
            entries = self._document[str(values["kind"])]
            path = (str(values["kind"]), max(n for n, entry in enumerate(entries) if entry[key] == value))
        table = self._at(path)
        key = key or next((each for each in table if table[each] == value), None)
        self._report((*path, str(key)) if key else path, legible(words))

    def _spoken(self, path: KeyPath) -> str:
        """`store.name`, `printer "front".address`; `printer[2].address` (from 1) for one without a name."""
        text = ""
        for depth, step in enumerate(path):
            if isinstance(step, str):
                text += ("." if text else "") + one_line(step)
                continue
            entry = self._at(path[: depth + 1])
            name = entry.get("name") if isinstance(entry, dict) else None
            text += f' "{one_line(name)}"' if isinstance(name, str) and name else f"[{step + 1}]"
        return text

    def _at(self, path: KeyPath) -> Any:
        found: Any = self._document
        for step in path:
            found = found[step]
        return found


def _keys(kind: type[Any]) -> tuple[dict[str, Any], list[str]]:
    """What each key of a table may hold, and which keys it must have."""
    hints = typing.get_type_hints(kind)
    declared = fields(kind)
    needed = [each.name for each in declared if each.default is MISSING and each.default_factory is MISSING]
    return {each.name: hints[each.name] for each in declared}, needed


def _unknown(key: str, known: Mapping[str, Any]) -> Words:
    if near := nearest(key, known):
        return say('there is no such key; is "{nearest}" meant?', nearest=near)
    return say("there is no such key; known are {known}", known=", ".join(known))


def nearest(text: str, known: Iterable[str]) -> str | None:
    """The one of `known` that is written most like `text`, whatever its case; None where none is near."""
    lower = {each.lower(): each for each in known}
    return next((lower[each] for each in difflib.get_close_matches(text.lower()[:LONGEST], lower, 1)), None)


def _example(path: KeyPath) -> str:
    keys = tuple(step for step in path if isinstance(step, str))
    return _EXAMPLES.get(keys) or _EXAMPLES.get(keys[-1:]) or f"{keys[-1]} = …"


def _shown(value: object) -> Words | str:
    if isinstance(value, dict):
        return say("a table")
    if isinstance(value, list):
        return say("a list")
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{one_line(value)}"' if isinstance(value, str) else one_line(str(value))


def _expected(kind: Any, path: KeyPath) -> Words:
    origin = typing.get_origin(kind)
    if origin is Literal:
        allowed = ", ".join(
            f'"{each}"' if isinstance(each, str) else str(each) for each in typing.get_args(kind)
        )
        return say("one of {allowed}", allowed=allowed)
    if origin is tuple and is_dataclass(typing.get_args(kind)[0]):
        return say("a list under [[{kind}]], with two brackets,", kind=str(path[-1]))
    if origin is tuple:
        return say("a list in [ ]")
    if kind is str:
        return say("text in quotes")
    if kind is int:
        return say("a whole number without quotes")
    if kind is float:
        return say("a number with a decimal point")
    if kind is bool:
        return say("true or false")
    return say("a table [{kind}]", kind=".".join(step for step in path if isinstance(step, str)))
