"""Scale and customer display as a script meets them: simulated programs, `check` and `selftest`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.protocol.test_commands import STORE, Shop, finding, simulate

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="this system has no pseudo-terminals"),
]


@pytest.fixture(scope="module")
def counter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("counter")
    with ExitStack() as stack:
        devices = {
            "deli": simulate(stack, folder / "home", "scale", "--at", "pty:?protocol=cas"),
            "pole": simulate(stack, folder / "home", "display"),
        }
        profile = folder / "store.toml"
        entries = (
            device.first["profile"].replace('name = "simulated"', f'name = "{name}"')
            for name, device in devices.items()
        )
        profile.write_text(STORE + "\n".join(entries), encoding="utf-8")
        yield Shop(folder / "home", profile, devices)


def selftest(counter: Shop, *arguments: str) -> tuple[int, dict[str, Any]]:
    code, out, _ = counter.run("selftest", *arguments, "--json")
    document: dict[str, Any] = json.loads(out)
    return code, document


def test_a_check_has_both_lights_and_no_green_that_nothing_proves(counter: Shop) -> None:
    code, document = counter.check("--only", "scale", "--only", "display")
    assert code == 3
    scale, display = finding(document, "scale:deli"), finding(document, "display:pole")
    assert (scale["light"], scale["cause"]) == ("ok", None)
    assert "0.000 kg" in scale["evidence"][0]["meaning"]
    assert (display["light"], display["cause"]) == ("unknown", "display.not_proven")
    assert display["advice"]


@pytest.mark.parametrize(
    ("fault", "code", "cause"),
    [
        ("overload", 1, "scale.overload"),
        ("under_zero", 1, "scale.under_zero"),
        ("mute", 3, "scale.no_answer"),
        ("garbage", 2, "scale.wrong_speed"),
        ("seven_bits", 2, "scale.wrong_speed"),
    ],
)
def test_each_fault_of_a_scale_has_its_cause_and_exit_code(
    counter: Shop, fault: str, code: int, cause: str
) -> None:
    counter.devices["deli"].tell(f"fault {fault} on")
    try:
        told, document = counter.check("--only", "scale")
    finally:
        counter.devices["deli"].tell(f"fault {fault} off")
    found = finding(document, "scale:deli")
    assert (told, found["cause"]) == (code, cause)
    assert found["advice"]


def test_a_self_test_tells_weight_unit_and_answer_time(counter: Shop) -> None:
    counter.devices["deli"].tell("put 1.235")
    try:
        code, document = selftest(counter, "scale:deli")
    finally:
        counter.devices["deli"].tell("take")
    assert (code, document["passed"]) == (0, True)
    figures = document["figures"]
    assert (figures["weight"], figures["unit"]) == ("1.235", "kg")
    assert 0 <= float(figures["answer_seconds"]) < 5


def test_a_self_test_of_a_display_claims_nothing_without_a_person(counter: Shop) -> None:
    code, document = selftest(counter, "display:pole", "--level", "external")
    assert (code, document["passed"]) == (3, None)
    assert {each["probe"] for each in document["evidence"]} == {"display.port", "display.looked_at"}
