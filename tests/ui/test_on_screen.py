"""Everything marked `screen`, in a process of its own that sees a real X server: keys come from xdotool."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
# An input method of Qt's own that makes Hanzi of letters, as a pinyin one does (libX11, Compose(5)).
PINYIN = '<T> <K> : "他可"\n<t> <k> : "他可"\n<minus> <4> : "－４"\n'


@pytest.fixture(scope="module")
def display() -> Iterator[str]:
    """A server on a free display."""
    if not (shutil.which("Xvfb") and shutil.which("xdotool")):
        if "CI" in os.environ:
            pytest.fail("CI needs Xvfb and xdotool")
        pytest.skip("needs Xvfb and xdotool: sudo apt-get install xvfb xdotool")
    reading, writing = os.pipe()
    with subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x1024x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writing], stderr=subprocess.DEVNULL,
    ) as server:  # fmt: skip
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        assert number, "Xvfb did not start"
        yield f":{number}"
        server.terminate()


@pytest.mark.parametrize(
    ("file", "input_method"), [("test_wedge_keys.py", ""), ("test_wedge_input_method.py", PINYIN)]
)
def test_what_is_promised_holds_in_a_real_window(
    file: str, input_method: str, display: str, tmp_path: Path
) -> None:
    table = tmp_path / "compose"
    table.write_text(input_method, "utf-8")
    environment = os.environ | {
        "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QT_IM_MODULE": "compose", "XCOMPOSEFILE": str(table),
        "LC_ALL": "C.UTF-8", "TILLKEEPER_TEST_ON_SCREEN": "1",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-m", "screen", "-p", "no:cacheprovider", str(HERE / file)],
        cwd=ROOT, env=environment, capture_output=True, text=True, timeout=170, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout
    assert "skipped" not in done.stdout
