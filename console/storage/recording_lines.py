"""One line of a recording and what it says; whatever is wrong with it is BadInput without the place."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from string import Formatter
from typing import Any, TypeVar

from console.domain.breaks import Look
from console.domain.errors import BadInput, TillkeeperError
from console.domain.recording import TROUBLES, Event, Header, Recording, What
from console.domain.selftest import Level
from console.domain.subjects import DEVICE_KINDS
from console.domain.words import Words, one_line, say
from console.storage.profile_keys import build_profile

SCHEMA = "tillkeeper.recording/1"
_FAMILY = SCHEMA.partition("/")[0]
_DEEPEST = 8  # sentences within sentences
_ON_A_LINE = frozenset({What.OPENED, What.SENT, What.HEARD, What.LOST, What.CLOSED})
_LONGEST = 86400.0 * 366  # seconds

T = TypeVar("T")
Fields = Mapping[str, Any]


def header_line(header: Header) -> str:
    """The first line."""
    started = header.started.isoformat(timespec="microseconds")
    return _line({"schema": SCHEMA, **asdict(header), "started": started})


def recording_text(recording: Recording) -> str:
    """The whole file."""
    lines = (header_line(recording.header), *map(event_line, recording.events))
    return "".join(f"{line}\n" for line in lines)


def event_line(event: Event) -> str:
    """The line of an event."""
    fields: dict[str, Any] = {"at": round(event.at, 6), "event": event.what.value}
    if event.line:
        fields["line"] = event.line
    if event.what in (What.SENT, What.HEARD):
        fields["bytes"] = event.data.hex(" ")
    if event.veiled:
        fields["veiled"] = True
    if event.seconds:
        fields["seconds"] = event.seconds
    if event.during:
        fields["during"] = event.during
    if event.trouble is not None:
        fields |= {
            "trouble": event.trouble.sign,
            "kind": _kind(event.trouble),
            "words": _spelt(event.trouble.words),
        }
    return _line({**fields, **event.note})


def fields_of(line: bytes) -> Fields:
    """The JSON object that a line holds."""
    try:
        fields = json.loads(line.decode("utf-8"))
        json.dumps(fields, ensure_ascii=False).encode("utf-8")  # half a character would fail when it is shown
    except (ValueError, RecursionError):
        raise BadInput(say('one JSON object is expected, such as {"at": 0.1, "event": "closed"}')) from None
    if not isinstance(fields, dict):
        raise BadInput(say("one JSON object in braces { } is expected"))
    return fields


def header_from(fields: Fields) -> Header:
    """The header, its store checked as a store's profile is."""
    schema = fields.get("schema")
    if schema != SCHEMA:
        if isinstance(schema, str) and schema.startswith(_FAMILY + "/"):
            raise BadInput(
                say(
                    "a newer Tillkeeper wrote this recording ({schema}); update this one",
                    schema=one_line(schema),
                )
            )
        raise BadInput(say('this is no recording: "schema": "{schema}" is expected first', schema=SCHEMA))
    level = fields.get("level")
    if level is not None and level not in tuple(Level):
        raise BadInput(say('"level" must be internal, external, interactive or null'))
    store = _of(fields, "store", dict, say('"store" must hold the device as the profile names it'))
    profile, troubles = build_profile(dict(store))
    if profile is None:
        _, words = next(iter(troubles))
        raise BadInput(words)
    subject = _text(fields, "subject")
    if subject not in {str(each) for each, _ in profile.entries() if each.kind in DEVICE_KINDS}:
        raise BadInput(say('"{value}" is no device of the "store" in the same line', value=subject))
    return Header(
        subject, _text(fields, "address"), _text(fields, "protocol"), _text(fields, "program"),
        _moment(fields), store, level, _text(fields, "code"),
    )  # fmt: skip


def event_from(fields: Fields, row: int) -> Event:
    """The event that line `row` of the file tells."""
    if fields.get("event") not in tuple(What):
        raise BadInput(say('"event" must be one of {known}', known=", ".join(What)))
    what = What(fields["event"])
    at = _number(fields, "at")
    if what not in _ON_A_LINE:
        return Event(at, what, note=_note(what, fields), row=row)
    line = _of(fields, "line", int, say('"line" must be the number of the opening, from 1'))
    if not 1 <= line <= 1_000_000:
        raise BadInput(say('"line" must be the number of the opening, from 1'))
    trouble = _trouble(fields) if what is What.LOST else None
    during = fields.get("during", "")
    if during not in ("", "open", "write"):
        raise BadInput(say('"during" must be "open", "write" or missing'))
    data = _bytes(fields) if what in (What.SENT, What.HEARD) else b""
    seconds = _number(fields, "seconds") if "seconds" in fields else 0.0
    return Event(at, what, line, data, fields.get("veiled") is True, seconds, during, trouble, row=row)


def _line(fields: Mapping[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=False)


def _kind(trouble: TillkeeperError) -> str:
    return next(name for name, kind in TROUBLES.items() if isinstance(trouble, kind))


def _of(fields: Fields, key: str, kind: type[T], expected: Words) -> T:
    value = fields.get(key)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise BadInput(expected)
    return value


def _text(fields: Fields, key: str) -> str:
    expected = say('"{key}" must be a text of one line', key=key)
    text = _of(fields, key, str, expected)
    if not text.isprintable():
        raise BadInput(expected)
    return text


def _number(fields: Fields, key: str) -> float:
    value = fields.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LONGEST:
        raise BadInput(say('"{key}" must be a number of seconds, such as 1.25', key=key))
    return float(value)


def _moment(fields: Fields) -> datetime:
    expected = say('"started" must be a time such as 2026-11-22T09:30:00.000+08:00')
    try:
        moment = datetime.fromisoformat(_text(fields, "started"))
    except ValueError:
        raise BadInput(expected) from None
    if moment.tzinfo is None or not 1970 <= moment.year <= 9000:
        raise BadInput(expected)
    return moment


def _bytes(fields: Fields) -> bytes:
    expected = say('"bytes" must be bytes in hex, such as "1b 40"')
    try:
        return bytes.fromhex(_of(fields, "bytes", str, expected))
    except ValueError:
        raise BadInput(expected) from None


def _note(what: What, fields: Fields) -> Fields:
    match what:
        case What.DRAWN:
            return {"text": _text(fields, "text")}
        case What.PAGE:
            lines = _of(fields, "lines", list, say('"lines" must be a list of texts'))
            if not all(isinstance(each, str) for each in lines):
                raise BadInput(say('"lines" must be a list of texts'))
            return {"title": _text(fields, "title"), "lines": lines, "code": _text(fields, "code")}
        case What.ANSWERED:
            if fields.get("answer") not in (True, False, None):
                raise BadInput(say('"answer" must be true, false or null'))
            return {"answer": fields.get("answer")}
        case What.MARKED:
            return {"columns": _columns(fields), "look": _look(fields)}
        case What.CAME_BACK:
            return {"scanner": _text(fields, "scanner"), "sign": _text(fields, "sign")}
        case _:
            keys = ("passed", "light", "cause", "grade")
            return {key: fields.get(key) for key in keys}


def _columns(fields: Fields) -> list[list[int]]:
    expected = say('"columns" must be pairs of dot columns, such as [[212, 220]]')
    pairs = _of(fields, "columns", list, expected)
    numbers = [each for pair in pairs if isinstance(pair, list) and len(pair) == 2 for each in pair]
    whole = all(isinstance(each, int) and 0 <= each < 10_000 for each in numbers)
    if not pairs or len(numbers) != 2 * len(pairs) or not whole:
        raise BadInput(expected)
    return pairs


def _look(fields: Fields) -> str:
    look = _text(fields, "look")
    if look not in tuple(Look):
        raise BadInput(say('"look" must be one of {known}', known=", ".join(Look)))
    return look


def _trouble(fields: Fields) -> TillkeeperError:
    kind = TROUBLES.get(_text(fields, "kind"))
    if kind is None:
        raise BadInput(say('"kind" must be one of {known}', known=", ".join(TROUBLES)))
    return kind(_read(fields.get("words"), _DEEPEST), _text(fields, "trouble"))


def _spelt(words: Words) -> dict[str, Any]:
    """A sentence with its values, so that it can be read again in either language."""
    values: dict[str, Any] = {}
    for name, value in words.values:
        if isinstance(value, Words):
            values[name] = _spelt(value)
        else:
            values[name] = one_line(value) if isinstance(value, str) else value
    return {"say": words.text, **({"many": words.many} if words.many else {}), "with": values}


def _read(value: object, deepest: int) -> Words:
    expected = say('"words" must be a sentence: {"say": "Port {port} is closed", "with": {"port": 9100}}')
    if not isinstance(value, dict) or not deepest:
        raise BadInput(expected)
    text, many, given = value.get("say"), value.get("many"), value.get("with", {})
    if (
        not isinstance(text, str)
        or not text
        or not text.isprintable()
        or not isinstance(many, str | None)
        or not isinstance(given, dict)
    ):
        raise BadInput(expected)
    values: list[tuple[str, str | int | float | Words]] = []
    for name, each in given.items():
        if isinstance(each, dict):
            values.append((name, _read(each, deepest - 1)))
        elif _is_plain(each):
            values.append((name, each))
        else:
            raise BadInput(expected)
    if not all(_fits(pattern, given) for pattern in (text, many or "")):
        raise BadInput(expected)
    return Words(text, tuple(values), many)


def _is_plain(value: object) -> bool:
    """True for a number, or a text of one line."""
    if isinstance(value, str):
        return value.isprintable()
    return isinstance(value, int) or (isinstance(value, float) and math.isfinite(value))


def _fits(pattern: str, values: Fields) -> bool:
    """True where every place of `pattern` is a plain name that has its value."""
    if not values:
        return True  # such a sentence is never filled in
    try:
        places = list(Formatter().parse(pattern))
    except ValueError:
        return False
    return all(
        name is None or (name in values and name.isidentifier() and not spec and not conversion)
        for _, name, spec, conversion in places
    )
