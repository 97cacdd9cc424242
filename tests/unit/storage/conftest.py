"""Disks of a few kilobytes, full or read-only at will, and a good profile."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

GOOD = """# 人民路店
[store]
name = "人民路店"  # over the door
language = "zh_CN"
timezone = "Asia/Shanghai"

[network]
internet_check = "http://connect.example.com/generate_204"
gateway = "192.168.1.1"
dns = "192.168.1.1:5353"
sync_pending = { path = "/var/lib/pos", pattern = "*.pending" }

# the printers
[[printer]]
name = "front"
address = "tcp://192.168.1.50:9100"
protocol = "escpos"
paper = 80  # mm

[[printer]]
name = "kitchen"
address = "serial:///dev/ttyUSB0?baud=19200"

# the scanner at the counter
[[scanner]]
name = "counter"
address = "hid://05e0:1200"
suffix = "enter"

[[drawer]]
name = "till"
printer = "front"
pin = 2

[[display]]
name = "pole"
address = "serial://COM3"

[[terminal]]
name = "card"
address = "192.168.1.60"

[[backend]]
name = "orders"
url = "https://pos.example.com:8443/health"
expect_status = 200
known_addresses = ["203.0.113.7"]
credential = "keyring:orders"
sibling_ports = [443]
"""


@pytest.fixture
def good() -> str:
    return GOOD


class SmallDisk:
    """A disk of one mebibyte."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def fill(self) -> Path:
        """Leave no byte free; returns the file to remove for room."""
        ballast = self.place / "ballast"
        with ballast.open("ab", buffering=0) as file:
            for size in (65536, 4096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue
        return ballast

    def remount(self, how: str) -> None:
        """`ro` or `rw`."""
        subprocess.run(["mount", "-o", f"remount,{how}", str(self.place)], check=True, timeout=10)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux may mount a small disk")
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)],
        capture_output=True,
        timeout=10,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no mount here: {mounted.stderr.decode().strip()}")
    try:
        yield SmallDisk(place)
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True, timeout=10)
