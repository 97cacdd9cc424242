"""`selftest drawer:NAME --level interactive` as a person meets it: questions, answers, a written line."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

from console.simulators.printer import PrinterSimulator
from console.simulators.thread import SimulatorThread

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals"),
]

ROOT = Path(__file__).resolve().parents[2]
STORE = (
    '[store]\nname = "店"\nlanguage = "en"\n\n[[printer]]\nname = "front" # by the door\naddress = "{}"\n'
    'drawer_sense = "low"\n\n[[drawer]]\nname = "till"\nprinter = "front"\npin = 2\n'
)


class Terminal:
    """A program on a terminal of its own; every wait is bounded."""

    def __init__(self, *arguments: str, home: Path) -> None:
        self._ours, theirs = os.openpty()
        self._heard = ""
        self._at = 0
        self.program = subprocess.Popen(
            [sys.executable, "-P", "-m", "console", *arguments],
            stdin=theirs, stdout=theirs, stderr=theirs, close_fds=True,
            env={**os.environ, "TILLKEEPER_HOME": str(home), "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        os.close(theirs)

    def expect(self, text: str, seconds: float = 20.0) -> None:
        """Read on until `text` was said."""
        ends = time.monotonic() + seconds
        while text not in self._heard[self._at :]:
            left = ends - time.monotonic()
            assert left > 0, f"{text!r} was not said; heard {self._heard[self._at :]!r}"
            if select.select([self._ours], [], [], left)[0]:
                self._heard += os.read(self._ours, 4096).decode()
        self._at = self._heard.index(text, self._at) + len(text)

    def answer(self, text: str) -> None:
        os.write(self._ours, f"{text}\n".encode())

    def close(self) -> None:
        self.program.kill()
        self.program.wait(timeout=10)
        os.close(self._ours)


def test_learning_a_drawers_contact_in_a_terminal(tmp_path: Path) -> None:
    thread = SimulatorThread("drawer").start()
    printer = thread.host(PrinterSimulator.tcp())
    file = tmp_path / "store.toml"
    file.write_text(STORE.format(printer.address), "utf-8")
    arguments = ("selftest", "drawer:till", "--level", "interactive", "--profile", str(file))
    terminal = Terminal(*arguments, home=tmp_path / "home")
    try:
        terminal.expect("Is it closed now? [y/n]")
        assert not printer.pulses
        terminal.answer("y")
        terminal.expect("opened by a pulse now?")
        assert not printer.pulses
        terminal.answer("y")
        terminal.expect("Is the drawer open now? [y/n]")
        assert len(printer.pulses) == 1
        terminal.answer("y")
        terminal.expect("Passed")
        terminal.expect('Write drawer_sense = "high" into the profile? [y/n]')
        assert 'drawer_sense = "low"' in file.read_text("utf-8")
        terminal.answer("y")
        terminal.expect("Written")
        terminal.program.wait(timeout=10)
        # What is usual need not be written, so the line that said otherwise is gone.
        assert "drawer_sense" not in file.read_text("utf-8")
        assert "# by the door" in file.read_text("utf-8")
    finally:
        terminal.close()
        thread.stop()
