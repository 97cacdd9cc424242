"""A running self-test: what it did, what it does now, and its question to the person."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.jobs import Step
from console.ui.context import Context
from console.ui.icons import icon, pixmap
from console.ui.widgets.button import Button, Role
from console.ui.widgets.card import Tinted
from console.ui.widgets.labels import Body, Heading, Label


class RunPanel(QWidget):
    """`answered` carries True, False, or None for “I cannot tell”."""

    answered = Signal(object)

    def __init__(self, context: Context, subject: Subject) -> None:
        super().__init__()
        self.context = context
        self.subject = subject
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(12)
        self.row = QHBoxLayout()
        self.row.setSpacing(16)
        self.column = QVBoxLayout()
        self.column.setSpacing(12)
        self.row.addLayout(self.column, 1)
        self.progress = QProgressBar(maximum=0, textVisible=False)
        self.progress.setAccessibleName(context.text(say("Self-test is running")))
        self.doing = Heading()
        self._done = QVBoxLayout()
        self._done.setSpacing(8)
        self._question = Tinted("brand")
        self._question_text = Heading()
        outer.addWidget(self.progress)
        outer.addLayout(self.row)
        self.compose()
        self.column.addStretch(1)

    def compose(self) -> None:
        """What stands between the progress and the bottom."""
        self.column.addLayout(self._done)
        self.column.addWidget(self.doing)
        self.column.addWidget(self._question)
        self._question.column.setContentsMargins(16, 16, 16, 16)
        self._question.column.addWidget(self._question_text)
        row = QHBoxLayout()
        row.setSpacing(8)
        answers: tuple[tuple[bool | None, Words, Role, str], ...] = (
            (True, say("Yes"), "primary", "check"),
            (False, say("No"), "plain", "x"),
            (None, say("I cannot tell"), "plain", ""),
        )
        for answer, words, role, name in answers:
            color = self.context.theme.on(role)
            button = Button(self.context.text(words), role, icon(name, color, 22) if name else None)
            button.clicked.connect(lambda _=False, answer=answer: self.press(answer))
            row.addWidget(button)
        row.addStretch(1)
        self._question.column.addLayout(row)
        self._question.hide()

    def begin(self, stop: QWidget) -> None:
        """It starts now; `stop` is the button that ends it."""
        stop.setFocus()

    def show_step(self, step: Step) -> None:
        """What was done moves up, what is done now stands below."""
        text = self.context.text(step.doing)
        if text == self.doing.text():
            return
        if self.doing.text():
            row = QHBoxLayout()
            row.setSpacing(8)
            mark = Label()
            mark.setPixmap(pixmap("check", self.context.theme.soft, 20))
            row.addWidget(mark)
            row.addWidget(Body(self.doing.text(), tone="soft"), 1)
            self._done.addLayout(row)
        self.doing.setText(text)

    def show_question(self, question: Words) -> None:
        """Ask, and wait for one of the buttons."""
        self.progress.hide()
        self.doing.hide()
        self._question_text.setText(self.context.text(question))
        self._question.show()
        buttons = self._question.findChildren(Button)
        buttons[0].setFocus()

    @property
    def question(self) -> QVBoxLayout:
        """The block with the question and its answers."""
        return self._question.column

    def press(self, answer: bool | None) -> None:
        """What the person says."""
        self._question.hide()
        self.doing.show()
        self.progress.show()
        self.answered.emit(answer)
