"""A step of advice, and what proves that it is done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.domain.advice import AdviceStep
from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.recovery import Recovery
from console.domain.subjects import Subject
from console.domain.words import say

STEP = AdviceStep.of({"text": "close it", "until": [["closed", "paper"], ["ready"]]})


def found(light: Light, *signs: str) -> Finding:
    evidence = Evidence("asked", "", say("x"), datetime.now(UTC), 0.0, frozenset(signs))
    return Finding(Subject("printer", "front"), light, evidence=(evidence,))


@pytest.mark.parametrize("signs", [("closed", "paper"), ("ready",), ("closed", "paper", "hot")])
def test_a_step_is_done_when_the_device_shows_it(signs: tuple[str, ...]) -> None:
    assert STEP.proven(found(Light.FAULT, *signs))


@pytest.mark.parametrize("signs", [(), ("closed",), ("hot",)])
def test_what_it_does_not_show_is_not_done(signs: tuple[str, ...]) -> None:
    assert not STEP.proven(found(Light.FAULT, *signs))


@pytest.mark.parametrize("light", [Light.UNKNOWN, Light.OFF])
def test_nothing_is_proven_while_nothing_is_known(light: Light) -> None:
    assert not STEP.proven(found(light, "ready"))


def test_a_step_that_no_sensor_sees_is_never_proven() -> None:
    assert not AdviceStep("look at it").proven(found(Light.OK, "ready"))


def test_what_a_step_may_be_written_as() -> None:
    assert AdviceStep.of("look") == AdviceStep("look")
    assert AdviceStep.of({"text": "go", "press": "resume"}).press is Recovery.RESUME
    assert AdviceStep.of({"text": "off", "restart": True}).restart
    for row in ({"text": "x", "untill": []}, {"text": "x", "until": "closed"}, {"text": "x", "press": "eat"}):
        with pytest.raises(ValueError, match=r"."):
            AdviceStep.of(row)
