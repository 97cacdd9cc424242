"""Devices: every device with its light, why it shows it, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.subjects import DEVICE_KINDS, Subject
from console.domain.words import say
from console.ui.context import Context
from console.ui.dialogs.discovery import DiscoveryDialog
from console.ui.icons import icon, pixmap
from console.ui.pages.page import Page
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.device_detail import DeviceDetail
from console.ui.widgets.labels import Body, Heading, Label, Verdict
from console.ui.widgets.subject_list import SubjectList

_KEPT = "devices.subject"  # the setting that remembers which device was looked at


class DevicesPage(Page):
    """A list of devices, and everything about the chosen one beside it."""

    key = "devices"
    title = say("Devices")
    icon = "printer"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setObjectName("page")
        self._subjects = tuple(
            each for each in context.console.profile.subjects() if each.kind in DEVICE_KINDS
        )
        self._list = SubjectList(context, self._subjects)
        self._details: dict[Subject, DeviceDetail] = {}
        self._stack = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 12 if self._subjects else 24, 24)
        column.setSpacing(12)
        column.addLayout(self._head())
        column.addWidget(self._devices() if self._subjects else self._nothing(), 1)
        context.lights_changed.connect(self._refresh)
        context.tick.connect(self._tick)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 12, 0)
        name = Heading(self.context.text(self.title))
        name.setMinimumHeight(48)
        head.addWidget(name, 1)
        if self._subjects:
            plus = icon("plus", self.context.theme.text, 22)
            add = Button(self.context.text(say("Add a device")), icon=plus)
            add.clicked.connect(self._add)
            head.addWidget(add)
        return head

    def _devices(self) -> QWidget:
        self._list.setMinimumWidth(280)
        self._list.setMaximumWidth(400)
        self._list.setAccessibleName(self.context.text(self.title))
        self._list.chosen.connect(self._show)
        parts = QWidget()
        row = QHBoxLayout(parts)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(16)
        row.addWidget(self._list, 1)
        row.addWidget(self._stack, 2)
        self._list.choose(self._first())
        return parts

    def _first(self) -> Subject:
        """The device looked at last time, unless another one needs somebody now."""
        board, kept = self.context.console.board, self.context.console.settings.get(_KEPT, "")
        loud = max(self._subjects, key=lambda each: board.finding(each).light.urgency)
        calm = board.finding(loud).light.urgency <= 1
        return Subject.parse(kept) if calm and Subject.parse(kept) in self._subjects else loud

    def _nothing(self) -> QWidget:
        theme, text = self.context.theme, self.context.text
        card = Card(theme)
        mark = Label()
        mark.setPixmap(pixmap("printer", theme.brand, 48))
        add = Button(text(say("Find devices")), "primary", icon("search", theme.brand_text, 22))
        add.clicked.connect(self._add)
        words = say(
            "Printers, scanners, cash drawers and the other devices at the till will stand here, "
            "each with its light and what to do when something is wrong."
        )
        teaching = Body(text(words))
        teaching.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        teaching.setFixedWidth(480)
        row = QHBoxLayout()  # a layout's own alignment would not ask the text for its height
        row.addWidget(teaching)
        card.column.addStretch(1)
        card.column.addWidget(mark, 0, Qt.AlignmentFlag.AlignHCenter)
        card.column.addWidget(Verdict(text(say("No device yet"))), 0, Qt.AlignmentFlag.AlignHCenter)
        card.column.addLayout(row)
        card.column.addSpacing(8)
        card.column.addWidget(add, 0, Qt.AlignmentFlag.AlignHCenter)
        card.column.addStretch(2)
        return card

    def show_subject(self, subject: Subject) -> None:
        """Come to the device's details."""
        self._list.choose(subject)

    def close_details(self) -> None:
        """Fold the evidence away."""
        for detail in self._details.values():
            detail.fold()

    def _show(self, subject: Subject) -> None:
        if subject not in self._details:
            detail = DeviceDetail(self.context, subject)
            self._details[subject] = detail
            self._stack.addWidget(detail)
        self._details[subject].refresh()
        self._stack.setCurrentWidget(self._details[subject])
        self.context.console.settings.put(_KEPT, str(subject))

    def _refresh(self, subjects: Collection[Subject]) -> None:
        self._list.refresh(subjects)
        for subject in self._details.keys() & set(subjects):
            self._details[subject].refresh()

    def _tick(self) -> None:
        if self.isVisible():
            for detail in self._details.values():
                detail.refresh_age()

    def _add(self) -> None:
        dialog = DiscoveryDialog(self.context, self.window())
        dialog.profile_changed.connect(self.context.profile_changed)
        dialog.open()
