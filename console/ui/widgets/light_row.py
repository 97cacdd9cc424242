"""A subject in one line: its light, its name, and what is so."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.domain.findings import Finding
from console.domain.lights import Light
from console.services.sentences import title_of
from console.ui.context import Context
from console.ui.widgets.labels import Elided
from console.ui.widgets.light import LightShape

SHAPE = 20  # px


class LightRow(QWidget):
    """Follows one finding at a time."""

    def __init__(self, context: Context, finding: Finding) -> None:
        super().__init__()
        self._context = context
        language = context.console.language
        self.light = LightShape(finding.light, SHAPE, context.theme, language.light(finding.light))
        self._text = Elided(lines=2)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.light)
        row.addWidget(self._text, 1)
        self.show_finding(finding)

    def show_finding(self, finding: Finding) -> None:
        """Show what is known now."""
        language = self._context.console.language
        name, title = self._context.name(finding.subject), title_of(finding, language)
        self.light.set_light(finding.light, language.light(finding.light))
        self.light.setAccessibleDescription(name)
        self._text.setText(f"{name} · {title}")
        self._text.set_tone("soft" if finding.light is Light.OFF else "text")
