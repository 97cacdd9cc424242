"""From one known code to what is wrong with the scanner (facts: what goes wrong in a store)."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime
from typing import get_args

import pytest

from console.domain.profile import Suffix
from console.domain.scan import Scan, compare
from console.services.language import Language

CODE = "TK4711008156"


@pytest.mark.parametrize(
    ("arrived", "suffix", "sign"),
    [
        (CODE, "enter", "scan.matches"),
        (CODE, "none", "scan.missing_suffix"),
        (CODE, "tab", "scan.wrong_suffix"),
        (CODE + CODE, "enter", "scan.double"),
        (CODE * 3, "enter", "scan.double"),
        (("]C1" + CODE) * 2, "enter", "scan.double"),
        (("]C1" + CODE) * 2, "enter", "scan.prefix"),
        (CODE.lower() * 2, "enter", "scan.case_swapped"),
        ("]C1" + CODE[1:], "enter", "scan.prefix"),
        ("]C1" + CODE[1:], "enter", "scan.dropped"),
        ("]Q1134826059713470582", "enter", "scan.misread"),
        ("j" + CODE, "none", "scan.missing_suffix"),
        ("j" + CODE, "none", "scan.prefix"),
        ("tk4711008156", "enter", "scan.case_swapped"),
        ("]C1" + CODE, "enter", "scan.prefix"),
        (CODE[1:], "enter", "scan.dropped"),
        (CODE[:-1], "enter", "scan.dropped"),
        ("TK7110816", "enter", "scan.dropped"),
        ("TK4711", "enter", "scan.dropped"),
        ("47081", "enter", "scan.misread"),  # too little to be ours for sure
        ("ＴＫ４７１１００８１５６", "enter", "scan.ime"),
        ("特困4711008156", "enter", "scan.ime"),
        ("6901234567892", "enter", "scan.misread"),
        ("", "enter", "scan.misread"),
    ],
)
def test_what_arrived_names_its_symptom(arrived: str, suffix: str, sign: str) -> None:
    scan = Scan(arrived, suffix, datetime(2026, 11, 22, tzinfo=UTC), 0.1)
    assert sign in compare(CODE, scan, "enter").signs


@pytest.mark.parametrize(("came", "wanted"), list(itertools.permutations(get_args(Suffix), 2)))
def test_a_wrong_suffix_is_told_in_words(came: str, wanted: str) -> None:
    """The profile's own codes for suffixes are for the file, not for the person who reads the result."""
    found = compare(CODE, Scan(CODE, came, datetime(2026, 11, 22, tzinfo=UTC), 0.1), wanted)
    assert ("scan.missing_suffix" if came == "none" else "scan.wrong_suffix") in found.signs
    for language in ("en", "zh_CN"):
        assert not re.search(r"\b(enter|lf|crlf|tab|none)\b", Language(language).text(found.meaning))


def test_a_suffix_is_named_in_chinese() -> None:
    scan = Scan(CODE, "tab", datetime(2026, 11, 22, tzinfo=UTC), 0.1)
    text = Language("zh_CN").text(compare(CODE, scan, "enter").meaning)
    assert "Tab 键" in text
    assert "回车" in text


@pytest.mark.parametrize(
    "arrived", ["134512345678901234", "134512345678901234" + CODE, "码134512345678901234"]
)
def test_a_live_payment_code_is_never_kept(arrived: str) -> None:
    scan = Scan(arrived, "enter", datetime(2026, 11, 22, tzinfo=UTC), 0.1)
    assert "1345" not in repr(compare(CODE, scan, "enter"))
