"""One instance a data folder, across processes, after crashes too."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from console.ui.single_instance import SingleInstance

# Another start of the program: says whether it was the first, then stays until it is told to end.
OTHER = """
import sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from console.ui.single_instance import SingleInstance
application = QCoreApplication([])
instance = SingleInstance(Path(sys.argv[1]))
print(instance.claim(), flush=True)
sys.stdin.read()
"""


@pytest.fixture
def first(tmp_path: Path, qtbot: QtBot) -> Iterator[SingleInstance]:
    instance = SingleInstance(tmp_path)
    yield instance
    instance.release()


class Other:
    """A process that claims the same folder."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", OTHER, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def was_first(self) -> bool:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip() == "True"

    def end(self) -> None:
        self.process.kill()
        self.process.communicate(timeout=10)


def test_a_second_start_raises_the_first(first: SingleInstance, tmp_path: Path, qtbot: QtBot) -> None:
    assert first.claim()
    raised = QSignalSpy(first.raised)
    other = Other(tmp_path)
    try:
        qtbot.waitUntil(lambda: raised.count() == 1, timeout=10_000)
        assert not other.was_first()
    finally:
        other.end()


def test_what_a_crash_left_behind_does_not_keep_anybody_out(first: SingleInstance, tmp_path: Path) -> None:
    other = Other(tmp_path)
    try:
        assert other.was_first()
        assert not first.claim()
    finally:
        other.end()  # killed: its socket stays behind
    assert first.claim()


def test_two_folders_are_two_stores(first: SingleInstance, tmp_path: Path) -> None:
    assert first.claim()
    second = SingleInstance(tmp_path / "other")
    assert second.claim()
    second.release()


def test_a_name_given_free_can_be_claimed_again(first: SingleInstance, tmp_path: Path) -> None:
    assert first.claim()
    first.release()
    again = SingleInstance(tmp_path)
    assert again.claim()
    again.release()
