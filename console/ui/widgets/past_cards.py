"""What happened: the last full check, and the newest changes of lights."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.lights import Light
from console.domain.subjects import Subject
from console.domain.words import say, say_many
from console.services.times import clock_time, exact
from console.ui.context import Context
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Elided, Heading, Note
from console.ui.widgets.light import LightShape

CHANGES = 4  # rows

Change = tuple[datetime, str, str, str | None]


class LastCheckCard(Card):
    """When the last full check was, how long it took, how many things it asked, and what it said."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        light = Light.UNKNOWN
        self._light = LightShape(light, 22, context.theme, context.console.language.light(light))
        self._light.hide()
        self._line, self._note = Body(strong=True, wrap=False), Note()
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self._light)
        row.addWidget(self._line)
        row.addWidget(self._note, 1)
        self.column.addWidget(Heading(context.text(say("Last full check"))))
        self.column.addLayout(row)
        self._line.hide()

    async def read(self) -> None:
        """Ask the history."""
        last = await self._context.console.history.last_check()
        text, language = self._context.text, self._context.console.language
        self._line.setVisible(last is not None)
        if last is None:
            self._note.setText(text(say("None yet. It asks every device and prints nothing.")))
            return
        started, seconds, number = last
        self._line.setText(clock_time(started, self._context.now(), language))
        self._line.setToolTip(exact(started, self._context.now()))
        self._note.setText(
            text(
                say_many(
                    "{count} item, {seconds} s",
                    "{count} items, {seconds} s",
                    number,
                    seconds=f"{seconds:.1f}",
                )
            )
        )
        result = self._context.full_check.last
        if result is not None and result.started == started:
            self._light.set_light(result.overall, language.light(result.overall))
            self._light.show()


class ChangesCard(Card):
    """The newest changes of lights, newest first."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        self._shown: list[Change] | None = None
        self._rows = QWidget()
        self.column.addWidget(Heading(context.text(say("Latest changes"))))
        self.column.addWidget(self._rows)

    async def read(self) -> None:
        """Ask the history; rows are made anew only when something changed."""
        changes = list(await self._context.console.history.changes(CHANGES))
        if changes == self._shown:
            return
        self._shown = changes
        rows = QWidget()
        column = QVBoxLayout(rows)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for change in changes:
            column.addLayout(self._row(*change))
        if not changes:
            column.addWidget(
                Note(self._context.text(say("When a light changes, it is noted here with its time.")))
            )
        self.column.replaceWidget(self._rows, rows)
        self._rows.deleteLater()
        self._rows = rows

    def _row(self, at: datetime, subject: str, light_value: str, cause: str | None) -> QHBoxLayout:
        language, light = self._context.console.language, Light(light_value)
        name = self._context.name(Subject.parse(subject))
        state = language.cause(cause).title if cause else language.light(light)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Elided(name))
        words.addWidget(Elided(state, "note", light.value, lines=2))
        shape = LightShape(light, 18, self._context.theme, language.light(light))
        shape.setAccessibleDescription(name)
        when = Note(clock_time(at, self._context.now(), language), wrap=False)
        when.setToolTip(exact(at, self._context.now()))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(shape)
        row.addLayout(words, 1)
        row.addWidget(when, 0, Qt.AlignmentFlag.AlignRight)
        return row
