"""The test page's diagonals as they are printed, large enough to be tapped where they break."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.domain.breaks import FINGER, MOST_SPOTS
from console.domain.head import PITCH, ROWS, THICK, Head, diagonals, numbers
from console.domain.words import say
from console.ui.context import Context

SCALE = 3  # px a dot, so that FINGER dots to either side are what a fingertip misses by
_EDGE, _LABEL, _GAP = 16, 24, 12  # px: white around the pattern, the numbers' height, between two rows
_PAPER, _INK, _RED, _BLUE = (QColor(each) for each in ("#FFFFFF", "#1B1F24", "#C62828", "#0B5FB0"))


class DrawnPattern(QWidget):
    """White paper in every theme; where one row is too wide, the diagonals go on below.

    A tap marks a column; with the keys, arrows move the marker, Enter marks and Delete takes a mark away.
    """

    marked = Signal()

    def __init__(self, context: Context, head: Head) -> None:
        super().__init__()
        self._context = context
        self._head = head
        ink = diagonals(head.dots)
        self._image = QImage(ink, head.dots, ROWS, head.dots // 8, QImage.Format.Format_Mono).copy()
        self._image.setColorTable([_PAPER.rgb(), _INK.rgb()])
        self._states: list[tuple[int, ...]] = [()]
        self._cursor = head.dots // 2
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        last = head.dots - 1
        self.setAccessibleName(context.text(say("The printed pattern, dots 0 to {last}", last=last)))
        self._tell()

    @property
    def columns(self) -> tuple[int, ...]:
        """The marked dot columns, the newest last."""
        return self._states[-1]

    @property
    def can_undo(self) -> bool:
        """Whether something was marked or taken away."""
        return len(self._states) > 1

    def undo(self) -> None:
        """Take the last step back."""
        if self.can_undo:
            self._states.pop()
            self._changed()

    def clear(self) -> None:
        """Take all marks away; one step for undo."""
        if self.columns:
            self._put(())

    def mark(self, column: int) -> None:
        """Mark a column; the same again, or one too many, changes nothing."""
        self._cursor = column
        if column not in self.columns and len(self.columns) < MOST_SPOTS:
            self._put((*self.columns, column))
        else:
            self._tell()

    # --- where a column stands

    def _row_in(self, width: int) -> int:
        """Dots in a row: whole diagonals, as evenly as the width allows."""
        lines = len(numbers(self._head.dots))
        most = max(1, (width - 2 * _EDGE) // (PITCH * SCALE))
        rows = -(-lines // most)
        return -(-lines // rows) * PITCH

    @property
    def _per_row(self) -> int:
        return self._row_in(self.width())

    def _top(self, row: int) -> int:
        return _EDGE + row * (_LABEL + ROWS * SCALE + _GAP) + _LABEL

    def point_of(self, column: int) -> QPoint:
        """The middle of the column's ink."""
        row, place = divmod(column, self._per_row)
        y = self._top(row) + (column % PITCH) * SCALE + THICK * SCALE // 2
        return QPoint(_EDGE + place * SCALE + SCALE // 2, y)

    def column_at(self, point: QPoint) -> int:
        """The column that a tap means; the nearest one beside the pattern."""
        per_row = self._per_row
        rows = -(-self._head.dots // per_row)
        row = min(rows - 1, max(0, (point.y() - _EDGE) // (_LABEL + ROWS * SCALE + _GAP)))
        place = min(per_row - 1, max(0, (point.x() - _EDGE) // SCALE))
        return min(self._head.dots - 1, row * per_row + place)

    def hasHeightForWidth(self) -> bool:
        """Its rows depend on the width."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Every row of diagonals with its numbers."""
        rows = -(-self._head.dots // self._row_in(width))
        return self._top(rows - 1) + ROWS * SCALE + _EDGE

    def sizeHint(self) -> QSize:
        """Two rows on a usual screen."""
        lines = len(numbers(self._head.dots))
        width = -(-lines // 2) * PITCH * SCALE + 2 * _EDGE
        return QSize(width, self.heightForWidth(self.width()))

    def minimumSizeHint(self) -> QSize:
        """At least one diagonal."""
        return QSize(PITCH * SCALE + 2 * _EDGE, self.heightForWidth(self.width()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need other rows."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    # --- the person

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A tap; touches arrive here as well."""
        if event.button() is Qt.MouseButton.LeftButton:
            self.mark(self.column_at(event.position().toPoint()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right by a dot, up and down by a numbered line."""
        steps = {
            Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -PITCH, Qt.Key.Key_Down: PITCH
        }  # fmt: skip
        key = Qt.Key(event.key())
        if key in steps:
            self._cursor = min(self._head.dots - 1, max(0, self._cursor + steps[key]))
            self._tell()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.mark(self._cursor)
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            near = [each for each in self.columns if abs(each - self._cursor) <= FINGER]
            if near:
                self._put(tuple(each for each in self.columns if each not in near))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the marker."""
        super().focusInEvent(event)
        self.update()

    def _put(self, columns: tuple[int, ...]) -> None:
        self._states.append(columns)
        self._changed()

    def _changed(self) -> None:
        self._tell()
        self.marked.emit()

    def _tell(self) -> None:
        """Say where the marker stands, to who cannot see it."""
        near = any(abs(each - self._cursor) <= FINGER for each in self.columns)
        dot = self._cursor
        words = say("Dot {dot}, marked", dot=dot) if near else say("Dot {dot}, not marked", dot=dot)
        self.setAccessibleDescription(self._context.text(words))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        self.update()

    # --- the picture

    def paintEvent(self, event: QPaintEvent) -> None:
        """The paper, its numbers and lines, then the marks."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), _PAPER)
            painter.setPen(QColor(self._context.theme.line))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
            self._paint_rows(painter)
            for column in self.columns:
                self._paint_mark(painter, column)
            if self.hasFocus():
                self._paint_cursor(painter)

    def _paint_rows(self, painter: QPainter) -> None:
        font = QFont(self.font())
        font.setPixelSize(15)
        painter.setFont(font)
        per_row = self._per_row
        for first in numbers(self._head.dots):
            row, place = divmod(first, per_row)
            dots = min(PITCH, self._head.dots - first)
            left, top = _EDGE + place * SCALE, self._top(row)
            painter.drawImage(
                QRect(left, top, dots * SCALE, ROWS * SCALE), self._image, QRect(first, 0, dots, ROWS)
            )
            painter.setPen(_INK)
            label = QRect(left, top - _LABEL, PITCH * SCALE, _LABEL)
            painter.drawText(label, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, f"|{first}")

    def _paint_mark(self, painter: QPainter, column: int) -> None:
        """The line with its gap, and how far to either side the dead dot may be."""
        at, top = self.point_of(column), self._top(column // self._per_row)
        painter.fillRect(at.x() - 2 * SCALE, top, 4 * SCALE, ROWS * SCALE, _PAPER)
        painter.setPen(QPen(_RED, 2))
        for side in (-1, 1):
            x = at.x() + side * FINGER * SCALE
            painter.drawLine(x, top, x, top + ROWS * SCALE)
        painter.drawEllipse(QPointF(at), 20, 20)

    def _paint_cursor(self, painter: QPainter) -> None:
        at, row = self.point_of(self._cursor), self._cursor // self._per_row
        top, bottom = self._top(row), self._top(row) + ROWS * SCALE
        painter.setPen(QPen(_BLUE, 1, Qt.PenStyle.DashLine))
        painter.drawLine(at.x(), top, at.x(), bottom)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_BLUE)
        tip = [QPointF(at.x(), bottom - 10), QPointF(at.x() - 8, bottom), QPointF(at.x() + 8, bottom)]
        painter.drawPolygon(QPolygonF(tip))
        painter.setBrush(Qt.BrushStyle.NoBrush)
