"""A window that takes what a scanner types, telling each code as a JSON line on standard output.

    python typed_window.py ours|bare

`ours` is the self-test's own key area, driver and comparison; `bare` a widget that joins what its key events
say. The first line is the window's number. `late` is from the X server's stamp of the last key (milliseconds
of the monotonic clock) to the moment at which the code, with our verdict on it, is there.
"""

from __future__ import annotations

import json
import sys
import time

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from console.domain.scan import compare
from console.drivers.scanner.keyboard import KeyboardScanner
from console.platforms.clock import SystemClock
from console.ui.context import Context
from console.ui.dialogs.selftest_scan import KeyArea
from console.ui.theme import Theme
from tests.ui.store import shop_floor

stamp = 0  # of the newest key


def tell(**values: object) -> None:
    sys.stdout.write(json.dumps(values) + "\n")
    sys.stdout.flush()


def show(widget: QWidget) -> None:
    widget.resize(400, 300)
    widget.show()
    widget.setFocus()
    tell(window=int(widget.winId()))


class Bare(QWidget):
    """Joins what its keys say."""

    code = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Return:
            tell(text=self.code, verdict=[], late=time.monotonic() - event.timestamp() / 1000)
            self.code = ""
        else:
            self.code += event.text()


class Noting(KeyArea):
    """The self-test's own, which notes the stamp of each key besides."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        global stamp
        stamp = event.timestamp()
        super().keyPressEvent(event)


async def ours() -> None:
    floor, clock = shop_floor(), SystemClock("UTC")
    driver = KeyboardScanner(clock)
    floor.console.clock, floor.console.typed = clock, driver.typed
    area = Noting(Context(floor.console, Theme.named("light"), lambda error, where: None))
    async for scan in driver.scans(lambda: show(area)):
        signs = compare(scan.text, scan, driver.suffix).signs
        late = time.monotonic() - stamp / 1000
        rate = len(scan.text) / max(scan.seconds, 0.001)
        tell(text=scan.text, verdict=sorted(signs), late=late, rate=rate)


def main() -> None:
    application = QApplication([])
    if sys.argv[1] == "bare":
        window = Bare()
        window.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        show(window)
        application.exec()
    else:
        with QEventLoop(application) as loop:
            loop.run_until_complete(ours())


if __name__ == "__main__":
    main()
