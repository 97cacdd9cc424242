"""What a person sees of a widget, and what they would miss."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QTableView,
    QWidget,
)

from console.ui.widgets.labels import Elided
from console.ui.widgets.rows import Row

Made = TypeVar("Made", bound=QWidget)
TOUCH = 48  # px


def visible(root: QWidget, kind: type[Made]) -> Iterator[Made]:
    """Every widget of `kind` that is shown inside `root`, in the order of creation."""
    return (each for each in root.findChildren(kind) if each.isVisibleTo(root))


def texts(root: QWidget) -> str:
    """Everything that can be read in `root`, one text a line."""
    found = [each.text() for each in visible(root, QLabel)]
    found += [each.text() for each in visible(root, QAbstractButton)]
    return "\n".join(filter(None, found))


def button(root: QWidget, text: str) -> QAbstractButton:
    """The shown button that says exactly `text`."""
    found = [each for each in visible(root, QAbstractButton) if each.text() == text]
    assert len(found) == 1, f"{text!r} among {[each.text() for each in visible(root, QAbstractButton)]}"
    return found[0]


def nameless(root: QWidget) -> list[QWidget]:
    """Controls without an accessible name."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView, QProgressBar)
    return [
        each
        for kind in kinds
        for each in visible(root, kind)
        if not each.accessibleName() and not (isinstance(each, QAbstractButton) and each.text())
        if not isinstance(each.parent(), QComboBox | QTableView)
    ]


def too_small(root: QWidget) -> list[QWidget]:
    """What is too low for a finger."""
    kinds = (QAbstractButton, QLineEdit, QComboBox)
    return [
        each
        for kind in kinds
        for each in visible(root, kind)
        if each.height() < TOUCH and not isinstance(each.parent(), QTableView)
    ]


def cut_off(root: QWidget) -> list[str]:
    """Texts of labels, buttons and rows that do not fit where they stand."""
    return [
        *(each.text() for each in visible(root, QLabel) if not isinstance(each, Elided) and not _fits(each)),
        *(each.text() for each in visible(root, QPushButton) if each.width() < each.sizeHint().width()),
        *(each.text() for each in visible(root, QCheckBox) if each.width() < each.sizeHint().width()),
        *(each.text() for each in visible(root, Row) if each.height() < each.heightForWidth(each.width())),
        *(each.windowTitle() for each in visible(root, QScrollArea) if _wider_than_itself(each)),
    ]


def _fits(label: QLabel) -> bool:
    if not label.text():
        return True
    flags = int(Qt.TextFlag.TextWordWrap) if label.wordWrap() else 0
    area = QRect(0, 0, label.contentsRect().width() if label.wordWrap() else 10_000, 10_000)
    needed = label.fontMetrics().boundingRect(area, flags, label.text())
    room = label.contentsRect()
    return needed.width() <= room.width() and needed.height() <= room.height() + 1


def _wider_than_itself(area: QScrollArea) -> bool:
    inside = area.widget()
    return inside is not None and inside.minimumSizeHint().width() > area.viewport().width()
