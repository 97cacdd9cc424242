"""What a self-test proved: passed, failed, or not to be told; with its grade, advice and evidence."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.lights import Light
from console.domain.selftest import Level, Proof, SelftestResult
from console.domain.words import Words, say
from console.services.times import duration
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.advice import Advice
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card, Tinted
from console.ui.widgets.evidence_card import EvidenceCard
from console.ui.widgets.facts import Facts, head_facts, selftest_facts
from console.ui.widgets.labels import Body, Heading, Note, StepText, Verdict
from console.ui.widgets.light import LightShape
from console.ui.widgets.paper import Paper
from console.ui.widgets.scroll import Scroll


class ResultPanel(Scroll):
    """One result, from its verdict down to the last byte.

    `mark` says that the person wants to show where the printed pattern breaks.
    """

    mark = Signal()

    def __init__(self, context: Context, result: SelftestResult, paper: bytes | None = None) -> None:
        super().__init__()
        self._context = context
        self._result = result
        self._paper = paper
        self.column.addWidget(self._verdict())
        self._compose()
        self._technical()
        self.column.addStretch(1)

    def _compose(self) -> None:
        """What stands between the verdict and the technical part."""
        context, result = self._context, self._result
        if result.proof is not None:
            self.column.addWidget(self._grade(result.proof))
        if rows := head_facts(result, context):
            head = Facts(context.theme)
            head.show_rows(context.text(say("Print head: which dots, and where codes can be printed")), rows)
            self.column.addWidget(head)
        if result.head is not None:
            self.column.addWidget(self._marking(), 0, Qt.AlignmentFlag.AlignLeft)
        advice = Advice(context)
        advice.show_finding(result.finding, result.finding.cause)
        self.column.addWidget(advice)
        if self._paper is not None:
            self.column.addWidget(self._printed(self._paper))

    def _technical(self) -> None:
        context, result = self._context, self._result
        facts = selftest_facts(result, context)
        if facts:
            card = Facts(context.theme)
            card.show_rows(context.text(say("What it says about itself")), facts)
            self.column.addWidget(card)
        evidence = EvidenceCard(context)
        evidence.show_evidence(result.finding.evidence)
        self.column.addWidget(evidence)

    def _marking(self) -> QWidget:
        again = say("Show the broken places again…")
        words = again if self._result.breaks else say("A line is broken, or a white stripe: show where…")
        button = Button(self._context.text(words), icon=icon("pencil", self._context.theme.text, 22))
        button.clicked.connect(self.mark)
        return button

    def _verdict(self) -> QWidget:
        context, result = self._context, self._result
        light, words = shown(result)
        block = Tinted(light.value)
        block.column.setContentsMargins(16, 16, 16, 16)
        shape = LightShape(light, 48, context.theme, context.text(words))
        shape.setAccessibleDescription(context.name(result.finding.subject))
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(Verdict(context.text(words), light.value))
        texts.addWidget(Body(explanation(result, context)))
        seconds = duration(result.seconds, context.console.language)
        texts.addWidget(Note(context.text(say("The test took {duration}", duration=seconds))))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(shape, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        block.column.addLayout(row)
        return block

    def _printed(self, png: bytes) -> QWidget:
        words = self._context.text(say("What the simulated printer printed"))
        card, paper = Card(self._context.theme), Paper(words)
        paper.show_png(png)
        card.column.addWidget(Heading(words))
        card.column.addWidget(paper, 0, Qt.AlignmentFlag.AlignHCenter)
        return card

    def _grade(self, proof: Proof) -> QWidget:
        context = self._context
        block = Tinted("unknown")
        row = QHBoxLayout()
        row.setSpacing(16)
        grade = StepText(proof.grade.value, wrap=False)
        grade.setMinimumWidth(64)
        grade.setAlignment(Qt.AlignmentFlag.AlignCenter)
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(Heading(context.text(say("How well it is proven that the page came out"))))
        texts.addWidget(Body(context.text(proof.reason)))
        texts.addWidget(Note(context.text(say("A+ is the strongest proof, E means that nothing is known"))))
        row.addWidget(grade)
        row.addLayout(texts, 1)
        block.column.addLayout(row)
        return block


def shown(result: SelftestResult) -> tuple[Light, Words]:
    """The light and the word of a result; green only where it passed and nothing else is open."""
    if result.passed is None:
        return Light.UNKNOWN, say("It could not be told")
    if not result.passed:
        return Light.FAULT, say("Failed")
    if result.finding.light is Light.OK:
        return Light.OK, say("Passed")
    return Light.ATTENTION, say("Passed, but look at this")


def explanation(result: SelftestResult, context: Context) -> str:
    """Why, in plain words."""
    finding, language = result.finding, context.console.language
    scan = next((each for each in finding.evidence if each.probe == "scanner.scan"), None)
    if scan is not None:
        return context.text(scan.meaning)
    if finding.cause is not None:
        explain = language.cause(finding.cause).explain
        return explain if finding.distinguish is None else f"{explain}\n{language.test(finding.distinguish)}"
    if result.passed is False:
        return context.text(
            say("It reports no trouble, but the page did not come out well: look at paper and print head.")
        )
    if result.passed is None and result.level is not Level.INTERNAL:
        return context.text(
            say("The device reports no trouble, but neither it nor a person confirmed that it did its job.")
        )
    return context.text(finding.evidence[-1].meaning) if finding.evidence else ""
