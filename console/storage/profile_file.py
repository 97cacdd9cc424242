"""Editing `store.toml` for a person: comments and order stay, and only a right profile is ever written."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from console.domain.errors import BadInput, Busy, Unsupported
from console.domain.profile import StoreProfile
from console.domain.subjects import KIND_WORDS, Subject
from console.domain.words import say
from console.storage.files import last_good, put_aside, write_atomically
from console.storage.profile import parse_profile, read_bytes, read_text
from console.storage.toml_edit import with_entry, with_keys, without_entry


class ProfileFile:
    """The profile in `path` as an editor sees it.

    Every change reads the file, raises Busy where another program changed it since this one last saw it,
    checks the whole result (BadInput names the key), writes it atomically and returns the new profile.
    All calls wait for the disk: keep them off the loop.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen = self._content()

    @classmethod
    def create(cls, path: Path, name: str, language: str) -> ProfileFile:
        """A first profile of a store without devices; BadInput where a file is already there."""
        if path.exists():
            raise BadInput(say("{path} is already there; open it instead", path=str(path)))
        import tomlkit  # once in a store's life

        file = cls(path)
        file._write(tomlkit.dumps({"store": {"name": name, "language": language}}))
        return file

    def read(self) -> StoreProfile:
        """The profile as it is on disk now; later changes build on this state."""
        self._seen = self._content()
        return parse_profile(read_text(self._path), str(self._path))

    def add(self, kind: str, entry: Mapping[str, Any]) -> StoreProfile:
        """Append an entry of `kind` (`printer`, `backend` …); `entry` holds its keys."""
        text, document = self._current()
        keys = _as_toml(entry)
        document.setdefault(kind, []).append(keys)
        return self._save(with_entry(text, kind, keys), document)

    def replace(self, subject: Subject, entry: Mapping[str, Any]) -> StoreProfile:
        """Give the entry of `subject` the keys of `entry`, its name included, and no others."""
        text, document = self._current()
        number = _number(document, subject)
        keys = _as_toml(entry)
        document[subject.kind][number] = keys
        return self._save(with_keys(text, (subject.kind, number), keys, only=True), document)

    def remove(self, subject: Subject) -> StoreProfile:
        """Take the entry of `subject` out."""
        text, document = self._current()
        number = _number(document, subject)
        del document[subject.kind][number]
        if not document[subject.kind]:
            del document[subject.kind]
        return self._save(without_entry(text, subject.kind, number), document)

    def set_store(self, *, name: str | None = None, language: str | None = None) -> StoreProfile:
        """Change the store's name or language, or both."""
        text, document = self._current()
        keys = _as_toml({"name": name, "language": language})
        document["store"].update(keys)
        return self._save(with_keys(text, ("store",), keys, only=False), document)

    def undo(self) -> StoreProfile:
        """Bring back the last good copy, in exchange for the present one; a damaged one is put aside."""
        self._check_unchanged()
        kept = last_good(self._path)
        text = read_text(kept)
        parse_profile(text, str(kept))
        try:
            parse_profile(read_text(self._path))
        except BadInput:
            if self._path.exists():
                put_aside(self._path)
        return self._write(text)

    def _current(self) -> tuple[str, dict[str, Any]]:
        self._check_unchanged()
        text = read_text(self._path)
        parse_profile(text, str(self._path))
        return text, tomllib.loads(text)

    def _save(self, text: str, wanted: Mapping[str, Any]) -> StoreProfile:
        try:
            as_wanted = tomllib.loads(text) == wanted
        except tomllib.TOMLDecodeError:
            as_wanted = False
        if not as_wanted:
            place = str(self._path)
            raise Unsupported(
                say("{path} is written in a way that cannot be changed here; edit it by hand", path=place)
            )
        return self._write(text)

    def _write(self, text: str) -> StoreProfile:
        profile = parse_profile(text)
        content = text.encode()
        write_atomically(self._path, content)
        self._seen = content
        return profile

    def _check_unchanged(self) -> None:
        if self._content() != self._seen:
            place = str(self._path)
            raise Busy(say("{path} was changed meanwhile; look at it again before you save", path=place))

    def _content(self) -> bytes | None:
        return read_bytes(self._path) if self._path.exists() else None


def _as_toml(entry: Mapping[str, Any]) -> dict[str, Any]:
    """`entry` as TOML can say it: no nulls, lists for tuples."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in entry.items()
        if value is not None
    }


def _number(document: Mapping[str, Any], subject: Subject) -> int:
    for number, entry in enumerate(document.get(subject.kind, [])):
        if entry["name"] == subject.name:
            return number
    raise BadInput(say('there is no {kind} named "{name}"', kind=KIND_WORDS[subject.kind], name=subject.name))
