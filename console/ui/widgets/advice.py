"""Advice as a checklist: ticked by the person, by what the device shows, and whole when the light clears."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.advice import AdviceStep
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.recovery import Recovery
from console.domain.words import Words, say
from console.services.times import clock_time
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button, Role
from console.ui.widgets.card import Tinted
from console.ui.widgets.labels import Body, Label, Note
from console.ui.widgets.restart_guard import RestartGuard
from console.ui.widgets.rows import Step


class Advice(QWidget):
    """The steps against one cause; hidden where there are none.

    What the console can do itself is among them as buttons, which call `press`, and what the scanner doctor
    shows, which call `doctor`; without these they are left out.
    """

    def __init__(
        self,
        context: Context,
        press: Callable[[Recovery], None] | None = None,
        doctor: Callable[[], None] | None = None,
    ) -> None:
        super().__init__()
        self._context = context
        self._press = press
        self._doctor = doctor
        self._cause: str | None = None
        self._offered: frozenset[Recovery] = frozenset()
        self._by_hand: dict[str, set[str]] = {}  # what was ticked in this trouble, cause by cause
        self._past = Note(tone="ok")  # what of this trouble is solved already
        self._heading = Label(tone="soft", strong=True)
        self._steps: list[tuple[AdviceStep, Step]] = []
        self._todo: tuple[AdviceStep, ...] = ()
        self._guard = RestartGuard(context, self)
        self._guard.told.connect(self._tell)
        self._told: Step | None = None  # among the steps, what the guard says
        self._list = QVBoxLayout()
        self._list.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._past)
        column.addWidget(self._heading)
        column.addLayout(self._list)
        self._past.hide()
        self.hide()

    @property
    def leads_to_doctor(self) -> bool:
        """Whether one of the steps is a press that opens the scanner doctor."""
        return self._doctor is not None and any(step.doctor for step in self._todo)

    def show_finding(self, finding: Finding, cause: str | None) -> None:
        """Show what to do about `cause`; a light that became OK ticks what stood here."""
        if cause is None and finding.light is Light.OK and self._steps:
            self._tick_all()
        elif self._stale(offered := self._offer(finding), cause):
            if cause != self._cause:
                self._remember(finding, cause)
            self._offered = offered
            self._replace(cause)
        self._cause = cause
        if cause is not None:
            self._look(finding)

    def _stale(self, offered: frozenset[Recovery], cause: str | None) -> bool:
        return offered != self._offered or cause != self._cause or (cause is None and bool(self._steps))

    def _offer(self, finding: Finding) -> frozenset[Recovery]:
        """What the console can do about it now."""
        if self._press is None:
            return frozenset()
        return frozenset(filter(partial(self._context.console.repair.able, finding), Recovery))

    def _remember(self, finding: Finding, cause: str | None) -> None:
        """One trouble often shows as several causes in turn; what came before stays said until it is over."""
        before = self._cause
        if cause is None or before is None:
            self._by_hand.clear()
            self._past.clear()
        elif before not in [each.cause for each in finding.candidates]:
            title = self._context.console.language.cause(before).title
            words = say("{cause}: solved at {time}", cause=title, time=self._time())
            self._past.setText(self._context.text(words))
        self._past.setVisible(bool(self._past.text()))

    def _replace(self, cause: str | None) -> None:
        while (item := self._list.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        text = self._context.console.language.cause(cause) if cause else None
        self._guard.stop()
        self._told = None
        self._steps = []
        self._todo = text.todo if text else ()
        for step in self._todo:
            if step.restart and self._told is None and self._context.console.unsynced.known:
                self._told = Step(self._context.theme, "")
                self._list.addWidget(self._told)
                self._guard.switch(on=True)
            if step.doctor:
                self._add_doctor(step.text)
            elif step.press is None:
                self._add(step)
            elif step.press in self._offered:
                self._add_press(step.text, step.press)
        self._heading.setText(self._context.text(say("What to do")))
        self._heading.set_tone("soft")
        self.setVisible(bool(self._steps))

    def _add(self, step: AdviceStep) -> None:
        row = Step(self._context.theme, step.text)
        row.clicked.connect(partial(self._tick, step, row))
        self._steps.append((step, row))
        self._list.addWidget(row)

    def _add_doctor(self, text: str) -> None:
        if self._doctor is not None:
            self._offer_press(text, say("Scanner doctor…"), "stethoscope", self._doctor, "primary")

    def _add_press(self, text: str, how: Recovery) -> None:
        name = "play" if how is Recovery.RESUME else "trash-2"
        words = say("Go on printing…") if how is Recovery.RESUME else say("Throw away what waits…")
        self._offer_press(text, words, name, partial(self._pressed, how))

    def _offer_press(
        self, text: str, words: Words, name: str, press: Callable[[], None], role: Role = "plain"
    ) -> None:
        theme = self._context.theme
        button = Button(self._context.text(words), role, icon(name, theme.on(role), 22))
        button.clicked.connect(lambda: press())
        button.setAccessibleDescription(text)
        offer = Tinted("brand")
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Body(text), 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        offer.column.addLayout(row)
        self._list.addWidget(offer)

    def _pressed(self, how: Recovery) -> None:
        if self._press is not None:
            self._press(how)

    def _tick(self, step: AdviceStep, row: Step) -> None:
        ticked = self._by_hand.setdefault(self._cause or "", set())
        (ticked.add if row.isChecked() else ticked.discard)(step.text)

    def _look(self, finding: Finding) -> None:
        """Tick what the device shows to be done, and untick what it shows no more."""
        ticked = self._by_hand.get(finding.cause or "", set())
        for step, row in self._steps:
            proven = step.proven(finding)
            row.set_note(self._context.text(say("the device shows that this is done")) if proven else "")
            row.setChecked(proven or step.text in ticked)

    def _tell(self, sentence: str) -> None:
        if self._told is not None:
            self._told.setText(sentence)
            self._told.updateGeometry()

    def _time(self) -> str:
        now = self._context.now()
        return clock_time(now, now, self._context.console.language)

    def _tick_all(self) -> None:
        if self._cause is None:  # ticked before
            return
        self._guard.stop()
        self._heading.setText(self._context.text(say("Solved at {time}", time=self._time())))
        self._heading.set_tone("ok")
        for place in range(self._list.count()):
            item = self._list.itemAt(place)
            if item is not None and (row := item.widget()) is not None:
                row.setEnabled(False)
                if isinstance(row, Step):
                    row.setChecked(True)
                    row.set_note("")
                else:
                    row.hide()
