"""The store's subjects one under the other, each with its light, chosen by keyboard, mouse or finger."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import Subject
from console.services.language import Language
from console.services.sentences import title_of
from console.ui.context import Context
from console.ui.theme import Theme
from console.ui.widgets.card import EDGE
from console.ui.widgets.light import draw_light

HEIGHT = 72
GAP = 8
_LINE = 22
_LEFT, _RIGHT = 60, 12  # beside the texts
_WRAP = int(Qt.TextFlag.TextWordWrap)
_NAME, _VERDICT, _LIGHT, _SUBJECT = range(Qt.ItemDataRole.UserRole, Qt.ItemDataRole.UserRole + 4)


def verdict(finding: Finding, language: Language) -> str:
    """The light's word, and in a few words why: “Fault · Paper is out”."""
    word, title = language.light(finding.light), title_of(finding, language)
    return word if title == word else f"{word} · {title}"


class SubjectList(QListWidget):
    """Cards of `subjects`; `chosen` carries the Subject that a person came to."""

    chosen = Signal(object)

    def __init__(self, context: Context, subjects: Sequence[Subject]) -> None:
        super().__init__()
        self._context = context
        self._items = {subject: QListWidgetItem(self) for subject in subjects}
        self.setObjectName("subjects")
        self.setItemDelegate(_Painter(self, context.theme))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setFrameShape(QListWidget.Shape.NoFrame)
        for subject, item in self._items.items():
            item.setData(_SUBJECT, subject)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.refresh(self._items)
        self.currentItemChanged.connect(self._tell)

    def refresh(self, subjects: Collection[Subject]) -> None:
        """Show the present findings of `subjects`; those that are not in the list are ignored."""
        language = self._context.console.language
        for subject in subjects:
            if (item := self._items.get(subject)) is None:
                continue
            finding = self._context.console.board.finding(subject)
            name, words = self._context.name(subject), verdict(finding, language)
            shown = {_NAME: name, _VERDICT: words, _LIGHT: finding.light.value}
            if any(item.data(role) != value for role, value in shown.items()):
                for role, value in shown.items():
                    item.setData(role, value)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{name}, {words}")
                item.setToolTip(f"{name}\n{words}")

    def choose(self, subject: Subject) -> None:
        """Come to `subject`, as if a person had."""
        if subject in self._items:
            self.setCurrentItem(self._items[subject])
            self.scrollToItem(self._items[subject])

    def _tell(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_SUBJECT))


class _Painter(QStyledItemDelegate):
    """Draws one subject as a card."""

    def __init__(self, parent: SubjectList, theme: Theme) -> None:
        super().__init__(parent)
        self._list = parent
        self._theme = theme

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """A card and the gap beneath it; a verdict that is long gets a second line."""
        width = self._list.viewport().width() - _LEFT - _RIGHT
        metrics = QFontMetrics(_font(self._list.font(), 14))
        needed = metrics.boundingRect(QRect(0, 0, width, 1000), _WRAP, index.data(_VERDICT))
        more = _LINE if needed.height() > metrics.lineSpacing() * 3 // 2 else 0
        return QSize(160, HEIGHT + GAP + more)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Surface, edge, light, and three texts."""
        state: QStyle.StateFlag = option.state
        area = QRect(option.rect)
        area.setHeight(area.height() - GAP)
        light = Light(index.data(_LIGHT))
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._surface(painter, QRectF(area), state, light)
        middle = area.top() + (area.height() - 28) // 2
        draw_light(painter, QRect(area.left() + 20, middle, 28, 28), light, self._theme)
        self._texts(painter, area.adjusted(_LEFT, 14, -_RIGHT, -14), light, index)
        painter.restore()

    def _surface(self, painter: QPainter, area: QRectF, state: QStyle.StateFlag, light: Light) -> None:
        theme = self._theme
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        focused = chosen and bool(state & QStyle.StateFlag.State_HasFocus)
        border = 3 if focused and theme.border > 1 else 2 if chosen else theme.border
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        card = QPainterPath()
        card.addRoundedRect(area.adjusted(border / 2, border / 2, -border / 2, -border / 2), 8, 8)
        fill = (
            theme.brand_tint
            if chosen and focused
            else theme.unknown_tint
            if hovered and not chosen
            else theme.surface
        )
        painter.fillPath(card, QColor(fill))
        painter.save()
        painter.setClipPath(card)
        painter.fillRect(
            QRectF(area.left(), area.top(), EDGE + border - 1, area.height()), QColor(theme.shape(light))
        )
        painter.restore()
        painter.setPen(QPen(QColor(theme.brand if chosen else theme.line), border))
        painter.drawPath(card)

    def _texts(
        self, painter: QPainter, area: QRect, light: Light, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.setFont(_font(painter.font(), 16))
        painter.setPen(QColor(self._theme.text))
        line = QRect(area.left(), area.top(), area.width(), _LINE)
        name = painter.fontMetrics().elidedText(index.data(_NAME), Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setFont(_font(painter.font(), 14))
        painter.setPen(QColor(self._theme.color(light)))
        below = area.adjusted(0, _LINE, 0, 0)
        painter.drawText(below, int(Qt.AlignmentFlag.AlignVCenter) | _WRAP, index.data(_VERDICT))


def _font(usual: QFont, size: int) -> QFont:
    """`usual` in demi-bold, `size` pixels."""
    font = QFont(usual)
    font.setPixelSize(size)
    font.setWeight(QFont.Weight.DemiBold)
    return font
