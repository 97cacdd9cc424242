"""The eye chart in a process of its own, as Qt reads its scaling when it starts.

`QT_SCALE_FACTOR=1.5 python -m tests.ui.scaled_chart` prints one JSON document: the rows of each chart, and
what zxing-cpp reads of the window's picture.
"""

from __future__ import annotations

import json
import os
from io import BytesIO

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import zxingcpp
from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtWidgets import QApplication, QWidget
from qasync import QEventLoop

from console.domain.specimens import Kind
from console.domain.subjects import Subject
from console.ui.context import Context
from console.ui.dialogs.eye_chart import EyeChartDialog
from console.ui.screen_size import remember
from console.ui.theme import Theme
from tests.ui.store import shop_floor
from tests.waiting import until


def failed(error: BaseException, where: str) -> None:
    raise SystemExit(f"{where}: {error!r}")


def read(widget: QWidget) -> list[str]:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    widget.grab().save(buffer, "PNG")
    picture = Image.open(BytesIO(bytes(buffer.data().data()))).convert("L")
    return sorted(each.text for each in zxingcpp.read_barcodes(picture))


async def charts(application: QApplication) -> list[dict[str, object]]:
    theme, told = Theme.named("light"), []
    theme.apply(application)
    floor = shop_floor()
    context = Context(floor.console, theme, failed)
    screen = application.primaryScreen()
    remember(floor.settings, screen, 4.0 * screen.devicePixelRatio())
    dialog = EyeChartDialog(context, Subject("scanner", "counter"))
    dialog.open()
    await until(lambda: dialog.rows)
    for kind in (Kind.CODE_128, Kind.QR):
        for faint in (False, True):
            dialog._choose(kind, faint)
            await until(lambda: read(dialog))
            rows = sorted(row.content for row in dialog.rows)
            told.append({"ratio": dialog.devicePixelRatioF(), "rows": rows, "read": read(dialog)})
    dialog.close()
    await until(lambda: not dialog._tasks)
    await context.close()
    return told


def main() -> None:
    application = QApplication([])
    application.setQuitOnLastWindowClosed(False)
    with QEventLoop(application) as loop:
        print(json.dumps(loop.run_until_complete(charts(application))))


if __name__ == "__main__":
    main()
