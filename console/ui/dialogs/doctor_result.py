"""What the scanner doctor found: both codes side by side, each cause with its mend, and what is mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import permutations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.diagnosis import CERTAIN, Candidate
from console.domain.evidence import Evidence
from console.domain.selftest import SelftestResult
from console.domain.words import Words, say
from console.services.scanner_settings import scanner_settings
from console.ui.context import Context
from console.ui.dialogs.selftest_result import ResultPanel
from console.ui.icons import pixmap
from console.ui.widgets.advice import Advice
from console.ui.widgets.card import Card, Tinted
from console.ui.widgets.labels import Body, Heading, Label, Note
from console.ui.widgets.light import LightShape
from console.ui.widgets.mend_card import MendCard
from console.ui.widgets.scan_comparison import ScanComparison


class DoctorPanel(ResultPanel):
    """`solved` are causes of earlier scans that this one shows to be gone, with the time of that scan."""

    def __init__(self, context: Context, result: SelftestResult, solved: Mapping[str, str]) -> None:
        self._solved = solved
        super().__init__(context, result)

    def _compose(self) -> None:
        for cause, time in self._solved.items():
            self.column.addWidget(self._mended(cause, time))
        for scan in self._result.finding.evidence:
            if scan.probe == "scanner.scan" and "scanner.scanned" in scan.signs:
                self.column.addWidget(self._compared(scan))
        candidates = self._result.finding.candidates
        alone = [each for each in candidates if each is candidates[0] or each.weight >= CERTAIN]
        for number, each in enumerate(alone, 1):
            rivals = [other for other in candidates if other not in alone] if number == 1 else []
            self.column.addWidget(self._cause(each, number if len(alone) > 1 else None, rivals))
        for card, other in permutations(self.findChildren(MendCard), 2):  # it is one scanner
            card.makers.currentIndexChanged.connect(other.makers.setCurrentIndex)

    def _mended(self, cause: str, time: str) -> QWidget:
        """Ticked by the scan itself."""
        title = self._context.console.language.cause(cause).title
        block = Tinted("ok")
        row = QHBoxLayout()
        row.setSpacing(12)
        mark = Label()
        mark.setPixmap(pixmap("circle-check", self._context.theme.ok, 24))
        words = say("Mended: {cause}. The scan at {time} proves it.", cause=title, time=time)
        row.addWidget(mark)
        row.addWidget(Body(self._context.text(words), strong=True), 1)
        block.column.addLayout(row)
        return block

    def _compared(self, scan: Evidence) -> Card:
        """Character by character and in time."""
        text, facts = self._context.text, scan.facts
        card = Card(self._context.theme)
        card.column.addWidget(Heading(text(say("Shown and arrived"))))
        if "arrived" in facts:
            ends = (facts["ends_with"], facts["ended_with"])
            both = ScanComparison(self._context, facts["expected"], facts["arrived"], ends)
            card.column.addWidget(both)
            card.column.addWidget(Body(both.told, strong=True))
        else:
            words = say("Another code arrived. It may be somebody's, so only its kind and length are kept.")
            card.column.addWidget(Body(text(words)))
        card.column.addWidget(Body(text(self._pace(scan)), tone="soft"))
        return card

    def _pace(self, scan: Evidence) -> Words:
        counters = self._result.counters
        if "MedianKeyDelayMicroseconds" not in counters:
            return say("All characters came in one piece.")
        delays = {
            name: f"{counters[f'{each}KeyDelayMicroseconds'] / 1000:.1f}"
            for name, each in (("usual", "Median"), ("longest", "Longest"))
        }
        return say(
            "All within {seconds} s; {usual} ms from one character to the next, {longest} ms at the longest.",
            seconds=f"{scan.seconds:.2f}",
            **delays,
        )

    def _cause(self, candidate: Candidate, number: int | None, rivals: Sequence[Candidate]) -> Card:
        """One cause: what it may also be and what tells, what to do, and the scanner's setting."""
        context, finding, language = self._context, self._result.finding, self._context.console.language
        told = language.cause(candidate.cause)
        card = Card(context.theme, told.light)
        row = QHBoxLayout()
        row.setSpacing(12)
        shape = LightShape(told.light, 28, context.theme, language.light(told.light))
        row.addWidget(shape, 0, Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(Heading(f"{number} · {told.title}" if number else told.title))
        texts.addWidget(Body(told.explain))
        row.addLayout(texts, 1)
        card.column.addLayout(row)
        if rivals:
            block = Tinted("unknown")
            titles = " / ".join(language.cause(each.cause).title for each in rivals)
            words = context.text(say("It may also be: {titles}.", titles=titles))
            test = language.test(finding.distinguish) if finding.distinguish else ""
            block.column.addWidget(Body(f"{words} {test}"))
            card.column.addWidget(block)
        advice = Advice(context)
        advice.show_finding(finding, candidate.cause)
        card.column.addWidget(advice)
        if candidate.cause in scanner_settings().mends:
            card.column.addWidget(MendCard(context, finding.subject, candidate.cause, finding.evidence))
        again = say("Then scan once more: the console ticks what is mended by itself.")
        card.column.addWidget(Note(context.text(again)))
        return card
