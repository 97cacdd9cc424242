"""Technical evidence as a table whose cells can be copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from console.domain.evidence import Evidence
from console.domain.words import say
from console.services.times import exact
from console.ui.context import Context

ROW = 44
_SHOWN = 8  # rows before it scrolls
_RESULT, _SECONDS = 2, 3
_NOTES = Qt.ItemDataRole.UserRole


class EvidenceTable(QTableWidget):
    """One row a question: what was asked, what it means, the raw answer, seconds, exact time."""

    def __init__(self, context: Context, evidence: Sequence[Evidence] = ()) -> None:
        super().__init__(0, 5)
        self._context = context
        words = (say("Asked"), say("What it means"), say("Answer"), say("Seconds"), say("Time"))
        self.setHorizontalHeaderLabels([context.text(each) for each in words])
        self.setAccessibleName(context.text(say("Technical evidence")))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        for column, width in ((0, 160), (_RESULT, 88), (_SECONDS, 64), (4, 80)):
            self.setColumnWidth(column, width)
        self.show_evidence(evidence)

    def show_evidence(self, evidence: Sequence[Evidence]) -> None:
        """Replace the rows; a selection stays where it was."""
        self.setRowCount(len(evidence))
        for row, each in enumerate(evidence):
            meaning = self._context.text(each.meaning)
            moment = each.at.astimezone(self._context.now().tzinfo)
            cells = (each.probe, meaning, each.result, f"{each.seconds:.3f}", f"{moment:%H:%M:%S}")
            for column, text in enumerate(cells):
                self._put(row, column, text, exact(moment) if column == len(cells) - 1 else text)
        rows = min(max(len(evidence), 1), _SHOWN)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + rows * ROW + 4)

    def _put(self, row: int, column: int, text: str, whole: str) -> None:
        item = self.item(row, column)
        if item is None:
            item = QTableWidgetItem()
            raw = column in (0, _RESULT)
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont) if raw else self.font()
            font.setPixelSize(13)
            item.setFont(font)
            if column == _SECONDS:
                item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, column, item)
        if (item.text(), item.data(_NOTES)) != (text, whole):
            item.setText(text)
            item.setData(_NOTES, whole)
            item.setToolTip(whole)

    def as_text(self) -> str:
        """The whole table, tab between cells: for a spreadsheet or for support."""
        rows = range(self.rowCount())
        head = [str(self.model().headerData(column, Qt.Orientation.Horizontal)) for column in range(5)]
        return "\n".join("\t".join(cells) for cells in (head, *(self._cells(row, range(5)) for row in rows)))

    def _cells(self, row: int, columns: Sequence[int]) -> list[str]:
        items = [self.item(row, column) for column in columns]
        return [str(item.data(_NOTES)) if item is not None else "" for item in items]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies what is selected."""
        if not event.matches(QKeySequence.StandardKey.Copy):
            super().keyPressEvent(event)
            return
        chosen: dict[int, list[int]] = {}
        for index in sorted(self.selectedIndexes(), key=lambda each: (each.row(), each.column())):
            chosen.setdefault(index.row(), []).append(index.column())
        text = "\n".join("\t".join(self._cells(row, columns)) for row, columns in chosen.items())
        QGuiApplication.clipboard().setText(text)
