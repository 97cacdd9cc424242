"""What surrounds every page, in one language and one theme: rail, top bar, notices. Needs no store."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.lights import Light
from console.domain.words import Words, say
from console.ui.actions import ACTIONS
from console.ui.theme import Theme
from console.ui.widgets.labels import Sentence
from console.ui.widgets.rail import Rail
from console.ui.widgets.top_bar import TopBar

# In the rail's order, the last one at its bottom. A page is imported when it is first opened.
PAGES = {
    "today": "console.ui.pages.today:TodayPage",
    "devices": "console.ui.pages.devices:DevicesPage",
    "network": "console.ui.pages.network:NetworkPage",
    "emergency": "console.ui.pages.emergency:EmergencyPage",
    "settings": "console.ui.pages.settings:SettingsPage",
}
ICONS = {each.id: each.icon for each in ACTIONS}


class Frame(QWidget):
    """`stack` holds what was opened of PAGES."""

    def __init__(self, actions: Mapping[str, QAction], text: Callable[[Words], str], theme: Theme) -> None:
        super().__init__()
        self.rail = Rail({key: (actions[key], ICONS[key]) for key in PAGES}, theme)
        self.bar = TopBar(theme, text, actions["emergency"], actions["language"])
        self.stack = QStackedWidget()
        self.stack.setObjectName("page")
        self._column = QVBoxLayout()
        self._column.setSpacing(0)
        self._column.addWidget(self.bar)
        self._column.addWidget(self.stack, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addLayout(self._column, 1)
        self._wait(text)

    def _wait(self, text: Callable[[Words], str]) -> None:
        starting = text(say("Starting…"))
        self.bar.show_store(Light.UNKNOWN, starting, "Tillkeeper 收银守护", starting)
        waiting = Sentence(text(say("Opening the store…")), "soft")
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.stack.addWidget(waiting)

    def add_notices(self, notices: QWidget) -> None:
        """Put a bar between the top bar and the page."""
        self._column.insertWidget(1, notices)
