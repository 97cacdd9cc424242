"""The demo store's devices in a process of their own: what they show, and that they outlive nobody."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from console.domain.errors import BadInput, Unreachable
from console.domain.profile import StoreProfile
from console.simulators.demo import COUNTER, DELI, DEVICES, FRONT, DemoProcess
from console.simulators.faults import FAULTS
from console.storage.profile import parse_profile

BOUND = 45.0  # seconds; a busy machine needs one of them
STATUS = b"\x10\x04\x04"  # DLE EOT 4: the paper


@pytest.fixture
def demo() -> Iterator[DemoProcess]:
    made = DemoProcess("en")
    yield made
    made.close()


def until(condition: Callable[[], object]) -> None:
    end, pause = time.monotonic() + BOUND, threading.Event()
    while not condition():
        assert time.monotonic() < end
        pause.wait(0.02)


def asked(profile: StoreProfile, question: bytes) -> bytes:
    host, _, port = profile.printer[0].address.removeprefix("tcp://").partition(":")
    with socket.create_connection((host, int(port)), BOUND) as line:
        line.sendall(question)
        return line.recv(1)


@pytest.mark.parametrize(("language", "name"), [("zh_CN", "前台打印机"), ("en", "Front printer")])
def test_its_profile_is_a_whole_store_in_the_language(language: str, name: str) -> None:
    demo = DemoProcess(language)
    try:
        profile = parse_profile(demo.profile())
    finally:
        demo.close()
    assert profile.store.language == language
    assert profile.printer[0].label == name
    assert {*DEVICES} <= {*profile.subjects()}


def test_a_fault_is_seen_on_the_wire_and_goes_again(demo: DemoProcess) -> None:
    profile = parse_profile(demo.profile())
    assert asked(profile, STATUS) == b"\x12"
    demo.set_fault(FRONT, "paper_out", True)
    assert asked(profile, STATUS) == b"\x7e"
    assert list(demo.active(FRONT)) == ["paper_out"]
    demo.set_fault(FRONT, "paper_out", False)
    assert asked(profile, STATUS) == b"\x12"
    assert list(demo.active(FRONT)) == []


def test_every_fault_that_it_names_can_be_switched(demo: DemoProcess) -> None:
    demo.profile()
    for subject, kind in DEVICES.items():
        assert tuple(demo.faults[subject]) == FAULTS[kind]
        for fault in demo.faults[subject]:
            demo.set_fault(subject, fault, True)
            assert list(demo.active(subject)) == [fault]
            demo.set_fault(subject, fault, False)
    with pytest.raises(BadInput, match="Nearest: paper_out"):
        demo.set_fault(FRONT, "papr_out", True)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_a_scan_comes_out_of_the_scanner_and_mixes_up_no_answer(demo: DemoProcess) -> None:
    profile = parse_profile(demo.profile())
    with Path(profile.scanner[0].address.removeprefix("serial://")).open("rb", buffering=0) as port:
        demo.scan(COUNTER, "6901234567892")
        demo.set_fault(FRONT, "paper_low", True)
        assert list(demo.active(FRONT)) == ["paper_low"]
        read = b""
        while not read.endswith(b"\r"):
            read += port.read(64)
    assert read == b"6901234567892\r"


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals there")
def test_something_lies_on_the_scale_until_it_is_taken_off(demo: DemoProcess) -> None:
    profile = parse_profile(demo.profile())

    def weighed() -> bytes:
        with Path(profile.scale[0].address.removeprefix("serial://")).open("r+b", buffering=0) as port:
            port.write(b"W\r")
            return port.read(64)

    assert weighed() == b"\x02 0.000\r"
    demo.weigh(DELI, 1.5)
    until(lambda: weighed() == b"\x02 1.500\r")
    demo.weigh(DELI, 0)
    until(lambda: weighed() == b"\x02 0.000\r")


def test_devices_that_run_no_more_are_told(demo: DemoProcess) -> None:
    demo.profile()
    (devices,) = psutil.Process().children()
    devices.kill()
    with pytest.raises(Unreachable, match="do not run"):
        demo.set_fault(FRONT, "paper_out", True)


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGTERM])
def test_whoever_started_it_may_be_killed_and_leaves_nothing(tmp_path: Path, end: signal.Signals) -> None:
    script = (
        "from console.simulators.demo import DemoProcess\n"
        "demo = DemoProcess('en'); demo.profile(); print('there', flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], env=os.environ | {"TMPDIR": str(tmp_path)},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as starter:  # fmt: skip
        assert starter.stdout
        assert starter.stdout.readline() == "there\n"
        (devices,) = psutil.Process(starter.pid).children()
        assert list(tmp_path.iterdir())
        starter.send_signal(end)
    until(lambda: not devices.is_running() or devices.status() == psutil.STATUS_ZOMBIE)
    assert list(tmp_path.iterdir()) == []
