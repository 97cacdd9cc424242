"""Codes like those on customers' phones, one after the other: does the scanner read them from a screen?"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.payment_codes import WALLET_WORDS, Wallet
from console.domain.phone_codes import PHONE_MM, PhoneCode
from console.domain.scan import Scan
from console.domain.specimens import Kind
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.codes import drawn
from console.services.phone_trial import PhoneTrial
from console.ui.context import Context
from console.ui.dialogs.scan_sheet import ScanSheet, cleared
from console.ui.dialogs.screen_measure import MeasurePanel
from console.ui.screen_size import guessed
from console.ui.widgets.advice import Advice
from console.ui.widgets.card import Tinted
from console.ui.widgets.code_picture import CodePicture
from console.ui.widgets.facts import Facts
from console.ui.widgets.labels import Body, Heading, Label, Note, Tone, Verdict
from console.ui.widgets.light import LightShape
from console.ui.widgets.scroll import Scroll

_WIDE_MM = {Kind.CODE_128: 66.0, Kind.QR: 46.0}  # as payment apps show them on such a phone, about
_BARS_HIGH_MM = 16.0
_FRAME = 20  # pixels of the phone's edge and the white within it
_START, _SHOW, _RESULT, _MEASURE = range(4)
_EXAMPLE = "6901234567892"  # a product's number, for the simulated scanner


class PhoneCodesDialog(ScanSheet):
    """Six codes, each waited for a while; then the verdict, which the device's light takes over."""

    def __init__(self, context: Context, subject: Subject, parent: QWidget | None = None) -> None:
        words = say("Payment codes from phones: {name}", name=context.name(subject))
        super().__init__(context, subject, parent, words, "credit-card")
        self.trial = PhoneTrial(context.console.clock)
        self._stack = QStackedWidget()
        self._phone, self._picture = QFrame(), CodePicture(most=40)
        self._wallet = Body(strong=True)
        self._hint, self._place, self._left = Heading(), Body(tone="soft"), Body(tone="soft")
        self._became = QVBoxLayout()
        self._result = QVBoxLayout()
        self._measure = MeasurePanel(context)
        self._begin = self.press(say("Start"), "T", "play", "primary")
        self._missed = self.press(say("It does not read this one"), "N", "x")
        self._size = self.press(say("Measure the screen…"), "M", "credit-card")
        self._compose()
        context.tick.connect(self._tick)

    def _compose(self) -> None:
        for page in (self._intro(), self._showing(), self._results(), self._measure):
            self._stack.addWidget(page)
        self.inside.addWidget(self._stack, 1)
        self._begin.clicked.connect(self._restart)
        self._missed.clicked.connect(self._miss)
        self._size.clicked.connect(lambda: self._turn(_MEASURE))
        self._measure.done.connect(lambda: self._turn(_START))
        self.bottom(self._begin, self._missed, self._size)
        self._turn(_START)

    def _intro(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Heading(self.text(say("Does it read what customers' phones show?"))))
        for words in _STEPS:
            column.addWidget(Body(self.text(words)))
        column.addStretch(1)
        return page

    def _showing(self) -> QWidget:
        page = QWidget()
        row = QHBoxLayout(page)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(32)
        self._phone.setObjectName("phone")
        glass = QVBoxLayout(self._phone)
        glass.setContentsMargins(4, 16, 4, 16)
        self._wallet.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        nothing = Note(self.text(say("A test code: nobody can pay with it")))
        nothing.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        glass.addWidget(self._wallet)
        glass.addWidget(self._picture, 1)
        glass.addWidget(nothing)
        row.addWidget(self._phone)
        side = QVBoxLayout()
        side.setSpacing(12)
        for part in (self._hint, Body(self.text(_BRIGHT), tone="soft"), self._place, self._left):
            side.addWidget(part)
        side.addLayout(self._became)
        side.addStretch(1)
        row.addLayout(side, 1)
        return page

    def _results(self) -> QWidget:
        page = Scroll()
        page.column.addLayout(self._result)
        page.column.addStretch(1)
        return page

    def _turn(self, page: int) -> None:
        """Show one of the four, with the buttons that belong to it."""
        self._stack.setCurrentIndex(page)
        self._begin.setVisible(page in (_START, _RESULT))
        again = self.text(say("Start") if page == _START else say("Run again"))
        self._begin.rename(f"{again} (Alt+T)" if self.types else again)
        self._missed.setVisible(page == _SHOW)
        self.offer_simulated(page == _SHOW)
        self._size.setVisible(page in (_START, _RESULT))
        if page == _MEASURE:
            self._measure.begin()
        elif self.types:
            self.area.setFocus()
        else:
            (self._missed if page == _SHOW else self._begin).setFocus()

    def screen_changed(self) -> None:
        """Show the present code in the true size of this screen."""
        if self.trial.current is not None:
            self._draw(self.trial.current)

    def _restart(self) -> None:
        """Show the first code; on a screen that nobody measured, ask for that first."""
        if self.density is None:
            self._turn(_MEASURE)
            return
        self.trial = PhoneTrial(self.context.console.clock)
        cleared(self._became)
        self.tell(say("Hold the scanner ready; each code is followed by the next at once."))
        self._turn(_SHOW)
        self._refresh()

    def shown_code(self) -> str:
        """The present code, or any product's where a printed one is asked for."""
        if self._stack.currentIndex() != _SHOW:
            return ""
        return self.trial.current.content if self.trial.current else _EXAMPLE

    @property
    def asks_paper(self) -> bool:
        """See ScanSheet."""
        return self.trial.asks_paper

    def arrived(self, scan: Scan) -> bool:
        """Take one of the codes, or any printed one where that was asked for."""
        if self._stack.currentIndex() != _SHOW:
            return False
        ours = self.trial.arrived(scan)
        if ours:
            self._go_on()
        return ours

    def _miss(self) -> None:
        self.trial.missed()
        self._go_on()

    def _tick(self) -> None:
        if self._stack.currentIndex() == _SHOW:
            if self.trial.left == 0:
                self._miss()
            else:
                self._count()

    def _count(self) -> None:
        left = say("Waiting for the code: {seconds} s left", seconds=round(self.trial.left))
        self._left.setText(self.text(left))

    def _go_on(self) -> None:
        if self.trial.over:
            self._conclude()
        else:
            self._refresh()

    def _refresh(self) -> None:
        """Show the present code in its true size, and what became of those before it."""
        code, tried = self.trial.current, self.trial.tried
        if self._became.count() < len(tried):
            self._became.addWidget(self._line(len(tried) - 1))
        self._phone.setVisible(code is not None)
        if code is None:
            self._hint.setText(self.text(_PAPER))
            self._place.setText("")
        else:
            self._hint.setText(self.text(say("Scan it as you would scan a customer's phone")))
            place = say("Code {number} of {count}", number=len(tried) + 1, count=len(self.trial.codes))
            self._place.setText(self.text(place))
            self._wallet.setText(self.text(_NAMES[code.wallet]))
            self._draw(code)
        self._count()

    def _line(self, place: int) -> Label:
        tried = self.trial.tried[place]
        tone: Tone = "fault" if tried.seconds is None else "attention" if tried.slow else "ok"
        name, became = self._told(place)
        return Label(self.text(say("{symbology}: {what}", symbology=name, what=became)), tone)

    def _told(self, place: int) -> tuple[str, str]:
        """Which code, and what became of it."""
        tried = self.trial.tried[place]
        words = say("{wallet}, {kind}", wallet=_NAMES[tried.code.wallet], kind=_KINDS[tried.code.kind])
        return self.text(words), self.text(tried.words)

    def _draw(self, code: PhoneCode) -> None:
        ratio, density = self.devicePixelRatioF(), self.density or guessed(self.screen())
        symbol = drawn(code.kind, code.content)
        module = max(1, round(_WIDE_MM[code.kind] * density / symbol.width))
        if symbol.bars:
            symbol = symbol.as_high(round(_BARS_HIGH_MM * density / module))
        wide = max(PHONE_MM * density, symbol.width * module) / ratio + _FRAME
        self._phone.setFixedWidth(round(wide))
        self._picture.show_code(symbol, f"{code.wallet} {code.kind}", module)

    def _conclude(self) -> None:
        """The verdict, its advice, and what became of each code."""
        finding = self.context.console.selftest.found(self.subject, self.trial.evidence())
        self.tell(finding.evidence[0].meaning)
        cleared(self._result)
        each = Facts(self.context.theme)
        rows = [self._told(place) for place in range(len(self.trial.tried))]
        each.show_rows(self.text(say("What became of each code")), rows)
        for part in (self._verdict(finding), self._advice(finding), each):
            self._result.addWidget(part)
        self._turn(_RESULT)

    def _verdict(self, finding: Finding) -> QWidget:
        context, block = self.context, Tinted(finding.light.value)
        language = context.console.language
        cause = language.cause(finding.cause) if finding.cause else None
        title = cause.title if cause else self.text(say("It reads customers' phones"))
        shape = LightShape(finding.light, 48, context.theme, language.light(finding.light))
        shape.setAccessibleDescription(title)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(Verdict(title, finding.light.value))
        texts.addWidget(Body(cause.explain if cause else self.text(finding.evidence[0].meaning)))
        if finding.distinguish:
            texts.addWidget(Body(language.test(finding.distinguish), tone="soft"))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(shape, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        block.column.setContentsMargins(16, 16, 16, 16)
        block.column.addLayout(row)
        return block

    def _advice(self, finding: Finding) -> QWidget:
        advice = Advice(self.context)
        advice.show_finding(finding, finding.cause)
        advice.setVisible(finding.light is not Light.OK)
        return advice


_NAMES = {**WALLET_WORDS, Wallet.UNIONPAY: say("UnionPay")}
_KINDS = {Kind.CODE_128: say("bar code"), Kind.QR: say("QR code")}
_STEPS = (
    say("Six codes follow, as WeChat Pay, Alipay and UnionPay show them: three bar codes, three QR codes."),
    say("They only look like payment codes. Letters stand in them, so that they can be nobody's money."),
    say("Turn this screen's brightness all the way up: phones do that too when they show such a code."),
    say("Hold the scanner about a hand's length before the screen. Each code is waited for 20 seconds."),
)
_BRIGHT = say("Screen brightness all the way up, scanner a hand's length away, no lamp shining on the glass.")
_PAPER = say("Nothing came from the screen. Scan the printed code of any product now")
