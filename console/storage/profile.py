"""Reading `store.toml`: a StoreProfile, or one line that says where it is wrong and what is expected."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TypeVar

from console.domain.errors import BadInput, Denied
from console.domain.models import AUTO
from console.domain.profile import StoreProfile
from console.domain.words import Words, one_line, say, say_many
from console.storage.files import home
from console.storage.profile_keys import Trouble, build, build_profile, nearest
from console.storage.toml_lines import key_lines, line_of

T = TypeVar("T")

LARGEST = 1 << 20  # bytes
_LONGEST_LINE = 2048  # characters: a key of ten thousand dots or a number of as many digits is nobody's wish


def profile_path() -> Path:
    """Where the store's profile is unless a person says otherwise."""
    return home() / "store.toml"


def read_profile(path: Path) -> StoreProfile:
    """The profile in `path`; BadInput with file, line, key, value and expectation, Denied when unreadable."""
    return parse_profile(read_text(path), str(path))


def read_text(path: Path) -> str:
    """The text of a person's file (UTF-8, at most 1 MiB); BadInput or Denied."""
    content = read_bytes(path)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        words = say("the text is not UTF-8; save the file again with the encoding UTF-8")
        raise _placed(words, str(path), line) from None


def read_bytes(path: Path) -> bytes:
    """The content of a person's file (at most 1 MiB); BadInput or Denied."""
    name = one_line(str(path))
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # a pipe would be waited for without end
            raise BadInput(
                say("{path} is a folder or a device; the name of a text file is expected", path=name)
            )
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except BadInput:
        raise
    except FileNotFoundError:
        words = say("there is no file {path}; check the name, or set up the store first", path=name)
        raise BadInput(words) from None
    except PermissionError:
        raise Denied(say("{path} cannot be read; give this user the right to read it", path=name)) from None
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        reason = getattr(error, "strerror", None) or str(error)
        raise BadInput(say("{path} cannot be read: {reason}", path=name, reason=reason)) from error
    if len(content) > LARGEST:
        raise BadInput(say("{path} is larger than 1 MiB; a store's profile is a short text", path=name))
    return content


def parse_profile(text: str, source: str | None = None) -> StoreProfile:
    """The profile that `text` describes; BadInput, which names file and line where `source` is given."""
    profile, troubles = build_profile(_parse_toml(text, source))
    if profile is not None and not (troubles := _unknown_models(profile)):
        return profile
    raise _first_of(troubles, text, source)


def parse_as(kind: type[T], text: str, source: str) -> T:
    """The `kind` that `text` describes; BadInput with file, line, key, value and expectation."""
    built, troubles = build(kind, _parse_toml(text, source))
    if built is None:
        raise _first_of(troubles, text, source)
    return built


def _unknown_models(profile: StoreProfile) -> list[Trouble]:
    named = [(n, each) for n, each in enumerate(profile.printer) if each.model != AUTO]
    if not named:
        return []  # nearly always: the models are then not read at this start
    from console.storage.models import shipped_models

    known = (AUTO, *shipped_models().names)
    return [
        Trouble(
            ("printer", n, "model"),
            say(
                '{key}: there is no model "{value}"; is "{nearest}" meant?',
                key=f'printer "{one_line(each.name)}".model',
                value=one_line(each.model),
                nearest=nearest(each.model, known) or AUTO,
            ),
        )
        for n, each in named
        if each.model not in known
    ]


def _parse_toml(text: str, source: str | None) -> dict[str, Any]:
    for number, line in enumerate(text.split("\n"), 1):
        if len(line) > _LONGEST_LINE:
            raise _placed(
                say("the line is longer than {count} characters", count=_LONGEST_LINE), source, number
            )
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise _placed(say("brackets are nested too deeply"), source) from None
    except ValueError as error:
        place = re.search(r" \(at (?:line (\d+), column (\d+)|end of document)\)$", str(error))
        reason = str(error)[: place.start()] if place else str(error)
        words = next((words for start, words in _SYNTAX if reason.startswith(start)), None) or say(
            "this is not valid TOML ({reason})", reason=one_line(reason)
        )
        if place and place[1]:
            raise _placed(words, source, int(place[1]), int(place[2])) from None
        raise _placed(words, source, text.rstrip().count("\n") + 1) from None


_SYNTAX = (
    ("Invalid value", say("a value is expected here: text in quotes, a number, true, false or [ ]")),
    ("Expected '=' after a key", say('"=" is expected after the key')),
    (
        "Expected newline or end of document",
        say("a new line is expected here; each key needs a line of its own"),
    ),
    ("Invalid statement", say("a line must be key = value or a [heading]")),
    ("Unterminated string", say("the closing quote is missing")),
    ("Illegal character", say("this character is not allowed here; is the closing quote missing?")),
    ("Unescaped '\\' in a string", say("write \\\\ for a backslash, or put the text in single quotes")),
    ("Unclosed array", say('the closing "]" is missing')),
    ("Expected ']", say('the closing "]" is missing')),
    (
        "Cannot overwrite a value",
        say("this key stands here twice; headings of devices need [[two brackets]]"),
    ),
    ("Cannot declare", say("this heading stands in the file twice; lists of devices need [[two brackets]]")),
)


def _first_of(troubles: Iterable[Trouble], text: str, source: str | None) -> BadInput:
    lines = key_lines(text)
    placed = sorted(
        ((line_of(lines, path), words) for path, words in troubles), key=lambda each: each[0] or 0
    )
    line, words = placed[0]
    if more := len(placed) - 1:
        words = say_many(
            "{trouble} (and {count} more error)", "{trouble} (and {count} more errors)", more, trouble=words
        )
    return _placed(words, source, line)


def _placed(words: Words, source: str | None, line: int | None = None, column: int | None = None) -> BadInput:
    if source is None:
        return BadInput(words)
    file = one_line(source)
    if line is None:
        return BadInput(say("{file}: {trouble}", file=file, trouble=words))
    if column is None:
        return BadInput(say("{file}, line {line}: {trouble}", file=file, line=line, trouble=words))
    return BadInput(
        say(
            "{file}, line {line}, column {column}: {trouble}",
            file=file,
            line=line,
            column=column,
            trouble=words,
        )
    )
