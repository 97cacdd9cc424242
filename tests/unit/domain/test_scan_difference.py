"""Two codes side by side: nothing is lost, and no more differs than must."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.scan_difference import Place, differences

TEXT = st.text("TK01-/y:@z", max_size=12)


@given(TEXT, TEXT)
def test_both_codes_stand_in_it_whole(expected: str, arrived: str) -> None:
    found = differences(expected, arrived)
    assert "".join(each.expected for each in found) == expected
    assert "".join(each.arrived for each in found) == arrived
    assert all((each.place is Place.SAME) is (each.expected == each.arrived) for each in found)


@given(TEXT)
def test_the_same_code_differs_nowhere(code: str) -> None:
    assert {each.place for each in differences(code, code)} <= {Place.SAME}


@pytest.mark.parametrize(
    ("arrived", "places"),
    [
        ("tk-47/Y:@Z", {Place.CHANGED: [0, 1, 6, 9]}),  # Caps Lock
        ("]C1TK-47/y:@z", {Place.EXTRA: [0, 1, 2]}),  # an AIM identifier
        ("TK-7/y:z", {Place.MISSING: [3, 8]}),  # lost keys
        ("TK-47/y:@", {Place.MISSING: [9]}),
        ("TK-47/y:@zTK-47/y:@z", {Place.EXTRA: list(range(10, 20))}),  # read twice
        ("TK-74/y:@zTK-74/y:@z", {Place.CHANGED: [3, 4], Place.EXTRA: list(range(10, 20))}),
    ],
)
def test_what_a_trouble_makes_of_a_code(arrived: str, places: dict[Place, list[int]]) -> None:
    found = differences("TK-47/y:@z", arrived)
    assert len([each for each in found if each.place is not Place.SAME]) == sum(map(len, places.values()))
    assert {place: [at for at, each in enumerate(found) if each.place is place] for place in places} == places
