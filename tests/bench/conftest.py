"""What every benchmark needs: a way to print its figures, and an environment of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Tell = Callable[[str], None]


@pytest.fixture
def tell(capsys: pytest.CaptureFixture[str]) -> Tell:
    def say(line: str) -> None:
        with capsys.disabled():
            print(f"\n  {line}")

    return say


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    made = {**os.environ, "TILLKEEPER_HOME": str(tmp_path), "PYTHONPATH": str(ROOT)}
    for name in ("QT_QPA_PLATFORM", "PYTHONDONTWRITEBYTECODE"):
        made.pop(name, None)
    run = [sys.executable, "-P", "-m", "console", "check", "--demo"]
    subprocess.run(
        run, env=made, check=True, capture_output=True, timeout=60
    )  # bytecode and database are there
    return made
