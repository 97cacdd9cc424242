"""Counters and wear of one printer: how worn its parts are, when they will be, how long the paper lasts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.domain.subjects import Subject
from console.domain.wear import Part, daily
from console.domain.words import say
from console.services.times import ago
from console.services.wear import Wear
from console.services.wear_text import (
    NAMES,
    fed_line,
    forecast_line,
    known_lines,
    model_line,
    odd_line,
    paper_line,
    part_line,
    source_line,
)
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Heading, Label, Note
from console.ui.widgets.meter import Curve, Meter

FRESH = 30.0  # seconds; what was read from the database later is not read again
_ODD = 3  # the newest oddities that are told


class WearCard(Card):
    """Reads the counters that were kept; `read` brings it up to date."""

    def __init__(self, context: Context, subject: Subject) -> None:
        super().__init__(context.theme)
        self._context = context
        self._subject = subject
        self._reading = False
        self._read_at = float("-inf")
        self._known_open = False
        self._body = QWidget()
        self._roll = Button(
            context.text(say("New roll is in")), icon=icon("refresh-cw", context.theme.text, 22)
        )
        self._roll.clicked.connect(self._new_roll)
        self.column.setSpacing(12)
        self.column.addWidget(Heading(context.text(say("Counters and wear"))))
        self.column.addWidget(self._body)
        row = QHBoxLayout()
        row.addWidget(self._roll)
        row.addStretch(1)
        self.column.addLayout(row)

    def read(self, again: bool = False) -> None:
        """Ask what was kept, unless that was done a moment ago; `again` asks in any case."""
        stale = self._context.console.clock.seconds() - self._read_at >= FRESH
        if not self._reading and (again or stale):
            self._reading = True
            self._context.spawn(self._fill(), f"wear of {self._subject}")

    async def _fill(self) -> None:
        try:
            wear = await self._context.console.wear.wear(self._subject)
        finally:
            self._reading = False
        if isValid(self):  # the page may have been rebuilt meanwhile
            self._read_at = self._context.console.clock.seconds()
            self._show(wear)

    def _show(self, wear: Wear) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        self._add_paper(column, wear)
        if (note := self._context.console.wear.note) is not None:
            column.addWidget(
                Label(self._context.text(say("Wear is not kept: {reason}", reason=note)), "attention")
            )
        elif not wear.parts:
            column.addWidget(Body(self._context.text(_NOTHING), tone="soft"))
        for part in wear.parts:
            column.addLayout(self._part(part))
        self._add_model(column, wear)
        self.column.replaceWidget(self._body, body)
        self._body.deleteLater()
        self._body = body

    def _add_paper(self, column: QVBoxLayout, wear: Wear) -> None:
        context, now = self._context, self._context.now()
        if wear.lasts is not None:
            words = paper_line(wear.lasts, now, context.console.language)
            column.addWidget(Label(context.text(words), strong=True))
        column.addWidget(Note(context.text(fed_line(wear, now, context.console.language))))

    def _part(self, part: Part) -> QVBoxLayout:
        context, language = self._context, self._context.console.language
        now, line = context.now(), part_line(part, language)
        name = context.text(NAMES[part.part])
        lines = QVBoxLayout()
        lines.setSpacing(4)
        head = QHBoxLayout()
        head.addWidget(Label(name, strong=True, wrap=False))
        head.addWidget(Body(line), 1, Qt.AlignmentFlag.AlignRight)
        lines.addLayout(head)
        if part.share is not None:
            lines.addWidget(Meter(context.theme, part.share, f"{name}: {line}"))
        if (soon := forecast_line(part, language, now)) is not None:
            lines.addWidget(Note(context.text(soon)))
        if part.part != "hours":
            if len(days := daily(part.points)) > 1:
                words = context.text(say("{name}: the last {count} days", name=name, count=len(days)))
                lines.addWidget(Curve(context.theme, days, words))
                lines.addWidget(Note(words))
            lines.addWidget(Note(context.text(source_line(part.life))))
        for odd in part.oddities[-_ODD:]:
            lines.addWidget(Note(context.text(odd_line(odd, now, language)), "attention"))
        return lines

    def _add_model(self, column: QVBoxLayout, wear: Wear) -> None:
        context = self._context
        column.addWidget(Note(context.text(model_line(wear))))
        if wear.read is not None:
            when = ago(wear.read, context.now(), context.console.language)
            column.addWidget(Note(context.text(say("Counters read {ago}", ago=when))))
        known = known_lines(wear)
        if not known:
            return
        fold = Button(context.text(say("What is known of this model")), "flat")
        fold.setCheckable(True)
        lines = QWidget()
        inner = QVBoxLayout(lines)
        inner.setContentsMargins(8, 0, 0, 0)
        for name, words in known:
            inner.addWidget(Label(context.text(name), strong=True))
            inner.addWidget(Note(context.text(words)))

        def unfold(open_: bool) -> None:
            self._known_open = open_
            lines.setVisible(open_)
            fold.set_icon(icon("chevron-down" if open_ else "chevron-right", context.theme.soft, 22))

        fold.toggled.connect(unfold)
        fold.setChecked(self._known_open)
        unfold(self._known_open)
        column.addWidget(fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(lines)

    def _new_roll(self) -> None:
        self._roll.setEnabled(False)
        task = self._context.spawn(
            self._context.console.wear.new_roll(self._subject), f"new roll in {self._subject}"
        )
        task.add_done_callback(lambda _: self._rolled())

    def _rolled(self) -> None:
        if isValid(self):
            self._roll.setEnabled(True)
            self.read(again=True)


_NOTHING = say(
    "No counter was read yet. Many printers count their lines and cuts; they are asked once an hour while"
    " they are idle, and at each self-test. Then it stands here how worn they are."
)
