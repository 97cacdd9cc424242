"""What was said with a device, row by row: time, direction, bytes and their meaning side by side."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from console.domain.recording import Event, What
from console.domain.words import Words, say
from console.services.recordings import Exchange
from console.ui.context import Context

ROW = 44
_TIME, _WAY, _BYTES, _MEANING = range(4)
_HEADINGS = (say("Seconds"), say("Direction"), say("Bytes"), say("What it means"))
_WAYS = {
    What.SENT: ("→", say("sent")),
    What.HEARD: ("←", say("heard")),
    What.LOST: ("✗", say("lost")),
}
_ALIGNED = {
    _TIME: int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter),
    _WAY: int(Qt.AlignmentFlag.AlignCenter),
}
_MONO = ("Cascadia Mono", "Consolas", "Menlo", "Noto Sans Mono CJK SC")
_CELL_BYTES = 64  # a cell shows no more; the whole stands below the table

Index = QModelIndex | QPersistentModelIndex


def mono(size: int = 13) -> QFont:
    """The fixed-width font, in pixels."""
    font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    font.setFamilies([*_MONO, font.family()])
    font.setPixelSize(size)
    return font


class ExchangeModel(QAbstractTableModel):
    """The events of an exchange; texts are made when they are looked at, so its length does not matter."""

    def __init__(self, context: Context, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._rows: Sequence[tuple[Event, Sequence[Words]]] = ()
        self._mono = mono()

    def show(self, exchange: Exchange | None, only: Collection[What]) -> None:
        """The events of `exchange` of the kinds `only`; all where that is empty."""
        self.beginResetModel()
        rows = zip(exchange.recording.events, exchange.meanings, strict=True) if exchange else ()
        self._rows = [row for row in rows if not only or row[0].what in only]
        self.endResetModel()

    def at(self, row: int) -> Event:
        """The event of a row."""
        return self._rows[row][0]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """One row an event."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - as Qt declares it
        """Time, direction, bytes, meaning."""
        return len(_HEADINGS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The columns' names."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return self._context.text(_HEADINGS[section])
            if role == Qt.ItemDataRole.TextAlignmentRole and section in _ALIGNED:
                return _ALIGNED[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says and looks like."""
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self.text(index.row(), index.column(), _CELL_BYTES)
            case Qt.ItemDataRole.AccessibleTextRole if index.column() == _WAY:
                return self.way(index.row())
            case Qt.ItemDataRole.FontRole if index.column() != _MEANING:
                return self._mono
            case Qt.ItemDataRole.ForegroundRole:
                return self._color(self.at(index.row()), index.column())
            case Qt.ItemDataRole.TextAlignmentRole:
                return _ALIGNED.get(index.column())
        return None

    def text(self, row: int, column: int, limit: int | None = None) -> str:
        """The text of a cell; bytes beyond `limit` are left out."""
        event, meanings = self._rows[row]
        match column:
            case 0:
                return f"{event.at:.6f}"
            case 1:
                return _WAYS[event.what][0] if event.what in _WAYS else "·"
            case 2:
                more = " …" if limit is not None and len(event.data) > limit else ""
                return event.data[:limit].hex(" ") + more
        return self._context.console.language.join(meanings)

    def way(self, row: int) -> str:
        """The direction in words; empty where nothing went over the line."""
        what = self.at(row).what
        return self._context.text(_WAYS[what][1]) if what in _WAYS else ""

    def _color(self, event: Event, column: int) -> QColor:
        theme = self._context.theme
        if event.what is What.LOST:
            return QColor(theme.fault)
        if column == _WAY and event.what is What.SENT:
            return QColor(theme.brand)
        return QColor(theme.soft if column == _TIME or event.what not in _WAYS else theme.text)


class ExchangeTable(QTableView):
    """Rows of one height, so that ten thousand of them scroll like ten."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.setObjectName("exchange")
        self.events = ExchangeModel(context, self)
        self.setModel(self.events)
        self.setAccessibleName(context.text(say("What was said with the device")))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(_MEANING, QHeaderView.ResizeMode.Stretch)
        for column, width in ((_TIME, 104), (_WAY, 92), (_BYTES, 280)):
            self.setColumnWidth(column, width)

    def copied(self) -> str:
        """The chosen rows, or all where none is chosen, tab between cells: bytes and meanings whole."""
        rows = sorted({index.row() for index in self.selectedIndexes()}) or range(self.events.rowCount())
        columns = range(len(_HEADINGS))
        return "\n".join("\t".join(self.events.text(row, each) for each in columns) for row in rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+C copies the chosen rows."""
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        else:
            super().keyPressEvent(event)
