"""Today: can we sell? Every light, the full check, what to do now, what changed."""

from __future__ import annotations

from contextlib import suppress

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from console.domain.errors import TillkeeperError
from console.domain.findings import Finding
from console.domain.subjects import Subject
from console.domain.words import say
from console.ui.context import Context
from console.ui.pages.page import Page
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.card_grid import CardGrid
from console.ui.widgets.check_panel import CheckPanel
from console.ui.widgets.labels import Body, Heading
from console.ui.widgets.now_card import NowCard
from console.ui.widgets.paper_card import PaperCard
from console.ui.widgets.past_cards import ChangesCard, LastCheckCard
from console.ui.widgets.scroll import Scroll
from console.ui.widgets.subject_card import SubjectCard, page_of

SIDE = 308  # px of the right column
NARROW = 720  # px; below, the right column stands under the left one


class TodayPage(Page):
    """One card a device or connection on the left; what to do and what happened on the right."""

    key = "today"
    title = say("Today")
    icon = "layout-dashboard"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._stale = True  # the history on the right is read again at the next second
        self.check = CheckPanel(context)
        self.cards = {each.subject: self._card(each) for each in context.console.board.findings}
        self.now = NowCard(context)
        self.paper = PaperCard(context)
        self.last_check = LastCheckCard(context)
        self.changes = ChangesCard(context)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lay_out()
        context.lights_changed.connect(self._lights_changed)
        context.full_check.finished.connect(self._checked)
        context.tick.connect(self._second)

    def _card(self, finding: Finding) -> SubjectCard:
        card = SubjectCard(self.context, finding)
        card.opened.connect(lambda: self._open(finding.subject))
        return card

    def _open(self, subject: Subject) -> None:
        finding = self.context.console.board.finding(subject)
        self.context.navigate.emit(page_of(finding), subject)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(self.check)
        left.addWidget(CardGrid(list(self.cards.values()), narrowest=250))
        if not any(self.context.console.profile.entries()):
            left.addWidget(self._first_device())
        left.addStretch(1)
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(16)
        for card in (self.now, self.paper, self.last_check, self.changes):
            right.addWidget(card)
        right.addStretch(1)
        self._columns.setSpacing(16)
        self._columns.addLayout(left, 1)
        self._columns.addWidget(self._right)
        scroll = Scroll()
        scroll.column.setContentsMargins(24, 8, 20, 12)
        scroll.column.addLayout(self._columns)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(scroll)

    def _first_device(self) -> Card:
        text = self.context.text
        card = Card(self.context.theme)
        card.column.addWidget(Heading(text(say("No devices yet"))))
        lines = say("Printers, scanners and cash drawers of this till appear here, each with its light.")
        card.column.addWidget(Body(text(lines), "soft"))
        search = Button(text(say("Search for devices")))
        search.clicked.connect(lambda: self.context.navigate.emit("devices", None))
        card.column.addWidget(search, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room."""
        super().resizeEvent(event)
        wide = self.width() >= NARROW
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._right.setMinimumWidth(SIDE if wide else 0)
        self._right.setMaximumWidth(SIDE if wide else 16777215)

    def _lights_changed(self, subjects: frozenset[Subject]) -> None:
        for subject in subjects & self.cards.keys():
            self.cards[subject].show_finding(self.context.console.board.finding(subject))
        self.now.refresh()
        self._stale = True

    def _checked(self) -> None:
        self._stale = True
        self._second()

    def showEvent(self, event: QShowEvent) -> None:
        """Ages stand still while nobody looks."""
        super().showEvent(event)
        self._second()

    def _second(self) -> None:
        if not self.isVisible():
            return
        for card in self.cards.values():
            card.show_age()
        self.now.show_ages()
        if self._stale:
            self._stale = False
            self.context.spawn(self._read_history(), "reading the history")

    async def _read_history(self) -> None:
        with suppress(TillkeeperError):  # the notices have told what is wrong with the history
            await self.last_check.read()
            await self.changes.read()
            await self.paper.read()
