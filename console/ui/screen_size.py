"""How many device pixels of a screen make a millimetre: measured once by a person with a bank card.

What screens say of their size (EDID) is wrong too often to measure by.
"""

from __future__ import annotations

from PySide6.QtGui import QScreen

from console.domain.eye_chart import CARD_MM, pixels_per_mm
from console.domain.ports import Settings

_USUAL = 96 / 25.4  # of a screen that nobody has measured, before scaling


def measured(settings: Settings, screen: QScreen) -> float | None:
    """Device pixels a mm; None before somebody measured it."""
    try:
        return pixels_per_mm(float(settings.get(_name(screen), "")) * CARD_MM)
    except ValueError:
        return None


def guessed(screen: QScreen) -> float:
    """The same of a screen that nobody has measured yet."""
    return _USUAL * screen.devicePixelRatio()


def remember(settings: Settings, screen: QScreen, density: float) -> None:
    """Keep what a person measured."""
    settings.put(_name(screen), f"{density:.4f}")


def _name(screen: QScreen) -> str:
    """A screen with another resolution has other pixels."""
    size, ratio = screen.size(), screen.devicePixelRatio()
    wide, high = round(size.width() * ratio), round(size.height() * ratio)
    make = " ".join(filter(None, (screen.manufacturer(), screen.model(), screen.serialNumber())))
    return f"pixels_per_mm {make or screen.name()} {wide}x{high}"
