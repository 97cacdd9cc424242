"""The mend in the scanner: the setting as its maker calls it, and its code where that is certain."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.domain.evidence import Evidence
from console.domain.profile import Scanner
from console.domain.scanner_settings import Configuration
from console.domain.subjects import Subject
from console.domain.words import say
from console.services.doctor_sheet import setting_sheet
from console.services.scanner_settings import FNC3, maker_chosen, maker_told, scanner_settings
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.barcode import Barcode
from console.ui.widgets.button import Button
from console.ui.widgets.card import Tinted
from console.ui.widgets.labels import Body, Heading, Note
from console.ui.widgets.print_codes import PrintCodes
from console.ui.widgets.rows import Choice


class MendCard(QWidget):
    """What to set in the scanner against `cause`, by its maker; the chosen maker is kept for this scanner."""

    def __init__(self, context: Context, subject: Subject, cause: str, evidence: Sequence[Evidence]) -> None:
        super().__init__()
        self._context = context
        self._subject = subject
        self._cause = cause
        entry = dict(context.console.profile.entries())[subject]
        self._scanner = entry if isinstance(entry, Scanner) else Scanner(subject.name, "keyboard:")
        self._told = maker_told(self._scanner.address, evidence)
        kept = context.console.settings.get(self._key, "")
        self.makers = self._chooser(maker_chosen(kept, self._scanner.address, evidence))
        self._inside = QWidget()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self._column.addWidget(Heading(context.text(say("Set the scanner right"))))
        self._column.addLayout(self._asking())
        self._column.addWidget(self._inside)
        self._show()

    @property
    def _key(self) -> str:
        return f"scanner-maker.{self._subject.name}"

    def _chooser(self, maker: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self._context.text(say("Maker of the scanner")))
        box.setMinimumHeight(48)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for key, each in scanner_settings().makers.items():
            box.addItem(each.name, key)
        box.setCurrentIndex(box.findData(maker))
        box.currentIndexChanged.connect(self._chosen)
        return box

    def _asking(self) -> QHBoxLayout:
        """Whose scanner it is: as it told itself, or as somebody chose."""
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Body(self._context.text(say("Maker of the scanner")), wrap=False))
        row.addWidget(self.makers, 1)
        return row

    def _chosen(self) -> None:
        self._context.console.settings.put(self._key, str(self.makers.currentData()))
        self._show()
        self._inside.show()

    def _show(self) -> None:
        """The settings of the chosen maker; of several, the first."""
        maker, language = str(self.makers.currentData()), self._context.console.language
        found = [
            (scanner_settings().titles[setting][language.code], each)
            for setting, several in scanner_settings().mend(self._cause, maker, self._scanner.suffix)
            for each in several
        ]
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        told = maker == self._told
        words = say("The scanner told it itself.") if told else say("It stands on the scanner's label.")
        column.addWidget(Note(self._context.text(words)))
        for title in dict.fromkeys(title for title, _ in found):
            column.addWidget(Body(title, strong=True))
        shown = [SettingShown(self._context, self._subject, maker, each) for _, each in found]
        if len(found) > 1:
            self._offer(column, [each for _, each in found], shown)
        for number, each in enumerate(shown):
            each.setVisible(number == 0)
            column.addWidget(each)
        self._column.replaceWidget(self._inside, inside)
        self._inside.hide()
        self._inside.deleteLater()
        self._inside = inside

    def _offer(
        self, column: QVBoxLayout, several: Sequence[Configuration], shown: Sequence[SettingShown]
    ) -> None:
        """One at a time: a scanner that sees two codes may read the wrong one."""

        def choose(chosen: SettingShown) -> None:
            for each in shown:
                each.setVisible(each is chosen)

        for number, (each, its) in enumerate(zip(several, shown, strict=True)):
            row = Choice(self._context.theme, named(each, self._context))
            row.setChecked(number == 0)
            row.clicked.connect(lambda _=False, its=its: choose(its))
            column.addWidget(row)


class SettingShown(QFrame):
    """One setting: its code to be scanned where that is certain, its name in the manual where it is not.

    A scanner of another maker types the code instead of obeying it; its keys press nothing here.
    """

    def __init__(self, context: Context, subject: Subject, maker: str, configuration: Configuration) -> None:
        super().__init__()
        self._context = context
        self._typed = ""
        self._codes = configuration.drawn
        known = scanner_settings().makers[maker]
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        if self._codes:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self.setAccessibleName(context.text(say("Scan this code with the scanner that is to be set")))
            column.addWidget(Body(context.text(say("Scan this code with the scanner that is to be set"))))
            for code in self._codes:
                column.addWidget(Barcode(code, configuration.init))
            self._offer_simulated(column, subject, configuration)
            called = f"{known.name}: {named(configuration, context)}"
            codes, init = self._codes, configuration.init
            column.addWidget(PrintCodes(context, lambda: setting_sheet(context.text, called, codes, init)))
        manual = Tinted("brand")
        manual.column.addWidget(Body(named(configuration, context), strong=True))
        where = " · ".join(filter(None, (known.manual, configuration.source, configuration.command)))
        manual.column.addWidget(Note(where))
        if not self._codes and not configuration.absent:
            manual.column.addWidget(Note(context.text(_BY_NAME)))
        column.addWidget(manual)
        self._note = Body(tone="fault")
        self._note.hide()
        column.addWidget(self._note)

    def _offer_simulated(self, column: QVBoxLayout, subject: Subject, configuration: Configuration) -> None:
        demo = self._context.console.demo
        if demo is None or subject not in demo.faults:
            return
        mark = FNC3 if configuration.init else ""

        def read() -> None:
            for code in self._codes:
                demo.scan(subject, mark + code)

        words = self._context.text(say("Let the simulated scanner read it"))
        press = Button(words, icon=icon("scan-barcode", self._context.theme.text, 22))
        press.clicked.connect(read)
        column.addWidget(press, 0, Qt.AlignmentFlag.AlignLeft)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take what a scanner types; commands and Esc go their usual way."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._typed:
            self._tell()
        elif event.text().isprintable() and event.text():
            self._typed += event.text()
            if any(code.strip() in self._typed for code in self._codes):
                self._tell()
        else:
            super().keyPressEvent(event)

    def _tell(self) -> None:
        """Somebody's code, or this one as text: either way it was not obeyed."""
        self._typed = ""
        self._note.setText(self._context.text(_NOT_OBEYED))
        self._note.show()


def named(configuration: Configuration, context: Context) -> str:
    """As the manual calls it, in the person's language where that is known."""
    chinese = context.console.language.code.startswith("zh")
    return configuration.own or configuration.name if chinese else configuration.name


_BY_NAME = say(
    "Find this setting in the manual and scan its code there. It is not drawn here, because what the code"
    " holds is not published or not certain, and a wrong code can spoil a scanner."
)
_NOT_OBEYED = say(
    "The scanner typed the code instead of obeying it: choose another maker above, or set it by its manual."
)
