"""The rows of the eye chart, and what they come to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.eye_chart import (
    CARD_MM,
    CONTRASTS,
    Medium,
    Row,
    Score,
    chart,
    figures,
    mil,
    pale,
    pixels_per_mm,
    row_of,
)
from console.domain.payment_codes import wallet_of
from console.domain.specimens import Kind, sighting

KINDS = st.sampled_from([Kind.CODE_128, Kind.QR])
ROWS = st.builds(
    Row, st.sampled_from(Medium), KINDS, st.integers(1, 9999), st.sampled_from([100, *CONTRASTS])
)


@given(ROWS)
def test_a_scan_tells_which_row_was_read(row: Row) -> None:
    assert row_of(row.content) == row
    assert row_of(f"]C0{row.content}") == row
    assert len(row.content) == 9
    assert wallet_of(row.content) is None


@pytest.mark.parametrize("text", ["TK128BARS", "TKX026400", "134567890123456789", "", "TKB02"])
def test_other_codes_are_no_rows(text: str) -> None:
    assert row_of(text) is None


def test_a_row_has_the_true_size_of_its_pixels() -> None:
    rows = chart(Medium.SCREEN, Kind.CODE_128, 4.0, (4, 2, 1))
    assert [each.module for each in rows] == [1000, 500, 250]
    assert [each.contrast for each in pale(rows[1])] == list(CONTRASTS)
    assert {each.module for each in pale(rows[1])} == {500}


def test_203_dpi_paper() -> None:
    rows = chart(Medium.PAPER, Kind.CODE_128, 8.0, (4, 3, 2, 1))
    assert [str(each.words) for each in rows] == [
        "0.5 mm · 20 mil", "0.375 mm · 15 mil", "0.25 mm · 10 mil", "0.125 mm · 5 mil",
    ]  # fmt: skip


def test_a_bank_card_tells_the_pixels_of_a_mm() -> None:
    assert pixels_per_mm(CARD_MM * 4) == pytest.approx(4.0)
    assert pixels_per_mm(CARD_MM) is None  # a pixel of a millimetre
    assert pixels_per_mm(CARD_MM * 100) is None
    assert mil(254) == pytest.approx(10.0)


def test_the_smallest_row_is_the_score() -> None:
    assert Score.of([]) == Score(None, None)
    rows = chart(Medium.SCREEN, Kind.QR, 4.0, (3, 2))
    assert Score.of(rows) == Score(500, None)
    assert Score.of([*rows, *pale(rows[0])[:2]]) == Score(500, 55)


@pytest.mark.parametrize(
    ("module", "words"), [(500, "large codes only"), (300, "usual size"), (125, "finer")]
)
def test_it_says_what_that_means_at_a_till(module: int, words: str) -> None:
    assert words in str(Score(module, None).words)


def test_each_chart_keeps_its_own_score() -> None:
    bars, square = (chart(Medium.SCREEN, kind, 4.0, (2, 1)) for kind in (Kind.CODE_128, Kind.QR))
    paper = chart(Medium.PAPER, Kind.CODE_128, 8.0, (3,))
    assert figures([*bars, square[0], *paper, *pale(bars[0])]) == {
        "SmallestModuleMicrometres screen Code 128": 250,
        "LeastContrastPercent screen Code 128": 25,
        "SmallestModuleMicrometres screen QR Code": 500,
        "SmallestModuleMicrometres paper Code 128": 375,
    }
    assert figures([]) == {}


def test_no_row_is_a_specimen() -> None:
    from datetime import UTC, datetime

    from console.domain.scan import Scan

    for row in chart(Medium.PAPER, Kind.CODE_128, 8.0, (4, 3, 2, 1)):
        assert sighting(Scan(row.content, "enter", datetime.now(UTC), 0.1)) is None
