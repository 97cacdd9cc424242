"""From one known code to what is wrong with the scanner (facts: what goes wrong in a store)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.domain.scan import Scan, compare

CODE = "TK4711008156"


@pytest.mark.parametrize(
    ("arrived", "suffix", "sign"),
    [
        (CODE, "enter", "scan.matches"),
        (CODE, "none", "scan.missing_suffix"),
        (CODE, "tab", "scan.wrong_suffix"),
        (CODE + CODE, "enter", "scan.double"),
        ("tk4711008156", "enter", "scan.case_swapped"),
        ("]C1" + CODE, "enter", "scan.prefix"),
        (CODE[1:], "enter", "scan.missing_digit"),
        (CODE[:-1], "enter", "scan.missing_digit"),
        ("TK7110816", "enter", "scan.dropped"),
        ("ＴＫ４７１１００８１５６", "enter", "scan.ime"),
        ("特困4711008156", "enter", "scan.ime"),
        ("6901234567892", "enter", "scan.misread"),
        ("", "enter", "scan.misread"),
    ],
)
def test_what_arrived_names_its_symptom(arrived: str, suffix: str, sign: str) -> None:
    scan = Scan(arrived, suffix, datetime(2026, 11, 22, tzinfo=UTC), 0.1)
    assert sign in compare(CODE, scan, "enter").signs
