"""Everything for support in one file: what goes along is told first, and nothing is sent to anybody."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QFileDialog, QWidget

from console.domain.errors import TillkeeperError
from console.domain.words import say
from console.services.support_bundle import Part, SupportBundle, sizes
from console.ui.context import Context
from console.ui.dialogs.sheet import Sheet
from console.ui.icons import icon
from console.ui.widgets.button import Button
from console.ui.widgets.facts import Facts
from console.ui.widgets.labels import Body
from console.ui.widgets.scroll import Scroll


class SupportDialog(Sheet):
    """Gathers while it opens; Save asks for the file."""

    def __init__(self, context: Context, bundle: SupportBundle, parent: QWidget | None) -> None:
        super().__init__(context, parent, context.text(say("Everything for support in one file")), "save")
        self.resize(640, 560)
        self._bundle = bundle
        self._parts: Sequence[Part] = ()
        self._facts = Facts(context.theme)
        self._told = Body(self.text(say("Gathering…")))
        words = say(
            "Nothing leaves this computer by itself: you save a file and give it to whom you trust."
            " Passwords, card numbers and payment codes are taken out. The store's name and its devices'"
            " addresses are in it."
        )
        area = Scroll()
        area.column.addWidget(self._facts)
        area.column.addStretch(1)
        self._facts.hide()
        self.body.addWidget(Body(self.text(words)))
        self.body.addWidget(area, 1)
        self.body.addWidget(self._told)
        self.save = Button(self.text(say("Save…")), "primary", icon("save", context.theme.on("primary"), 22))
        self.save.setEnabled(False)
        self.save.clicked.connect(self._ask_where)
        close = Button(self.text(say("Close")))
        close.clicked.connect(self.reject)
        self.buttons.addStretch(1)
        self.buttons.addWidget(close)
        self.buttons.addWidget(self.save)
        self.spawn(self._gather(), "gather for support")

    async def _gather(self) -> None:
        self._parts = await self._bundle.gather(self.context.console)
        rows = sizes(self._parts, self.context.console.language)
        self._facts.show_rows(self.text(say("What goes along")), rows)
        self._facts.show()
        self._told.setText("")
        self.save.setEnabled(True)
        self.save.setFocus()

    def _ask_where(self) -> None:
        asked = QFileDialog(self, self.text(say("Save…")))
        asked.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        asked.setDefaultSuffix("zip")
        asked.selectFile(f"tillkeeper-{self.context.now():%Y%m%d-%H%M}.zip")
        asked.fileSelected.connect(self.write)
        asked.open()

    def write(self, path: str) -> None:
        """Keep the bundle in a new file, and say what became of it."""
        self.complain(None)
        self.spawn(self._write_to(Path(path)), "save for support")

    async def _write_to(self, path: Path) -> None:
        try:
            await asyncio.to_thread(self._bundle.pack, path, self._parts)
        except TillkeeperError as error:
            self.complain(error.words)
        else:
            self._told.setText(self.text(say("Saved to {path}", path=str(path))))
