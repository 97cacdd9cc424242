"""The at most three things to do at once, boxed in red; one line as soon as all of them are ticked."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from console.domain.emergency import Run
from console.domain.words import say
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Label
from console.ui.widgets.outlined import Outlined
from console.ui.widgets.rows import Step


class ImmediateBox(Outlined):
    """`toggled` carries `immediate:N`."""

    toggled = Signal(str)

    def __init__(self, context: Context, run: Run) -> None:
        super().__init__(context.theme, "fault", 2, fill="fault_tint")
        self._context = context
        self._all_done = not run.scenario.immediate
        self._heading = Label(tone="fault", strong=True)
        self._fold = Button("", "flat")
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._show_rows)
        self.rows = [Step(context.theme, text) for text in run.scenario.immediate]
        head = QHBoxLayout()
        head.addWidget(self._heading, 1)
        head.addWidget(self._fold)
        self.column.setSpacing(6)
        self.column.addLayout(head)
        for place, row in enumerate(self.rows):
            row.clicked.connect(lambda _=False, item=f"immediate:{place}": self.toggled.emit(item))
            self.column.addWidget(row)
        self.show_run(run)

    @property
    def all_done(self) -> bool:
        """True when nothing of it is left to tick."""
        return self._all_done

    def show_run(self, run: Run) -> None:
        """Show the ticks; the last tick folds the box."""
        done = 0
        for place, row in enumerate(self.rows):
            ticked = run.ticked(f"immediate:{place}") is not None
            row.setChecked(ticked)
            done += ticked
        words = say("Do these first ({done} of {all} done)", done=done, all=len(self.rows))
        self._heading.setText(self._context.text(words))
        all_done = done == len(self.rows)
        if all_done != self._all_done:
            self._all_done = all_done
            self._fold.setChecked(False)
        self.setVisible(bool(self.rows))
        self._show_rows()

    def _show_rows(self) -> None:
        open_ = not self._all_done or self._fold.isChecked()
        for row in self.rows:
            row.setVisible(open_)
        self._fold.setVisible(self._all_done)
        words = say("Hide") if open_ else say("Show")
        self._fold.setText(self._context.text(words))
        self._fold.setAccessibleName(f"{self._fold.text()}: {self._heading.text()}")
        self._heading.set_tone("ok" if self._all_done else "fault")
        if self._all_done:
            self.set_outline("line", 1)
        else:
            self.set_outline("fault", 2, fill="fault_tint")
        self._fold.setIcon(icon("chevron-down" if open_ else "chevron-right", self._context.theme.text, 22))
        self.column.setContentsMargins(16, *((2, 8, 2) if not open_ else (10, 16, 14)))
