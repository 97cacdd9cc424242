"""One emergency, led step by step: what to do now, whom to call, what the lights say."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.domain.emergency import Run
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say
from console.services.plan_text import switch_over_words
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.contacts import ContactsCard
from console.ui.widgets.immediate_box import ImmediateBox
from console.ui.widgets.labels import Elided, Heading, Note
from console.ui.widgets.light_row import LightRow
from console.ui.widgets.step_card import NextCard, StepCard

SIDE = 276  # px of the right column with its margin
NARROW = 720  # px; below, the right column stands under the left one
SEEN = 5  # lights that are shown


class EmergencyRunner(QWidget):
    """Shows the service's run until it ends; `left` asks for the list, `ending` for the end."""

    left = Signal()
    ending = Signal()
    doubted = Signal(str)

    def __init__(self, context: Context, run: Run) -> None:
        super().__init__()
        self._context = context
        service = context.console.emergency
        self.scenario = run.scenario
        self._title = Elided("", "heading")
        self._rule = Elided("", "note", "soft", lines=2)
        self._kept = Note(tone="attention")
        self.immediate = ImmediateBox(context, run)
        self.step = StepCard(context)
        self.next = NextCard(context)
        self.contacts = ContactsCard(context, service.contacts)
        self.lights: dict[Subject, LightRow] = {}
        self.end = Button(
            context.text(say("We can sell, end")), "good", icon("store", context.theme.on("good"), 24)
        )
        self._lay_out()
        self._connect()
        self.refresh()

    def _connect(self) -> None:
        service = self._context.console.emergency
        self.immediate.toggled.connect(service.toggle)
        self.step.done.connect(service.done)
        self.step.failed.connect(service.failed)
        self.step.later.connect(service.later)
        self.step.back.connect(service.back)
        self.step.taken_up.connect(service.take_up)
        self.step.ending.connect(self.ending)
        self.step.doubted.connect(self.doubted)
        self.contacts.called.connect(service.called)
        self.end.clicked.connect(self.ending)
        self._context.lights_changed.connect(self._show_lights)
        self._context.tick.connect(self.show_time)

    # Layout

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setObjectName("scrolled")
        self._left = QVBoxLayout(inside)
        self._left.setContentsMargins(24, 8, 16, 16)
        self._left.setSpacing(12)
        self._left.addLayout(self._head())
        for widget in (self._kept, self.immediate):
            self._left.addWidget(widget)
        self._left.addWidget(self.step, 1)
        self._left.addWidget(self.next)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        self._columns = QHBoxLayout(self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(0)
        self._columns.addWidget(area, 1)
        self._columns.addWidget(self._right_column())

    def _right_column(self) -> QWidget:
        self._right = QWidget()
        self.end.setProperty("large", True)
        right = QVBoxLayout(self._right)
        right.setContentsMargins(0, 0, 0, 0)
        right.setSpacing(12)
        right.addWidget(self.contacts, 1)
        right.addWidget(self._seen_card())
        right.addWidget(self.end)
        return self._right

    def _head(self) -> QHBoxLayout:
        text = self._context.text
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self._title)
        if self.scenario.switch_over is not None:
            self._rule.setText(text(switch_over_words(self.scenario.switch_over)))
            titles.addWidget(self._rule)
        other = Button(text(say("All emergencies")), icon=icon("chevron-left", self._context.theme.text, 22))
        other.clicked.connect(self.left)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addLayout(titles, 1)
        head.addWidget(other, 0, Qt.AlignmentFlag.AlignTop)
        return head

    def _seen_card(self) -> Card:
        card = Card(self._context.theme)
        card.column.setContentsMargins(16, 12, 12, 12)
        card.column.addWidget(Heading(self._context.text(say("What the program sees"))))
        for finding in self._concerned():
            self.lights[finding.subject] = LightRow(self._context, finding)
            card.column.addWidget(self.lights[finding.subject])
        return card

    def _concerned(self) -> list[Finding]:
        """The lights that this emergency is about first, then the network, then what else is wrong."""
        wanted = [each.clears for each in self.scenario.steps if each.clears]

        def place(finding: Finding) -> tuple[bool, bool, int]:
            about = any(each.covers(finding.subject) for each in wanted)
            return not about, finding.subject != NETWORK, -finding.light.urgency

        on = [each for each in self._context.console.board.findings if each.light is not Light.OFF]
        return sorted(on, key=place)[:SEEN]

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Numbers and the end stay in sight where there is room; on a small screen they follow the steps."""
        super().resizeEvent(event)
        wide = self.width() >= NARROW
        self._right.setMinimumWidth(SIDE if wide else 0)
        self._right.setMaximumWidth(SIDE if wide else 16777215)
        self._right.setContentsMargins(*((0, 8, 20, 16) if wide else (0, 0, 0, 0)))
        (self._columns if wide else self._left).addWidget(self._right)

    # What is shown

    def refresh(self) -> None:
        """Show where the run stands; nothing when there is none."""
        run = self._context.console.emergency.run
        if run is None or run.scenario.id != self.scenario.id:
            return
        self.immediate.show_run(run)
        self.step.show_run(run)
        self.next.show_run(run)
        if not self.immediate.all_done:  # they need the room, and all the attention
            self.next.hide()
        self.end.setVisible(run.current is not None)
        self.contacts.show_run(run)
        self._show_lights(frozenset(self.lights))
        self.show_time()

    def show_time(self) -> None:
        """Count on how long it lasts."""
        service = self._context.console.emergency
        run = service.run
        if run is None:
            return
        minutes, seconds = divmod(max(0, int((self._context.now() - run.started).total_seconds())), 60)
        words = say("{title} · {time}", title=self.scenario.title, time=f"{minutes}:{seconds:02}")
        self._title.setText(self._context.text(words))
        note = service.note
        self._kept.setVisible(note is not None)
        if note is not None:
            self._kept.setText(
                self._context.text(say("Not saved, but the steps go on: {reason}", reason=note))
            )

    def _show_lights(self, subjects: frozenset[Subject]) -> None:
        board, run = self._context.console.board, self._context.console.emergency.run
        for subject in subjects & self.lights.keys():
            self.lights[subject].show_finding(board.finding(subject))
        if run is not None:
            self.step.show_sensor(run.current)
