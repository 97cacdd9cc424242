"""The test pages of a scanner, in the order in which they are offered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu, QWidget

from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.ui.context import Context
from console.ui.dialogs.eye_chart import EyeChartDialog
from console.ui.dialogs.phone_codes import PhoneCodesDialog
from console.ui.dialogs.scan_sheet import ScanSheet
from console.ui.dialogs.symbologies import SymbologiesDialog
from console.ui.icons import icon
from console.ui.widgets.button import Button


@dataclass(frozen=True, slots=True)
class Test:
    """One test page: `icon` is a name of resources/icons."""

    words: Words
    icon: str
    dialog: Callable[[Context, Subject, QWidget | None], ScanSheet]


TESTS = (
    Test(say("All symbologies…"), "scan-barcode", SymbologiesDialog),
    Test(say("Eye chart…"), "search", EyeChartDialog),
    Test(say("Payment codes…"), "credit-card", PhoneCodesDialog),
)


class MoreTests(Button):
    """A button that offers them in a menu, over the dialog that it stands in."""

    def __init__(self, context: Context, subject: Subject) -> None:
        super().__init__(context.text(say("More tests")), icon=icon("flask-conical", context.theme.text, 22))
        menu = QMenu(self)
        for test in TESTS:
            mark = icon(test.icon, context.theme.text, 22)
            action = menu.addAction(mark, context.text(test.words))
            action.triggered.connect(
                lambda _=False, test=test: test.dialog(context, subject, self.window()).open()
            )
        self.setMenu(menu)
