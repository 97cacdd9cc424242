"""Text in the few sizes that the window knows."""

from __future__ import annotations

from itertools import pairwise
from typing import ClassVar, Literal

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QTextLayout, QTextOption
from PySide6.QtWidgets import QLabel, QSizePolicy

Tone = Literal["text", "soft", "brand", "ok", "attention", "fault", "unknown", "off"]


class Label(QLabel):
    """Plain text that wraps; `tone` is a token of the theme, `strong` makes it demi-bold."""

    kind: ClassVar[str] = "body"
    usual: ClassVar[Tone] = "text"

    def __init__(
        self, text: str = "", tone: Tone | None = None, strong: bool = False, wrap: bool = True
    ) -> None:
        super().__init__(text)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setProperty("type", self.kind)
        self.setProperty("tone", tone or self.usual)
        self.setProperty("strong", strong)

    def set_tone(self, tone: Tone) -> None:
        """Show the text in another token's colour."""
        if self.property("tone") != tone:
            self.setProperty("tone", tone)
            self.style().unpolish(self)
            self.style().polish(self)


class Note(Label):
    """13 px, soft: ages, sources, small print."""

    kind = "note"
    usual = "soft"


class Body(Label):
    """15 px: what is read."""


class Heading(Label):
    """17 px, demi-bold: names of cards and sections."""

    kind = "heading"


class Sentence(Label):
    """19 px, demi-bold: the store's sentence."""

    kind = "sentence"


class Verdict(Label):
    """21 px, demi-bold: what is wrong, or that nothing is."""

    kind = "verdict"


class StepText(Label):
    """38 px, demi-bold: the one thing to do now."""

    kind = "step"


class Elided(Label):
    """At most `lines` lines, the last ending in … where the text does not fit.

    The whole text is its tool tip then, and its accessible name always. On a `ground` of its own colour it
    can change every second without what lies behind being drawn anew.
    """

    def __init__(
        self,
        text: str = "",
        kind: str = "body",
        tone: Tone = "text",
        strong: bool = False,
        lines: int = 1,
        ground: str | None = None,
    ) -> None:
        super().__init__("", tone, strong, wrap=False)
        self._text = text
        self._lines = lines
        # Layouts ask for the same again and again: the lines by width, the size of the text in one line.
        self._broken: dict[int, list[str]] = {}
        self._whole: QSize | None = None
        self.setProperty("type", kind)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(text)
        self._ground = None if ground is None else QColor(ground)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, ground is not None)

    def text(self) -> str:
        """The whole text."""
        return self._text

    def shown(self, width: int) -> list[str]:
        """The lines as they stand on the screen when `width` pixels are given."""
        if width not in self._broken:
            self._broken[width] = self._break(width)
        return self._broken[width]

    def _break(self, width: int) -> list[str]:
        if self.sizeHint().width() <= width:  # most texts; ages are broken anew every second
            return [self.text()] if self.text() else []
        layout = QTextLayout(self.text(), self.font())
        layout.setTextOption(QTextOption())
        layout.beginLayout()
        starts = []
        while (line := layout.createLine()).isValid():
            line.setLineWidth(width)
            starts.append(line.textStart())
        layout.endLayout()
        bounds = [*starts[: self._lines], None]
        pieces = [self.text()[a:b] for a, b in pairwise(bounds)]
        if not pieces:
            return []
        last = self.fontMetrics().elidedText(pieces[-1], Qt.TextElideMode.ElideRight, width)
        return [*(piece.rstrip() for piece in pieces[:-1]), last]

    def set_lines(self, lines: int) -> None:
        """Allow this many lines from now on."""
        if lines != self._lines:
            self._lines = lines
            self._broken.clear()
            self.updateGeometry()

    def changeEvent(self, event: QEvent) -> None:
        """Another font breaks differently."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._forget()

    def hasHeightForWidth(self) -> bool:
        """Its height depends on the width where it may have several lines."""
        return True

    def heightForWidth(self, width: int) -> int:
        """As many lines as the text needs, at most `lines`."""
        return max(1, len(self.shown(width))) * self.sizeHint().height()

    def sizeHint(self) -> QSize:
        """Wide enough for the whole text."""
        if self._whole is None:
            metrics = self.fontMetrics()
            self._whole = QSize(metrics.horizontalAdvance(self.text()) + 1, metrics.lineSpacing())
        return self._whole

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Offer the whole text on hover where it was shortened."""
        super().resizeEvent(event)
        self._offer_whole()

    def setText(self, text: str) -> None:
        """Show another text; the window is laid out anew only where it needs more or fewer lines.

        QLabel would do so for every text, and ages change each second.
        """
        if text == self._text:
            return
        before = len(self.shown(self.width()))
        self._text = text
        self._forget()
        self.setAccessibleName(text)
        self._offer_whole()
        if len(self.shown(self.width())) != before:
            self.updateGeometry()
        self.update()

    def _forget(self) -> None:
        self._broken.clear()
        self._whole = None

    def _offer_whole(self) -> None:
        whole = "".join(self.shown(self.width())).replace(" ", "") == self.text().replace(" ", "")
        self.setToolTip("" if whole else self.text())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        if self._ground is not None:
            painter.fillRect(self.rect(), self._ground)
        painter.setPen(self.palette().color(self.foregroundRole()))
        height = self.sizeHint().height()
        lines = self.shown(self.width())
        top = max(0, (self.height() - height * len(lines)) // 2)
        for number, line in enumerate(lines):
            area = QRect(0, top + number * height, self.width(), height)
            painter.drawText(area, int(self.alignment() | Qt.AlignmentFlag.AlignVCenter), line)
