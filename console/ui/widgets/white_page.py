"""A white page for codes in every theme: scanners want white around them, and dark words beneath."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QVBoxLayout


class WhitePage(QFrame):
    """Paper on the screen; `column` is its layout."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("white")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 16, 16, 16)
        self.column.setSpacing(8)
