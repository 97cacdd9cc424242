"""Changing a TOML document as a careful person would: nothing else moves, comments stay where they are.

Each function takes and returns the whole text. None promises a right result for every way of writing TOML:
the caller compares the result with what it wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from console.storage.toml_lines import KeyPath, key_lines


def with_entry(text: str, kind: str, entry: Mapping[str, Any]) -> str:
    """`text` with a further `[[kind]]`, behind the last one of its kind or at the end."""
    import tomlkit  # few starts end in an edit

    lines = text.splitlines(keepends=True)
    starts = [path for path in key_lines(text) if len(path) == 2 and path[0] == kind]
    end = _entry_lines(text, starts[-1])[1] if starts else len(lines)
    if end and not lines[end - 1].endswith("\n"):
        lines[end - 1] += "\n"
    lines.insert(end, f"\n{tomlkit.dumps({kind: [entry]})}")
    return "".join(lines)


def without_entry(text: str, kind: str, number: int) -> str:
    """`text` without the `[[kind]]` of that `number` (from 0)."""
    lines = text.splitlines(keepends=True)
    start, end = _entry_lines(text, (kind, number))
    del lines[start:end]
    if start and start < len(lines) and not lines[start - 1].strip() and not lines[start].strip():
        del lines[start]
    return "".join(lines)


def with_keys(text: str, path: KeyPath, keys: Mapping[str, Any], *, only: bool) -> str:
    """`text` where the table at `path` holds `keys`; with `only`, its other keys are gone."""
    import tomlkit
    from tomlkit.items import Table

    document = tomlkit.parse(text)
    table: Any = document
    for step in path:
        table = table[step]
    # The parser counts a comment before the next heading to this table; new keys belong before it.
    body = table.value.body if isinstance(table, Table) else []
    tail = []
    while body and body[-1][0] is None:
        tail.append(body.pop())
    for key in [key for key in table if only and key not in keys]:
        del table[key]
    for key, value in keys.items():
        if key not in table or table[key] != value:
            table[key] = value
    body.extend(reversed(tail))
    return tomlkit.dumps(document)


def _entry_lines(text: str, path: KeyPath) -> tuple[int, int]:
    """First line (from 0) of an entry, and the one after its last; comments right below it are its own."""
    lines = text.splitlines()
    known = key_lines(text)
    start = known[path]
    end = min((line for other, line in known.items() if line > start and other[:2] != path), default=0) - 1
    if end < 0:
        return start - 1, len(lines)
    while end > start and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    while lines[end].strip() and end + 1 < len(lines) and lines[end].lstrip().startswith("#"):
        end += 1
    return start - 1, end
