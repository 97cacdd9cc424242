"""Pictures of every page on the demo store, for the README and for looking at.

`python -m tests.ui.pictures FOLDER [--theme light|dark|contrast] [--size 1024x768]` writes one PNG a page
and language.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["TILLKEEPER_HOME"] = tempfile.mkdtemp(prefix="tillkeeper-pictures-")

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from console.app.store import compose
from console.domain.lights import Light
from console.domain.subjects import Subject
from console.services.chronicle import Chronicle
from console.services.console import Console
from console.services.crash import CrashSink
from console.services.language import LANGUAGES, Language
from console.services.options import Options
from console.storage.settings import SettingsFile
from console.ui.frame import PAGES
from console.ui.main_window import MainWindow
from console.ui.pages.today import TodayPage

FAULTS = ((Subject("printer", "kitchen"), "paper_low"), (Subject("backend", "orders"), "expired"))


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(30):
        while not condition():  # noqa: ASYNC110 - what is waited for is seen, not signalled
            await asyncio.sleep(0.05)


async def draw(folder: Path, code: str, theme: str, size: tuple[int, int]) -> None:
    """Bring the demo store into a mixed state, and write one picture a page."""

    def failed(error: BaseException, where: str) -> None:
        raise SystemExit(f"{where}: {error!r}")

    crashes = CrashSink(folder, str)
    settings = SettingsFile()
    settings.put("theme", theme)
    window = MainWindow(settings, failed, Language(code))
    async with compose(Options(demo=True, language=code), crashes, settings) as console:
        window.show_starting()
        window.showNormal()
        window.resize(*size)
        window.bind(console)
        chronicle = Chronicle(console.board, console.history, failed)
        chronicle.start()
        await _settle(window, console)
        for page in PAGES:
            window.go(page)
            await asyncio.sleep(1.5)  # for the eye alone: pulses end, ages begin to count
            path = folder / f"{page}-{code}-{theme}.png"
            window.grab().save(str(path))
            sys.stdout.write(f"{path}\n")
        await chronicle.stop()
        await window.shut_down()


async def _settle(window: MainWindow, console: Console) -> None:
    window.go("today")
    for page in window.findChildren(TodayPage):
        page.check.start.click()
        await until(page.check.start.isVisible)
    for subject, fault in FAULTS:
        if console.demo is not None:
            console.demo.set_fault(subject, fault, True)
        await console.check.examine(subject)
    await until(lambda: all(console.board.finding(each).light is not Light.OK for each, _ in FAULTS))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--theme", default="light")
    parser.add_argument("--size", default="1024x768")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    width, _, height = asked.size.partition("x")
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    with QEventLoop(application) as loop:
        for code in LANGUAGES:
            loop.run_until_complete(draw(asked.folder, code, asked.theme, (int(width), int(height))))


if __name__ == "__main__":
    main()
