"""The one thing to do now, large enough for a frightened person, and what comes after it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from console.domain.emergency import Run
from console.domain.lights import Light
from console.domain.plan import Step
from console.domain.words import Words, say
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button, Role
from console.ui.widgets.card import Card, Tinted
from console.ui.widgets.labels import Body, Heading, Label, Note, StepText
from console.ui.widgets.light import LightShape
from console.ui.widgets.outlined import Outlined
from console.ui.widgets.restart_guard import RestartGuard

AHEAD = 3  # steps that are named beforehand


class StepCard(Outlined):
    """Shows the current step of a run, or its exit; the signals are what the person pressed."""

    done = Signal()
    failed = Signal()
    later = Signal()
    back = Signal()
    taken_up = Signal(object)
    ending = Signal()
    doubted = Signal(str)  # the person would restart although sales wait: what the program sees

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme, "brand", 3)
        self._context = context
        self._place = Label(tone="soft", strong=True)
        self.undo = self._button(say("One step back"), "undo-2", "flat")
        self.undo.clicked.connect(self.back)
        self.text = StepText()
        # The keyboard rests here, not on a button: a scanner's Enter must never answer for a person.
        self.text.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._detail = Heading()
        self._detail.setProperty("type", "detail")
        self._unsynced = Tinted(Light.ATTENTION.value)
        self._unsynced_text = Body(strong=True)
        self._unsynced.column.addWidget(self._unsynced_text)
        self._guard = RestartGuard(context, self)
        self._guard.told.connect(self._warn)
        self._step: Step | None = None
        self._dared = False  # to restart although sales wait
        self.dare = Button(context.text(say("Restart all the same…")))
        self.dare.clicked.connect(lambda: self.doubted.emit(self._unsynced_text.text()))
        self._unsynced.column.addWidget(self.dare, 0, Qt.AlignmentFlag.AlignLeft)
        self._say = Tinted("brand")
        self._say_text = Body(strong=True)
        self._say.column.addWidget(self._say_text)
        self._expect = Tinted(Light.OK.value)
        language = context.console.language
        self.sensor = LightShape(Light.UNKNOWN, 24, context.theme, language.light(Light.UNKNOWN))
        self._expect_text, self._sensor_text = Body(strong=True), Note()
        self._postponed = QVBoxLayout()
        self._taking_up: list[Button] = []
        self._lay_out()

    def _button(self, words: Words, icon_name: str, role: Role = "plain") -> Button:
        color = self._context.theme.on(role)
        return Button(self._context.text(words), role, icon(icon_name, color, 22))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self._place, 1)
        head.addWidget(self.undo)
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(self._expect_text)
        texts.addWidget(self._sensor_text)
        expect = QHBoxLayout()
        expect.setSpacing(12)
        expect.addWidget(self.sensor)
        expect.addLayout(texts, 1)
        self._expect.column.addLayout(expect)
        self.column.setContentsMargins(24, 8, 24, 20)
        self.column.setSpacing(10)
        self.column.addLayout(head)
        for widget in (self._unsynced, self.text, self._detail, self._say, self._expect):
            self.column.addWidget(widget)
        self.column.addLayout(self._postponed)
        self.column.addStretch(1)
        self.column.addLayout(self._answers())

    def _answers(self) -> QHBoxLayout:
        self.yes = self._button(say("It worked"), "check", "good")
        self.no = self._button(say("It did not"), "x")
        self.put_off = Button(self._context.text(say("Do it later")))
        row = QHBoxLayout()
        row.setSpacing(16)
        keyed = (
            (self.yes, self.done, "F2", 5),
            (self.no, self.failed, "F3", 4),
            (self.put_off, self.later, "F4", 3),
        )
        for button, signal, key, share in keyed:
            button.setProperty("large", True)
            button.setShortcut(key)
            button.setToolTip(key)
            button.clicked.connect(signal)
            row.addWidget(button, share)
        self.end = self._button(say("We can sell, end"), "store", "good")
        self.end.setProperty("large", True)
        self.end.clicked.connect(self.ending)
        row.addWidget(self.end, 12)
        return row

    def show_run(self, run: Run) -> None:
        """Show where the run stands."""
        step = run.current
        self.undo.setVisible(bool(run.trail))
        for button in (self.yes, self.no, self.put_off):
            button.setVisible(step is not None)
        self.end.setVisible(step is None)
        self._show_postponed(run if step is None else None)
        if step != self._step:
            self._step, self._dared = step, False
        self._unsynced.setVisible(self._guard.switch(step is not None and step.restart))
        if step is None:
            self._show_exit(run)
            return
        number = len(run.trail) + 1
        most = len(run.trail) + run.scenario.longest(step)
        words = say("Step {number} of at most {most}", number=number, most=most)
        who = say("{place} · for the {who}", place=words, who=step.who) if step.who else words
        self._place.setText(self._context.text(who))
        self._put(self._do(step), step.detail, step.words_to_say)
        self.hold()
        self._expect.setVisible(bool(step.expect))
        self._expect_text.setText(self._context.text(say("You should see: {expect}", expect=step.expect)))
        self.show_sensor(step)

    def dared(self) -> None:
        """The person has read what may be lost, and restarts all the same."""
        self._dared = True
        self.hold()

    def hold(self) -> None:
        """Keep a step that restarts from being done while sales wait."""
        held = self._held
        self.yes.setEnabled(not held)
        self.dare.setVisible(held)
        if self._step is not None:
            self.text.setText(self._do(self._step))

    @property
    def _held(self) -> bool:
        return self._guard.isActive() and not (self._context.console.unsynced.safe or self._dared)

    def _do(self, step: Step) -> str:
        return self._context.text(say("Not yet: {step}", step=step.do)) if self._held else step.do

    def _warn(self, sentence: str) -> None:
        self._unsynced_text.setText(sentence)
        self.hold()

    def _put(self, do: str, detail: str, spoken: str) -> None:
        if self.text.text() != do:
            self.text.setText(do)
            if any(each.hasFocus() for each in (self.yes, self.no, self.put_off, self.undo)):
                self.text.setFocus()
        self._detail.setText(detail)
        self._detail.setVisible(bool(detail))
        self._say.setVisible(bool(spoken))
        self._say_text.setText(self._context.text(say('Say: "{words}"', words=spoken)))

    def show_sensor(self, step: Step | None) -> None:
        """Show what the light beside the expected result says now."""
        clear = self._context.console.emergency.clear(step.clears) if step and step.clears else None
        self.sensor.setVisible(clear is not None)
        self._sensor_text.setVisible(clear is not None)
        light = Light.OK if clear else Light.UNKNOWN
        self.sensor.set_light(light, self._context.console.language.light(light))
        words = (
            say("The program sees that it is well")
            if clear
            else say("The program keeps looking; this ticks itself as soon as it is well")
        )
        self._sensor_text.setText(self._context.text(words))

    def _show_exit(self, run: Run) -> None:
        self._place.setText(self._context.text(say("All steps done")))
        self._put(self._context.text(say("Can you sell again?")), run.scenario.exit, "")
        self._expect.hide()

    def _show_postponed(self, run: Run | None) -> None:
        for button in self._taking_up:
            button.deleteLater()
        self._taking_up = []
        for step in run.postponed if run else ():
            words = say("Put off until now: {step}", step=step.do)
            button = Button(self._context.text(words), icon=icon("clock", self._context.theme.text, 22))
            button.clicked.connect(lambda _=False, which=step: self.taken_up.emit(which))
            self._postponed.addWidget(button)
            self._taking_up.append(button)


class NextCard(Card):
    """What comes after the current step, for either answer where they differ."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        self._lines = [Body() for _ in range(AHEAD)]
        self.column.setContentsMargins(16, 10, 16, 12)
        self.column.setSpacing(4)
        self.column.addWidget(Label(context.text(say("What comes next")), "soft", strong=True))
        for line in self._lines:
            self.column.addWidget(line)

    def show_run(self, run: Run) -> None:
        """Show the steps ahead."""
        told = self._told(run)
        self.setVisible(bool(told))
        for place, line in enumerate(self._lines):
            line.setVisible(place < len(told))
            line.setText(told[place] if place < len(told) else "")

    def _told(self, run: Run) -> list[str]:
        text, step, scenario = self._context.text, run.current, run.scenario
        if step is None:
            return []
        yes, no = scenario.after(step, True), scenario.after(step, False)
        if yes != no:
            end = text(say("you can sell again"))
            return [
                text(say("It worked → {step}", step=yes.do if yes else end)),
                text(say("It did not → {step}", step=no.do if no else end)),
            ]
        first = len(run.trail) + 2
        steps = list(scenario.ahead(yes))[:AHEAD]
        return [f"{number}  {each.do}" for number, each in enumerate(steps, first)]
