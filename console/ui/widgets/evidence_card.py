"""The technical evidence, folded away until somebody asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout

from console.domain.evidence import Evidence
from console.domain.words import say
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.evidence_table import EvidenceTable


class EvidenceCard(Card):
    """A button that unfolds the table, and one that copies it."""

    def __init__(self, context: Context) -> None:
        super().__init__(context.theme)
        self._context = context
        self._fold = Button(context.text(say("Technical details")), "flat")
        self._fold.setCheckable(True)
        self._copy = Button(context.text(say("Copy")), icon=icon("copy", context.theme.text, 22))
        self.table = EvidenceTable(context)
        row = QHBoxLayout()
        row.addWidget(self._fold)
        row.addStretch(1)
        row.addWidget(self._copy)
        self.column.setContentsMargins(8, 8, 8, 8)
        self.column.addLayout(row)
        self.column.addWidget(self.table)
        self._fold.toggled.connect(self._unfold)
        self._copy.clicked.connect(self._take)
        self._unfold(False)

    def show_evidence(self, evidence: Sequence[Evidence]) -> None:
        """Put other evidence into the table."""
        self.table.show_evidence(evidence)
        self._copy.rename(self._context.text(say("Copy")))

    def fold(self) -> None:
        """Put the table away."""
        self._fold.setChecked(False)

    def _unfold(self, open_: bool) -> None:
        name = "chevron-down" if open_ else "chevron-right"
        self._fold.set_icon(icon(name, self._context.theme.soft, 22))
        self.table.setVisible(open_)
        self._copy.setVisible(open_)

    def _take(self) -> None:
        QGuiApplication.clipboard().setText(self.table.as_text())
        self._copy.setText(self._context.text(say("Copied")))
