"""The crash report: read first, then copied or saved by the person."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from console.services.crash import CrashReport
from console.services.language import Language
from console.ui.dialogs.report import ReportDialog
from console.ui.theme import Theme
from tests.ui.seen import cut_off, nameless, texts, too_small

TEXT = "Tillkeeper 0.1.0\n\nTraceback (most recent call last):\nKeyError: 'x'\n"


@pytest.fixture(params=["zh_CN", "en"])
def dialog(request: pytest.FixtureRequest, qapp: QApplication, tmp_path: Path) -> Iterator[ReportDialog]:
    theme = Theme.named("light")
    theme.apply(qapp)
    report = CrashReport("main thread", TEXT, tmp_path / "crash-1.txt")
    made = ReportDialog(report, Language(request.param).text, theme)
    made.open()
    yield made
    if isValid(made):  # closing has deleted it already
        made.deleteLater()


def test_the_whole_text_is_shown_and_where_it_is_kept(dialog: ReportDialog, tmp_path: Path) -> None:
    assert dialog.full.toPlainText() == TEXT
    assert dialog.full.isReadOnly()
    assert str(tmp_path / "crash-1.txt") in texts(dialog)


def test_it_is_copied_and_saved_only_when_asked(dialog: ReportDialog, tmp_path: Path) -> None:
    QGuiApplication.clipboard().clear()
    target = tmp_path / "mine.txt"
    QTest.mouseClick(dialog.copy, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == TEXT
    dialog.write(str(target))
    assert target.read_text(encoding="utf-8") == TEXT
    assert str(target) in dialog.told.text()


def test_a_place_that_cannot_be_written_is_told(dialog: ReportDialog, tmp_path: Path) -> None:
    dialog.write(str(tmp_path / "no" / "such" / "folder.txt"))
    assert "folder.txt" in dialog.told.text()
    assert dialog.isVisible()


def test_escape_ends_it(dialog: ReportDialog) -> None:
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_it_can_be_read_reached_and_named(dialog: ReportDialog, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: cut_off(dialog) == [])
    assert nameless(dialog) == []
    assert too_small(dialog) == []
