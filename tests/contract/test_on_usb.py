"""Everything marked `usb`, in a process that sees a simulated USB bus with the real libusb and pyusb."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


@pytest.mark.parametrize("file", ["test_transports.py", "test_printers.py", "test_held_lines.py", "test_usb.py"])
def test_what_is_promised_holds_on_usb(file: str, environment: dict[str, str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "usb", "-p", "no:cacheprovider", str(HERE / file)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=150, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
