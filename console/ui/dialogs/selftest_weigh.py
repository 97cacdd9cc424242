"""A scale's self-test: what the person does now, and in the demo somebody to do it."""

from __future__ import annotations

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QHBoxLayout

from console.domain.words import say
from console.services.jobs import Step
from console.ui.dialogs.selftest_run import RunPanel
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body

_DEMO_KILOGRAMS = 1.5


class WeighPanel(RunPanel):
    """The weight changes in its own line, so that only whole steps move up."""

    def compose(self) -> None:
        """The steps, the weight, and in the demo two presses that load and unload the pan."""
        super().compose()
        self._weight = Body(tone="soft")
        self.column.addWidget(self._weight)
        demo = self.context.console.demo
        if demo is None or self.subject not in demo.faults:
            return
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, keys, kilograms in (
            (say("Put something on the simulated scale (Alt+P)"), "Alt+P", _DEMO_KILOGRAMS),
            (say("Take it off (Alt+T)"), "Alt+T", 0.0),
        ):
            press = Button(self.context.text(words), icon=icon("scale", self.context.theme.text, 22))
            press.setShortcut(QKeySequence(keys))
            press.clicked.connect(lambda _=False, kilograms=kilograms: demo.weigh(self.subject, kilograms))
            row.addWidget(press)
        row.addStretch(1)
        self.column.addLayout(row)

    def show_step(self, step: Step) -> None:
        """A step that only tells the weight anew stays where it is."""
        values = dict(step.doing.values)
        if "weight" not in values:
            super().show_step(step)
            self._weight.clear()
            return
        self._weight.setText(self.context.text(say("Now on the scale: {weight}", weight=values["weight"])))
