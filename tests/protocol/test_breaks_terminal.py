"""`selftest printer:NAME --level interactive` in a terminal: where the pattern breaks, and the JSON of it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from console.simulators.printer import PrinterSimulator
from console.simulators.thread import SimulatorThread
from tests.protocol.test_drawer_terminal import STORE, Terminal

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs pseudo-terminals"),
]


def test_numbers_from_the_page_become_columns_and_advice(tmp_path: Path) -> None:
    thread = SimulatorThread("printer").start()
    printer = thread.host(PrinterSimulator.tcp())
    file, kept = tmp_path / "store.toml", tmp_path / "it.jsonl"
    file.write_text(STORE.format(printer.address), "utf-8")
    arguments = ("selftest", "printer:front", "--level", "interactive", "--json", "--record", str(kept))
    terminal = Terminal(*arguments, "--profile", str(file), home=tmp_path / "home")
    try:
        terminal.expect("every line readable? [y/n]")
        terminal.answer("n")
        terminal.expect("Which numbers stand beside the break? Enter = none")
        terminal.answer("9000")
        terminal.expect('"9000" is no place on the pattern')
        terminal.expect("Which numbers stand beside the break?")
        terminal.answer("216 400-404")
        terminal.expect("3. A thin white line that is still there")
        terminal.expect("How does it look? 1 to 3")
        terminal.answer("3")
        terminal.expect('"schema": "tillkeeper.selftest/1"')
        terminal.expect('"cause": "printer.head_worn"')
        terminal.expect('"print_head": {')
        terminal.expect('"source": "person"')
        terminal.expect('"look": "cleaned"')
        assert terminal.program.wait(timeout=10) == 2
    finally:
        terminal.close()
        thread.stop()
    events = [json.loads(line) for line in kept.read_text("utf-8").splitlines()]
    (marked,) = [each for each in events if each.get("event") == "marked"]
    assert (marked["columns"], marked["look"]) == ([[212, 220], [400, 404]], "cleaned")


def test_enter_names_no_place(tmp_path: Path) -> None:
    thread = SimulatorThread("printer").start()
    printer = thread.host(PrinterSimulator.tcp())
    file = tmp_path / "store.toml"
    file.write_text(STORE.format(printer.address).replace('drawer_sense = "low"\n', ""), "utf-8")
    arguments = ("selftest", "printer:front", "--level", "interactive", "--profile", str(file))
    terminal = Terminal(*arguments, home=tmp_path / "home")
    try:
        terminal.expect("every line readable? [y/n]")
        terminal.answer("y")
        terminal.expect("Which numbers stand beside the break? Enter = none")
        terminal.answer("")
        terminal.expect("Passed")
        assert terminal.program.wait(timeout=10) == 0
    finally:
        terminal.close()
        thread.stop()
