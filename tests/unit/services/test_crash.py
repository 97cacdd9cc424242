"""Nothing fails unseen: every kind of unhandled error becomes a report on disk."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.services.crash import KEPT, CrashReport, CrashSink

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[CrashSink, list[CrashReport]]]:
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    made = CrashSink(tmp_path / "reports", lambda text: text.replace("s3cret", "[secret]"))
    heard: list[CrashReport] = []
    made.listener = heard.append
    made.install()
    yield made, heard
    sys.excepthook, threading.excepthook, sys.unraisablehook = before


def fail() -> None:
    raise ValueError("token s3cret")


def test_a_report_is_kept_without_secrets(sink: tuple[CrashSink, list[CrashReport]]) -> None:
    try:
        fail()
    except ValueError as error:
        sink[0].take(error, "the test")
    (report,) = sink[1]
    assert report.path is not None
    text = report.path.read_text(encoding="utf-8")
    assert "token [secret]" in text
    assert "in fail" in text
    assert "s3cret" not in text


def test_a_thread_that_dies_is_heard(sink: tuple[CrashSink, list[CrashReport]]) -> None:
    thread = threading.Thread(target=fail, name="reader")
    thread.start()
    thread.join()
    assert sink[1][0].where == "thread reader"


def test_a_destructor_that_fails_is_heard(sink: tuple[CrashSink, list[CrashReport]]) -> None:
    class Broken:
        def __del__(self) -> None:
            fail()

    Broken()
    gc.collect()
    assert "cleaning up" in sink[1][0].where


def test_a_task_that_nobody_awaits_is_heard(sink: tuple[CrashSink, list[CrashReport]]) -> None:
    async def main() -> None:
        sink[0].catch_loop(asyncio.get_running_loop())
        asyncio.get_running_loop().call_soon(fail)
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    asyncio.run(main())
    assert "ValueError" in sink[1][0].text


def test_a_disk_that_takes_nothing_still_lets_the_person_read(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    report = CrashSink(tmp_path / "file" / "reports", str).take(ValueError("x"), "here")
    assert report.path is None
    assert "ValueError: x" in report.text


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    made = CrashSink(tmp_path, str)
    for number in range(KEPT + 3):
        made.take(ValueError(str(number)), "here")
    kept = sorted(tmp_path.glob("crash-*.txt"))
    assert len(kept) == KEPT
    assert f"ValueError: {KEPT + 2}" in kept[-1].read_text(encoding="utf-8")
