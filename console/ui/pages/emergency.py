"""Emergency: the plan by symptom, and the run that leads back to selling; needs no database or network."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from console.domain.emergency import Run
from console.domain.plan import Plan, Scenario
from console.domain.subjects import Subject
from console.domain.words import Words, say, say_many
from console.ui.context import Context
from console.ui.dialogs.sheet import Sheet
from console.ui.pages.page import Page
from console.ui.widgets.button import Button
from console.ui.widgets.emergency_runner import EmergencyRunner
from console.ui.widgets.labels import Body
from console.ui.widgets.scenario_list import ScenarioList


class EmergencyPage(Page):
    """The runner while a run is under way, else the list; both are built when they are needed."""

    key = "emergency"
    title = say("Emergency")
    icon = "siren"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._stack)
        self.list: ScenarioList | None = None
        self.runner: EmergencyRunner | None = None
        self._listing = False  # the person went back to the list while a run is under way
        unsubscribe = context.console.emergency.subscribe(self.refresh)
        self.destroyed.connect(lambda: unsubscribe())
        context.lights_changed.connect(self._lights_changed)
        self._new = True  # nobody has looked at it yet
        self._offered: tuple[str, ...] = ()
        self._shown: tuple[Plan, Words | None] | None = None
        self.refresh()

    def refresh(self) -> None:
        """Show what the run asks for."""
        run = self.context.console.emergency.run
        if run is None or run.ended or self._listing:
            self._show_list()
            return
        if self.runner is None or self.runner.scenario != run.scenario:
            self.runner = EmergencyRunner(self.context, run)
            self.runner.left.connect(self._leave)
            self.runner.ending.connect(self._end)
            self.runner.doubted.connect(self._ask_to_dare)
        self.runner.refresh()
        self._show(self.runner)

    def _show_list(self) -> None:
        service = self.context.console.emergency
        self._shown = service.plan, service.trouble
        self._offered = self._offers()
        self.runner = None
        self.list = ScenarioList(self.context)
        self.list.begun.connect(self._begin)
        self.list.resumed.connect(self._resume)
        self._show(self.list)

    def _show(self, widget: QWidget) -> None:
        former = self._stack.currentWidget()
        if former is widget:
            return
        self._stack.addWidget(widget)
        self._stack.setCurrentWidget(widget)
        if former is not None:
            self._stack.removeWidget(former)
            former.deleteLater()
        if isinstance(widget, EmergencyRunner):
            widget.step.text.setFocus()

    def _offers(self) -> tuple[str, ...]:
        return tuple(
            f"{each.id} {fault.subject} {fault.cause}"
            for each, fault in self.context.console.emergency.offered
        )

    def showEvent(self, event: QShowEvent) -> None:
        """Somebody may have edited the plan since it was last looked at."""
        super().showEvent(event)
        service = self.context.console.emergency
        if self.runner is None and not self._new:
            service.reload()
            if (service.plan, service.trouble) != self._shown:
                self.refresh()
        self._new = False

    def show_subject(self, subject: Subject) -> None:
        """Begin what the subject's fault calls for, unless a run is under way."""
        service = self.context.console.emergency
        if service.run is None or service.run.ended:
            fitting = [each for each, fault in service.offered if fault.subject == subject]
            if fitting:
                self._begin(fitting[0])

    def _lights_changed(self, subjects: frozenset[Subject]) -> None:
        if self.runner is None and self._offers() != self._offered:
            self.refresh()

    def _begin(self, scenario: Scenario) -> None:
        service = self.context.console.emergency
        run = service.run
        if run is not None and not run.ended and run.scenario.id == scenario.id:
            self._resume()
        elif run is not None and (not run.ended or run.owed):
            self._ask_to_replace(run, scenario)
        else:
            self._listing = False
            service.start(scenario)

    def _ask_to_replace(self, run: Run, scenario: Scenario) -> None:
        """What is ticked of the run at hand, or still owed from it, would be gone."""
        owed = [run.scenario.deferred[int(each.partition(":")[2])] for each in run.owed]
        words = say('"{title}" is not finished', title=run.scenario.title)
        question = say('Put it away and begin "{title}"?', title=scenario.title)
        sheet = Question(self.context, self, words, owed if run.ended else run.unticked, question)
        sheet.answers(say("No, keep it"), say("Yes, begin"))
        sheet.accepted.connect(partial(self._replace, scenario))
        sheet.open()

    def _replace(self, scenario: Scenario) -> None:
        self._listing = False
        self.context.console.emergency.start(scenario)

    def _resume(self) -> None:
        self._listing = False
        self.refresh()

    def _leave(self) -> None:
        self._listing = True
        self.refresh()

    def _ask_to_dare(self, seen: str) -> None:
        """Sales wait, or nobody can see whether they do: a restart is the person's own decision."""
        words, runner = say("Sales may not be uploaded yet"), self.runner
        question = say("Restart all the same? What is not uploaded may be lost.")
        sheet = Question(self.context, self, words, [seen], question)
        sheet.answers(say("No, wait"), say("Yes, restart"))
        if runner is not None:
            sheet.accepted.connect(runner.step.dared)
        sheet.open()

    def _end(self) -> None:
        service = self.context.console.emergency
        run = service.run
        if run is None or not run.unticked:
            service.finish()
            return
        count = len(run.unticked)
        words = say_many("{count} thing is not ticked", "{count} things are not ticked", count)
        question = say("Can you sell again all the same?")
        sheet = Question(self.context, self, words, run.unticked, question)
        sheet.answers(say("Go on with the steps"), say("Yes, we can sell"))
        sheet.accepted.connect(service.finish)
        sheet.open()


class Question(Sheet):
    """Names what would be left undone, and asks."""

    def __init__(
        self, context: Context, parent: QWidget, title: Words, undone: Sequence[str], question: Words
    ) -> None:
        super().__init__(context, parent, context.text(title), "triangle-alert")
        for each in undone:
            self.body.addWidget(Body(f"· {each}"))
        self.body.addWidget(Body(self.text(question), strong=True))
        self.setMinimumWidth(440)

    def answers(self, stay: Words, go: Words) -> None:
        """The two answers; the first changes nothing."""
        self.stay, self.go = Button(self.text(stay)), Button(self.text(go), "good")
        self.stay.clicked.connect(self.reject)
        self.go.clicked.connect(self.accept)
        for button in (self.stay, self.go):
            self.buttons.addWidget(button, 1)
