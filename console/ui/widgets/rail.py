"""The left rail: one button a page, icon above word, with the worst light of what the page shows."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QLabel, QToolButton, QVBoxLayout

from console.domain.lights import Light
from console.ui.icons import pixmap
from console.ui.theme import Theme
from console.ui.widgets.light import draw_light

WIDTH = 96
BADGE = 18  # px
ROOMY = 560  # px of height that the full size needs


class RailButton(QToolButton):
    """Opens one page; shows which is open, and a badge where the page has trouble."""

    def __init__(self, action: QAction, icon_name: str, theme: Theme) -> None:
        super().__init__()
        self._action = action
        self._theme = theme
        self._badge: Light | None = None
        self.setText(action.text())
        self.setToolTip(f"{action.text()} ({action.shortcuts()[0].toString()})")
        self.setAccessibleName(action.text())
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setCheckable(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setIcon(_two_states(icon_name, theme, 26))
        self.clicked.connect(action.trigger)
        font = QFont(self.font())
        font.setPixelSize(15)
        font.setWeight(QFont.Weight.DemiBold)
        self.setProperty("long", QFontMetrics(font).horizontalAdvance(self.text()) > WIDTH - 16 - 8)

    def set_roomy(self, roomy: bool) -> None:
        """Its full size, or the smallest that a finger still meets."""
        side = 26 if roomy else 20
        self.setIconSize(QSize(side, side))
        self.setFixedSize(WIDTH - 16, 76 if roomy else 56)

    def set_badge(self, light: Light | None, word: str) -> None:
        """Show `light` at the icon's corner, or nothing."""
        self._badge = light
        self.setAccessibleDescription(word)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the button, the bar of the open page at the window's edge, and the badge."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.brand))
            painter.drawRoundedRect(QRectF(0, self.height() * 0.2, 3, self.height() * 0.6), 1.5, 1.5)
        if self._badge is not None:
            place = QRectF(self.width() / 2 + 8, 6, BADGE, BADGE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self._theme.brand_tint if self.isChecked() else self._theme.surface))
            painter.drawEllipse(place.adjusted(-2, -2, 2, 2))
            draw_light(painter, place, self._badge, self._theme)


def _two_states(name: str, theme: Theme, side: int) -> QIcon:
    both = QIcon(pixmap(name, theme.soft, side))
    both.addPixmap(pixmap(name, theme.brand, side), QIcon.Mode.Normal, QIcon.State.On)
    return both


class Rail(QFrame):
    """`pages` maps each page's key to its action and icon; the last one stands at the bottom."""

    def __init__(self, pages: Mapping[str, tuple[QAction, str]], theme: Theme) -> None:
        super().__init__()
        self.setObjectName("rail")
        self.setFixedWidth(WIDTH)
        self.buttons = {key: RailButton(action, icon, theme) for key, (action, icon) in pages.items()}
        self._mark = QLabel(pixmap=pixmap("store", theme.brand, 30), alignment=Qt.AlignmentFlag.AlignCenter)
        self._mark.setFixedHeight(64)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self._mark)
        group = QButtonGroup(self)
        *upper, last = self.buttons.values()
        for button in upper:
            self._column.addWidget(button)
        self._column.addStretch()
        self._column.addWidget(last)
        for button in self.buttons.values():
            group.addButton(button)
        self._set_roomy(True)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Become denser on a low screen."""
        super().resizeEvent(event)
        self._set_roomy(self.height() >= ROOMY)

    def _set_roomy(self, roomy: bool) -> None:
        self._mark.setVisible(roomy)
        self._column.setContentsMargins(8, 0 if roomy else 4, 8, 8 if roomy else 4)
        self._column.setSpacing(8 if roomy else 4)
        for button in self.buttons.values():
            button.set_roomy(roomy)

    def show_page(self, key: str) -> None:
        """Mark the open page."""
        self.buttons[key].setChecked(True)
