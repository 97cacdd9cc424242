"""A device that was plugged in a moment ago and is not set up yet: take it up, or put the offer away."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout

from console.domain.discovery import Found
from console.domain.subjects import KIND_WORDS
from console.domain.words import Words, say
from console.services.entry_form import found_texts
from console.services.plugs import Plugs
from console.ui.context import Context
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.card import Tinted
from console.ui.widgets.labels import Body


class PluggedBar(Tinted):
    """Shows the first of what `plugs` offers, as long as it is plugged in."""

    def __init__(self, context: Context, plugs: Plugs) -> None:
        super().__init__("brand")
        self._context = context
        self._plugs = plugs
        self.told = Body()
        plus = icon("plus", context.theme.on("primary"), 22)
        self.add = Button(context.text(say("Add…")), "primary", plus)
        self.put_away = Button(context.text(say("Not now")))
        self.add.clicked.connect(self._add)
        self.put_away.clicked.connect(lambda: self._plugs.put_away(self._plugs.offers[0]))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.told, 1)
        row.addWidget(self.put_away)
        row.addWidget(self.add)
        self.column.setContentsMargins(16, 8, 8, 8)
        self.column.addLayout(row)
        plugs.changed = self._show
        self._show()

    def _show(self) -> None:
        offers = self._plugs.offers
        if not offers:
            self.hide()
            return
        self.told.setText(self._context.text(offer_words(offers[0])))
        if self.parentWidget() is not None:  # without one it would be a window of its own
            self.show()

    def _add(self) -> None:
        from console.ui.dialogs.entry import EntryDialog

        offer, profile = self._plugs.offers[0], self._context.console.profile
        texts = found_texts(offer, profile)
        dialog = EntryDialog(self._context, self.window(), profile, kind=offer.kind, texts=texts)
        dialog.saved.connect(self._context.profile_changed)
        dialog.open()


def offer_words(offer: Found) -> Words:
    """What was plugged in; a serial port may have anything behind it."""
    name = offer.identity or offer.address
    if offer.sure == "guess" and offer.address.startswith("serial:"):
        words = say("A device was plugged in: {name}. Is it a scanner? Then add it", name=name)
    else:
        words = say("A new {kind} was plugged in: {name}", kind=KIND_WORDS[offer.kind], name=name)
    return words
