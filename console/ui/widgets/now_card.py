"""What to do now: the first trouble with its first advice, and the rest of what is open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.words import say
from console.services.handover import handover
from console.services.sentences import title_of
from console.services.times import clock_time, duration, exact
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card, Tinted
from console.ui.widgets.labels import Body, Elided, Heading, Note
from console.ui.widgets.light import LightShape
from console.ui.widgets.subject_card import page_of

MOST = 3  # further troubles that are named; more are counted


class NowCard(Card):
    """Built anew whenever another trouble comes first; otherwise only its ages move on."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        self._shown: list[tuple[object, ...]] | None = None
        self._inside = QWidget()
        self.column.addWidget(self._inside)
        self._first: Finding | None = None
        self._since = Note()
        self.refresh()

    def refresh(self) -> None:
        """Look at the board again."""
        open_now = self._open()
        shown: list[tuple[object, ...]] = [(each.subject, each.light, each.cause) for each in open_now]
        if not open_now:
            shown = [(self._context.overall,)]
        if shown == self._shown:
            return
        self._shown = shown
        self._first = open_now[0] if open_now else None
        had_focus = self._inside.isAncestorOf(QApplication.focusWidget() or self)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if open_now:
            self._fill(column, open_now)
        else:
            self._calm(column)
        self.column.replaceWidget(self._inside, inside)
        self._inside.deleteLater()
        self._inside = inside
        if had_focus and open_now:
            self.next.setFocus()
        self.show_ages()

    def _open(self) -> list[Finding]:
        """Troubles that somebody can do something about, the loudest and oldest first."""
        board, now = self._context.console.board, self._context.now()
        found = [
            each
            for each in board.findings
            if each.blocked_by is None
            and (
                each.light in (Light.FAULT, Light.ATTENTION)
                or (each.light is Light.UNKNOWN and each.evidence)
            )
        ]
        return sorted(found, key=lambda each: (-each.light.urgency, board.since(each.subject) or now))

    def _fill(self, column: QVBoxLayout, open_now: list[Finding]) -> None:
        text = self._context.text
        column.addWidget(Heading(text(say("To do now: {count}", count=len(open_now)))))
        column.addWidget(self._trouble(open_now[0]))
        for each in open_now[1 : MOST + 1]:
            column.addWidget(self._further(each))
        rest = len(open_now) - MOST - 1
        if rest > 0:
            column.addWidget(Note(text(say("and {count} more", count=rest))))

    def _trouble(self, finding: Finding) -> Tinted:
        text, language = self._context.text, self._context.console.language
        block = Tinted(finding.light.value)
        block.column.addLayout(self._headline(finding))
        self._since = Note()
        block.column.addWidget(self._since)
        if finding.cause is not None:
            for advice in language.cause(finding.cause).advice[:1]:
                block.column.addWidget(Body(advice))
        self.next = Button(text(say("Next step")), "primary")
        self.next.clicked.connect(lambda: self._go(finding))
        self.hand_over = Button(text(say("For support")))
        self.hand_over.setToolTip(text(say("Copies everything support needs; paste it into a message")))
        self.hand_over.clicked.connect(self._copy)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.next, 1)
        row.addWidget(self.hand_over, 1)
        block.column.addLayout(row)
        if finding.cause is not None and any(each.doctor for each in language.cause(finding.cause).todo):
            block.column.addWidget(self._doctor(finding))
        return block

    def _doctor(self, finding: Finding) -> Button:
        """One scan says what is wrong with a scanner."""
        words = self._context.text(say("Scanner doctor…"))
        press = Button(words, icon=icon("stethoscope", self._context.theme.text, 22))

        def open_doctor() -> None:
            from console.ui.dialogs.scanner_doctor import ScannerDoctor  # with all self-tests behind it

            ScannerDoctor(self._context, finding.subject, self.window()).open()

        press.clicked.connect(open_doctor)
        return press

    def _headline(self, finding: Finding) -> QHBoxLayout:
        name, language = self._context.name(finding.subject), self._context.console.language
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._shape(finding), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Body(f"{name} · {title_of(finding, language)}", strong=True), 1)
        return row

    def _shape(self, finding: Finding) -> LightShape:
        word = self._context.console.language.light(finding.light)
        shape = LightShape(finding.light, 22, self._context.theme, word)
        shape.setAccessibleDescription(self._context.name(finding.subject))
        return shape

    def _further(self, finding: Finding) -> QWidget:
        name, language = self._context.name(finding.subject), self._context.console.language
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(Elided(name, strong=True, lines=2))
        titles.addWidget(Note(title_of(finding, language)))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._shape(finding))
        row.addLayout(titles, 1)
        view = Button(self._context.text(say("View")), "flat")
        view.setAccessibleName(f"{view.text()}: {name}")
        view.clicked.connect(lambda: self._go(finding))
        row.addWidget(view)
        block = Tinted(finding.light.value)
        block.column.setContentsMargins(12, 4, 4, 4)
        block.column.addLayout(row)
        return block

    def _calm(self, column: QVBoxLayout) -> None:
        console, text = self._context.console, self._context.text
        light = self._context.overall
        if not any(console.profile.entries()):
            words = say("Nothing is watched yet")
        elif self._context.unwatched is not None:
            words = self._context.unwatched
        elif light is Light.OK:
            words = say("Nothing to do: everything works")
        else:
            words = say("Waiting for the first answers")
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(LightShape(light, 22, self._context.theme, console.language.light(light)))
        row.addWidget(Body(text(words), strong=True), 1)
        column.addWidget(Heading(text(say("To do now"))))
        column.addLayout(row)
        column.addWidget(Note(text(say("Troubles appear here by themselves, with the first step to take."))))

    def show_ages(self) -> None:
        """Count on how long the first trouble lasts."""
        first = self._first
        since = self._context.console.board.since(first.subject) if first else None
        if since is None:
            return
        now, language = self._context.now(), self._context.console.language
        self._since.setText(
            self._context.text(
                say(
                    "Since {time} · {duration}",
                    time=clock_time(since, now, language),
                    duration=duration((now - since).total_seconds(), language),
                )
            )
        )
        self._since.setToolTip(exact(since))

    def _go(self, finding: Finding) -> None:
        self._context.navigate.emit(page_of(finding), finding.subject)

    def _copy(self) -> None:
        """Put the note for support on the clipboard, with the evidence as it is now."""
        if self._first is None:
            return
        console = self._context.console
        finding = console.board.finding(self._first.subject)
        note = handover(
            console.profile.store.name, self._context.name(finding.subject), finding,
            console.board.since(finding.subject), self._context.now(), console.language,
        )  # fmt: skip
        QGuiApplication.clipboard().setText(note)
        self.hand_over.setText(self._context.text(say("Copied")))
