"""A scanned code beside the one that was shown, place by place; what differs is told by shape and word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.scan_difference import Character, Place, differences
from console.domain.words import Words, say
from console.ui.context import Context
from console.ui.theme import Theme

_CELL, _WIDE, _HIGH, _GAP = 30, 62, 38, 4  # px: a character's width, that of an end key, height, room between
_NAMES = 84  # px at the left for the names of the rows
_MARK = 16  # px beneath for the shape of a difference
_SEEN = {" ": "␣", "\t": "⇥", "\r": "⏎", "\n": "⏎", "\x1d": "␝"}
_SHAPES = {Place.CHANGED: "▲", Place.MISSING: "✕", Place.EXTRA: "＋"}
END_KEYS = {
    "enter": say("Enter"),
    "lf": say("Line feed"),
    "crlf": say("Enter and line feed"),
    "tab": say("Tab"),
    "none": say("nothing"),
}


@dataclass(frozen=True, slots=True)
class _Cell:
    expected: str
    arrived: str
    place: Place
    width: int


class ScanComparison(QWidget):
    """Two rows of characters, the shown code above, each place that differs framed and marked beneath."""

    def __init__(self, context: Context, expected: str, arrived: str, ends: tuple[str, str]) -> None:
        super().__init__()
        self._theme: Theme = context.theme
        self._names = tuple(context.text(each) for each in (say("Shown"), say("Arrived")))
        found = differences(expected, arrived)
        self._cells = [_Cell(each.expected, each.arrived, each.place, _CELL) for each in found]
        # "none" as a key takes no part in the comparison: then nothing was wanted, or nothing came.
        key = Character(*(each.replace("none", "") for each in ends))
        wanted, came = (context.text(END_KEYS[each]) for each in ends)
        self._cells.append(_Cell(wanted, came, key.place, _WIDE))
        self.told = told = context.console.language.join(counted([*found, key]))
        self.setAccessibleName(f"{self._names[0]}: {expected}; {self._names[1]}: {arrived}; {told}")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def _lines(self, width: int) -> list[list[_Cell]]:
        """The cells as they stand in lines of `width` pixels."""
        lines: list[list[_Cell]] = [[]]
        used = _NAMES
        for cell in self._cells:
            if used + cell.width > width and lines[-1]:
                lines.append([])
                used = _NAMES
            lines[-1].append(cell)
            used += cell.width + _GAP
        return lines

    def hasHeightForWidth(self) -> bool:
        """Long codes take several lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Two rows of characters and their marks for each line."""
        return len(self._lines(width)) * (2 * _HIGH + _GAP + _MARK + 8)

    def sizeHint(self) -> QSize:
        """A wish for one line."""
        width = _NAMES + sum(cell.width + _GAP for cell in self._cells)
        return QSize(width, self.heightForWidth(max(self.width(), 320)))

    def minimumSizeHint(self) -> QSize:
        """A few characters beside the names."""
        return QSize(_NAMES + _WIDE + 4 * _CELL, 2 * _HIGH + _GAP + _MARK)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need other lines."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw line by line."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        top = 0
        for line in self._lines(self.width()):
            self._draw_names(painter, top)
            left = _NAMES
            for cell in line:
                self._draw(painter, cell, left, top)
                left += cell.width + _GAP
            top += 2 * _HIGH + _GAP + _MARK + 8

    def _draw_names(self, painter: QPainter, top: int) -> None:
        painter.setFont(self._font(13))
        painter.setPen(QColor(self._theme.soft))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        for row, name in enumerate(self._names):
            painter.drawText(QRectF(0, top + row * (_HIGH + _GAP), _NAMES - 8, _HIGH), middle, name)

    def _draw(self, painter: QPainter, cell: _Cell, left: int, top: int) -> None:
        differs = cell.place is not Place.SAME
        for row, text in enumerate((cell.expected, cell.arrived)):
            box = QRectF(left, top + row * (_HIGH + _GAP), cell.width, _HIGH).adjusted(1, 1, -1, -1)
            wrong = differs and row == 1
            pen = QPen(QColor(self._theme.fault if wrong else self._theme.line), 2 if wrong else 1)
            if not text:
                pen.setStyle(Qt.PenStyle.DashLine)
            painter.setPen(pen)
            fill = self._theme.fault_tint if wrong else self._theme.unknown_tint
            painter.setBrush(QColor(fill) if text else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(QColor(self._theme.fault if wrong else self._theme.text))
            painter.setFont(self._font(17 if cell.width == _CELL else 13))
            shown = _SEEN.get(text, text)
            if cell.width == _WIDE:
                shown = painter.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideRight, _WIDE - 6)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, shown)
        if differs:
            painter.setPen(QColor(self._theme.fault))
            painter.setFont(self._font(13))
            below = QRectF(left, top + 2 * _HIGH + _GAP, cell.width, _MARK)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, _SHAPES[cell.place])

    def _font(self, size: int) -> QFont:
        font = QFont(self.font())
        font.setPixelSize(size)
        return font


def counted(found: Sequence[Character]) -> list[Words]:
    """How many places are changed, missing and too many, each with the shape that marks it."""
    places = Counter(each.place for each in found)
    told = [
        say("{shape} {count} changed", shape=_SHAPES[Place.CHANGED], count=places[Place.CHANGED]),
        say("{shape} {count} missing", shape=_SHAPES[Place.MISSING], count=places[Place.MISSING]),
        say("{shape} {count} too many", shape=_SHAPES[Place.EXTRA], count=places[Place.EXTRA]),
    ]
    kinds = (Place.CHANGED, Place.MISSING, Place.EXTRA)
    shown = [words for kind, words in zip(kinds, told, strict=True) if places[kind]]
    return shown or [say("No place differs")]
