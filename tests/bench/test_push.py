"""From a status byte on the wire to the line of `watch`, against a bare reader that prints what it hears."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from console.simulators.printer import PrinterSimulator
from console.simulators.thread import SimulatorThread

pytestmark = pytest.mark.bench

CHANGES = 300
BARE = """
import socket, sys
line = socket.create_connection((sys.argv[1], int(sys.argv[2])))
line.sendall(bytes((0x1D, 0x61, 0x4F)))
while data := line.recv(4096):
    print(data.hex(), flush=True)
"""


def delays(
    command: list[str], environment: dict[str, str], skip: int, change: Callable[[bool], None]
) -> list[float]:
    """Seconds from each change of the cover, whose status is sent at once, to the line that tells it."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            for _ in range(skip):
                process.stdout.readline()
            seen = []
            for number in range(CHANGES):
                began = time.perf_counter()
                change(number % 2 == 0)
                assert process.stdout.readline()
                seen.append(time.perf_counter() - began)
            return sorted(seen)
        finally:
            process.kill()


def test_from_the_wire_to_the_line(
    environment: dict[str, str], tell: Callable[[str], None], tmp_path: Path
) -> None:
    with SimulatorThread() as thread:
        sim = thread.host(PrinterSimulator.tcp())

        def change(opened: bool) -> None:
            thread.call(sim.set_fault, "cover_open", opened)

        profile = tmp_path / "store.toml"
        store = '[store]\nname = "x"\n[network]\ngateway = "127.0.0.1"\n'
        entry = f'[[printer]]\nname = "front"\nhold = true\naddress = {json.dumps(sim.address)}\n'
        profile.write_text(store + entry, encoding="utf-8")
        watch = [sys.executable, "-P", "-m", "console", "watch", "--json", "--profile", str(profile)]
        ours = delays(watch, environment, 2, change)
        host, port = sim.address.removeprefix("tcp://").split(":")
        bare = delays([sys.executable, "-c", BARE, host, port], environment, 1, change)
    middle, late = CHANGES // 2, CHANGES * 99 // 100
    tell(
        f"status byte to line of watch: median {ours[middle] * 1e3:.1f} ms, p99 {ours[late] * 1e3:.1f} ms"
        f" (goal 50); bare reader {bare[middle] * 1e3:.1f} and {bare[late] * 1e3:.1f} ms;"
        f" median ratio {ours[middle] / bare[middle]:.1f}"
    )
