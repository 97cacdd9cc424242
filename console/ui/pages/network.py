"""Network: where the way from the till to a backend breaks, and what to do about it."""

from __future__ import annotations

import asyncio

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QComboBox, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import NETWORK, Subject
from console.domain.words import Words, say
from console.services.parents import parents_of
from console.services.way import Stop, broken, way
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.pages.page import Page
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.evidence_table import EvidenceTable
from console.ui.widgets.labels import Heading, Note
from console.ui.widgets.ladder import Ladder
from console.ui.widgets.light import light_pixmap
from console.ui.widgets.light_row import LightRow
from console.ui.widgets.way_facts import WayFacts
from console.ui.widgets.way_verdict import TROUBLE, WaysOn, WayVerdict

SIDE = 300  # px of the right column
NARROW = 720  # px; below, the right column stands under the left one


class NetworkPage(Page):
    """The ladder above; the verdict with its advice on the left, facts and neighbours on the right."""

    key = "network"
    title = say("Network")
    icon = "network"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        board = context.console.board
        self._backends = [each.subject for each in board.findings if each.subject.kind == "backend"]
        loudest = sorted(self._backends, key=lambda each: -board.finding(each).light.urgency)
        self._chosen = loudest[0] if loudest else None
        self._test: asyncio.Task[object] | None = None
        self.heading = Heading()
        self.chooser = self._made_chooser()
        self.again = Button("", "primary")
        self.again.clicked.connect(self._test_again)
        self.ladder = Ladder(context.theme, context.text)
        self.ladder.pressed.connect(self._show_stop)
        self.verdict = WayVerdict(context)
        self.ways_on = WaysOn(context)
        self.ways_on.checklist.clicked.connect(self._open_checklist)
        self.ways_on.fold.toggled.connect(self._fold)
        self.facts = WayFacts(context)
        self.table = EvidenceTable(context)
        self._neighbours: dict[Subject, LightRow] = {}
        self._lay_out()
        context.lights_changed.connect(self._lights_changed)
        context.tick.connect(self._second)
        self._show_testing(False)
        self.refresh()

    def _made_chooser(self) -> QComboBox:
        chooser = QComboBox()
        chooser.setAccessibleName(self.context.text(say("Backend")))
        for subject in self._backends:
            chooser.addItem(self.context.name(subject))
        chooser.setMinimumWidth(180)
        chooser.setVisible(len(self._backends) > 1)
        if self._chosen is not None:
            chooser.setCurrentIndex(self._backends.index(self._chosen))
        chooser.activated.connect(lambda place: self._choose(self._backends[place]))
        return chooser

    # Layout

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.heading, 1)
        head.addWidget(self.chooser)
        head.addWidget(self.again)
        rungs = Card(self.context.theme)
        rungs.column.setContentsMargins(8, 12, 8, 4)
        rungs.column.addWidget(self.ladder)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(16)
        self._columns.addWidget(self.verdict, 1)
        self._columns.addWidget(self._right_column())
        scrolled = QWidget()
        scrolled.setObjectName("scrolled")
        self._column = QVBoxLayout(scrolled)
        self._column.setContentsMargins(24, 10, 20, 24)
        self._column.setSpacing(12)
        self._column.addLayout(head)
        self._column.addWidget(rungs)
        self._column.addLayout(self._columns)
        self._column.addWidget(self._technical())
        self._column.addStretch(1)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(scrolled)
        self._outer = QVBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(0)
        self._outer.addWidget(self._area, 1)

    def _right_column(self) -> QWidget:
        self._right = QWidget()
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(16)
        right.addWidget(self.facts)
        right.addWidget(self._neighbour_card())
        right.addStretch(1)
        return self._right

    def _neighbour_card(self) -> Card:
        """Everything that works through this network, so that a person sees what else is cut off."""
        board, parent_of = self.context.console.board, parents_of(self.context.console.profile)
        card = Card(self.context.theme)
        card.column.addWidget(Heading(self.context.text(say("On this network"))))
        behind = [each.subject for each in board.findings if parent_of(each.subject) == NETWORK]
        for subject in (NETWORK, *sorted(behind, key=lambda each: each not in self._backends)):
            self._neighbours[subject] = LightRow(self.context, board.finding(subject))
            card.column.addWidget(self._neighbours[subject])
        if not self._backends:
            words = say("No backend yet. Add one in Settings to see the whole way to it.")
            card.column.addWidget(Note(self.context.text(words)))
            settings = Button(self.context.text(say("Open settings")))
            settings.clicked.connect(lambda: self.context.navigate.emit("settings", None))
            card.column.addWidget(settings)
        return card

    def _technical(self) -> Card:
        self._details = Card(self.context.theme)
        self._details.column.addWidget(Heading(self.context.text(say("Technical details"))))
        self._details.column.addWidget(self.table)
        self._details.hide()
        return self._details

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room."""
        super().resizeEvent(event)
        wide = self.width() >= NARROW
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._right.setMinimumWidth(SIDE if wide else 0)
        self._right.setMaximumWidth(SIDE if wide else 16777215)
        # Always in sight where there is room; on a small screen they would leave none for the verdict.
        self.ways_on.set_wide(wide)
        if wide:
            self._outer.addWidget(self.ways_on)
        else:
            self._column.insertWidget(self._column.indexOf(self._details), self.ways_on)

    # What is shown

    def show_subject(self, subject: Subject) -> None:
        """Choose the backend that `subject` is."""
        if subject in self._backends:
            self.chooser.setCurrentIndex(self._backends.index(subject))
            self._choose(subject)

    def _choose(self, subject: Subject) -> None:
        self._chosen = subject
        self.refresh()

    def _findings(self) -> tuple[Finding, Finding | None]:
        board = self.context.console.board
        return board.finding(NETWORK), board.finding(self._chosen) if self._chosen else None

    def _told(self) -> Finding:
        """The finding that the verdict is about: the louder one, the network where it explains both."""
        network, backend = self._findings()
        if backend is None or backend.blocked_by == NETWORK:
            return network
        louder = network.light in TROUBLE and network.light.urgency >= backend.light.urgency
        return network if louder else backend

    def refresh(self) -> None:
        """Look at the board again."""
        network, backend = self._findings()
        name = self.context.name(self._chosen) if self._chosen else ""
        told = self._told()
        stops = way(network, backend, name)
        self.heading.setText(self.context.text(self._headline(stops, told, name)))
        self.ladder.show_way(stops)
        offered = {fault.subject for _, fault in self.context.console.emergency.offered}
        self.verdict.show_finding(told, name, stops)
        last = self.context.console.worked
        worked = last.of(self._chosen) if last and self._chosen else None
        self.ways_on.show_finding(told, told.subject in offered, worked)
        self.facts.show_findings(network, backend)
        self.facts.show_worked(worked)
        self.table.show_evidence((*network.evidence, *(backend.evidence if backend else ())))
        for subject, row in self._neighbours.items():
            row.show_finding(self.context.console.board.finding(subject))
        self._show_lights()

    def _lights_changed(self, subjects: frozenset[Subject]) -> None:
        if subjects & {NETWORK, self._chosen, *self._neighbours}:
            self.refresh()

    def _headline(self, stops: tuple[Stop, ...], told: Finding, name: str) -> Words:
        break_ = broken(stops)
        if break_ is not None:
            return say("The first place where the way to {name} breaks", name=name or say("the Internet"))
        if told.light is Light.OK:
            return say("From the till to {name}, everything holds", name=name or say("the name server"))
        return say("From the till to {name}", name=name or say("the Internet"))

    def _show_lights(self) -> None:
        for place, subject in enumerate(self._backends):
            light = self.context.console.board.finding(subject).light
            drawn = light_pixmap(light, 20, self.context.theme, self.devicePixelRatioF())
            self.chooser.setItemIcon(place, QIcon(drawn))

    def _second(self) -> None:
        if self.isVisible():
            self.verdict.show_age()
            self.facts.show_ages()

    def _fold(self, wanted: bool) -> None:
        self._details.setVisible(wanted)
        if wanted:
            QTimer.singleShot(0, self, self._reveal_details)

    def _reveal_details(self) -> None:
        """Scroll down to them, once they have their room."""
        self._area.ensureWidgetVisible(self._details, 0, 24)

    def _show_stop(self, stop: Stop) -> None:
        """Point at what was asked about one stop."""
        self.ways_on.fold.setChecked(True)
        self.table.clearSelection()
        probes = {each.evidence.probe for each in stop.rungs if each.evidence}
        for row in range(self.table.rowCount()):
            item = self.table.item(row, 0)
            if item is not None and item.text() in probes:
                self.table.selectRow(row)
                self.table.scrollToItem(item)
                break

    def _open_checklist(self) -> None:
        self.context.navigate.emit("emergency", self._told().subject)

    # Testing again

    def _test_again(self) -> None:
        if self._test is not None:
            self._test.cancel()
            return
        subjects = [NETWORK, *([self._chosen] if self._chosen else [])]
        self._test = self.context.spawn(self._examine(subjects), "testing the network")
        self._show_testing(True)

    async def _examine(self, subjects: list[Subject]) -> None:
        try:
            await asyncio.gather(*(self.context.console.check.examine(each) for each in subjects))
        finally:
            if isValid(self):  # the page may have been built anew, in another language, meanwhile
                self._test = None
                self._show_testing(False)
                self.refresh()

    def _show_testing(self, running: bool) -> None:
        theme = self.context.theme
        words = say("Testing… Stop") if running else say("Test again")
        self.again.setText(self.context.text(words))
        self.again.setAccessibleName(self.again.text())
        self.again.set_icon(icon("x" if running else "refresh-cw", theme.on("primary"), 22))
