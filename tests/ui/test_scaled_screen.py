"""On a scaled screen a module is whole device pixels still, and every row of the eye chart is read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("factor", ["1", "1.25", "1.5", "2"])
def test_every_row_is_read_as_it_stands_on_the_screen(factor: str, tmp_path: Path) -> None:
    environment = {
        **os.environ, "QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT),
        "TILLKEEPER_HOME": str(tmp_path),
    }  # fmt: skip
    run = [sys.executable, "-P", "-m", "tests.ui.scaled_chart"]
    done = subprocess.run(run, env=environment, check=True, capture_output=True, timeout=120)
    charts = json.loads(done.stdout)
    assert len(charts) == 4
    for chart in charts:
        assert chart["ratio"] == float(factor)
        assert chart["read"] == chart["rows"]
