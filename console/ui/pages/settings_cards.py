"""The small cards of the settings: store, look, files, about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLineEdit

from console import __version__
from console.domain.words import Words, say
from console.services.language import LANGUAGES
from console.ui.context import Context
from console.ui.dialogs.support import SupportDialog
from console.ui.icons import icon
from console.ui.theme import CHOICES
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Elided, Heading, Label, Note

_THEMES = {
    "system": say("Automatic"),
    "light": say("Bright"),
    "dark": say("Dark"),
    "contrast": say("Contrast"),
}


class StoreCard(Card):
    """The store's name; `change` carries a write and what it does."""

    change = Signal(object, str)

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        text, store = context.text, context.console.profile.store
        self._name = QLineEdit(store.name)
        self._name.setAccessibleName(text(say("Name of the store")))
        self._name.setEnabled(context.console.editor is not None)
        self._save = Button(text(say("Save")))
        self._save.setAccessibleName(text(say("Save the store's name")))
        self._save.hide()
        self._name.textEdited.connect(self._edited)
        self._name.returnPressed.connect(self._press)
        self._save.clicked.connect(self._press)
        self.column.addWidget(Heading(text(say("Store"))))
        self.column.addWidget(Note(text(say("Name of the store"))))
        self.column.addWidget(self._name)
        self.column.addWidget(self._save)

    def _edited(self, name: str) -> None:
        present = self._context.console.profile.store.name
        self._save.setVisible(bool(name.strip()) and name.strip() != present)

    def _press(self) -> None:
        editor, name = self._context.console.editor, self._name.text().strip()
        if editor is not None and not self._save.isHidden():
            self.change.emit(lambda: editor.set_store(name=name), f"changed\t{name}")


class LookCard(Card):
    """Language and theme; both change at once."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        text, console = context.text, context.console
        self.column.addWidget(Heading(text(say("Language and look"))))
        languages = [(code, name) for code, name in LANGUAGES.items()]
        self._choose(languages, console.language.code, context.language_chosen.emit)
        self.column.addSpacing(4)
        themes = [(name, text(_THEMES[name])) for name in CHOICES]
        self._choose(themes, console.settings.get("theme", "system"), context.theme_chosen.emit)

    def _choose(self, choices: list[tuple[str, str]], present: str, tell: Callable[[str], None]) -> None:
        """Buttons side by side, of which one is down."""
        group = QButtonGroup(self)
        grid = QGridLayout()
        grid.setSpacing(8)
        for place, (value, words) in enumerate(choices):
            button = Button(words)
            button.setCheckable(True)
            button.setChecked(value == present)
            button.clicked.connect(lambda _=False, value=value: tell(value))
            group.addButton(button)
            grid.addWidget(button, place // 2, place % 2)
        self.column.addLayout(grid)


class FilesCard(Card):
    """Where the store's profile and the program's own files are."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        text, console = context.text, context.console
        self.column.addWidget(Heading(text(say("Files"))))
        if console.profile_path is None:
            self.column.addWidget(Body(text(say("The demo store has no file.")), tone="soft"))
        else:
            self._place(say("This store's settings"), console.profile_path, console.profile_path.parent)
        if console.folder is not None:
            self._place(say("History, logs and choices"), console.folder, console.folder)
        bundle = Button(text(say("For support…")), icon=icon("save", context.theme.text, 20))
        bundle.setToolTip(text(say("Everything for support in one file")))
        bundle.clicked.connect(self._pack)
        self.column.addWidget(bundle)

    def _pack(self) -> None:
        SupportDialog(self._context, self._context.console.bundle, self.window()).open()

    def _place(self, words: Words, path: Path, folder: Path) -> None:
        text, theme = self._context.text, self._context.theme
        name = text(words)
        shown = Elided(str(path))
        self.column.addWidget(Note(name))
        self.column.addWidget(shown)
        copy = Button(text(say("Copy")), icon=icon("copy", theme.text, 20))
        copy.setAccessibleName(text(say("Copy the path: {name}", name=name)))
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(str(path)))
        copy.clicked.connect(lambda: copy.setText(text(say("Copied"))))
        open_ = Button(text(say("Open")), icon=icon("folder-open", theme.text, 20))
        open_.setAccessibleName(text(say("Open the folder: {name}", name=name)))
        open_.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(copy)
        row.addWidget(open_)
        self.column.addLayout(row)


class AboutCard(Card):
    """Version and licences."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        text = context.text
        self.column.addWidget(Heading(text(say("About"))))
        self.column.addWidget(Label(text(say("Tillkeeper {version}", version=__version__)), strong=True))
        self.column.addWidget(
            Note(text(say("Free software under the Apache License 2.0. Qt: LGPL 3. Lucide icons: ISC.")))
        )
