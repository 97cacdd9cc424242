"""The scanner doctor: one scan of a known code, the cause, the mend, and one more scan as proof."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from console.domain.scan import on_paper
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.doctor_sheet import known_sheet
from console.services.scan_test import article_code
from console.services.scanner_settings import scanner_settings
from console.services.times import clock_time
from console.ui.context import Context
from console.ui.dialogs.doctor_result import DoctorPanel
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.dialogs.selftest_choice import LevelChoice, Offered
from console.ui.dialogs.selftest_result import ResultPanel
from console.ui.dialogs.selftest_run import RunPanel
from console.ui.dialogs.selftest_scan import ScanPanel
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body
from console.ui.widgets.mend_card import SettingShown
from console.ui.widgets.print_codes import PrintCodes

_WHAT_COMES = say(
    "One scan is enough: what arrives is compared with what is shown. Then you see the cause and the mend."
)
BEGINS = ("", "29", "02")  # of the codes as they are offered; the first is no article's number
_ROOM = (944, 704)  # px that comparison and mend want


class ScannerDoctor(SelftestDialog):
    """Begins at once with the code; `solved` are the causes that a later scan has shown to be gone."""

    title = say("Scanner doctor: {name}")
    once_more = say("Scan once more")

    def __init__(self, context: Context, subject: Subject, parent: QWidget | None = None) -> None:
        words = context.text(say("Another code…"))
        self._other = Button(words, icon=icon("scan-barcode", context.theme.text, 22))
        super().__init__(context, subject, parent)
        self.resize(*_ROOM)
        self.solved: dict[str, str] = {}  # cause, and when a scan showed it to be gone
        self._found: dict[int, list[str]] = {}  # what is open, by the kind of code that shows it
        self._other.clicked.connect(self._show_choice)
        self.buttons.insertWidget(1, self._other)
        self._other.hide()

    def _choices(self) -> CodeChoice:
        return CodeChoice(self.context, self._subject)

    def _code(self) -> str:
        begins = BEGINS[self._choice.place]
        return article_code(begins) if begins else super()._code()

    def _panel(self, level: Level, code: str) -> RunPanel:
        return DoctorScan(self.context, self._subject, code)

    def open(self) -> None:
        """Appear, and show the code: there is nothing else to do first."""
        super().open()
        self._again()

    def _show_choice(self) -> None:
        super()._show_choice()
        self._other.hide()

    def _again(self) -> None:
        self._other.hide()
        self.spawn(self._run(Level.INTERACTIVE), f"scanner doctor {self._subject}")

    async def _run(self, level: Level) -> None:
        """The knowledge is read from the disk once, and not on the window's loop."""
        await asyncio.to_thread(scanner_settings)
        await super()._run(level)

    def _verdict(self, result: SelftestResult) -> ResultPanel:
        self._remember(result)
        self._other.show()
        return DoctorPanel(self.context, result, self.solved)

    def _show_result(self) -> None:
        """A scanner that types the code which should set it must not press a button by its Enter."""
        super()._show_result()
        setting = next((each for each in self.findChildren(SettingShown) if each.isVisible()), None)
        (self._right if setting is None else setting).setFocus()

    def _remember(self, result: SelftestResult) -> None:
        """A scan that no longer shows what an earlier one of its kind showed has solved it."""
        if result.passed is None:
            return  # nothing came that could tell
        causes = [each.cause for each in result.finding.candidates]
        now = self.context.now()
        time = clock_time(now, now, self.context.console.language)
        self.solved |= dict.fromkeys(self._found.get(self._choice.place, ()), time)
        for cause in causes:
            self.solved.pop(cause, None)
        self._found[self._choice.place] = causes


class DoctorScan(ScanPanel):
    """The known code on the screen, and its copy on paper with one press."""

    def compose(self) -> None:
        """What a scanner that reads no screen needs stands beneath."""
        text, copy = self.context.text, on_paper(self.code)
        self.column.addWidget(Body(text(_WHAT_COMES), tone="soft"))
        super().compose()
        if self.context.console.trials.printers:
            self.column.addWidget(Body(text(say("No beep? Then scan it from paper:")), tone="soft"))
            self.column.addWidget(PrintCodes(self.context, lambda: known_sheet(text, copy)))


class CodeChoice(LevelChoice):
    """Which known code is scanned: one with all signs, or an article's number; see BEGINS."""

    question = say("Which code shall be scanned?")

    def offered(self, subject: Subject) -> Sequence[Offered]:
        """Letters and signs show most; only a number of goods shows a check digit that is not sent."""
        return (
            (
                Level.INTERACTIVE,
                say("A code with letters, digits and signs"),
                say("Shows input method, Caps Lock, keyboard layout, lost keys, end key and prefix."),
            ),
            (
                Level.INTERACTIVE,
                say("An article number (EAN-13)"),
                say("Shows whether the check digit and the first digit are sent."),
            ),
            (
                Level.INTERACTIVE,
                say("An article number that begins with 0"),
                say(
                    "Only if your till wants the zero: many scanners leave it out, and many tills want it so."
                ),
            ),
        )
