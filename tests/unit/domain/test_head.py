"""The pattern for dead dots: every column stands on it once."""

from __future__ import annotations

import pytest

from console.domain.head import GREYS, PITCH, ROWS, THICK, Head, diagonals, numbers, ramp

WIDTHS = (384, 512, 576)


def rows(picture: bytes, dots: int) -> list[bytes]:
    return [picture[at : at + dots // 8] for at in range(0, len(picture), dots // 8)]


@pytest.mark.parametrize("dots", WIDTHS)
def test_every_column_of_dots_stands_on_a_diagonal(dots: int) -> None:
    lines = rows(diagonals(dots), dots)
    assert len(lines) == ROWS
    for column in range(dots):
        inked = [y for y, row in enumerate(lines) if row[column // 8] & 0x80 >> column % 8]
        assert inked == list(range(column % PITCH, column % PITCH + THICK))


@pytest.mark.parametrize("dots", [384, 576])
def test_the_ramp_grows_darker_from_field_to_field(dots: int) -> None:
    lines = rows(ramp(dots), dots)
    fields = [
        sum(int.from_bytes(row[at : at + dots // 64], "big").bit_count() for row in lines)
        for at in range(0, dots // 8, dots // 64)
    ]
    assert len(fields) == GREYS
    assert fields == sorted(set(fields))
    assert fields[-1] == dots // GREYS * len(lines)  # black


@pytest.mark.parametrize(
    ("paper", "model", "dots"),
    [
        (58, (0, 0.0), 384),
        (80, (0, 0.0), 576),
        (80, (512, 7.09), 512),  # 180 dpi
        (58, (576, 8.0), 384),  # a wide head with narrow paper
        (80, (384, 8.0), 384),
        (58, (512, 7.09), 336),
    ],
)
def test_a_line_is_as_wide_as_model_and_paper_allow(paper: int, model: tuple[int, float], dots: int) -> None:
    assert Head.of(paper, *model).dots == dots


def test_columns_are_told_in_mm() -> None:
    assert Head.of(80).mm(212) == 26.5
    assert round(Head.of(80, 512, 7.09).mm(512), 1) == 72.2


def test_the_numbers_name_the_first_dot_of_each_line() -> None:
    assert numbers(576) == (0, 48, 96, 144, 192, 240, 288, 336, 384, 432, 480, 528)
    assert numbers(512)[-1] == 480
