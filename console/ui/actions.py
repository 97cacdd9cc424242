"""Every action of the window, declared once: rail, top bar, tray menu and shortcuts come from this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from console.domain.words import Words, say
from console.ui.icons import icon
from console.ui.theme import Theme


@dataclass(frozen=True, slots=True)
class Declared:
    """One thing that a person can do from anywhere in the window; `icon` is a Lucide name."""

    id: str
    words: Words
    icon: str
    shortcuts: tuple[str, ...] = ()


ACTIONS: tuple[Declared, ...] = (
    Declared("today", say("Today"), "layout-dashboard", ("Ctrl+1",)),
    Declared("devices", say("Devices"), "printer", ("Ctrl+2",)),
    Declared("network", say("Network"), "network", ("Ctrl+3",)),
    Declared("emergency", say("Emergency"), "siren", ("F1", "Ctrl+4")),
    Declared("settings", say("Settings"), "settings", ("Ctrl+5",)),
    Declared("check", say("Full check"), "stethoscope", ("F5",)),
    Declared("language", say("Switch between Chinese and English"), "languages", ("Ctrl+L",)),
    Declared("open", say("Open Tillkeeper"), "store"),
    Declared("quit", say("Quit"), "power", ("Ctrl+Q",)),
)


def make_actions(
    parent: QWidget, callbacks: Mapping[str, Callable[[], None]], text: Callable[[Words], str], theme: Theme
) -> dict[str, QAction]:
    """A QAction for each of ACTIONS that `callbacks` has a key for; its shortcuts work in all of `parent`."""
    made = {}
    for each in ACTIONS:
        if each.id not in callbacks:
            continue
        action = QAction(icon(each.icon, theme.text, 20), text(each.words), parent)
        action.setAutoRepeat(False)
        action.setShortcuts([QKeySequence(keys) for keys in each.shortcuts])
        action.triggered.connect(callbacks[each.id])
        parent.addAction(action)
        made[each.id] = action
    return made
