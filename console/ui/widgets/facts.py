"""Names and values, one pair a line."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout

from console.domain.findings import Finding
from console.domain.selftest import IDENTITY, SelftestResult
from console.domain.words import say
from console.services.head_text import head_rows
from console.ui.context import Context
from console.ui.theme import Theme
from console.ui.widgets.card import Card
from console.ui.widgets.labels import Body, Heading, Note

# The names that UnifiedPOS gives to what devices say about themselves.
_NAMES = {
    "ManufacturerName": say("Maker"),
    "ModelName": say("Model"),
    "SerialNumber": say("Serial number"),
    "FirmwareRevision": say("Firmware"),
    "FontName": say("Characters"),
    "ModelId": say("Model number"),
    "TypeId": say("Type number"),
    "RomVersion": say("ROM version"),
    "ReceiptLineFeedCount": say("Lines fed"),
    "HeadEnergizedCount": say("Print head used"),
    "PaperCutCount": say("Cuts"),
    "HoursPoweredCount": say("Hours switched on"),
    "HardwareAddress": say("Hardware address (MAC)"),
    "HardwareAddressSince": say("Noted on"),
    "DrawerGoodOpenCount": say("Opens seen"),
    "DrawerCommandCount": say("Opened by this program"),
    "DrawerFailedOpenCount": say("Pulses without an open drawer"),
    "TagReadCount": say("Tags read"),
    "tag": say("Tag"),
    "tag_kind": say("Kind of tag"),
    "weight": say("Weight"),
    "unit": say("Unit"),
    "answer_seconds": say("Answer time in seconds"),
    "GoodScanCount": say("Good scans"),
    "DoubleReadCount": say("Codes that came twice"),
    "MissedReadCount": say("Codes that did not come"),
    "CharactersPerSecond": say("Characters a second"),
    "ShortestKeyDelayMicroseconds": say("Shortest delay between characters, µs"),
    "MedianKeyDelayMicroseconds": say("Usual delay between characters, µs"),
    "LongestKeyDelayMicroseconds": say("Longest delay between characters, µs"),
}


class Facts(Card):
    """A heading and pairs of a soft name and a value that can be selected."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme)
        self._heading = Heading()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._rows: Sequence[tuple[str, str]] = ()
        self.column.addWidget(self._heading)
        self.column.addLayout(self._grid)

    def show_rows(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        """Replace what stands here; the same again changes nothing."""
        self._heading.setText(heading)
        if rows == self._rows:
            return
        self._rows = rows
        while (item := self._grid.takeAt(0)) is not None:
            if (shown := item.widget()) is not None:
                shown.deleteLater()
        for line, (name, value) in enumerate(rows):
            words = Body(value)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._grid.addWidget(Note(name, wrap=False), line, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(words, line, 1)


def head_facts(result: SelftestResult, context: Context) -> list[tuple[str, str]]:
    """Where the printed pattern broke, and where codes can be printed; empty where nobody saw it break."""
    return [(context.text(label), context.text(value)) for label, value in head_rows(result)]


def identity_facts(finding: Finding, context: Context) -> list[tuple[str, str]]:
    """Who a device is, by its newest evidence."""
    told = [(name, finding.fact(name)) for name in (*IDENTITY, "HardwareAddressSince")]
    return [(context.text(_NAMES[name]), value) for name, value in told if value]


def selftest_facts(result: SelftestResult, context: Context) -> list[tuple[str, str]]:
    """What the device said about itself in a self-test: identity, counters and what it measured."""
    text = context.text

    def named(name: str) -> str:
        return text(_NAMES[name]) if name in _NAMES else name

    rows = [(named(name), value) for name, value in result.identity.items()]
    rows += [(named(name), f"{number:,}") for name, number in result.counters.items()]
    rows += [(named(name), value) for name, value in result.figures.items()]
    return rows
