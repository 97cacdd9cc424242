"""A scanner's figures over time, and the test pages that measure it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.domain.eye_chart import Medium, score_name
from console.domain.specimens import Kind
from console.domain.subjects import Subject
from console.domain.wear import Reading
from console.domain.words import Words, say
from console.services.scan_test import DOUBLE, GOOD, MISSED
from console.services.scanner_figures import curve, latest
from console.ui.context import Context
from console.ui.dialogs.scanner_tests import TESTS, Test
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Heading, Label, Note
from console.ui.widgets.meter import Curve

FRESH = 30.0  # seconds; what was read from the database later is not read again
_LAST = 5  # values that are told above a curve
# What is drawn over time: its name, what people call it, and how many of its units make one of theirs.
_CURVES: Sequence[tuple[str, Words, int]] = (
    ("CharactersPerSecond", say("Characters a second: {values}"), 1),
    ("MedianKeyDelayMicroseconds", say("Usual delay between characters, ms: {values}"), 1000),
    (score_name(Medium.SCREEN, Kind.CODE_128), say("Smallest bars on the screen, mm: {values}"), 1000),
    (score_name(Medium.PAPER, Kind.CODE_128), say("Smallest bars on paper, mm: {values}"), 1000),
    (score_name(Medium.SCREEN, Kind.QR), say("Smallest squares on the screen, mm: {values}"), 1000),
    (score_name(Medium.PAPER, Kind.QR), say("Smallest squares on paper, mm: {values}"), 1000),
)


class ScannerCard(Card):
    """Reads the figures that were kept; `read` brings it up to date. `tested`: a test page was closed."""

    tested = Signal()

    def __init__(self, context: Context, subject: Subject) -> None:
        super().__init__(context.theme)
        self._context = context
        self._subject = subject
        self._body = QWidget()
        self._read_at = float("-inf")
        self._shown: Sequence[Reading] | None = None
        self.column.setSpacing(12)
        self.column.addWidget(Heading(context.text(say("What it reads, and how fast"))))
        row = QHBoxLayout()
        row.setSpacing(8)
        for test in TESTS:
            press = Button(context.text(test.words))  # without icons three fit beside each other
            press.clicked.connect(lambda _=False, test=test: self._open(test))
            row.addWidget(press)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self._body)

    def read(self, again: bool = False) -> None:
        """Ask what was kept, unless that was done a moment ago; `again` asks in any case."""
        now = self._context.console.clock.seconds()
        if again or now - self._read_at >= FRESH:
            self._read_at = now
            self._context.spawn(self._fill(), f"figures of {self._subject}")

    async def _fill(self) -> None:
        kept = await self._context.console.figures.history(self._subject)
        if isValid(self) and kept != self._shown:  # the page may have been rebuilt meanwhile
            self._shown = kept
            self._show(kept)

    def _show(self, kept: Sequence[Reading]) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        text = self._context.text
        if (note := self._context.console.figures.note) is not None:
            column.addWidget(Label(text(say("Figures are not kept: {reason}", reason=note)), "attention"))
        elif not kept:
            column.addWidget(Body(text(_NOTHING), tone="soft"))
        newest = latest(kept)
        if GOOD in newest:
            words = say(
                "{good} good reads in tests · {double} came twice · {missed} did not come",
                good=newest[GOOD], double=newest.get(DOUBLE, 0), missed=newest.get(MISSED, 0),
            )  # fmt: skip
            column.addWidget(Body(text(words)))
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        drawn = [(words, units, values) for name, words, units in _CURVES if (values := curve(kept, name))]
        for place, (words, units, values) in enumerate(drawn):
            told = " → ".join(f"{each / units:.4g}" for each in values[-_LAST:])
            sentence = text(Words(words.text, (("values", told),)))
            cell = QVBoxLayout()
            cell.addWidget(Note(sentence))
            cell.addStretch(1)
            if len(values) > 1:
                cell.addWidget(Curve(self._context.theme, values, sentence))
            grid.addLayout(cell, place // 2, place % 2)
        column.addLayout(grid)
        self.column.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body

    def _open(self, test: Test) -> None:
        dialog = test.dialog(self._context, self._subject, self.window())
        dialog.finished.connect(self.tested)
        dialog.open()


_NOTHING = say("Nothing yet. Each self-test and each eye chart leaves its figures here, so that wear shows.")
