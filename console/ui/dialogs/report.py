"""The crash report: what happened in plain words, and the whole text before anybody else sees it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from console.domain.lights import Light
from console.domain.words import Words, say
from console.services.crash import CrashReport
from console.ui.icons import icon
from console.ui.theme import Theme
from console.ui.widgets.button import Button
from console.ui.widgets.labels import Body, Note, Verdict
from console.ui.widgets.light import LightShape


class ReportDialog(QDialog):
    """Opened with open(). Nothing leaves the computer: the person copies or saves the text themselves."""

    def __init__(
        self, report: CrashReport, text: Callable[[Words], str], theme: Theme, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._report = report
        self._text = text
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(text(say("Something went wrong inside Tillkeeper")))
        self.resize(720, 560)
        self.full = QPlainTextEdit(report.text)
        self.full.setReadOnly(True)
        self.full.setProperty("mono", True)
        self.full.setTabChangesFocus(True)
        self.full.setAccessibleName(text(say("The whole report")))
        self.told = Note()
        self.save = Button(text(say("Save to a file…")), icon=icon("save", theme.text, 22))
        self.copy = Button(text(say("Copy")), icon=icon("copy", theme.text, 22))
        self.shut = Button(text(say("Close")), "primary")
        self.save.clicked.connect(self._save)
        self.copy.clicked.connect(self._copy)
        self.shut.clicked.connect(self.accept)
        self._lay_out(theme)
        self.shut.setFocus()

    def _lay_out(self, theme: Theme) -> None:
        text = self._text
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(LightShape(Light.ATTENTION, 28, theme, text(say("Attention"))))
        head.addWidget(Verdict(self.windowTitle()), 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.save)
        buttons.addWidget(self.copy)
        buttons.addStretch()
        buttons.addWidget(self.shut)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(Body(text(say(
            "The till itself is not affected, and watching goes on. If it happens again, close Tillkeeper and"
            " open it anew, and give this report to whoever supports you."
        ))))  # fmt: skip
        column.addWidget(
            Note(text(say("This is everything the report says; passwords have been taken out.")))
        )
        column.addWidget(self.full, 1)
        column.addWidget(self.told)
        column.addLayout(buttons)
        if self._report.path is not None:
            self.told.setText(text(say("It is kept at {path}", path=str(self._report.path))))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._report.text)
        self.told.setText(self._text(say("Copied")))

    def _save(self) -> None:
        asked = QFileDialog(self, self._text(say("Save to a file…")))
        asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asked.setDefaultSuffix("txt")
        asked.selectFile(self._report.path.name if self._report.path else "tillkeeper-report.txt")
        asked.fileSelected.connect(self.write)
        asked.open()

    def write(self, path: str) -> None:
        """Save the report to `path`, and say what became of it."""
        try:
            Path(path).write_text(self._report.text, encoding="utf-8")
        except OSError as error:
            reason = error.strerror or type(error).__name__
            words = say(
                "{path} cannot be written: {reason}. Choose another folder.", path=path, reason=reason
            )
        else:
            words = say("Saved to {path}", path=path)
        self.told.setText(self._text(words))
