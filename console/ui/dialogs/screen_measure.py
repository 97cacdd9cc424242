"""Measuring a screen with a bank card: the frame is made as wide as the card that is held against it."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QVBoxLayout, QWidget

from console.domain.eye_chart import CARD_MM, pixels_per_mm
from console.domain.words import say
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.screen_size import guessed, measured, remember
from console.ui.theme import Theme
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body, Heading, Note

_CARD_HIGH = 53.98 / CARD_MM  # ISO/IEC 7810, ID-1
_ROUND = 3.18 / CARD_MM  # its corners
_NARROWEST, _WIDEST = 180, 620  # pixels of the window


class MeasurePanel(QWidget):
    """A frame that grows and shrinks; `done` when the person says that it is as wide as the card."""

    done = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        text = context.text
        self.card = _Card(context.theme)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(_NARROWEST, _WIDEST)
        self.slider.setPageStep(5)
        self.slider.setMinimumHeight(48)
        self.slider.setAccessibleName(text(say("Width of the frame")))
        self.slider.valueChanged.connect(self._resized)
        self._size = Note(wrap=False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(Heading(text(say("How large is this screen?"))))
        column.addWidget(Body(text(_WHY)))
        column.addWidget(self.card, 1)
        row = QHBoxLayout()
        row.setSpacing(8)
        for words, name, step in (
            (say("Narrower"), "chevron-left", -1),
            (say("Wider"), "chevron-right", 1),
        ):
            press = Button(text(words), icon=icon(name, context.theme.text, 22))
            press.setAutoRepeat(True)
            press.clicked.connect(lambda _=False, step=step: self.slider.setValue(self.slider.value() + step))
            row.addWidget(press)
            if step < 0:
                row.addWidget(self.slider, 1)
        column.addLayout(row)
        end = QHBoxLayout()
        self._fits = Button(text(say("The frame is as wide as the card")), "primary",
                            icon("check", context.theme.brand_text, 22))  # fmt: skip
        self._fits.clicked.connect(self._save)
        end.addWidget(self._fits)
        end.addWidget(self._size)
        end.addStretch(1)
        column.addLayout(end)

    def begin(self) -> None:
        """Start from what is known of the screen that it stands on."""
        density = measured(self._context.console.settings, self.screen()) or guessed(self.screen())
        self.slider.setValue(round(density * CARD_MM / self.screen().devicePixelRatio()))
        self._resized(self.slider.value())
        self.slider.setFocus()

    @property
    def density(self) -> float | None:
        """Device pixels a mm, were the frame as wide as the card."""
        return pixels_per_mm(self.slider.value() * self.screen().devicePixelRatio())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the slider, which has the focus; Enter says that the frame fits."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._save()
        else:
            super().keyPressEvent(event)

    def _resized(self, width: int) -> None:
        self.card.show_width(width)
        density = self.density
        self._fits.setEnabled(density is not None)
        pitch = f"{1 / density:.3f}" if density else "-"
        self._size.setText(self._context.text(say("a pixel is then {mm} mm wide", mm=pitch)))

    def _save(self) -> None:
        if (density := self.density) is not None:
            remember(self._context.console.settings, self.screen(), density)
            self.done.emit()


class _Card(QWidget):
    """The outline of a bank card, `width` pixels of the window wide."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._width = _NARROWEST
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_width(self, width: int) -> None:
        """Draw it so wide."""
        self._width = width
        self.update()

    def minimumSizeHint(self) -> QSize:
        """The widest card is shown whole, the lower edge of the largest ones is not needed."""
        return QSize(_WIDEST, 200)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A frame, with arrows at the two edges that are compared."""
        theme, painter, wide = self._theme, QPainter(self), self._width
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        high = wide * _CARD_HIGH
        left, top = (self.width() - wide) // 2, max(2.0, (self.height() - high) / 2)
        frame = QRectF(left, top, wide, high)
        painter.setPen(QPen(QColor(theme.brand), 2))
        painter.setBrush(QColor(theme.brand_tint))
        inner = frame.adjusted(1, 1, -1, -1)  # the line lies within the card's width
        painter.drawRoundedRect(inner, wide * _ROUND, wide * _ROUND)
        painter.setPen(QPen(QColor(theme.text), 1, Qt.PenStyle.DashLine))
        for x in (left, left + wide):
            painter.drawLine(x, 0, x, self.height())


_WHY = say(
    "Hold a bank card, a health card or an identity card against the screen and make the frame exactly as"
    " wide. All of them are 85.60 mm wide (ISO/IEC 7810, ID-1), so that codes are then shown in their true"
    " size. This is asked once for each screen."
)
