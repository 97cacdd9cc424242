"""Which dots a person means, and how codes are printed beside them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.breaks import (
    FINGER,
    Code,
    Place,
    Room,
    Span,
    page_codes,
    read_numbers,
    rooms,
    tapped,
)
from console.domain.errors import BadInput
from console.domain.head import Head

WIDE, NARROW = Head.of(80), Head.of(58)
CODE = "TK4711008156"
QR, EAN, DENSE = page_codes(CODE)


def test_a_tap_means_the_dots_that_a_finger_may_have_meant() -> None:
    assert tapped([216], WIDE) == (Span(212, 220),)
    assert tapped([400, 216, 222], WIDE) == (Span(212, 226), Span(396, 404))  # neighbours are one place
    assert tapped([0, 575], WIDE) == (Span(0, 4), Span(571, 575))


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("", ()),
        ("  ", ()),
        ("192", (Span(192, 239),)),  # printed on the page: its whole line
        ("216", (Span(212, 220),)),  # read off by eye
        ("192-240", (Span(192, 240),)),
        ("300, 192 – 200", (Span(192, 200), Span(296, 304))),
        ("96、528", (Span(96, 143), Span(528, 575))),
        ("575", (Span(571, 575),)),
    ],
)
def test_numbers_from_the_page_are_understood(text: str, spans: tuple[Span, ...]) -> None:
    assert read_numbers(text, WIDE) == spans


@pytest.mark.parametrize(
    "text", ["576", "-3", "220-212", "0-575", "a", "1.5", "99999", "12-", " ".join(["1"] * 25)]
)
def test_what_is_no_place_on_the_pattern_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_numbers(text, WIDE)


def placed(head: Head, *columns: int) -> list[tuple[str, Place, int, float]]:
    found = rooms(head, tapped(columns, head), page_codes(CODE))
    return [(each.code.name, each.place, each.size, each.mm) for each in found]


def test_the_codes_of_the_page_are_as_wide_as_they_are_printed() -> None:
    assert [each.modules * each.sizes[0] for each in (QR, EAN, DENSE)] == [126, 285, 334]


def test_a_code_beside_the_dead_dots_stays_where_it_is() -> None:
    assert placed(WIDE, 20) == [
        ("QR", Place.CENTRE, 6, 0.0),
        ("EAN-13", Place.CENTRE, 3, 0.0),
        ("Code 128", Place.CENTRE, 2, 0.0),
    ]


def test_a_code_over_them_is_aligned_to_the_other_side() -> None:
    assert placed(WIDE, 216) == [
        ("QR", Place.CENTRE, 6, 0.0),
        ("EAN-13", Place.RIGHT, 3, 0.0),
        ("Code 128", Place.RIGHT, 2, 0.0),
    ]
    assert [place for _, place, _, _ in placed(WIDE, 360)] == [Place.CENTRE, Place.LEFT, Place.LEFT]


def test_between_dead_dots_it_is_moved_by_whole_mm_from_the_middle() -> None:
    # The middle begins at 145; the room goes from 155 to 545.
    assert placed(WIDE, 20, 150, 550)[1] == ("EAN-13", Place.MOVED, 3, 2.0)
    # Mirrored: the code must end before 421, and ends at 430 now.
    assert placed(WIDE, 25, 425, 555)[1] == ("EAN-13", Place.MOVED, 3, -2.0)


def test_where_no_whole_mm_fits_the_exact_ones_are_told() -> None:
    tight = Code("tight", 263, (1,))  # the room is 264 dots, from 160 to 423; the middle begins at 156
    spans = (Span(0, 9), Span(140, 159), Span(424, 560))
    assert rooms(WIDE, spans, [tight]) == (Room(tight, Place.MOVED, 1, 0.5),)


def test_where_it_is_too_wide_its_modules_become_smaller() -> None:
    assert placed(WIDE, 216, 400) == [
        ("QR", Place.CENTRE, 6, 0.0),
        ("EAN-13", Place.LEFT, 2, 0.0),
        ("Code 128", Place.NOWHERE, 2, 0.0),  # it has no smaller modules
    ]


def test_without_any_room_the_head_must_go() -> None:
    assert [place for _, place, _, _ in placed(NARROW, *range(10, 384, 40))] == [Place.NOWHERE] * 3


def test_a_code_that_the_paper_cannot_hold_is_not_spoken_of() -> None:
    assert [each.code.name for each in rooms(NARROW, (), page_codes("TK47110081561"))] == [
        "QR",
        "EAN-13",
        "Code 128",
    ]
    assert [each.code.name for each in rooms(NARROW, (), page_codes("x" * 20))] == ["QR", "EAN-13"]


@given(st.lists(st.integers(0, 575), min_size=1, max_size=8), st.sampled_from(page_codes(CODE)))
def test_wherever_a_code_is_put_it_misses_every_dead_dot_and_stays_on_the_paper(
    columns: list[int], code: Code
) -> None:
    (room,) = rooms(WIDE, tapped(columns, WIDE), [code])
    width = code.modules * room.size
    spare = WIDE.dots - width
    at = {
        Place.CENTRE: spare // 2,
        Place.LEFT: 0,
        Place.RIGHT: spare,
        Place.MOVED: spare // 2 + room.mm * WIDE.dots_per_mm,
    }.get(room.place)
    if at is None:
        return
    assert 0 <= at <= spare
    assert all(column + FINGER < at or column - FINGER >= at + width for column in columns)
