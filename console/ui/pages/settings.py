"""Settings: the store's entries with their live lights, language and look, and where the files are."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.domain.errors import TillkeeperError
from console.domain.profile import StoreProfile
from console.domain.subjects import Subject
from console.domain.words import say
from console.ui.context import Context
from console.ui.dialogs.entry import remember
from console.ui.dialogs.setup import SetupDialog
from console.ui.icons import icon
from console.ui.pages.page import Page
from console.ui.pages.settings_cards import AboutCard, FilesCard, LookCard, StoreCard
from console.ui.pages.settings_entries import EntriesCard, UndoBar
from console.ui.widgets.button import Button
from console.ui.widgets.card import Tinted
from console.ui.widgets.labels import Body, Heading, Label
from console.ui.widgets.scroll import Scroll


class SettingsPage(Page):
    """Everything that can be set; each change is written at once, checked, and can be undone."""

    key = "settings"
    title = say("Settings")
    icon = "settings"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.setObjectName("page")
        self._entries = EntriesCard(context)
        self._trouble = Tinted("fault")
        self._trouble_text = Body()
        self._trouble.column.addWidget(self._trouble_text)
        self._trouble.hide()
        self._area = Scroll()
        self._compose()
        self._entries.profile_changed.connect(context.profile_changed)
        self._entries.change.connect(self._write)
        context.lights_changed.connect(self._refresh)

    def _compose(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 12, 12, 0)
        column.setSpacing(12)
        head = Heading(self.context.text(self.title))
        head.setMinimumHeight(48)
        column.addWidget(head)
        inside = self._area.column
        inside.setContentsMargins(0, 0, 12, 24)
        if self.context.console.editor is None:
            inside.addWidget(self._demo())
        inside.addWidget(self._trouble)
        undo = UndoBar(self.context)
        undo.change.connect(self._write)
        inside.addWidget(undo)
        inside.addLayout(self._cards())
        inside.addStretch(1)
        column.addWidget(self._area, 1)

    def _cards(self) -> QHBoxLayout:
        store = StoreCard(self.context)
        store.change.connect(self._write)
        side = QVBoxLayout()
        side.setSpacing(12)
        for card in (store, LookCard(self.context), FilesCard(self.context), AboutCard(self.context)):
            card.setFixedWidth(300)
            side.addWidget(card)
        side.addStretch(1)
        main = QVBoxLayout()
        main.addWidget(self._entries)
        main.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(16)
        columns.addLayout(main, 1)
        columns.addLayout(side)
        return columns

    def _demo(self) -> QWidget:
        text, theme = self.context.text, self.context.theme
        banner = Tinted("brand")
        banner.column.setContentsMargins(16, 16, 16, 16)
        words = QVBoxLayout()
        words.setSpacing(4)
        words.addWidget(Label(text(say("This is the demo store")), strong=True))
        words.addWidget(
            Body(text(say("Its devices are simulated and it has no file, so nothing can be changed here.")))
        )
        setup = Button(text(say("Set up my own store…")), "primary", icon("store", theme.brand_text, 22))
        setup.clicked.connect(self._set_up)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(words, 1)
        row.addWidget(setup)
        banner.column.addLayout(row)
        return banner

    def show_subject(self, subject: Subject) -> None:
        """Bring the entry into sight."""
        row = self._entries.row(subject)
        if row is not None:
            self._area.ensureWidgetVisible(row)
            row.setFocus()

    def _refresh(self, subjects: Collection[Subject]) -> None:
        self._entries.refresh(subjects)

    def _set_up(self) -> None:
        dialog = SetupDialog(self.context, self.window())
        dialog.chosen.connect(self.context.setup_requested)
        dialog.open()

    def _write(self, change: Callable[[], StoreProfile], what: str) -> None:
        self.setEnabled(False)
        self.context.spawn(self._written(change, what), "save settings")

    async def _written(self, change: Callable[[], StoreProfile], what: str) -> None:
        try:
            profile = await asyncio.to_thread(change)
        except TillkeeperError as error:
            self._trouble_text.setText(self.context.text(error.words))
            self._trouble.show()
            self._entries.restore()
        else:
            self._trouble.hide()
            remember(self.context, what)
            self.context.profile_changed.emit(profile)
        finally:
            self.setEnabled(True)
