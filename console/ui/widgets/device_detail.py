"""Everything about one device: its light, why, what to do, what it is, and the evidence one press below."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout
from shiboken6 import isValid

from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.recovery import Recovery
from console.domain.selftest import SelftestResult
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say
from console.services.times import ago, clock_time, duration, exact
from console.ui.context import Context
from console.ui.dialogs.drawer_sense import DrawerSenseDialog
from console.ui.dialogs.exchange import ExchangeDialog
from console.ui.dialogs.recover import RecoverDialog
from console.ui.dialogs.scanner_doctor import ScannerDoctor
from console.ui.dialogs.selftest import SelftestDialog
from console.ui.icons import icon
from console.ui.widgets.advice import Advice
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.evidence_card import EvidenceCard
from console.ui.widgets.facts import Facts, head_facts, identity_facts, selftest_facts
from console.ui.widgets.labels import Body, Label, Note, Verdict
from console.ui.widgets.light import LightShape
from console.ui.widgets.opens_card import OpensCard
from console.ui.widgets.scanner_card import ScannerCard
from console.ui.widgets.scroll import Scroll
from console.ui.widgets.subject_list import verdict
from console.ui.widgets.wear_card import WearCard

_TESTED = (
    "printer",
    "scanner",
    "scale",
    "display",
    "rfid",
    "terminal",
)  # kinds that the self-test can do more with than ask

# Signs whose evidence holds what a person must read: since when, and which instead of which.
_TELLING = frozenset({"drawer.open_long", "drawer.never_closed", "terminal.swapped"})
_KNOWN_BY_ASKING = ("rfid", "terminal")  # kinds whose every look tells who they are


class DeviceDetail(Scroll):
    """The right side of the devices page; `refresh` brings it up to the board."""

    def __init__(self, context: Context, subject: Subject) -> None:
        super().__init__()
        self._context = context
        self._subject = subject
        finding = context.console.board.finding(subject)
        word = context.console.language.light(finding.light)
        self._card = Card(context.theme, finding.light)
        self._shape = LightShape(finding.light, 40, context.theme, word)
        self._shape.setAccessibleDescription(context.name(subject))
        self._verdict = Label(strong=True)
        self._since = Note()
        self._explain = Body()
        self._advice = Advice(context, self._recover, self._selftest)
        self._apart = Body(tone="soft")
        self._age = Note(wrap=False)
        self._buttons = QHBoxLayout()
        self._ask = Button(context.text(say("Ask again")), icon=icon("refresh-cw", context.theme.text, 22))
        self._elsewhere = Button("")
        self._evidence = EvidenceCard(context)
        self._facts = Facts(context.theme)
        self._who = Facts(context.theme)
        self._wear = WearCard(context, subject) if subject.kind == "printer" else None
        drawers = context.console.drawers
        drawer = drawers.drawer(subject) if drawers else None
        self._opens = OpensCard(context, subject, drawer) if drawer else None
        self._reads = ScannerCard(context, subject) if subject.kind == "scanner" else None
        self._compose()
        if self._reads is not None:
            self._reads.tested.connect(self._tested)
        self.refresh()

    def _compose(self) -> None:
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(Verdict(self._context.name(self._subject)))
        names.addWidget(self._verdict)
        names.addWidget(self._since)
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._shape)
        head.addLayout(names, 1)
        self._card.column.setSpacing(12)
        self._card.column.addLayout(head)
        self._card.column.addWidget(self._explain)
        self._card.column.addWidget(self._advice)
        self._card.column.addWidget(self._apart)
        self._card.column.addLayout(self._row())
        for part in (
            self._card, self._reads, self._who, self._facts, self._wear, self._opens, self._evidence,
        ):  # fmt: skip
            if part is not None:
                self.column.addWidget(part)
        if (recordings := self._context.console.recordings) and recordings.can_record(self._subject):
            words = self._context.text(say("What was said with it…"))
            said = Button(words, "flat", icon("file-text", self._context.theme.text, 22))
            said.clicked.connect(self._show_said)
            self.column.addWidget(said, 0, Qt.AlignmentFlag.AlignLeft)
        self.column.addStretch(1)

    def _row(self) -> QHBoxLayout:
        self._buttons.setSpacing(8)
        if self._subject.kind in _TESTED:
            words = say("Scanner doctor…") if self._subject.kind == "scanner" else say("Self-test…")
            test = Button(
                self._context.text(words), "primary",
                icon("stethoscope", self._context.theme.brand_text, 22),
            )  # fmt: skip
            test.clicked.connect(self._selftest)
            self._test: Button | None = test
            self._buttons.addWidget(test)
        else:
            self._test = None
        if self._subject.kind == "drawer":
            learn = Button(self._context.text(say("Learn its contact…")))
            learn.clicked.connect(self._learn)
            self._buttons.addWidget(learn)
        self._ask.clicked.connect(self._ask_again)
        self._elsewhere.clicked.connect(self._go)
        self._buttons.addWidget(self._ask)
        self._buttons.addWidget(self._elsewhere)
        self._buttons.addStretch(1)
        self._buttons.addWidget(self._age)
        return self._buttons

    @property
    def _finding(self) -> Finding:
        return self._context.console.board.finding(self._subject)

    def refresh(self) -> None:
        """Show the present finding; nothing moves where nothing changed."""
        finding, language = self._finding, self._context.console.language
        self._card.set_light(finding.light)
        self._shape.set_light(finding.light, language.light(finding.light))
        self._verdict.setText(verdict(finding, language))
        self._verdict.set_tone(finding.light.value)
        self._explain.setText(_explanation(self._context, finding))
        cause = finding.cause if finding.blocked_by is None else None
        self._advice.show_finding(finding, cause)
        self._apart.setText(_apart(self._context, finding))
        self._apart.setVisible(bool(self._apart.text()))
        off = finding.light is Light.OFF
        self._ask.setVisible(not off)
        if self._test is not None:  # one press for one thing
            self._test.setVisible(not off and not (cause and self._advice.leads_to_doctor))
        self._show_elsewhere(finding)
        self._evidence.show_evidence(finding.evidence)
        self._evidence.setVisible(bool(finding.evidence))
        who = identity_facts(finding, self._context) if self._subject.kind in _KNOWN_BY_ASKING else []
        self._who.show_rows(self._context.text(say("What is known of it")), who)
        self._who.setVisible(bool(who))
        self._show_facts(self._context.console.selftest.last(self._subject))
        if self._wear is not None:
            self._wear.setVisible(not off)
            self._wear.read()
        if self._opens is not None:
            self._opens.setVisible(not off)
            self._opens.read()
        if self._reads is not None:
            self._reads.setVisible(not off)
            self._reads.read()
        self.refresh_age()

    def fold(self) -> None:
        """Put the technical evidence away."""
        self._evidence.fold()

    def refresh_age(self) -> None:
        """Show since when, and how old the newest evidence is, as of now."""
        finding, context = self._finding, self._context
        now, language = context.now(), context.console.language
        since = context.console.board.since(self._subject)
        if since is not None and finding.light is not Light.OFF:
            words = say("since {time} · {duration}", time=clock_time(since, now, language),
                        duration=duration((now - since).total_seconds(), language))  # fmt: skip
            self._since.setText(context.text(words))
            self._since.setToolTip(exact(since.astimezone(now.tzinfo)))
        self._since.setVisible(bool(self._since.text()) and finding.light is not Light.OFF)
        if finding.newest is not None:
            self._age.setText(context.text(say("Asked {ago}", ago=ago(finding.newest, now, language))))
            self._age.setToolTip(exact(finding.newest.astimezone(now.tzinfo)))

    def _show_elsewhere(self, finding: Finding) -> None:
        target = finding.blocked_by
        words = None
        if finding.light is Light.OFF:
            words = say("Switch on in Settings")
        elif target is not None:
            words = say("Go to: {name}", name=self._context.name(target))
        self._elsewhere.setVisible(words is not None)
        if words is not None:
            self._elsewhere.rename(self._context.text(words))

    def _go(self) -> None:
        target = self._finding.blocked_by
        if target is None:
            self._context.navigate.emit("settings", self._subject)
        else:
            self._context.navigate.emit("network" if target == NETWORK else "devices", target)

    def _show_facts(self, result: SelftestResult | None) -> None:
        self._facts.setVisible(result is not None)
        if result is None:
            return
        text, now, language = self._context.text, self._context.now(), self._context.console.language
        rows = head_facts(result, self._context) + selftest_facts(result, self._context)
        if result.proof is not None:
            rows.insert(
                0, (text(say("Proof of printing")), f"{result.proof.grade} · {text(result.proof.reason)}")
            )
        if (tested := result.finding.newest) is not None:
            rows.insert(0, (text(say("Tested at")), clock_time(tested, now, language)))
        self._facts.show_rows(text(say("From the last self-test")), rows)

    def _ask_again(self) -> None:
        self._ask.setEnabled(False)
        self._ask.rename(self._context.text(say("Asking…")))
        task = self._context.spawn(self._context.console.check.examine(self._subject), f"ask {self._subject}")
        task.add_done_callback(lambda _: self._asked())

    def _asked(self) -> None:
        if isValid(self):  # the page may have been rebuilt meanwhile
            self._ask.setEnabled(True)
            self._ask.rename(self._context.text(say("Ask again")))

    def _show_said(self) -> None:
        if recordings := self._context.console.recordings:
            said = recordings.just_said(self._subject)
            ExchangeDialog(self._context, recordings, said, self.window()).open()

    def _selftest(self) -> None:
        kind = ScannerDoctor if self._subject.kind == "scanner" else SelftestDialog
        dialog = kind(self._context, self._subject, self.window())
        dialog.finished.connect(self._tested)
        dialog.open()

    def _recover(self, how: Recovery) -> None:
        RecoverDialog(self._context, self._subject, how, self.window()).open()

    def _tested(self) -> None:
        if self._wear is not None:
            self._wear.read(again=True)
        if self._reads is not None:
            self._reads.read(again=True)
        self.refresh()

    def _learn(self) -> None:
        dialog = DrawerSenseDialog(self._context, self._subject, self.window())
        dialog.saved.connect(self._context.profile_changed)
        dialog.open()


def _explanation(context: Context, finding: Finding) -> str:
    """Why the light is what it is, in plain words."""
    if finding.light is Light.OFF:
        return context.text(say("It is switched off in this store's settings, so nobody asks how it is."))
    if finding.blocked_by is not None:
        name = context.name(finding.blocked_by)
        return context.text(say("It cannot be asked while this is down: {name}. Mend that first.", name=name))
    if finding.cause is not None:
        told = (context.text(each.meaning) for each in finding.evidence if each.signs & _TELLING)
        return "\n".join((context.console.language.cause(finding.cause).explain, *told))
    if finding.evidence:
        return context.text(finding.evidence[-1].meaning)
    return context.text(say("It has not answered yet; the first answer is on its way."))


def _apart(context: Context, finding: Finding) -> str:
    """Which other causes it may be, and what would tell."""
    if finding.distinguish is None or finding.blocked_by is not None:
        return ""
    language = context.console.language
    others = [language.cause(each.cause).title for each in finding.candidates[1:3]]
    sentence = context.text(say("It may also be: {titles}.", titles=" / ".join(others)))
    return f"{sentence} {language.test(finding.distinguish)}"
