"""In the demo only: switch the simulated devices' faults on and off, to see what they look like."""

from __future__ import annotations

import asyncio

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from console.domain.errors import Unsupported
from console.domain.ports import DemoStore
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say
from console.services.entry_form import behind
from console.ui.context import Context
from console.ui.dialogs.sheet import Sheet
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Heading
from console.ui.widgets.scroll import Scroll

FAULTS = {
    "paper_out": say("Paper is out"),
    "paper_low": say("Paper is low"),
    "cover_open": say("Cover is open"),
    "cutter_jam": say("Cutter is jammed"),
    "cutter_stopped": say("Cutter is free again, printer waits"),
    "head_hot": say("Print head is too hot"),
    "mechanical": say("Mechanical fault"),
    "unrecoverable": say("Broken inside"),
    "offline": say("Offline"),
    "waiting": say("Waits for the Feed button"),
    "feed_pressed": say("Feed button is held down"),
    "drawer_open": say("Drawer is open"),
    "drawer_stuck": say("Drawer is stuck"),
    "dead_dots": say("Some dots are dead"),
    "ribbon_out": say("Ribbon is used up"),
    "paused": say("Paused"),
    "label_jam": say("Label is jammed"),
    "gap_error": say("No gap found between labels"),
    "label_waiting": say("Printed label was not taken"),
    "mute": say("Does not answer"),
    "slow": say("Answers slowly"),
    "late_reply": say("Answers too late"),
    "garbage": say("Answers garbage"),
    "half_reply": say("Answers by halves"),
    "drop_connection": say("Drops the connection"),
    "write_only": say("Takes data, never answers"),
    "paper_low_outer": say("Paper is low (outer sensor)"),
    "mark_missing": say("Black mark is missing"),
    "paper_jam": say("Paper is jammed at the exit"),
    "head_up": say("Print head is lifted"),
    "overflow": say("Lost part of the data"),
    "command_error": say("Got a wrong command"),
    "missing_suffix": say("No Enter after the code"),
    "double_read": say("Reads every code twice"),
    "dropped_characters": say("Loses characters"),
    "extra_prefix": say("Puts characters in front"),
    "overload": say("Too much weight"),
    "under_zero": say("Shows less than zero"),
    "unstable": say("Does not come to rest"),
    "stuck": say("Weight does not change"),
    "no_return": say("Does not return to zero"),
    "endless": say("Sends without end"),
    "seven_bits": say("Sends seven bits with parity"),
    "unplugged": say("Cable pulled in mid-answer"),
    "deaf": say("Reads no tag"),
    "bad_sum": say("Damages the numbers of tags"),
    "port_closed": say("Payment program has ended"),
    "dark": say("Takes data, shows nothing"),
    "latin_only": say("Has no Chinese characters"),
    "wrong_suffix": say("Ends codes with another key"),
    "code_id": say("Puts a code ID in front"),
    "missing_check_digit": say("Leaves the check digit out"),
    "missing_leading_zero": say("Leaves the leading zero out"),
    "caps_lock": say("Caps Lock is on"),
    "layout": say("Is set to a German keyboard"),
    "full_width": say("Input method: full-width characters"),
    "input_method": say("Input method: Chinese characters"),
    "slow_keys": say("Sends its characters slowly"),
    "misread": say("Reads another code"),
    "screen_blind": say("Reads paper, but no screen"),
    "hang": say("Connects, then never answers"),
    "hang_tls": say("Stops at the encryption"),
    "reset": say("Cuts the connection"),
    "refused": say("Turns everybody away"),
    "banner": say("Something else answers"),
    "wrong_host": say("Certificate for another name"),
    "expired": say("Certificate has expired"),
    "expires_soon": say("Certificate expires soon"),
    "not_yet_valid": say("Certificate is not valid yet"),
    "self_signed": say("Certificate signed by itself"),
    "untrusted": say("Certificate nobody vouches for"),
    "missing_intermediate": say("Certificate chain is incomplete"),
    "maintenance": say("Being maintained"),
    "unauthorized": say("Password refused"),
    "forbidden": say("Access forbidden"),
    "not_found": say("Page is not there"),
    "proxy_auth": say("A proxy wants a password"),
    "rate_limited": say("Too many questions"),
    "upgrade": say("Wants a newer program"),
    "server_error": say("Server error"),
    "redirect_loop": say("Sends round in circles"),
    "captive_portal": say("A login page answers instead"),
    "unknown_name": say("Name is unknown"),
    "wrong_address": say("Gives a wrong address"),
    "server_failure": say("Name server fails"),
}


class DemoFaultsDialog(Sheet):
    """Checkboxes for every fault of every simulated device."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(context, parent, context.text(say("Demo: try faults")), "flask-conical")
        self.resize(720, 620)
        demo = context.console.demo
        if demo is None:
            raise Unsupported(say("Only the demo store has faults to try"))
        self._demo: DemoStore = demo
        self._boxes: dict[tuple[Subject, str], QCheckBox] = {}
        self._wished: dict[tuple[Subject, str], bool] = {}
        self._switching: asyncio.Task[None] | None = None
        self.body.addWidget(
            Body(
                self.text(
                    say("These devices are simulated. Switch a fault on and watch how the lights find it.")
                )
            )
        )
        area = Scroll()
        for subject, faults in demo.faults.items():
            area.column.addWidget(self._device(subject, tuple(faults)))
        area.column.addStretch(1)
        self.body.addWidget(area, 1)
        mend = Button(self.text(say("Mend everything")), icon=icon("wrench", context.theme.text, 22))
        mend.clicked.connect(self._mend)
        close = Button(self.text(say("Close")), "primary")
        close.clicked.connect(self.accept)
        self.buttons.addWidget(mend)
        self.buttons.addStretch(1)
        self.buttons.addWidget(close)

    def _device(self, subject: Subject, faults: tuple[str, ...]) -> Card:
        card = Card(self.context.theme)
        card.column.addWidget(Heading(self.context.name(subject)))
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(0)
        active = self._demo.active(subject)
        for place, fault in enumerate(faults):
            box = QCheckBox(self.text(FAULTS[fault]) if fault in FAULTS else fault)
            box.setChecked(fault in active)
            box.toggled.connect(lambda on, which=(subject, fault): self._wish(which, on))
            self._boxes[subject, fault] = box
            grid.addWidget(box, place // 2, place % 2)
        card.column.addLayout(grid)
        return card

    def _wish(self, which: tuple[Subject, str], on: bool) -> None:
        self._wished[which] = on
        if self._switching is None or self._switching.done():
            # The page's work, not the dialog's: what was pressed happens although the dialog is closed.
            self._switching = self.context.spawn(self._switch(), "switching faults")

    async def _switch(self) -> None:
        """Do what was wished, then look at what it changed: the lights need not wait for their turn."""
        changed: set[Subject] = set()
        while self._wished:
            subject, fault = next(iter(self._wished))
            on = self._wished.pop((subject, fault))
            await asyncio.to_thread(self._demo.set_fault, subject, fault, on)
            changed |= {subject, *self._touched(subject)}
        for each in changed:
            self.context.spawn(self.context.console.check.examine(each), f"looking at {each}")

    def _touched(self, subject: Subject) -> tuple[Subject, ...]:
        profile = self.context.console.profile
        if subject == NETWORK:
            return tuple(Subject("backend", each.name) for each in profile.backend)
        return behind(subject, profile)

    def _mend(self) -> None:
        for box in self._boxes.values():
            box.setChecked(False)
