"""The tray icon: the store's overall light at a glance, and the window a press away."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from console.domain.lights import Light
from console.ui.theme import Theme
from console.ui.widgets.light import light_pixmap

SIZES = (16, 22, 32, 64)  # px; each system picks its own
MENU = ("open", "check", "emergency", None, "quit")


class Tray(QObject):
    """`opened` when the person pressed the icon. Silent where there is no tray; `available` says so."""

    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.icon = QSystemTrayIcon()
        self._menu = QMenu()
        self._shown: tuple[Light, Theme] | None = None
        self.icon.setContextMenu(self._menu)
        self.icon.activated.connect(self._pressed)

    @property
    def available(self) -> bool:
        """True while the desktop has a place for tray icons."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def tool_tip(self) -> str:
        """What hovering shows."""
        return self.icon.toolTip()

    def set_actions(self, actions: Mapping[str, QAction]) -> None:
        """Make the menu anew, in the present language."""
        self._menu.clear()
        for key in MENU:
            if key is None:
                self._menu.addSeparator()
            elif key in actions:
                self._menu.addAction(actions[key])

    def show_store(self, light: Light, sentence: str, theme: Theme) -> None:
        """Show the overall light with its sentence."""
        if (light, theme) != self._shown:
            self._shown = (light, theme)
            icon = QIcon()
            for size in SIZES:
                icon.addPixmap(light_pixmap(light, size, theme))
            self.icon.setIcon(icon)
        self.icon.setToolTip(f"Tillkeeper · {sentence}")
        self.icon.show()

    def tell(self, title: str, message: str) -> None:
        """Say something beside the icon, once."""
        self.icon.showMessage(title, message, self.icon.icon())

    def hide(self) -> None:
        """Take the icon away."""
        self.icon.hide()

    def _pressed(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.opened.emit()
