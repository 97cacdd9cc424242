"""Each key's line, however the document is written."""

from __future__ import annotations

from console.storage.toml_lines import key_lines, line_of

DOCUMENT = '''# a comment with [[header]] and key = 1
title = "x"
"a key" = 'with # no comment'
date = 1979-05-27 07:32:00
float = 1.5
long = """
not = "a key"
""\\"
""""
raw = \'\'\'
[not.a.header]\'\'\'
[a . "b.c"]  # dotted
d.e = { f = 1, "g" = [ 1,
  { h = "]" } ] }
[[list]]
name = 1
[list.inner]
deep = true
[[ list ]]

name = [
  "one", # first
  "two",
]
[[list.inner.more]]
x = 1
'''


def test_every_kind_of_key() -> None:
    lines = key_lines(DOCUMENT)
    assert {path: line for path, line in lines.items() if path[0] not in ("list", "a")} == {
        ("title",): 2, ("a key",): 3, ("date",): 4, ("float",): 5, ("long",): 6, ("raw",): 10,
    }  # fmt: skip
    assert lines["a", "b.c"] == 12
    assert lines["a", "b.c", "d", "e", "f"] == 13
    assert lines["a", "b.c", "d", "e", "g", 1, "h"] == 14
    assert lines["list", 0, "name"] == 16
    assert lines["list", 0, "inner", "deep"] == 18
    assert lines["list", 1, "name"] == 21
    assert lines["list", 1, "name", 1] == 23
    assert lines["list", 1, "inner", "more", 0, "x"] == 26


def test_what_is_not_written_is_where_it_belongs() -> None:
    lines = key_lines(DOCUMENT)
    assert line_of(lines, ("list", 1, "adress")) == 19
    assert line_of(lines, ("list",)) == 15
    assert line_of(lines, ("gone", 1)) is None
