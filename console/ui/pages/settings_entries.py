"""The entries of the store's profile, each with its live light, and the way back from the last change."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.profile import Backend, Drawer, Entry
from console.domain.subjects import KIND_WORDS, Subject
from console.domain.words import Words, say
from console.services.entry_form import keys
from console.services.times import ago
from console.ui.context import Context
from console.ui.dialogs.discovery import DiscoveryDialog
from console.ui.dialogs.entry import LAST_CHANGE, EntryDialog, remember
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card, Tinted
from console.ui.widgets.labels import Body, Elided, Heading
from console.ui.widgets.light import LightShape
from console.ui.widgets.subject_list import verdict

_DONE: dict[str, Callable[[str], Words]] = {
    "added": lambda name: say("Added: {name}", name=name),
    "changed": lambda name: say("Changed: {name}", name=name),
    "removed": lambda name: say("Removed: {name}", name=name),
}


class EntriesCard(Card):
    """One row an entry. `change` carries a write and its name, `profile_changed` what was written already."""

    change = Signal(object, str)
    profile_changed = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        self._rows: dict[Subject, _Row] = {}
        text = context.text
        head = QHBoxLayout()
        head.addWidget(Heading(text(say("Devices and connections"))), 1)
        if context.console.editor is not None:
            add = Button(text(say("Add…")), "primary", icon("plus", context.theme.brand_text, 22))
            add.setAccessibleName(text(say("Add a device")))
            add.clicked.connect(self._add)
            head.addWidget(add)
        self.column.addLayout(head)
        for subject, entry in context.console.profile.entries():
            row = _Row(context, subject, entry)
            row.edited.connect(lambda subject=subject: self._edit(subject))
            row.switched.connect(lambda on, subject=subject, entry=entry: self._switch(subject, entry, on))
            self._rows[subject] = row
            self.column.addWidget(row)
        if not self._rows:
            self.column.addWidget(
                Body(text(say("Nothing here yet. \"Add\" searches for devices, or takes what you type in.")),
                     tone="soft")
            )  # fmt: skip

    def row(self, subject: Subject) -> QWidget | None:
        """The row of `subject`; None for a stranger."""
        return self._rows.get(subject)

    def refresh(self, subjects: Collection[Subject]) -> None:
        """Show the present lights of `subjects`."""
        for subject in self._rows.keys() & set(subjects):
            self._rows[subject].refresh()

    def restore(self) -> None:
        """A write failed: the switches go back to what the file says."""
        for row in self._rows.values():
            row.restore()

    def _add(self) -> None:
        dialog = DiscoveryDialog(self._context, self.window())
        dialog.profile_changed.connect(self.profile_changed)
        dialog.open()

    def _edit(self, subject: Subject) -> None:
        dialog = EntryDialog(self._context, self.window(), self._context.console.profile, subject)
        dialog.saved.connect(self.profile_changed)
        dialog.open()

    def _switch(self, subject: Subject, entry: Entry, on: bool) -> None:
        editor = self._context.console.editor
        if editor is not None:
            changed = keys(replace(entry, enabled=on))
            self.change.emit(
                lambda: editor.replace(subject, changed), f"changed\t{self._context.name(subject)}"
            )


class _Row(QWidget):
    """Light, name, address, the switch and the way to its form."""

    edited = Signal()
    switched = Signal(bool)

    def __init__(self, context: Context, subject: Subject, entry: Entry) -> None:
        super().__init__()
        self._context = context
        self._subject = subject
        self._entry = entry
        text, name = context.text, context.name(subject)
        finding = context.console.board.finding(subject)
        word = context.console.language.light(finding.light)
        self._shape = LightShape(finding.light, 28, context.theme, word)
        self._shape.setAccessibleDescription(name)
        self._verdict = Elided("", "note", "soft", strong=True)
        kind = text(KIND_WORDS[subject.kind])
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(Elided(name, strong=True))
        words.addWidget(self._verdict)
        words.addWidget(Elided(" · ".join(filter(None, (kind, _address(entry, context)))), "note", "soft"))
        self._use = QCheckBox(text(say("In use")))
        self._use.setAccessibleName(text(say("{name} is in use", name=name)))
        self._use.setChecked(entry.enabled)
        self._use.toggled.connect(self.switched)
        self._edit = Button(text(say("Change…")))
        self._edit.setAccessibleName(text(say("Change {name}", name=name)))
        self._edit.clicked.connect(self.edited)
        if context.console.editor is None:  # the demo has nowhere to keep a change
            self._use.hide()
            self._edit.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 4, 0, 4)
        row.setSpacing(12)
        row.addWidget(self._shape)
        row.addLayout(words, 1)
        row.addWidget(self._use)
        row.addWidget(self._edit)
        self.setFocusProxy(self._use)
        self.refresh()

    def refresh(self) -> None:
        """Show the present light."""
        language = self._context.console.language
        finding = self._context.console.board.finding(self._subject)
        self._shape.set_light(finding.light, language.light(finding.light))
        self._verdict.setText(verdict(finding, language))
        self._verdict.set_tone(finding.light.value)

    def restore(self) -> None:
        """Show what the file says."""
        self._use.blockSignals(True)
        self._use.setChecked(self._entry.enabled)
        self._use.blockSignals(False)


def _address(entry: Entry, context: Context) -> str:
    if isinstance(entry, Backend):
        return entry.url
    if isinstance(entry, Drawer):
        return context.text(say("through {name}", name=context.name(Subject("printer", entry.printer))))
    return entry.address or ""


class UndoBar(Tinted):
    """Says what was changed last in this file, and offers the way back; hidden where there is nothing."""

    change = Signal(object, str)

    def __init__(self, context: Context) -> None:
        super().__init__("ok")
        self._context = context
        words = _last_change(context)
        if words is None:
            self.hide()
            return
        undo = Button(context.text(say("Undo")), icon=icon("undo-2", context.theme.text, 22))
        undo.clicked.connect(self._undo)
        hide = Button(context.text(say("Keep it so")), "flat")
        hide.clicked.connect(self._keep)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(Body(context.text(words)), 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(hide)
        row.addWidget(undo)
        self.column.setContentsMargins(16, 8, 8, 8)
        self.column.addLayout(row)

    def _undo(self) -> None:
        editor = self._context.console.editor
        if editor is not None:
            self.change.emit(editor.undo, "")

    def _keep(self) -> None:
        remember(self._context, "")
        self.hide()


def _last_change(context: Context) -> Words | None:
    """What was done last to this very file, and when."""
    kept = context.console.settings.get(LAST_CHANGE, "").split("\t")
    if context.console.editor is None or len(kept) != 4 or kept[0] != str(context.console.profile_path):
        return None
    _, at, verb, name = kept
    when = ago(datetime.fromisoformat(at), context.now(), context.console.language)
    return say("{what} ({ago})", what=_DONE[verb](name), ago=when)
