"""Find devices: search this computer's ports and, when asked to, the store's network."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLineEdit,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from console.domain.discovery import Found, wide
from console.domain.errors import TillkeeperError
from console.domain.profile import StoreProfile
from console.domain.subjects import KIND_WORDS, NETWORK
from console.domain.words import say, say_many
from console.services.discover import discover
from console.services.entry_form import found_texts
from console.services.jobs import Job
from console.ui.context import Context
from console.ui.dialogs.entry import EntryDialog
from console.ui.dialogs.sheet import Sheet
from console.ui.icons import icon, pixmap
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Elided, Label, Note
from console.ui.widgets.scroll import Scroll

KIND_ICONS = {
    "printer": "printer",
    "scanner": "scan-barcode",
    "drawer": "banknote",
    "display": "monitor",
    "scale": "scale",
    "rfid": "nfc",
    "terminal": "credit-card",
    "backend": "server",
}
SURE = {
    "documented": say("it says so itself"),
    "probed": say("it answered"),
    "guess": say("only a guess"),
}


class DiscoveryDialog(Sheet):
    """Searches, shows what was found, and adds what the person wants.

    `profile_changed` carries the new StoreProfile once, when the dialog closes after something was added.
    """

    profile_changed = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.text(say("Add a device")), "search")
        self.resize(680, 600)
        self._profile = context.console.profile
        self._added: set[Found] = set()
        self._found: Sequence[Found] = ()
        self._job: Job[tuple[Found, ...]] | None = None
        self._agreed: str | None = None  # the wide network of which the person was asked
        self._lan = QCheckBox(self.text(say("Search the store's network as well")))
        self._cidr = QLineEdit(_own_network(context))
        self._cidr_note = Note()
        self._search = Button(
            self.text(say("Search")), "primary", icon("search", context.theme.brand_text, 22)
        )
        self._progress = QProgressBar(maximum=0, textVisible=False)
        self._doing = Note()
        self._results = QVBoxLayout()
        self._compose()
        self._explain_lan()

    def _compose(self) -> None:
        words = say("Looks for devices at this computer. It only asks: nothing is printed or moved.")
        self.body.addWidget(Body(self.text(words)))
        self._cidr.setAccessibleName(self.text(say("Network to search")))
        self._cidr.setPlaceholderText("192.168.1.0/24")
        self._cidr.setMinimumWidth(176)
        self._cidr.textChanged.connect(self._explain_lan)
        self._lan.toggled.connect(self._explain_lan)
        self._search.clicked.connect(self._press)
        lan = QHBoxLayout()
        lan.setSpacing(12)
        lan.addWidget(self._lan)
        lan.addWidget(self._cidr, 1)
        lan.addStretch(1)
        lan.addWidget(self._search)
        self.body.addLayout(lan)
        self.body.addWidget(self._cidr_note)
        self.body.addWidget(self._progress)
        self.body.addWidget(self._doing)
        self._progress.hide()
        self._doing.hide()
        area = Scroll(spacing=8)
        area.column.addLayout(self._results)
        area.column.addStretch(1)
        self._results.setSpacing(8)
        self.body.addWidget(area, 1)
        self._compose_buttons()

    def _compose_buttons(self) -> None:
        pencil = icon("pencil", self.context.theme.text, 22)
        by_hand = Button(self.text(say("Type it in by hand…")), icon=pencil)
        by_hand.clicked.connect(lambda: self._edit(None))
        close = Button(self.text(say("Close")))
        close.clicked.connect(self.reject)
        self.buttons.addWidget(by_hand)
        self.buttons.addStretch(1)
        self.buttons.addWidget(close)
        if self.context.console.editor is None:
            by_hand.setEnabled(False)
            words = say("The demo store cannot keep devices. Settings sets up your own store.")
            self.body.addWidget(Note(self.text(words)))

    def _explain_lan(self) -> None:
        wanted = self._lan.isChecked()
        self._cidr.setVisible(wanted)
        self._cidr_note.setVisible(wanted)
        network = _network(self._cidr.text())
        self._search.setEnabled(self._job is not None or not wanted or network is not None)
        if network is None:
            words = say("Write a network such as 192.168.1.0/24")
        else:
            words = say_many(
                "Knocks once at {count} address in {network}. Search only the store's own network.",
                "Knocks once at each of {count} addresses in {network}. Search only the store's own network.",
                network.num_addresses, network=str(network),
            )  # fmt: skip
        self._cidr_note.setText(self.text(words))
        if self._agreed is not None:
            self._agreed = None
            self._search.rename(self.text(say("Search")))

    def _asked_first(self) -> bool:
        """Whether a network that is wide has to be confirmed by a second press; asks if so."""
        cidr = self._cidr.text()
        question = wide(cidr) if self._lan.isChecked() and self._agreed != cidr else None
        if question is None:
            return False
        self._agreed = cidr
        self._cidr_note.setText(self.text(question))
        self._search.rename(self.text(say("Yes, search it all")))
        return True

    def _press(self) -> None:
        if self._job is not None:
            self._job.cancel()
        elif not self._asked_first():
            self.complain(None)
            self.spawn(self._run(), "discover")

    async def _run(self) -> None:
        network = _network(self._cidr.text()) if self._lan.isChecked() else None
        try:
            job = discover(self.context.console.searchers(str(network) if network else None))
        except TillkeeperError as error:
            self.complain(error.words)
            return
        self._show_running(job)
        try:
            async for step in job.steps():
                self._doing.setText(self.text(step.doing))
            self._found = await job.result()
            self._show_found()
        except TillkeeperError as error:
            self.complain(error.words)
        finally:
            if job.running:  # the dialog was closed
                job.cancel()
            else:
                self._show_running(None)

    def _show_running(self, job: Job[tuple[Found, ...]] | None) -> None:
        self._job = job
        running = job is not None
        self._progress.setVisible(running)
        self._doing.setVisible(running)
        self._lan.setEnabled(not running)
        self._cidr.setEnabled(not running)
        words, name = (say("Stop"), "x") if running else (say("Search"), "search")
        self._search.rename(self.text(words))
        self._search.set_icon(icon(name, self.context.theme.brand_text, 22))

    def _show_found(self) -> None:
        while (item := self._results.takeAt(0)) is not None:
            if (row := item.widget()) is not None:
                row.deleteLater()
        for found in self._found:
            self._results.addWidget(self._row(found))
        if not self._found:
            words = say(
                "Nothing was found. Is the device switched on, and is its cable plugged in at both ends? "
                "Not every scanner that types like a keyboard can be found: type it in by hand."
            )
            self._results.addWidget(Body(self.text(words)))

    def _row(self, found: Found) -> QWidget:
        theme = self.context.theme
        card = Card(theme)
        card.column.setContentsMargins(16, 8, 8, 8)
        mark = Label()
        mark.setPixmap(pixmap(KIND_ICONS[found.kind], theme.text, 28))
        kind = self.text(KIND_WORDS[found.kind])
        title = f"{kind} · {found.identity}" if found.identity else kind
        lines = QVBoxLayout()
        lines.setSpacing(2)
        lines.addWidget(Elided(title, strong=True))
        lines.addWidget(Elided(f"{found.address} · {self.text(SURE[found.sure])}", "note", "soft"))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(mark)
        row.addLayout(lines, 1)
        row.addWidget(self._add_button(found, title))
        card.column.addLayout(row)
        return card

    def _add_button(self, found: Found, title: str) -> Button:
        known = {getattr(entry, "address", None) for _, entry in self._profile.entries()}
        if found in self._added or found.address in known:
            button = Button(self.text(say("Added")), "flat", icon("check", self.context.theme.ok, 22))
            button.setEnabled(False)
            return button
        button = Button(self.text(say("Add…")), icon=icon("plus", self.context.theme.text, 22))
        button.setEnabled(self.context.console.editor is not None)
        button.setAccessibleName(self.text(say("Add {name}", name=title)))
        button.clicked.connect(lambda: self._edit(found))
        return button

    def _edit(self, found: Found | None) -> None:
        texts = found_texts(found, self._profile) if found else None
        dialog = EntryDialog(
            self.context, self, self._profile, kind=found.kind if found else "printer", texts=texts
        )
        dialog.saved.connect(lambda profile: self._take(profile, found))
        dialog.open()

    def _take(self, profile: StoreProfile, found: Found | None) -> None:
        self._profile = profile
        if found is not None:
            self._added.add(found)
        self._show_found()

    def open(self) -> None:
        """Appear, and look at once at what is plugged in here; the network waits for a press."""
        super().open()
        self._press()

    def done(self, result: int) -> None:
        """Close; only now the window is told, so that it is rebuilt once."""
        super().done(result)
        if self._profile is not self.context.console.profile:
            self.profile_changed.emit(self._profile)


def _network(text: str) -> ipaddress.IPv4Network | None:
    try:
        return ipaddress.IPv4Network(text.strip(), strict=False)
    except ValueError:
        return None


def _own_network(context: Context) -> str:
    """The network that this till is in, as the last look at it told; empty when it is not known."""
    finding = context.console.board.finding(NETWORK)
    network = _network(f"{finding.fact('address')}/{finding.fact('prefix')}")
    return str(network) if network is not None else ""
