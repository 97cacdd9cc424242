"""One entry of the store's profile: changed, tried before it is saved, or taken out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QStackedWidget, QVBoxLayout, QWidget

from console.domain.errors import TillkeeperError
from console.domain.profile import Entry, StoreProfile
from console.domain.subjects import KIND_WORDS, Subject
from console.domain.words import Words, say
from console.services import entry_form
from console.ui.context import Context
from console.ui.dialogs.entry_fields import EntryFields
from console.ui.dialogs.sheet import Sheet
from console.ui.dialogs.trial import Trial
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Tinted
from console.ui.widgets.labels import Body, Label
from console.ui.widgets.scroll import Scroll

LAST_CHANGE = "profile.last_change"  # the setting that remembers what “undo” would take back


class EntryDialog(Sheet):
    """The form of one entry; `subject` is None for a new one. `saved` carries the new StoreProfile."""

    saved = Signal(object)

    def __init__(
        self,
        context: Context,
        parent: QWidget | None,
        profile: StoreProfile,
        subject: Subject | None = None,
        kind: str = "printer",
        texts: Mapping[str, str] | None = None,
    ) -> None:
        title = context.text(
            say("Change {name}", name=context.name(subject)) if subject else say("Add a device")
        )
        super().__init__(context, parent, title, "pencil" if subject else "plus")
        self.resize(640, 640)
        self._profile = profile
        self._subject = subject
        self._kind = subject.kind if subject else kind
        self._stack = QStackedWidget()
        self._form = QVBoxLayout()
        self._kinds = self._kind_choice() if subject is None and texts is None else None
        self._trial = Trial(context, self._try, self.spawn)
        present = dict(profile.entries())[subject] if subject else None
        self._fields = self._new_fields(texts or (entry_form.texts(present) if present else None))
        self._save = Button(self.text(say("Save")), "primary", icon("save", context.theme.brand_text, 22))
        self._writing = False
        self._compose()

    def _compose(self) -> None:
        area = Scroll()
        column = area.column
        if self._kinds is not None:
            column.addWidget(Label(self.text(say("Kind of device")), strong=True))
            column.addWidget(self._kinds)
        column.addLayout(self._form)
        self._form.addWidget(self._fields)
        column.addWidget(self._trial)
        column.addStretch(1)
        self._stack.addWidget(area)
        self.body.addWidget(self._stack, 1)
        self._save.clicked.connect(self._press_save)
        self._cancel = Button(self.text(say("Cancel")))
        self._cancel.clicked.connect(self.reject)
        if (subject := self._subject) is not None:
            self._remove = Button(
                self.text(say("Remove…")), icon=icon("trash-2", self.context.theme.text, 22)
            )
            self._remove.clicked.connect(lambda: self._ask_removal(subject))
            self.buttons.addWidget(self._remove)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self._cancel)
        self.buttons.addWidget(self._save)
        if self.context.console.editor is None:
            self._save.setEnabled(False)
            self.complain(say("This is the demo store: it has no file to save in."))

    def _kind_choice(self) -> QComboBox:
        kinds = QComboBox()
        kinds.setAccessibleName(self.text(say("Kind of device")))
        for kind in entry_form.EXAMPLES:
            kinds.addItem(self.text(KIND_WORDS[kind]), kind)
        kinds.setCurrentIndex(kinds.findData(self._kind))
        kinds.currentIndexChanged.connect(lambda place: self._change_kind(kinds.itemData(place)))
        return kinds

    def _new_fields(self, texts: Mapping[str, str] | None) -> EntryFields:
        shown = texts or entry_form.blank(self._kind, self._profile)
        fields = EntryFields(self.context, self._kind, self._profile, shown)
        fields.changed.connect(self._trial.forget)
        fields.entered.connect(self._press_save)
        return fields

    def _change_kind(self, kind: str) -> None:
        self._kind = kind
        old, self._fields = self._fields, self._new_fields(None)
        self._form.replaceWidget(old, self._fields)
        old.deleteLater()
        self._trial.forget()

    def _entry(self) -> Entry | None:
        """What the form describes; None, with the errors beneath their fields, when it is not yet right."""
        entry, errors = entry_form.read(self._kind, self._fields.texts(), self._profile, self._subject)
        self._fields.show_errors(errors)
        return entry

    def _try(self) -> tuple[Subject, Entry] | None:
        entry = self._entry()
        return (Subject(self._kind, entry.name), entry) if entry is not None else None

    def _press_save(self) -> None:
        editor, entry = self.context.console.editor, self._entry()
        if editor is None or entry is None:
            return
        keys = entry_form.keys(entry)
        name = entry.label or entry.name
        if self._subject is None:
            self._write(lambda: editor.add(self._kind, keys), f"added\t{name}")
        else:
            subject = self._subject
            self._write(lambda: editor.replace(subject, keys), f"changed\t{name}")

    def _write(self, change: Callable[[], StoreProfile], what: str) -> None:
        self.complain(None)
        self._save.setEnabled(False)
        self._writing = True
        self.spawn(self._written(change, what), "save profile entry")

    async def _written(self, change: Callable[[], StoreProfile], what: str) -> None:
        try:
            profile = await asyncio.to_thread(change)
        except TillkeeperError as error:
            self.complain(error.words)
            self._save.setEnabled(True)
            return
        finally:
            self._writing = False
        remember(self.context, what)
        self.saved.emit(profile)
        self.accept()

    def reject(self) -> None:
        """Close without saving; a write that has begun is waited for, so that the window learns of it."""
        if not self._writing:
            super().reject()

    def _ask_removal(self, subject: Subject) -> None:
        needed = entry_form.behind(subject, self._profile)
        panel = Tinted("attention")
        panel.column.setContentsMargins(16, 16, 16, 16)
        for each in self._removal_words(subject, needed):
            panel.column.addWidget(Body(self.text(each)))
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(panel)
        column.addStretch(1)
        self._stack.addWidget(holder)
        self._stack.setCurrentWidget(holder)
        self.resize(self.width(), 320)
        self._remove.hide()
        self._cancel.rename(self.text(say("Keep it")))
        self._save.setVisible(not needed)
        self._save.setEnabled(self.context.console.editor is not None)
        self._save.rename(self.text(say("Remove {name}", name=self.context.name(subject))))
        self._save.set_icon(icon("trash-2", self.context.theme.brand_text, 22))
        self._save.clicked.disconnect()
        self._save.clicked.connect(lambda: self._press_remove(subject))
        self._cancel.setFocus()

    def _removal_words(self, subject: Subject, needed: tuple[Subject, ...]) -> list[Words]:
        if needed:
            names = ", ".join(map(self.context.name, needed))
            return [
                say("It cannot be removed yet: {names} works through it. Remove or change that first.",
                    names=names)
            ]  # fmt: skip
        return [
            say("{name} is taken out of this store's settings, and nobody watches it any more.",
                name=self.context.name(subject)),
            say("The device itself is not touched, its history stays, and Settings offers \"Undo\"."),
        ]  # fmt: skip

    def _press_remove(self, subject: Subject) -> None:
        editor = self.context.console.editor
        if editor is not None:
            self._write(lambda: editor.remove(subject), f"removed\t{self.context.name(subject)}")


def remember(context: Context, what: str) -> None:
    """Keep what was changed last in which file, so that Settings can offer to undo it."""
    change = f"{context.console.profile_path}\t{context.now().isoformat()}\t{what}" if what else ""
    context.console.settings.put(LAST_CHANGE, change)
