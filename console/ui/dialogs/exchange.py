"""What was said with a device: just now, during a self-test, or in a recording that somebody sent."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import QItemSelection
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QButtonGroup,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from console.domain.errors import TillkeeperError
from console.domain.recording import What
from console.domain.words import Words, say, say_many
from console.services.recordings import Exchange, Recordings
from console.services.times import exact
from console.ui.context import Context
from console.ui.dialogs.sheet import Sheet
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.exchange_table import ExchangeTable
from console.ui.widgets.labels import Body, Note

_SUFFIX = "jsonl"
_FILTERS: tuple[tuple[Words, tuple[What, ...]], ...] = (
    (say("Everything"), ()),
    (say("Sent"), (What.SENT,)),
    (say("Heard"), (What.HEARD,)),
)


class ExchangeDialog(Sheet):
    """A table of the exchange; the chosen row stands whole below it."""

    def __init__(
        self,
        context: Context,
        recordings: Recordings,
        exchange: Exchange | None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context, parent, context.text(say("What was said")), "file-text")
        self.resize(976, 680)
        self._recordings = recordings
        self._exchange: Exchange | None = None
        self._about = Note()
        self._filters = QButtonGroup(self)
        self.table = ExchangeTable(context)
        self.whole = QPlainTextEdit()
        self._stack = QStackedWidget()
        self._save = self._button(say("Save to a file…"), "save")
        self._copy = self._button(say("Copy"), "copy")
        self._open = self._button(say("Open a recording…"), "folder-open")
        self._close = Button(self.text(say("Close")), "primary")
        self._compose()
        self.show_exchange(exchange)

    def show_exchange(self, exchange: Exchange | None) -> None:
        """Show it from its beginning; None where nothing was said yet."""
        self._exchange = exchange
        self._filters.buttons()[0].setChecked(True)
        self._refill()
        self._stack.setCurrentIndex(0 if exchange and exchange.recording.events else 1)
        for part in (self._save, self._copy, self.whole, *self._filters.buttons()):
            part.setVisible(self._stack.currentIndex() == 0)
        self._about.setText(self._described(exchange))
        self._about.setVisible(exchange is not None)
        if self.table.events.rowCount():
            self.table.selectRow(0)
            self.table.setFocus()

    def _button(self, words: Words, name: str) -> Button:
        return Button(self.text(words), icon=icon(name, self.context.theme.text, 22))

    def _compose(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._about, 1)
        for number, (words, _) in enumerate(_FILTERS):
            button = Button(self.text(words))
            button.setCheckable(True)
            self._filters.addButton(button, number)
            head.addWidget(button)
        self._filters.idToggled.connect(lambda _, on: self._refill() if on else None)
        self.body.addLayout(head)
        empty = Body(
            self.text(
                say(
                    "Nothing has been said with this device yet. Ask it or run a self-test, and every byte"
                    " will stand here with its meaning; or open a recording."
                )
            ),
            tone="soft",
        )
        empty.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self._stack.addWidget(self.table)
        self._stack.addWidget(empty)
        self.body.addWidget(self._stack, 1)
        self.whole.setReadOnly(True)
        self.whole.setProperty("mono", True)
        self.whole.setTabChangesFocus(True)
        self.whole.setFixedHeight(112)
        self.whole.setAccessibleName(self.text(say("The chosen row, whole")))
        self.body.addWidget(self.whole)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self._save.clicked.connect(self._ask_where)
        self._copy.clicked.connect(self._copy_rows)
        self._open.clicked.connect(self._ask_which)
        self._close.clicked.connect(self.reject)
        for left in (self._open, self._save, self._copy):
            self.buttons.addWidget(left)
        self.buttons.addStretch(1)
        self.buttons.addWidget(self._close)

    def _described(self, exchange: Exchange | None) -> str:
        if exchange is None:
            return ""
        header, events = exchange.recording.header, exchange.recording.events
        started = exact(header.started.astimezone(self.context.now().tzinfo))
        rows = self.text(say_many("{count} event", "{count} events", len(events)))
        parts = [header.subject, header.address, started, rows]
        if not exchange.recording.whole:
            parts.append(self.text(say("breaks off at the end")))
        return " · ".join(parts)

    def _refill(self) -> None:
        self.table.events.show(self._exchange, _FILTERS[max(0, self._filters.checkedId())][1])
        self._choose()

    def _choose(self, *_: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        self.whole.setPlainText(self._whole(rows[0].row()) if len(rows) == 1 else "")

    def _whole(self, row: int) -> str:
        events = self.table.events
        parts = (events.text(row, 0), events.way(row), events.text(row, 2), events.text(row, 3))
        time, way, data, meaning = parts
        return "\n".join(filter(None, (f"{time} {way}".strip(), data, meaning)))

    def _copy_rows(self) -> None:
        QGuiApplication.clipboard().setText(self.table.copied())

    def _ask_where(self) -> None:
        asked = QFileDialog(self, self.text(say("Save to a file…")))
        asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asked.setDefaultSuffix(_SUFFIX)
        if self._exchange is not None:
            asked.selectFile(f"{self._exchange.recording.header.subject.replace(':', '-')}.{_SUFFIX}")
        asked.fileSelected.connect(self.save)
        asked.open()

    def _ask_which(self) -> None:
        asked = QFileDialog(self, self.text(say("Open a recording…")))
        asked.setFileMode(QFileDialog.FileMode.ExistingFile)
        asked.setNameFilters([f"*.{_SUFFIX}", "*"])
        asked.fileSelected.connect(self.read)
        asked.open()

    def save(self, path: str) -> None:
        """Keep what is shown in a new file, and say what became of it."""
        self.spawn(self._save_to(Path(path)), "save a recording")

    def read(self, path: str) -> None:
        """Show the recording in `path`, or what is wrong with it."""
        self.spawn(self._read_from(Path(path)), "open a recording")

    async def _save_to(self, path: Path) -> None:
        if self._exchange is None:
            return
        self.complain(None)
        try:
            await asyncio.to_thread(self._recordings.save, self._exchange, path)
        except TillkeeperError as error:
            self.complain(error.words)
        else:
            self._about.setText(self.text(say("Saved to {path}", path=str(path))))

    async def _read_from(self, path: Path) -> None:
        self.complain(None)
        try:
            exchange = await asyncio.to_thread(self._recordings.read, path)
        except TillkeeperError as error:
            self.complain(error.words)
        else:
            self.show_exchange(exchange)
