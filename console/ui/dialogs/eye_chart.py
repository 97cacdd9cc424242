"""The eye chart: one code in falling sizes or contrasts; the smallest that the scanner reads is its score."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from console.domain.eye_chart import Medium, Row, Score, chart, figures, pale, row_of, score_name, size_words
from console.domain.scan import Scan
from console.domain.specimens import Kind
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.code_sheet import eye_chart_sheet
from console.services.codes import drawn
from console.services.scanner_figures import curve
from console.ui.context import Context
from console.ui.dialogs.scan_sheet import ScanSheet, cleared
from console.ui.dialogs.screen_measure import MeasurePanel
from console.ui.icons import pixmap
from console.ui.screen_size import guessed
from console.ui.widgets.code_picture import CodePicture
from console.ui.widgets.labels import Body, Heading, Label, Note, Verdict
from console.ui.widgets.meter import Curve
from console.ui.widgets.white_page import WhitePage

_MODULES = (10, 8, 6, 5, 4, 3, 2, 1)  # device pixels
_MOST = 6  # rows
_ROOM = 540  # pixels of the window that codes may take
_ACROSS = 3  # squares side by side
_SIDE = 264
_BARS = 40  # of them, that bars are high
_TICK = "#17732F"  # on white in every theme
_CHART, _MEASURE = range(2)


class EyeChartDialog(ScanSheet):
    """A code disappears when it was read, so that the scanner goes on to the smaller ones by itself.

    What was read is kept as the scanner's score when the dialog closes.
    """

    def __init__(self, context: Context, subject: Subject, parent: QWidget | None = None) -> None:
        words = say("Eye chart: {name}", name=context.name(subject))
        super().__init__(context, subject, parent, words, "search")
        self.read: list[Row] = []
        self.rows: tuple[Row, ...] = ()
        self._kind, self._faint = Kind.CODE_128, False
        self._cells: dict[Row, tuple[CodePicture, Label]] = {}
        self._stack = QStackedWidget()
        self._grid = QGridLayout()
        self._grid.setSpacing(16)
        self._true = Note()
        self._score, self._means, self._contrast = Verdict(), Body(), Note()
        self._past = QVBoxLayout()
        self._measure = MeasurePanel(context)
        self._anew = self.press(say("Start again"), "T", "refresh-cw")
        self._paper = self.press(say("Print it…"), "P", "printer")
        self._size = self.press(say("Measure the screen…"), "M", "credit-card")
        self._compose()
        self.spawn(self._show_past(), f"scores of {subject}")

    def _compose(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(8)
        for words, key, chosen in (
            (say("Bars"), "B", lambda: self._choose(Kind.CODE_128, self._faint)),
            (say("Squares"), "Q", lambda: self._choose(Kind.QR, self._faint)),
        ):
            self._add_choice(top, "kind", words, key, chosen)
        top.addSpacing(16)
        for words, key, chosen in (
            (say("Sizes"), "Z", lambda: self._choose(self._kind, False)),
            (say("Contrasts"), "C", lambda: self._choose(self._kind, True)),
        ):
            self._add_choice(top, "mode", words, key, chosen)
        top.addStretch(1)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addLayout(top)
        page = WhitePage()
        page.column.addLayout(self._grid)
        page.column.addStretch(1)
        left.addWidget(page, 1)
        left.addWidget(self._true)
        row.addLayout(left, 1)
        row.addLayout(self._side())
        self._stack.addWidget(whole)
        self._stack.addWidget(self._measure)
        self.inside.addWidget(self._stack, 1)
        self._measure.done.connect(self._measured)
        self._anew.clicked.connect(self._restart)
        self._size.clicked.connect(self._ask_size)
        self._paper.clicked.connect(
            lambda: self.offer_paper(self._paper, eye_chart_sheet(self.context.text, self._kind))
        )
        self.bottom(self._anew, self._paper, self._size)

    def _add_choice(
        self, row: QHBoxLayout, group: str, words: Words, key: str, chosen: Callable[[], None]
    ) -> None:
        """One of the buttons of `group`, of which one is down."""
        button = self.press(words, key)
        button.setCheckable(True)
        buttons = self.findChild(QButtonGroup, group)
        if buttons is None:
            buttons = QButtonGroup(self)
            buttons.setObjectName(group)
            button.setChecked(True)
        buttons.addButton(button)
        button.clicked.connect(chosen)
        row.addWidget(button)

    def _side(self) -> QVBoxLayout:
        side = QVBoxLayout()
        side.setSpacing(8)
        side.addWidget(Heading(self.text(say("Smallest that was read"))))
        for part in (self._score, self._means, self._contrast):
            part.setFixedWidth(_SIDE)
            side.addWidget(part)
        side.addSpacing(16)
        side.addWidget(Heading(self.text(say("Earlier scores: smaller is better"))))
        side.addLayout(self._past)
        side.addStretch(1)
        return side

    def screen_changed(self) -> None:
        """Show the chart in the true size of this screen, which is asked for where nobody knows it."""
        if self.density is None:
            self._ask_size()
        else:
            self._measured()

    def _ask_size(self) -> None:
        self._stack.setCurrentIndex(_MEASURE)
        for button in (self._anew, self._paper, self._size):
            button.setEnabled(False)
        self._measure.begin()

    def _measured(self) -> None:
        self._stack.setCurrentIndex(_CHART)
        for button in (self._anew, self._paper, self._size):
            button.setEnabled(True)
        self._fill()
        if self.types:
            self.area.setFocus()

    def _choose(self, kind: Kind, faint: bool) -> None:
        self._kind, self._faint = kind, faint
        self._fill()

    def _restart(self) -> None:
        """The present chart once more; what was read of it before does not count."""
        self.read = [each for each in self.read if each not in self.rows]
        self._fill()

    def _fill(self) -> None:
        ratio, density = self.devicePixelRatioF(), self.density or guessed(self.screen())
        room = int(_ROOM * ratio)
        width = drawn(self._kind, Row(Medium.SCREEN, self._kind, 1).content).width
        across = _ACROSS if self._kind is Kind.QR else 1
        modules = [each for each in _MODULES if each * width * across <= room][-_MOST:]
        rows = dict(zip(chart(Medium.SCREEN, self._kind, density, modules), modules, strict=True))
        if self._faint:
            row = tuple(rows)[len(rows) // 2 - (self._kind is Kind.QR)]
            rows = dict.fromkeys(pale(row), rows[row])
        self.rows = tuple(rows)
        cleared(self._grid)
        self._cells.clear()
        for place, (each, module) in enumerate(rows.items()):
            self._add(place, each, module, ratio)
        pitch = f"{1 / density:.3f}"
        self._true.setText(self.text(say("True size: a pixel of this screen is {mm} mm wide.", mm=pitch)))
        self._refresh()

    def _add(self, place: int, row: Row, module: int, ratio: float) -> None:
        code = drawn(row.kind, row.content)
        if code.bars:
            code = code.as_high(int(_BARS * ratio / module))
        picture = CodePicture(code, module, contrast=row.contrast)
        picture.setAccessibleName(self.text(row.words))
        picture.setFixedSize(picture.sizeHint())
        mark, words = Label(wrap=False), Note(self.text(row.words), wrap=False)
        mark.setFixedSize(24, 24)
        self._cells[row] = picture, mark
        cell = QWidget()
        column, head = QVBoxLayout(cell), QHBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for part in (words, mark):
            head.addWidget(part)
        head.addStretch(1)
        if code.bars:
            column.addLayout(head)
            column.addWidget(picture)
            self._grid.addWidget(cell, place, 0)
        else:
            column.addWidget(picture)
            column.addLayout(head)
            across = place // _ACROSS, place % _ACROSS
            self._grid.addWidget(cell, *across, Qt.AlignmentFlag.AlignBottom)
        if row in self.read:
            self._tick(row)

    def _tick(self, row: Row) -> None:
        picture, mark = self._cells[row]
        picture.show_code(None, self.text(say("{row}: read", row=row.words)))
        mark.setPixmap(pixmap("circle-check", _TICK, 22))

    def shown_code(self) -> str:
        """The simulated scanner reads the largest that it has not read yet."""
        return next((each.content for each in self.rows if each not in self.read), "")

    def arrived(self, scan: Scan) -> bool:
        """Tick the row that was read, on the screen or on paper."""
        row = row_of(scan.text)
        if row is None:
            return False
        if row not in self.read:
            self.read.append(row)
        if row in self._cells:
            self._tick(row)
        words = say("on paper: {row}", row=row.words) if row.medium is Medium.PAPER else row.words
        self.tell(say("Read: {row}", row=words))
        self._refresh()
        return True

    def _refresh(self) -> None:
        """The score of the present kind of code; paper counts where it was read last."""
        kept = [each for each in self.read if each.kind is self._kind]
        medium = kept[-1].medium if kept else Medium.SCREEN
        score = Score.of([each for each in kept if each.medium is medium])
        self._score.setText(self.text(size_words(score.module)) if score.module else "–")
        self._means.setText(self.text(score.words))
        contrast = say("Least contrast: {percent} %", percent=score.contrast or 100)
        self._contrast.setText(self.text(contrast) if score.contrast else "")
        if self.rows and set(self.rows) <= set(self.read):
            self.tell(say("Every code of this chart was read: this screen can show no smaller ones"))

    async def _show_past(self) -> None:
        kept = await self.context.console.figures.history(self.subject)
        if not isValid(self):
            return
        theme, shown = self.context.theme, False
        for medium in Medium:
            for kind in (Kind.CODE_128, Kind.QR):
                values = curve(kept, score_name(medium, kind))
                if not values:
                    continue
                shown = True
                words = say(
                    "{place}, {kind}, mm: {values}", place=_PLACES[medium], kind=_KINDS[kind],
                    values=" → ".join(f"{each / 1000:.3g}" for each in values[-_LAST:]),
                )  # fmt: skip
                self._past.addWidget(Note(self.text(words)))
                if len(values) > 1:
                    self._past.addWidget(Curve(theme, values, self.text(words)))
        if not shown:
            self._past.addWidget(Body(self.text(_NONE_YET), tone="soft"))

    def done(self, result: int) -> None:
        """Close, and keep the score."""
        if told := figures(self.read):
            figures_kept = self.context.console.figures.add(self.subject, told)
            self.context.spawn(figures_kept, f"score of {self.subject}")
            self.read = []
        super().done(result)


_LAST = 5
_PLACES = {Medium.SCREEN: say("Screen"), Medium.PAPER: say("Paper")}
_KINDS = {Kind.CODE_128: say("bars"), Kind.QR: say("squares")}
_NONE_YET = say("None yet. What you read today is kept when this closes, and the next time shows the curve.")
