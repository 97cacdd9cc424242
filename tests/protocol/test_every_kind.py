"""Every kind of device that the contract names shows a light in `check`, in its JSON and in the window."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from console.domain.subjects import DEVICE_KINDS
from tests.protocol.test_commands import STORE, Shop, finding, simulate

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="this system has no pseudo-terminals"),
]
KINDS = (*DEVICE_KINDS, "backend")  # contract: check --json
# A display answers nothing, so only a person makes it more than unknown; no tag was held to `door`.
LIGHTS = {
    "printer:simulated": "ok",
    "scanner:simulated": "ok",
    "drawer:till": "ok",
    "display:simulated": "unknown",
    "scale:simulated": "ok",
    "rfid:simulated": "ok",
    "rfid:door": "unknown",
    "rfid:typing": "unknown",
    "terminal:simulated": "ok",
    "backend:simulated": "ok",
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One of each kind, each a process of its own."""
    folder = tmp_path_factory.mktemp("whole")
    with ExitStack() as stack:
        devices = {
            kind: simulate(stack, folder / "home", kind, *at)
            for kind, at in {
                "printer": (), "scanner": (), "display": (), "scale": (), "terminal": (),
                "rfid": ("--at", "pty:?protocol=m100"), "backend": ("--at", "http://127.0.0.1:0"),
            }.items()
        }  # fmt: skip
        door = simulate(stack, folder / "home", "rfid")
        entries = [device.first["profile"] for device in devices.values()]
        entries += [
            door.first["profile"].replace('"simulated"', '"door"'),
            '[[rfid]]\nname = "typing"\naddress = "keyboard:"\n',
            '[[drawer]]\nname = "till"\nprinter = "simulated"\n',
        ]
        profile = folder / "store.toml"
        profile.write_text(STORE + "\n".join(entries), encoding="utf-8")
        yield Shop(folder / "home", profile, devices | {"door": door})


def test_each_kind_has_its_light(whole: Shop) -> None:
    _, document = whole.check()
    told = {each["subject"]: each["light"] for each in document["findings"]}
    assert {subject.partition(":")[0] for subject in told} == {*KINDS, "network"}
    assert {subject: told[subject] for subject in LIGHTS} == LIGHTS
    for each in document["findings"]:
        assert each["light"] == "ok" or each["advice"], each


def test_people_read_a_line_for_each(whole: Shop) -> None:
    _, out, _ = whole.run("check", "--lang", "zh_CN")
    assert (
        len([line for line in out.splitlines() if line.startswith("  ") and "—" in line]) == len(LIGHTS) + 1
    )


@pytest.mark.parametrize(
    ("device", "fault", "subject", "code", "cause"),
    [
        ("rfid", "mute", "rfid:simulated", 3, "rfid.no_answer"),
        ("rfid", "garbage", "rfid:simulated", 2, "rfid.wrong_speed"),
        ("rfid", "unplugged", "rfid:simulated", 2, "rfid.not_found"),
        ("terminal", "port_closed", "terminal:simulated", 1, "terminal.port_closed"),
    ],
)
def test_each_fault_has_its_cause_and_exit_code(
    whole: Shop, device: str, fault: str, subject: str, code: int, cause: str
) -> None:
    whole.devices[device].tell(f"fault {fault} on")
    try:
        told, document = whole.check("--only", subject)
    finally:
        whole.devices[device].tell(f"fault {fault} off")
    assert (told, finding(document, subject)["cause"]) == (code, cause)


def test_a_self_test_waits_for_the_tag_and_shows_its_end_alone(whole: Shop) -> None:
    whole.devices["rfid"].tell("hold")
    try:
        code, out, _ = whole.run("selftest", "rfid:simulated", "--level", "external", "--json")
    finally:
        whole.devices["rfid"].tell("take")
    document: dict[str, Any] = json.loads(out)
    assert (code, document["passed"]) == (0, True)
    assert document["figures"]["tag"] == "•" * 22 + "70"
    assert document["identity"]["ModelName"] == "M100 26dBm V1.0"
    assert document["counters"] == {"TagReadCount": 1}
    assert "705C59" not in out


def test_a_drawers_opens_are_told_with_its_self_test(whole: Shop) -> None:
    code, out, _ = whole.run("selftest", "drawer:till", "--json")
    assert code == 0
    assert json.loads(out)["counters"] == {
        "DrawerGoodOpenCount": 0, "DrawerCommandCount": 0, "DrawerFailedOpenCount": 0
    }  # fmt: skip


def test_a_reader_that_types_is_tested_in_the_window(whole: Shop) -> None:
    code, _, told = whole.run("selftest", "rfid:typing", "--level", "external", "--lang", "en")
    assert code == 64
    assert "tested in the window" in told
