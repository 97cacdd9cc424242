"""The emergency plan's front page: choose by what you see; whom to call and what stands in."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from console.domain.emergency import Run
from console.domain.errors import TillkeeperError
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.plan import Backup, Scenario
from console.domain.words import Words, say, say_many
from console.services.plan_text import proven_words
from console.services.sentences import title_of
from console.services.times import duration
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button, Role
from console.ui.widgets.card import Card, Tinted
from console.ui.widgets.labels import Body, Elided, Heading, Label, Note, Verdict
from console.ui.widgets.light import LightShape
from console.ui.widgets.rows import Row, Step

SIDE = 300  # px of the right column
NARROW = 720  # px; below, the right column stands under the left one
_ICONS = {
    "backend": "wifi-off",
    "terminal": "credit-card",
    "printer": "printer",
    "scanner": "scan-barcode",
    "power": "power",
    "slow": "clock",
    "records": "file-text",
    "fraud": "lock",
    "restart": "refresh-cw",
}


class ScenarioButton(Row):
    """One emergency by what staff see; pressing it begins."""

    _raised = True

    def __init__(self, context: Context, scenario: Scenario) -> None:
        name = _ICONS.get(scenario.id, "clipboard-list")
        super().__init__(
            context.theme, scenario.title, " / ".join(scenario.symptoms), on=name, off=name, tone="text"
        )
        self.setCheckable(False)
        policy = self.sizePolicy()
        policy.setVerticalPolicy(QSizePolicy.Policy.MinimumExpanding)
        self.setSizePolicy(policy)


class ScenarioList(QWidget):
    """Built anew whenever it is shown; `begun` carries a Scenario, `resumed` goes back to the run."""

    begun = Signal(object)
    resumed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.buttons: dict[str, ScenarioButton | Button] = {}
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setContentsMargins(24, 16, 20, 24)
        self._columns.setSpacing(20)
        self._columns.addLayout(self._left(), 1)
        self._columns.addWidget(self._right_column())
        scrolled = QWidget()
        scrolled.setObjectName("scrolled")
        scrolled.setLayout(self._columns)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(scrolled)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other where there is room."""
        super().resizeEvent(event)
        wide = self.width() >= NARROW
        directions = QBoxLayout.Direction
        self._columns.setDirection(directions.LeftToRight if wide else directions.TopToBottom)
        self._right.setMinimumWidth(SIDE if wide else 0)
        self._right.setMaximumWidth(SIDE if wide else 16777215)

    # The left column

    def _left(self) -> QVBoxLayout:
        text, service = self._context.text, self._context.console.emergency
        column = QVBoxLayout()
        column.setSpacing(12)
        if service.trouble is not None:
            column.addWidget(self._broken_plan())
        run = service.run
        if run is not None and not run.ended:
            column.addWidget(self._under_way(run))
        elif run is not None:
            column.addWidget(self._afterwards(run))
        for place, (scenario, fault) in enumerate(service.offered):
            column.addWidget(self._offer(scenario, fault, first=place == 0))
        column.addWidget(Heading(text(say("What do you see? Press it, the steps begin"))))
        grid = QGridLayout()
        grid.setSpacing(12)
        rest = [each for each in service.plan.scenarios if each.id not in self.buttons]
        for place, scenario in enumerate(rest):
            button = ScenarioButton(self._context, scenario)
            button.clicked.connect(lambda _=False, which=scenario: self.begun.emit(which))
            self.buttons[scenario.id] = button
            grid.addWidget(button, place // 2, place % 2)
        column.addLayout(grid)
        column.addStretch(1)
        return column

    def _broken_plan(self) -> Tinted:
        service = self._context.console.emergency
        block = Tinted(Light.ATTENTION.value)
        words = say("Your own plan cannot be read; the usual one is shown")
        block.column.addWidget(Label(self._context.text(words), "attention", strong=True))
        if service.trouble is not None:
            block.column.addWidget(Body(self._context.text(service.trouble)))
        return block

    def _under_way(self, run: Run) -> Card:
        card = Card(self._context.theme, Light.FAULT)
        step = run.current
        words = say("Under way: {title}", title=run.scenario.title)
        card.column.addWidget(Verdict(self._context.text(words)))
        if step is not None:
            words = say("Stopped at: {step}", step=step.do)
            card.column.addWidget(Body(self._context.text(words), "soft"))
        self.resume = self._button(say("Go on there"), "play", "primary", self.resumed.emit)
        card.column.addWidget(self.resume, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _afterwards(self, run: Run) -> Card:
        text, service = self._context.text, self._context.console.emergency
        card = Card(self._context.theme, Light.ATTENTION if run.owed else Light.OK)
        lasted = duration(
            ((run.ended or run.started) - run.started).total_seconds(), self._context.console.language
        )
        words = say('"{title}" is over, it took {duration}', title=run.scenario.title, duration=lasted)
        card.column.addWidget(Heading(text(words)))
        if run.scenario.deferred:
            card.column.addWidget(Label(text(say("Now make good what was put off")), "soft", strong=True))
        for place, todo in enumerate(run.scenario.deferred):
            item = f"deferred:{place}"
            row = Step(self._context.theme, todo)
            row.setChecked(run.ticked(item) is not None)
            row.clicked.connect(lambda _=False, which=item: service.toggle(which))
            card.column.addWidget(row)
        words = say("Put away") if not run.owed else say("Put away, although not all is done")
        self.put_away = self._button(words, "check", "plain", service.dismiss)
        card.column.addWidget(self.put_away, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _offer(self, scenario: Scenario, fault: Finding, first: bool) -> Card:
        """A scenario that a present fault calls for."""
        language, text = self._context.console.language, self._context.text
        card = Card(self._context.theme, fault.light)
        shape = LightShape(fault.light, 28, self._context.theme, language.light(fault.light))
        shape.setAccessibleDescription(self._context.name(fault.subject))
        words = say(
            "The program found: {name} · {title}",
            name=self._context.name(fault.subject),
            title=title_of(fault, language),
        )
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(Verdict(scenario.title) if first else Heading(scenario.title))
        lines.addWidget(Elided(text(words), tone="fault", lines=2))
        lines.addWidget(Elided(" / ".join(scenario.symptoms), "note", "soft", lines=2))
        button = self._button(
            say("Begin"), "siren", "danger" if first else "plain", lambda: self.begun.emit(scenario)
        )
        button.setAccessibleName(f"{button.text()}: {scenario.title}")
        self.buttons[scenario.id] = button
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(shape, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(lines, 1)
        row.addWidget(button)
        card.column.addLayout(row)
        return card

    def _button(self, words: Words, icon_name: str, role: Role, pressed: Callable[[], None]) -> Button:
        button = Button(self._context.text(words), role, icon(icon_name, self._context.theme.on(role), 22))
        button.clicked.connect(lambda: pressed())
        return button

    # The right column

    def _right_column(self) -> QWidget:
        self._right = QWidget()
        column = QVBoxLayout(self._right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(self._contacts())
        column.addWidget(self._backups())
        column.addStretch(1)
        return self._right

    def _contacts(self) -> Card:
        text, contacts = self._context.text, self._context.console.emergency.plan.contacts
        card = Card(self._context.theme)
        card.column.addWidget(Heading(text(say("Whom to call"))))
        empty = 0
        for contact in contacts:
            row = QHBoxLayout()
            row.addWidget(Elided(contact.name), 1)
            phone = Label(contact.phone or text(say("not filled in")), strong=bool(contact.phone), wrap=False)
            phone.set_tone("text" if contact.phone else "attention")
            phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            row.addWidget(phone)
            card.column.addLayout(row)
            empty += not contact.phone
        if empty:
            words = say_many(
                "{count} number is missing.",
                "{count} numbers are missing.",
                empty,
            )
            card.column.addWidget(Note(text(words), "attention"))
        if self._context.console.emergency.editable:
            self.edit = self._button(say("Edit the plan"), "pencil", "plain", self._edit)
            self._edited = Note()
            self._edited.hide()
            card.column.addWidget(self.edit)
            card.column.addWidget(self._edited)
        return card

    def _edit(self) -> None:
        self._context.spawn(self._open_plan(), "opening the plan")

    async def _open_plan(self) -> None:
        """Hand the shop's own plan to the system's text editor, and say where it is in any case."""
        try:
            path = await self._context.console.emergency.own_plan()
        except TillkeeperError as error:
            words = error.words
        else:
            words = say("Save the file, then come back to this page: {path}", path=str(path))
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
        if isValid(self):  # a light may have changed the list meanwhile
            self._edited.setText(self._context.text(words))
            self._edited.show()

    def _backups(self) -> Card:
        card = Card(self._context.theme)
        card.column.addWidget(Heading(self._context.text(say("What stands in"))))
        for backup in self._context.console.emergency.plan.backups:
            card.column.addLayout(self._backup(backup))
        words = say("After trying one, write the day into the plan.")
        card.column.addWidget(Note(self._context.text(words)))
        return card

    def _backup(self, backup: Backup) -> QVBoxLayout:
        overdue = backup.overdue(self._context.console.emergency.today)
        head = QHBoxLayout()
        head.addWidget(Elided(backup.what), 1)
        told = self._context.text(proven_words(backup))
        head.addWidget(Note(told, "attention" if overdue else "soft", wrap=False))
        where = Elided(backup.where, "note", "soft")
        where.setVisible(bool(backup.where))
        lines = QVBoxLayout()
        lines.setSpacing(0)
        lines.addLayout(head)
        lines.addWidget(where)
        return lines
