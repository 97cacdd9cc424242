"""Rows as wide as their column that a finger can press: steps to tick, choices to make."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy

from console.ui.icons import pixmap
from console.ui.theme import Theme

PADDING = 12
ICON = 24
_WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)


class Row(QAbstractButton):
    """A checkable row: an icon, a text and a softer note beneath, both wrapped.

    `on` and `off` name the icons of the two states, `tone` the theme's token for the checked one.
    A row of `_raised` stands on the page itself, as cards do.
    """

    _raised = False

    def __init__(self, theme: Theme, text: str, note: str = "", *, on: str, off: str, tone: str) -> None:
        super().__init__()
        self._theme = theme
        self._note = note
        self._icons = {True: on, False: off}
        self._tone = tone
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(note)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_note(self, note: str) -> None:
        """Put another note beneath the text, or none."""
        if note != self._note:
            self._note = note
            self.setAccessibleDescription(note)
            self.updateGeometry()
            self.update()

    def _fonts(self) -> tuple[QFont, QFont]:
        strong, soft = QFont(self.font()), QFont(self.font())
        strong.setPixelSize(15)
        strong.setWeight(QFont.Weight.DemiBold if self._note else QFont.Weight.Normal)
        soft.setPixelSize(13)
        return strong, soft

    def _heights(self, width: int) -> tuple[int, int]:
        """The pixels that text and note need in a row of `width`."""
        inner = width - 3 * PADDING - ICON
        return tuple(  # type: ignore[return-value]
            QFontMetrics(font).boundingRect(QRect(0, 0, inner, 10_000), _WRAP, text).height() if text else 0
            for font, text in zip(self._fonts(), (self.text(), self._note), strict=True)
        )

    def hasHeightForWidth(self) -> bool:
        """Text wraps."""
        return True

    def heightForWidth(self, width: int) -> int:
        """At least a finger's 48 pixels."""
        return max(48, sum(self._heights(width)) + 2 * PADDING)

    def sizeHint(self) -> QSize:
        """A wish for the width at hand; the layout asks heightForWidth for the rest."""
        return QSize(320, self.heightForWidth(max(self.width(), 320)))

    def minimumSizeHint(self) -> QSize:
        """Any width that holds a few words."""
        return QSize(160, 48)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another height, and layouts remember the old one."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter presses as Space does; up and down go to the neighbours."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the block, its icon and the two texts."""
        theme, on = self._theme, self.isChecked()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        border = 2 if self.hasFocus() else theme.border if theme.border > 1 or self.underMouse() else 0
        border = border or (1 if self._raised else 0)
        color = theme.brand if self.hasFocus() else theme.line
        painter.setPen(QPen(QColor(color), border) if border else Qt.PenStyle.NoPen)
        tint = theme.brand_tint if self._tone == "brand" else theme.ok_tint
        painter.setBrush(QColor(tint if on else theme.surface if self._raised else theme.unknown_tint))
        inset = 0.5 if border == 1 else 1  # a thin line must meet whole pixels, or it is grey on grey
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 8, 8)

        height, below = self._heights(self.width())
        top = (self.height() - height - below) // 2
        mark = pixmap(self._icons[on], getattr(theme, self._tone) if on else theme.soft, ICON)
        painter.drawPixmap(PADDING, (self.height() - ICON) // 2, mark)
        left, width = 2 * PADDING + ICON, self.width() - 3 * PADDING - ICON
        strong, soft = self._fonts()
        painter.setFont(strong)
        painter.setPen(QColor(theme.text))
        painter.drawText(QRect(left, top, width, height), _WRAP, self.text())
        painter.setFont(soft)
        painter.setPen(QColor(theme.soft))
        painter.drawText(QRect(left, top + height, width, below), _WRAP, self._note)


class Step(Row):
    """A step of advice, ticked by the person or by the console."""

    def __init__(self, theme: Theme, text: str, note: str = "") -> None:
        super().__init__(theme, text, note, on="circle-check", off="circle", tone="ok")


class Choice(Row):
    """One of several; rows of one parent exclude each other."""

    def __init__(self, theme: Theme, text: str, note: str = "") -> None:
        super().__init__(theme, text, note, on="circle-dot", off="circle", tone="brand")
        self.setAutoExclusive(True)
