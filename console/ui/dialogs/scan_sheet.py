"""What the test pages of a scanner have in common: they hear it, print codes, lead on from trouble."""

from __future__ import annotations

from contextlib import aclosing
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QLayout, QMenu, QVBoxLayout, QWidget

from console.domain.errors import TillkeeperError
from console.domain.payment_codes import foreign
from console.domain.profile import Scanner
from console.domain.scan import Scan
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.domain.words import Words, say
from console.services.code_sheet import CodeSheet
from console.ui.context import Context
from console.ui.dialogs.selftest_scan import KeyArea
from console.ui.dialogs.sheet import Sheet
from console.ui.icons import icon
from console.ui.screen_size import measured
from console.ui.widgets.button import Button, Role
from console.ui.widgets.labels import Body


class ScanSheet(Sheet):
    """Hears one scanner as long as it is open; `arrived` takes each of its codes.

    The keys of a scanner that types go to `area`, so no button may hold the focus then: each has an Alt key,
    which its text names. What arrives and is none of ours is told by kind and length, and forgotten.
    """

    def __init__(
        self, context: Context, subject: Subject, parent: QWidget | None, title: Words, name: str
    ) -> None:
        super().__init__(context, parent, context.text(title), name)
        self.resize(976, 704)
        self.subject = subject
        self._listened = False
        entry = dict(context.console.profile.entries())[subject]
        self.types = isinstance(entry, Scanner) and entry.address.startswith("keyboard:")
        self.area = KeyArea(context) if self.types else QFrame()
        self.inside = QVBoxLayout(self.area)
        self.inside.setContentsMargins(0, 0, 0, 0)
        self.inside.setSpacing(12)
        self.told = Body()  # what came last
        self._again = self.press(say("Listen again"), "L", "refresh-cw")
        self._again.clicked.connect(self.listen)
        self._again.hide()
        demo = context.console.demo
        self._simulates = demo is not None and subject in demo.faults
        self.simulated = self.press(say("Simulated scan"), "S", "scan-barcode")
        self.simulated.clicked.connect(self._simulate)
        self.body.addWidget(self.area, 1)
        self.body.addWidget(self.told)

    def press(self, words: Words, key: str, name: str = "", role: Role = "plain") -> Button:
        """A button with its icon, and an Alt key for it."""
        text = self.text(words)
        if self.types:
            text = f"{text} (Alt+{key})"
        color = self.context.theme.on(role)
        button = Button(text, role, icon(name, color, 22) if name else None)
        button.setShortcut(QKeySequence(f"Alt+{key}"))
        return button

    def arrived(self, scan: Scan) -> bool:
        """Take a code that the scanner read; False where it is none of this page's."""
        raise NotImplementedError

    def shown_code(self) -> str:
        """What the simulated scanner of the demo would read now; empty for nothing."""
        return ""

    @property
    def asks_paper(self) -> bool:
        """Whether that would be printed on paper."""
        return False

    def showEvent(self, event: QShowEvent) -> None:
        """Hear the scanner from now on."""
        super().showEvent(event)
        if self.types:
            for button in self.findChildren(QAbstractButton):
                button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.area.setFocus()
        if not self._listened:
            self.listen()
            self.windowHandle().screenChanged.connect(self.screen_changed)
            self.screen_changed()

    def listen(self) -> None:
        """Begin to hear the scanner, or begin again."""
        self._listened = True
        self.complain(None)
        self._again.hide()
        self.spawn(self._listen(), f"scans of {self.subject}")

    async def _listen(self) -> None:
        try:
            async with aclosing(self.context.console.trials.scans(self.subject, self.ready)) as scans:
                async for scan in scans:
                    if not self.arrived(scan):
                        self.tell(foreign(scan.text))
        except TillkeeperError as error:
            self.complain(error.words)
            self._again.show()

    def ready(self) -> None:
        """Nothing that is scanned from now on is missed."""
        self.tell(say("Ready: scan now"))

    @property
    def density(self) -> float | None:
        """Device pixels a mm of the screen it stands on; None before somebody measured it."""
        return measured(self.context.console.settings, self.screen())

    def screen_changed(self) -> None:
        """The dialog stands on a screen now, or on another one, whose pixels have a size of their own."""

    def tell(self, words: Words) -> None:
        """Say what came last, also to whoever listens to the screen."""
        self.told.setText(self.text(words))
        QAccessible.updateAccessibility(QAccessibleEvent(self.told, QAccessible.Event.Alert))

    def bottom(self, *buttons: QWidget) -> None:
        """The row at the bottom: these, room, and Close at the right."""
        close = Button(self.text(say("Close")))
        close.clicked.connect(self.reject)
        for each in (self._again, *buttons, self.simulated):
            self.buttons.addWidget(each)
        if not self._simulates:
            self.simulated.hide()
        self.buttons.addStretch(1)
        self.buttons.addWidget(close)

    def offer_simulated(self, on: bool) -> None:
        """In the demo, whether somebody offers to hold the scanner before the screen."""
        self.simulated.setVisible(on and self._simulates)

    def _simulate(self) -> None:
        demo, code = self.context.console.demo, self.shown_code()
        if demo is not None and code:
            demo.scan(self.subject, code, self.asks_paper)

    def offer_paper(self, button: Button, page: CodeSheet) -> None:
        """Ask on which printer of the store to print `page`, and say what that takes."""
        printers = self.context.console.trials.printers
        if not printers:
            self.complain(say("This store has no printer that is switched on: add one in Settings"))
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for each in printers:
            name, cm = self.context.name(each), page.centimetres
            words = say("On {printer}: about {cm} cm of paper, then it cuts", printer=name, cm=cm)
            menu.addAction(self.text(words), partial(self._print, each, page))
        menu.popup(button.mapToGlobal(button.rect().topLeft()))

    def _print(self, printer: Subject, page: CodeSheet) -> None:
        self.complain(None)
        self.spawn(self._printed(printer, page), f"codes on {printer}")

    async def _printed(self, printer: Subject, page: CodeSheet) -> None:
        job = self.context.console.trials.print(printer, page)
        try:
            async for step in job.steps():
                self.tell(step.doing)
            proof = await job.result()
        finally:
            job.cancel()
        if proof.grade is Grade.E:
            self.tell(say("Nothing was printed"))
            self.complain(proof.reason)
        else:
            name = self.context.name(printer)
            self.tell(say("{printer} has printed the page", printer=name))


def cleared(layout: QLayout) -> None:
    """Take everything out of a layout."""
    while (item := layout.takeAt(0)) is not None:
        if (widget := item.widget()) is not None:
            widget.hide()
            widget.deleteLater()
