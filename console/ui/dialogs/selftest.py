"""The self-test of a device: choose how far it goes, watch it, and read what it proved."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QStackedWidget, QWidget

from console.domain.breaks import Breaks
from console.domain.errors import TillkeeperError
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.jobs import Job
from console.services.recordings import Exchange
from console.services.selftest import Person, code_for
from console.services.tape import Tape
from console.ui.context import Context
from console.ui.dialogs.exchange import ExchangeDialog
from console.ui.dialogs.scanner_tests import MoreTests
from console.ui.dialogs.selftest_breaks import BreaksPanel
from console.ui.dialogs.selftest_choice import LevelChoice
from console.ui.dialogs.selftest_page import PagePanel, panel_for
from console.ui.dialogs.selftest_result import ResultPanel
from console.ui.dialogs.selftest_run import RunPanel
from console.ui.dialogs.selftest_scan import ScanPanel
from console.ui.dialogs.sheet import Sheet
from console.ui.icons import icon
from console.ui.widgets.button import Button

_ROOM = (976, 704)  # px that the drawn pattern wants


class SelftestDialog(Sheet):
    """One device's self-test, as often as wanted. Closing it stops what runs."""

    title = say("Self-test: {name}")
    once_more = say("Run again")

    def __init__(self, context: Context, subject: Subject, parent: QWidget | None = None) -> None:
        title = context.text(replace(self.title, values=(("name", context.name(subject)),)))
        super().__init__(context, parent, title, "stethoscope")
        self.resize(720, 560)
        self._subject = subject
        self._job: Job[SelftestResult] | None = None
        self._question: asyncio.Future[bool | None] | None = None
        self._stack = QStackedWidget()
        self._choice = self._choices()
        self._stack.addWidget(self._choice)
        self.body.addWidget(self._stack, 1)
        self._left = Button(self.text(say("Close")))
        self._right = Button(self.text(say("Start")), "primary")
        self._left.clicked.connect(self._press_left)
        self._right.clicked.connect(self._press_right)
        self._result: SelftestResult | None = None  # of the last test
        self._paper: bytes | None = None  # what it printed, in the demo
        self._closed = False
        self._tape: Tape | None = None
        self._exchange: Callable[[], Exchange] | None = None  # of the last test
        said = icon("file-text", context.theme.text, 22)
        self._said = Button(self.text(say("What was said…")), icon=said)
        self._said.clicked.connect(self._show_said)
        self.buttons.addWidget(self._said)
        self._more = MoreTests(context, subject) if subject.kind == "scanner" else None
        if self._more is not None:
            self.buttons.addWidget(self._more)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self._left)
        self.buttons.addWidget(self._right)
        self._show_choice()

    def _choices(self) -> LevelChoice:
        """What can be chosen before it starts."""
        return LevelChoice(self.context, self._subject)

    def _code(self) -> str:
        """The code that the next test shows or prints."""
        return code_for(self._subject)

    def _panel(self, level: Level, code: str) -> RunPanel:
        """What is seen while it runs."""
        if self._subject.kind == "scanner" and level is not Level.INTERNAL:
            return ScanPanel(self.context, self._subject, code)
        return panel_for(self.context, self._subject)

    def _verdict(self, result: SelftestResult) -> ResultPanel:
        """What is seen of a result."""
        return ResultPanel(self.context, result, self._paper)

    def _again(self) -> None:
        """What the button under a result does."""
        self._show_choice()

    def _label(self, left: Words, right: Words | None, right_icon: str = "play") -> None:
        self._said.setVisible(self._exchange is not None and self._job is None)
        if self._more is not None:
            self._more.setVisible(self._job is None)
        for button, words in ((self._left, left), (self._right, right)):
            button.setVisible(words is not None)
            button.rename(self.text(words) if words else "")
        self._right.set_icon(icon(right_icon, self.context.theme.brand_text, 22))

    def _show(self, panel: QWidget) -> None:
        old = self._stack.currentWidget()
        self._stack.addWidget(panel)
        self._stack.setCurrentWidget(panel)
        if old is not None and old not in (panel, self._choice):
            self._stack.removeWidget(old)
            old.deleteLater()

    def _show_choice(self) -> None:
        self._show(self._choice)
        self._label(say("Close"), say("Start"))
        self._choice.setFocus()

    def _press_left(self) -> None:
        panel = self._stack.currentWidget()
        if self._job is not None:
            self._job.cancel()
        elif isinstance(panel, BreaksPanel):
            if not panel.back():
                self._show_result()
            else:
                self._label_breaks(panel)
        else:
            self.reject()

    def _press_right(self) -> None:
        panel = self._stack.currentWidget()
        if panel is self._choice:
            self.spawn(self._run(self._choice.level), f"self-test {self._subject}")
        elif isinstance(panel, BreaksPanel):
            if breaks := panel.forward():
                self._mark(breaks)
            else:
                self._label_breaks(panel)
        else:
            self._again()

    async def _run(self, level: Level) -> None:
        """The whole of one test: watch the job, then show what it gave."""
        self.complain(None)
        person = Person(self._ask, self._code(), keys=True)
        panel = self._panel(level, person.code)
        if isinstance(panel, PagePanel):
            panel.skipped.connect(person.skip.set)
        panel.answered.connect(self._answer)
        self._result = self._paper = None
        try:
            tape = self._tape = self._record(level, person.code)
            job = self._job = self.context.console.selftest.start(self._subject, level, person, tape)
            self._label(say("Stop"), None)
            self._show(panel)
            panel.begin(self._left)
            async for step in job.steps():
                panel.show_step(step)
            result = await job.result()
            self._paper = await self._printed() if result.proof is not None else None
            self._result = result
        except TillkeeperError as error:
            self.complain(error.words)
        except asyncio.CancelledError:
            if self._closed or self._job is None or self._job.running:  # the dialog itself is closing
                raise
            self.complain(say("Stopped. What the device had begun, it may still finish."))
        finally:
            closing = self._closed or (self._job is not None and self._job.running)
            if closing and self._job is not None:
                self._job.cancel()
            self._job = None
            if not closing:
                self._show_result()
                if isinstance(panel, PagePanel) and panel.broken:
                    self._show_breaks()

    async def _printed(self) -> bytes | None:
        """What the simulated printer printed, in the demo."""
        demo = self.context.console.demo
        return await asyncio.to_thread(demo.printed, self._subject) if demo else None

    def _show_result(self) -> None:
        if self._result is None:
            self._show_choice()
            return
        panel = self._verdict(self._result)
        panel.mark.connect(self._show_breaks)
        self._show(panel)
        self._right.setEnabled(True)
        self._label(say("Close"), self.once_more, "refresh-cw")
        self._left.setFocus()

    def _show_breaks(self) -> None:
        """Let the person show where the pattern of the printed page breaks."""
        if self._result is None or self._result.head is None:
            return
        panel = BreaksPanel(self.context, self._result.head)
        panel.ready.connect(self._right.setEnabled)
        self.grow(*_ROOM)
        self._show(panel)
        self._label_breaks(panel)
        panel.begin()

    def _label_breaks(self, panel: BreaksPanel) -> None:
        self._label(say("Back"), say("Show the answer") if panel.at_end else say("Next"), "check")

    def _mark(self, breaks: Breaks) -> None:
        try:
            self._result = self.context.console.selftest.mark(self._subject, breaks, self._tape)
        except TillkeeperError as error:
            self.complain(error.words)
        self._show_result()

    def _record(self, level: Level, code: str) -> Tape | None:
        """Every test is recorded in memory, so that a surprise can still be kept."""
        recordings = self.context.console.recordings
        if recordings is None or not recordings.can_record(self._subject):
            return None
        tape, self._exchange = recordings.in_memory(self._subject, level, code)
        return tape

    def _show_said(self) -> None:
        if (recordings := self.context.console.recordings) and self._exchange is not None:
            ExchangeDialog(self.context, recordings, self._exchange(), self).open()

    async def _ask(self, question: Words) -> bool | None:
        """Put a yes/no question to the person; None when they cannot tell."""
        self._question = asyncio.get_running_loop().create_future()
        panel = self._stack.currentWidget()
        if isinstance(panel, RunPanel):
            panel.show_question(question)
        if isinstance(panel, PagePanel) and self.context.console.selftest.head(self._subject):
            panel.offer_breaks()
        if isinstance(panel, PagePanel) and (png := await self._printed()):
            panel.show_paper(png)
        try:
            return await self._question
        finally:
            self._question = None

    def _answer(self, answer: bool | None) -> None:
        if self._question is not None and not self._question.done():
            self._question.set_result(answer)

    def done(self, result: int) -> None:
        """Close, and let go of the device."""
        self._closed = True
        if self._job is not None:
            self._job.cancel()
        super().done(result)
