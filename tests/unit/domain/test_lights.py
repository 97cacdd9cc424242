"""Which light speaks for all, and what a script gets as exit code."""

from __future__ import annotations

import pytest

from console.domain.lights import Light, exit_code, loudest

OK, ATTENTION, FAULT, UNKNOWN, OFF = Light.OK, Light.ATTENTION, Light.FAULT, Light.UNKNOWN, Light.OFF


@pytest.mark.parametrize(
    ("lights", "light", "code"),
    [
        ([OK, OK], OK, 0),
        ([OK, OFF], OK, 0),
        ([OK, ATTENTION, UNKNOWN], ATTENTION, 1),
        ([ATTENTION, FAULT, UNKNOWN], FAULT, 2),
        ([OK, UNKNOWN], UNKNOWN, 3),
        ([OFF, OFF], UNKNOWN, 3),
        ([], UNKNOWN, 3),
    ],
)
def test_the_loudest_light_speaks(lights: list[Light], light: Light, code: int) -> None:
    assert loudest(lights) is light
    assert exit_code(loudest(lights)) == code
