"""Where a code ends, and who typed it."""

from __future__ import annotations

import pytest

from console.drivers.codecs.scan import ScanSplitter
from console.drivers.codecs.wedge import Wedge


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        (b"123\r456\r", [("123", "enter"), ("456", "enter")]),
        (b"123\r\n456\r\n", [("123", "crlf"), ("456", "crlf")]),
        (b"123\n456\t", [("123", "lf"), ("456", "tab")]),
        (b"\r\n\r\r123\r", [("123", "enter")]),
        (b"123", [("123", "none")]),
        ("人民\r".encode(), [("人民", "enter")]),
        ("人民\r".encode("gb18030"), [("人民", "enter")]),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_suffixes(data: bytes, codes: list[tuple[str, str]], size: int) -> None:
    splitter = ScanSplitter()
    pieces = [
        piece for at in range(0, len(data), size) for piece in splitter.feed(data[at : at + size], at * 0.01)
    ]
    pieces += splitter.flush(100.0)
    assert [(piece.text, piece.suffix) for piece in pieces] == codes
    assert splitter.deadline is None


def test_silence_ends_a_code_without_suffix() -> None:
    splitter = ScanSplitter()
    assert splitter.feed(b"12", 1.0) == []
    assert splitter.feed(b"34", 1.1) == []
    assert splitter.flush(1.25) == []
    (piece,) = splitter.feed(b"5\r", 1.4)
    assert (piece.text, piece.suffix, piece.began, piece.ended) == ("1234", "none", 1.0, 1.1)


def test_a_line_that_never_ends_is_cut() -> None:
    splitter = ScanSplitter()
    pieces = splitter.feed(b"x" * 20_000, 1.0)
    assert [len(piece.text) for piece in pieces] == [8192, 8192]


def typed(keys: str, gaps: list[float]) -> list[tuple[str, str]]:
    wedge, at, found = Wedge(), 10.0, []
    for key, gap in zip(keys, gaps, strict=True):
        at += gap
        found += wedge.type(key, at)
    found += wedge.flush(at + 1)
    return [(piece.text, piece.suffix) for piece in found]


@pytest.mark.parametrize("gap", [0.001, 0.01, 0.02])
def test_a_fast_scanner(gap: float) -> None:
    assert typed("6901234567892\r", [gap] * 14) == [("6901234567892", "enter")]


def test_an_even_slow_scanner() -> None:
    assert typed("6901234567892\r", [0.08, 0.085] * 7) == [("6901234567892", "enter")]


@pytest.mark.parametrize(
    "gaps",
    [
        [0.12, 0.2, 0.09, 0.31, 0.15, 0.18, 0.4],  # an ordinary hand
        [0.06, 0.13, 0.07, 0.10, 0.05, 0.12, 0.09],  # a quick one
        [0.025, 0.13, 0.028, 0.11, 0.02, 0.12, 0.09],  # two keys rolled at once
    ],
)
def test_a_person_is_no_scanner(gaps: list[float]) -> None:
    assert typed("hello!\r", gaps) == []


def test_two_quick_keys_are_no_code() -> None:
    assert typed("12\r", [0.01, 0.01, 0.01]) == []


def test_a_persons_keys_before_a_scan_are_left_out() -> None:
    assert typed("ab690123\r", [0.1, 0.15, 0.12, *[0.01] * 6]) == [("690123", "enter")]


@pytest.mark.parametrize("at", range(3, 13))  # one or two keys in front may be a person's
@pytest.mark.parametrize("gap", [0.06, 0.09])
def test_a_stutter_anywhere_in_a_scan_loses_nothing(at: int, gap: float) -> None:
    gaps = [0.01] * 14
    gaps[at] = gap
    assert typed("6901234567892\r", gaps) == [("6901234567892", "enter")]
    twice = [0.01] * 14
    twice[at] = twice[at + 1] = gap  # a single key between two stutters
    assert typed("6901234567892\r", twice) == [("6901234567892", "enter")]


def test_a_code_that_comes_twice_without_its_end_is_seen_twice() -> None:
    assert typed("12341234", [*[0.01] * 4, 0.15, *[0.01] * 3]) == [("12341234", "none")]


def test_a_tab_or_silence_may_end_a_scan() -> None:
    assert typed("1234\t5678", [0.01] * 9) == [("1234", "tab"), ("5678", "none")]
