"""The first profile: a store's name and language."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from console.domain.words import say
from console.services.language import LANGUAGES
from console.ui.context import Context
from console.ui.dialogs.sheet import Sheet
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body, Label, Note


class SetupDialog(Sheet):
    """`chosen` carries the store's name and its language's code."""

    chosen = Signal(str, str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.text(say("Set up my own store")), "store")
        self.resize(520, 420)
        self._name = QLineEdit()
        self._name.setMaxLength(60)
        self._name.setPlaceholderText(self.text(say("For example: Market Street shop")))
        self._name.setAccessibleName(self.text(say("Name of the store")))
        self._language = QComboBox()
        self._language.setAccessibleName(self.text(say("Language")))
        for code, name in LANGUAGES.items():
            self._language.addItem(name, code)
        self._language.setCurrentIndex(self._language.findData(context.console.language.code))
        self._go = Button(self.text(say("Create the store")), "primary")
        self._go.setEnabled(False)
        self._compose()

    def _compose(self) -> None:
        self.body.addWidget(
            Body(self.text(say("The demo ends and your own store opens. There you can add devices.")))
        )
        self.body.addWidget(Label(self.text(say("Name of the store")), strong=True))
        self.body.addWidget(self._name)
        self.body.addWidget(Label(self.text(say("Language")), strong=True))
        self.body.addWidget(self._language)
        self.body.addWidget(Note(self.text(say("Both can be changed later."))))
        self._name.textChanged.connect(lambda text: self._go.setEnabled(bool(text.strip())))
        self._name.returnPressed.connect(self._press)
        self._go.clicked.connect(self._press)
        cancel = Button(self.text(say("Cancel")))
        cancel.clicked.connect(self.reject)
        self.buttons.addStretch(1)
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(self._go)

    def _press(self) -> None:
        name = self._name.text().strip()
        if name:
            self.accept()
            self.chosen.emit(name, str(self._language.currentData()))
