"""Whom to call, in order; who comes next if nobody answers."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.domain.emergency import Deed, Run
from console.domain.plan import Contact
from console.domain.words import say
from console.services.times import clock_time
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card, Tinted
from console.ui.widgets.labels import Elided, Heading, Label, Note

SHORTEST = 200  # px: one open contact


class ContactBlock(Tinted):
    """One contact; `chosen` opens it, `called` carries whether somebody answered."""

    chosen = Signal()
    called = Signal(bool)

    def __init__(self, context: Context, contact: Contact) -> None:
        super().__init__("unknown")
        self._context = context
        self._contact = contact
        text = context.text
        self.name = Elided(contact.name, strong=True)
        self._role = Elided(contact.role, "note", "soft", lines=2)
        self._phone = Label(contact.phone or text(say("no number filled in")), wrap=False)
        self._phone.setProperty("type", "heading" if contact.phone else "note")
        self._phone.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        if not contact.phone:
            self._phone.set_tone("attention")
            self._phone.setToolTip(
                text(say('Fill it in with "Edit the plan" on the first page of Emergency'))
            )
        self._state = Note()
        self._ready = Note()
        self.pick = Button("", "flat", icon("phone", context.theme.brand, 22))
        self.pick.setAccessibleName(text(say("Call {name}", name=contact.name)))
        self.pick.setProperty("slim", True)
        self.pick.setFixedWidth(52)
        self.pick.setVisible(bool(contact.phone))
        self.pick.clicked.connect(self.chosen)
        self._lay_out()

    def _lay_out(self) -> None:
        text = self._context.text
        lines = QVBoxLayout()
        lines.setSpacing(0)
        for label in (self.name, self._role, self._phone):
            lines.addWidget(label)
        head = QHBoxLayout()
        head.setSpacing(4)
        head.addLayout(lines, 1)
        head.addWidget(self.pick)
        self.reached = Button(text(say("Answered")))
        self.missed = Button(text(say("Nobody")))
        self.reached.setAccessibleName(text(say("{name} answered", name=self._contact.name)))
        self.missed.setAccessibleName(text(say("{name} did not answer", name=self._contact.name)))
        self.reached.clicked.connect(lambda: self.called.emit(True))
        self.missed.clicked.connect(lambda: self.called.emit(False))
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.reached, self.missed):
            button.setProperty("slim", True)
            buttons.addWidget(button, 1)
        self.column.setContentsMargins(12, 8, 6, 8)
        self.column.setSpacing(4)
        self.column.addLayout(head)
        self.column.addWidget(self._state)
        self.column.addWidget(self._ready)
        self.column.addLayout(buttons)

    def show_run(self, run: Run, next_: bool, open_: bool) -> None:
        """Show what came of the last call, and whether this is whom to call now."""
        text, language, contact = self._context.text, self._context.console.language, self._contact
        call = run.call(contact)
        tint = "fault" if next_ else "ok" if call and call.deed is Deed.REACHED else "unknown"
        if self.property("tint") != tint:
            self.setProperty("tint", tint)
            self.style().unpolish(self)
            self.style().polish(self)
        words = None
        if next_:
            words = say("Call now")
        elif call is not None:
            at = clock_time(call.at, self._context.now(), language)
            reached = call.deed is Deed.REACHED
            words = (
                say("Answered {time}", time=at) if reached else say("Called, nobody answered {time}", time=at)
            )
        self._state.setText(text(words) if words else "")
        self._state.setVisible(words is not None)
        self._state.set_tone("fault" if next_ else "ok" if tint == "ok" else "soft")
        ready = [contact.hours] if contact.hours else []
        if contact.have_ready:
            ready.append(text(say("Have ready: {things}", things=" · ".join(contact.have_ready))))
        self._ready.setText("\n".join(ready))
        self._ready.setVisible(open_ and bool(ready))
        self.pick.setVisible(bool(contact.phone) and not open_)
        self.reached.setVisible(open_)
        self.missed.setVisible(open_)


class _ShortArea(QScrollArea):
    """Takes what height is left instead of asking for all that its list would like."""

    def sizeHint(self) -> QSize:
        """One open contact high."""
        return QSize(super().sizeHint().width(), SHORTEST)


class ContactsCard(Card):
    """All contacts of a run; `called` carries a Contact and whether somebody answered."""

    called = Signal(object, bool)

    def __init__(self, context: Context, contacts: tuple[Contact, ...]) -> None:
        super().__init__(context.theme)
        self._contacts = contacts
        self._chosen: Contact | None = None
        self._open: Contact | None = None
        self._run: Run | None = None
        self.blocks: dict[str, ContactBlock] = {}
        inside = QWidget()
        inside.setObjectName("scrolled")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for contact in contacts:
            column.addWidget(self._block(context, contact))
        column.addStretch(1)
        self._area = area = _ShortArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inside)
        area.setMinimumHeight(SHORTEST)
        self.column.setContentsMargins(12, 12, 12, 12)
        self.column.addWidget(Heading(context.text(say("Call"))))
        self.column.addWidget(area, 1)

    def _block(self, context: Context, contact: Contact) -> ContactBlock:
        block = ContactBlock(context, contact)
        block.chosen.connect(lambda: self._choose(contact))
        block.called.connect(lambda answered: self._tell(contact, answered))
        self.blocks[contact.id] = block
        return block

    def _choose(self, contact: Contact) -> None:
        self._chosen = contact
        if self._run is not None:
            self.show_run(self._run)

    def _tell(self, contact: Contact, answered: bool) -> None:
        self._chosen = None
        self.called.emit(contact, answered)

    def show_run(self, run: Run) -> None:
        """Show whom to call now."""
        self._run = run
        next_ = run.next_to_call(self._contacts)
        for contact in self._contacts:
            now = contact == (self._chosen or next_)
            self.blocks[contact.id].show_run(run, next_=now, open_=now)
        if (self._chosen or next_) != self._open:
            self._open = self._chosen or next_
            QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        """Bring whom to call now into sight, once its block has its new height."""
        if self._open is not None:
            self._area.ensureWidgetVisible(self.blocks[self._open.id], 0, 8)
