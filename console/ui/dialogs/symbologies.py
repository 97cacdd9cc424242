"""All symbologies, one after the other: the person scans, the page ticks, and says what to switch on."""

from __future__ import annotations

import asyncio
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.lights import Light
from console.domain.scan import Scan
from console.domain.specimens import SPECIMENS, Came, Kind, Specimen, sighting
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.code_sheet import CodeSheet, symbologies_sheet
from console.services.codes import drawn
from console.services.symbologies import Symbologies
from console.ui.context import Context
from console.ui.dialogs.scan_sheet import ScanSheet
from console.ui.widgets.code_picture import CodePicture
from console.ui.widgets.facts import Facts
from console.ui.widgets.kind_tile import KindTile
from console.ui.widgets.labels import Body, Heading, Note
from console.ui.widgets.scroll import Scroll
from console.ui.widgets.white_page import WhitePage

_ONE, _ALL, _RESULT = range(3)
_COLUMNS = 2


class SymbologiesDialog(ScanSheet):
    """Tiles at the left say how each stands; at the right the present code, all of them, or the result."""

    def __init__(self, context: Context, subject: Subject, parent: QWidget | None = None) -> None:
        words = say("All symbologies: {name}", name=context.name(subject))
        super().__init__(context, subject, parent, words, "scan-barcode")
        self.state = Symbologies()
        self._now = SPECIMENS[0]
        self._tiles: dict[Kind, KindTile] = {}
        self._stack = QStackedWidget()
        self._name, self._hint = Heading(), Note()
        self._picture = CodePicture()
        self._content = Body(wrap=False)
        self._facts = Facts(context.theme)
        self._missed = self.press(say("It does not read this one"), "N", "x")
        self._overview = self.press(say("All at once"), "O", "layout-dashboard")
        self._result = self.press(say("Result"), "R", "clipboard-list")
        self._paper = self.press(say("Print them…"), "P", "printer")
        self._save = self.press(say("Save…"), "A", "save")
        self._print_result = self.press(say("Print the result…"), "E", "printer")
        self._compose()
        self._show(self._now)

    def _compose(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addLayout(self._overviewed())
        row.addWidget(self._stack, 1)
        self.inside.addLayout(row, 1)
        for part in (self._one(), self._all(), self._results()):
            self._stack.addWidget(part)
        self._missed.clicked.connect(self._miss)
        for button, page in ((self._overview, _ALL), (self._result, _RESULT)):
            button.setCheckable(True)
            button.clicked.connect(lambda on, page=page: self._turn(page if on else _ONE))
        self._paper.clicked.connect(
            lambda: self.offer_paper(self._paper, symbologies_sheet(self.context.text))
        )
        self._save.clicked.connect(self._ask_where)
        self._print_result.clicked.connect(lambda: self.offer_paper(self._print_result, self._on_paper()))
        self.bottom(self._overview, self._result, self._paper)
        self._missed.setFocus()

    def _overviewed(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setSpacing(8)
        rows = -(-len(SPECIMENS) // _COLUMNS)
        for place, each in enumerate(SPECIMENS):
            tile = KindTile(self.context.theme, each.kind.value)
            tile.clicked.connect(lambda _=False, each=each: self._show(each))
            self._tiles[each.kind] = tile
            grid.addWidget(tile, place % rows, place // rows)
        grid.setRowStretch(rows, 1)
        return grid

    def _one(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        white = WhitePage()
        white.column.addWidget(self._picture, 1)
        self._content.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        white.column.addWidget(self._content)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._missed)
        buttons.addStretch(1)
        column.addWidget(self._name)
        column.addWidget(white, 1)
        column.addWidget(self._hint)
        column.addLayout(buttons)
        return page

    def _all(self) -> QWidget:
        page, white = Scroll(), WhitePage()
        grid = QGridLayout()
        grid.setSpacing(24)
        white.column.addLayout(grid)
        for place, each in enumerate(SPECIMENS):
            cell = QVBoxLayout()
            cell.setSpacing(4)
            picture = CodePicture(drawn(each.kind, each.content), self._pixels)
            picture.setAccessibleName(f"{each.kind} {each.content}")
            cell.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
            name = Note(each.kind.value, wrap=False)
            cell.addWidget(name, 0, Qt.AlignmentFlag.AlignHCenter)
            cell.addStretch(1)
            grid.addLayout(cell, place // _COLUMNS, place % _COLUMNS)
        page.column.addWidget(white)
        return page

    @property
    def _pixels(self) -> int:
        """Device pixels a module where all stand together."""
        return max(1, round(self.devicePixelRatioF()))

    def _results(self) -> QWidget:
        page = Scroll()
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._save)
        row.addWidget(self._print_result)
        row.addStretch(1)
        page.column.addLayout(row)
        page.column.addWidget(self._facts)
        page.column.addStretch(1)
        return page

    def shown_code(self) -> str:
        """What a scanner sends of the present code."""
        return self._now.sent[0]

    def arrived(self, scan: Scan) -> bool:
        """Tick what was read, and go on to the next where it was the one shown."""
        seen = sighting(scan, self._now.kind)
        if seen is None:
            return False
        self.state.saw(seen)
        kind = seen.specimen.kind
        self.tell(say("{symbology}: {what}", symbology=kind.value, what=self.state.words(kind)))
        if kind is self._now.kind and seen.came is not Came.MISREAD:
            self._go_on()
        else:
            self._refresh()
        return True

    def _miss(self) -> None:
        self.state.miss(self._now.kind)
        words = self.state.words(self._now.kind)
        self.tell(say("{symbology}: {what}", symbology=self._now.kind.value, what=words))
        self._go_on()

    def _go_on(self) -> None:
        following = self.state.after(self._now.kind)
        if following is not None:
            self._now = following
            self._refresh()
        else:
            self._turn(_RESULT)

    def _show(self, specimen: Specimen) -> None:
        self._now = specimen
        self._turn(_ONE)

    def _turn(self, page: int) -> None:
        """Show the present code, all, or the result."""
        self._stack.setCurrentIndex(page)
        self._overview.setChecked(page == _ALL)
        self._result.setChecked(page == _RESULT)
        self._refresh()

    def _refresh(self) -> None:
        now, text = self._now, self.text
        for kind, tile in self._tiles.items():
            chosen = kind is now.kind and self._stack.currentIndex() == _ONE
            tile.show_state(self.state.light(kind), text(self.state.words(kind)), chosen)
        self._name.setText(now.kind.value)
        self._hint.setText(text(self.state.words(now.kind)))
        if self._content.text() != now.content:
            self._picture.show_code(drawn(now.kind, now.content), f"{now.kind} {now.content}")
            self._content.setText(now.content)
        self._missed.setEnabled(self.state.light(now.kind) is Light.UNKNOWN)
        rows = [(kind.value, text(self.state.words(kind))) for kind in Kind]
        self._facts.show_rows(text(self.state.summary), rows)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the neighbours."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}
        if event.key() in step:
            place = SPECIMENS.index(self._now) + step[Qt.Key(event.key())]
            self._show(SPECIMENS[place % len(SPECIMENS)])
        else:
            super().keyPressEvent(event)

    def _heading(self) -> list[str]:
        when = self.context.now().strftime("%Y-%m-%d %H:%M")
        return [f"{self.context.name(self.subject)} · {when}", self.text(self.state.summary), ""]

    def _on_paper(self) -> CodeSheet:
        lines = [*self._heading(), *self.state.report(self.context.text)]
        return CodeSheet(self.text(say("All symbologies")), lines, lambda _: ())

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, self.text(say("Save the result")))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("txt")
        dialog.fileSelected.connect(lambda path: self.spawn(self._saved(Path(path)), "save symbologies"))
        dialog.open()

    async def _saved(self, path: Path) -> None:
        lines = [*self._heading(), *self.state.report(self.context.text), ""]
        try:
            await asyncio.to_thread(path.write_text, "\n".join(lines), "utf-8")
        except OSError as error:
            reason = error.strerror or str(error)
            self.complain(say("{path} cannot be written: {reason}", path=str(path), reason=reason))
        else:
            self.tell(say("Saved as {path}", path=str(path)))
