"""The lines of an entry's form: a label, a field, a hint, and in words what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QVBoxLayout, QWidget

from console.domain.profile import StoreProfile
from console.domain.words import Words, say
from console.services.entry_form import FormField, completed, fields
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Label, Note

_SHORT = ("label", "name", "address", "url", "printer", "enabled")  # shown at once; the rest folds away


class EntryFields(QWidget):
    """The fields of one kind. `changed` comes at every edit, `entered` when Enter is pressed in a field."""

    changed = Signal()
    entered = Signal()

    def __init__(self, context: Context, kind: str, profile: StoreProfile, texts: Mapping[str, str]) -> None:
        super().__init__()
        self._context = context
        self._kind = kind
        self._given = dict(texts)
        self._inputs: dict[str, QLineEdit | QComboBox | QCheckBox] = {}
        self._errors: dict[str, Label] = {}
        self._rest = QWidget()
        self._fold = Button(context.text(say("More settings")), "flat")
        column = QVBoxLayout(self)
        rest = QVBoxLayout(self._rest)
        for each in (column, rest):
            each.setContentsMargins(0, 0, 0, 0)
            each.setSpacing(12)
        described = fields(kind, profile, context.console.models().names)
        for field in described:
            (column if field.name in _SHORT and not field.switch else rest).addLayout(self._line(field))
        self._fold.setCheckable(True)
        self._fold.toggled.connect(self._unfold)
        column.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._rest)
        self._unfold(False)

    def _unfold(self, open_: bool) -> None:
        self._rest.setVisible(open_)
        self._fold.set_icon(icon("chevron-down" if open_ else "chevron-right", self._context.theme.soft, 22))

    def _line(self, field: FormField) -> QVBoxLayout:
        line = QVBoxLayout()
        line.setSpacing(4)
        name = self._context.text(field.label)
        made = self._input(field, name)
        made.setAccessibleName(name)
        self._inputs[field.name] = made
        self._edits(made).connect(lambda: self._edited(field.name))
        if not field.switch:
            label = Label(name, strong=True)
            label.setBuddy(made)
            line.addWidget(label)
        line.addWidget(made)
        if field.hint is not None:
            hint = self._context.text(field.hint)
            made.setAccessibleDescription(hint)
            line.addWidget(Note(hint))
        error = Label(tone="fault", strong=True)
        error.hide()
        self._errors[field.name] = error
        line.addWidget(error)
        return line

    def _input(self, field: FormField, name: str) -> QLineEdit | QComboBox | QCheckBox:
        given = self._given.get(field.name, "")
        if field.switch:
            box = QCheckBox(name)
            box.setChecked(given == "True")
            return box
        if field.choices:
            choice = QComboBox()
            for value, words in field.choices:
                choice.addItem(self._context.text(words) if isinstance(words, Words) else words, value)
            choice.setCurrentIndex(max(0, choice.findData(given)))
            return choice
        text = QLineEdit(given)
        text.setPlaceholderText(field.example)
        text.returnPressed.connect(self.entered)
        if field.name in ("address", "url"):
            text.editingFinished.connect(lambda: text.setText(completed(self._kind, text.text())))
        return text

    @staticmethod
    def _edits(made: QLineEdit | QComboBox | QCheckBox) -> SignalInstance:
        if isinstance(made, QLineEdit):
            return made.textEdited
        return made.toggled if isinstance(made, QCheckBox) else made.currentIndexChanged

    def _edited(self, name: str) -> None:
        self._show_error(name, None)  # it was about what stood there before
        self.changed.emit()

    def texts(self) -> dict[str, str]:
        """What stands in the fields now."""
        return {name: _text_of(made) for name, made in self._inputs.items()}

    def show_errors(self, errors: Mapping[str, Words]) -> None:
        """Put each error beneath its field, and go to the first."""
        for name in self._inputs:
            self._show_error(name, errors.get(name))
        wrong = [name for name in self._inputs if name in errors]
        if wrong:
            if any(self._rest.isAncestorOf(self._inputs[name]) for name in wrong):
                self._fold.setChecked(True)
            self._inputs[wrong[0]].setFocus()

    def _show_error(self, name: str, words: Words | None) -> None:
        made = self._inputs[name]
        self._errors[name].setVisible(words is not None)
        self._errors[name].setText(self._context.text(words) if words else "")
        if bool(made.property("wrong")) != (words is not None):
            made.setProperty("wrong", words is not None)
            made.style().unpolish(made)
            made.style().polish(made)


def _text_of(made: QLineEdit | QComboBox | QCheckBox) -> str:
    if isinstance(made, QCheckBox):
        return str(made.isChecked())
    return str(made.currentData() or "") if isinstance(made, QComboBox) else made.text()
