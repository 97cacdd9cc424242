"""Everything marked `usb`, in a process that sees a simulated USB bus with the real libusb and pyusb."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from console.domain.errors import Unsupported
from console.simulators.usb import UsbBus

HERE = Path(__file__).parent
ROOT = HERE.parents[1]


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """What a process needs to see such a bus; the bus itself is its own."""
    try:
        bus = UsbBus.start()
    except Unsupported as missing:
        if "CI" in os.environ:
            raise
        pytest.skip(str(missing))
    bus.stop()
    return os.environ | {"LD_PRELOAD": bus.environment["LD_PRELOAD"], "TILLKEEPER_TEST_ON_USB": "1"}


@pytest.mark.parametrize(
    "file",
    [
        "test_transports.py",
        "test_printers.py",
        "test_held_lines.py",
        "test_auto.py",
        "test_usb.py",
        "test_recovery.py",
        "test_hid_scanners.py",
        "test_keyboards.py",
        "test_plugs.py",
        "test_payment_privacy.py",
    ],
)
def test_what_is_promised_holds_on_usb(file: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "usb", "-p", "no:cacheprovider", str(HERE / file)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout


def tell(simulator: subprocess.Popen[str], command: str) -> Any:
    """The answer to a line on its standard input."""
    assert simulator.stdin
    assert simulator.stdout
    simulator.stdin.write(command + "\n")
    simulator.stdin.flush()
    return json.loads(simulator.stdout.readline())


@pytest.mark.parametrize("kind", ["tspl", "zpl"])
def test_a_label_printer_on_usb_says_its_language_itself(
    kind: str, environment: dict[str, str], tmp_path: Path
) -> None:
    """What it calls itself is a hint; the language is found by asking."""
    with subprocess.Popen(
        [sys.executable, "-m", "console", "simulate", kind, "--at", "usb:"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as simulator:  # fmt: skip
        assert simulator.stdout
        first = json.loads(simulator.stdout.readline())
        entry = first["profile"].replace(f'protocol = "{kind}"', 'protocol = "auto"')
        (tmp_path / "store.toml").write_text('[store]\nname = "店"\n' + entry, "utf-8")
        seeing = os.environ | first["environment"] | {"TILLKEEPER_HOME": str(tmp_path)}
        answers = []
        for command in (
            ["selftest", "printer:simulated", "--level", "external", "--json"],
            ["discover", "--json"],
        ):
            done = subprocess.run(
                [sys.executable, "-m", "console", *command],
                cwd=ROOT, env=seeing, capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
            answers.append(json.loads(done.stdout))
        simulator.terminate()
    test, search = answers
    assert (test["passed"], test["grade"], test["identity"]["ModelName"]) == (True, "B", "SL-60")
    (found,) = (each for each in search["found"] if each["address"] == first["address"])
    assert found["sure"] == "probed"
    assert f'protocol = "{kind}"' in found["entry"]


def test_a_simulated_usb_printer_for_any_program(environment: dict[str, str], tmp_path: Path) -> None:
    """`simulate` tells the environment in which other programs see its printer."""
    with subprocess.Popen(
        [sys.executable, "-m", "console", "simulate", "printer", "--at", "usb:0fe6:811e"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as simulator:  # fmt: skip
        assert simulator.stdout
        first = json.loads(simulator.stdout.readline())
        (tmp_path / "store.toml").write_text('[store]\nname = "店"\n' + first["profile"], "utf-8")
        seeing = os.environ | first["environment"] | {"TILLKEEPER_HOME": str(tmp_path)}

        def selftest() -> Any:
            done = subprocess.run(
                [sys.executable, "-m", "console", "selftest", "printer:simulated", "--json"],
                cwd=ROOT, env=seeing, capture_output=True, text=True, timeout=60, check=False,
            )  # fmt: skip
            return json.loads(done.stdout)

        assert first["address"] == "usb://0fe6:811e"
        well = selftest()
        assert (well["passed"], well["identity"]["ModelName"]) == (True, "SP-80")
        assert tell(simulator, "usb held on") == {"ok": True, "usb": ["held"]}
        assert '"burning"' in tell(simulator, "usb burning on")["error"]
        assert selftest()["cause"] == "printer.busy"
        simulator.terminate()
    assert simulator.returncode == 0


@pytest.mark.parametrize(
    ("at", "fault", "cause"),
    [
        ("hid:", None, None),
        ("hid:0c2e:0b8f", "code_id", "scanner.extra_prefix"),
        ("usb:", "mute", None),
        ("keyboard:", None, None),
        ("keyboard:0c2e:0b01", "caps_lock", "scanner.caps_lock"),
    ],
)
def test_a_simulated_hid_scanner_for_any_program(
    environment: dict[str, str], tmp_path: Path, at: str, fault: str | None, cause: str | None
) -> None:
    """Both as programs: the self-test says on standard error what to scan, and the simulator scans it."""
    faults = ["--fault", fault] if fault else []
    with subprocess.Popen(
        [sys.executable, "-m", "console", "simulate", "scanner", "--at", at, *faults],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as simulator:  # fmt: skip
        assert simulator.stdout
        first = json.loads(simulator.stdout.readline())
        assert first["address"].startswith(("hid://", "keyboard://"))
        (tmp_path / "store.toml").write_text('[store]\nname = "店"\n' + first["profile"], "utf-8")
        level = "internal" if fault == "mute" else "external"
        with subprocess.Popen(
            [sys.executable, "-m", "console", "selftest", "scanner:simulated", "--level", level, "--json"],
            cwd=ROOT, env=os.environ | first["environment"] | {"TILLKEEPER_HOME": str(tmp_path)},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as test:  # fmt: skip
            assert test.stderr
            assert test.stdout
            for line in test.stderr:
                if code := re.search(r"TK-\d{8}/y:@z", line):
                    assert tell(simulator, f"scan {code[0]}")["ok"]
            document = json.loads(test.stdout.read())
        simulator.terminate()
    assert (document["passed"], document["cause"]) == (cause is None, cause)
    assert document["counters"].get("GoodScanCount") == (None if fault == "mute" else int(cause is None))
    name = "Simulated KS-1" if at.startswith("keyboard:") else "HS-1"
    assert document["identity"]["ModelName"] == name  # its descriptor tells, whatever it is asked
