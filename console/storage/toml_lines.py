"""On which line of a TOML document each key stands (TOML 1.0); the standard reader does not say."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

KeyPath = tuple[str | int, ...]

_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*)
      | (?P<line>\n)
      | (?P<text>\"{3}(?:\\.|[^\\])*?\"{3}\"{0,2} | '{3}.*?'{3}'{0,2} | "(?:\\.|[^"\\\n])*" | '[^'\n]*')
      | (?P<mark>[\[\]{}=,.])
      | (?P<bare>[^\s\#"'\[\]{}=,.]+)""",
    re.VERBOSE | re.DOTALL,
)


def key_lines(document: str) -> dict[KeyPath, int]:
    """Line (from 1) of each key, table and array element of a valid `document`, by its path."""
    return _Walk(document).lines


def line_of(lines: dict[KeyPath, int], path: Sequence[str | int]) -> int | None:
    """The line of `path`, or of what is nearest above it; None where nothing of it is written."""
    for length in range(len(path), 0, -1):
        if tuple(path[:length]) in lines:
            return lines[tuple(path[:length])]
    return None


class _Walk:
    """One pass over the tokens of a document that is known to be valid."""

    def __init__(self, document: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._tables: dict[KeyPath, int] = {}  # how many [[headers]] each array of tables has so far
        self._tokens = self._tokenize(document)
        self._at = 0
        table: KeyPath = ()
        while self._kind:
            if self._kind == "line":
                self._at += 1
            elif self._text == "[":
                table = self._header()
            else:
                self._pair(table)

    @staticmethod
    def _tokenize(document: str) -> list[tuple[str, str, int]]:
        tokens = []
        line = 1
        for match in _TOKEN.finditer(document):
            if match.lastgroup != "space":
                tokens.append((match.lastgroup or "", match.group(), line))
            line += match.group().count("\n")
        return tokens

    @property
    def _kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else ""

    @property
    def _text(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    @property
    def _line(self) -> int:
        return self._tokens[self._at][2] if self._at < len(self._tokens) else 0

    def _header(self) -> KeyPath:
        line = self._line
        brackets = 2 if self._tokens[self._at + 1][1] == "[" else 1
        self._at += brackets
        path = self._resolve(self._key(), line)
        self._at += brackets
        if brackets == 2:
            number = self._tables.get(path, 0)
            self._tables[path] = number + 1
            self.lines.setdefault(path, line)
            path = (*path, number)
        self.lines[path] = line
        return path

    def _resolve(self, key: KeyPath, line: int) -> KeyPath:
        """The path that a header means: a step through an array of tables goes to its newest table."""
        path: KeyPath = ()
        for step in key[:-1]:
            path = (*path, step)
            self.lines.setdefault(path, line)
            if path in self._tables:
                path = (*path, self._tables[path] - 1)
        return (*path, key[-1])

    def _key(self) -> KeyPath:
        parts: list[str] = []
        while True:
            written = self._text
            parts.append(next(iter(tomllib.loads(f"{written}=0"))) if self._kind == "text" else written)
            self._at += 1
            if self._text != ".":
                return tuple(parts)
            self._at += 1

    def _pair(self, table: KeyPath) -> None:
        line = self._line
        path = table
        for step in self._key():
            path = (*path, step)
            self.lines.setdefault(path, line)
        self._at += 1  # the equals sign
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        if self._text == "[" and self._kind == "mark":
            self._array(path)
        elif self._text == "{" and self._kind == "mark":
            self._inline_table(path)
        else:
            while self._kind in ("bare", "text") or self._text == ".":
                self._at += 1

    def _array(self, path: KeyPath) -> None:
        self._at += 1
        number = 0
        while self._text != "]" or self._kind != "mark":
            if self._kind == "line" or self._text == ",":
                self._at += 1
                continue
            self.lines[(*path, number)] = self._line
            self._value((*path, number))
            number += 1
        self._at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while self._text != "}" or self._kind != "mark":
            if self._kind == "line" or self._text == ",":
                self._at += 1
                continue
            self._pair(path)
        self._at += 1
