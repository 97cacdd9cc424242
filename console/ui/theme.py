"""The look: three themes as tokens, and the one style sheet made from them (resources/themes/console.qss)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from string import Template
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from console.domain.lights import Light
from console.services.shipped import resource

# The system's own Chinese sans first on each system; Latin letters come out of the same family.
FAMILIES = (
    "Microsoft YaHei UI", "PingFang SC", "Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC",
    "WenQuanYi Micro Hei", "Segoe UI", "sans-serif",
)  # fmt: skip
CHOICES = ("system", "light", "dark", "contrast")


def system_is_dark() -> bool:
    """What the desktop shows now; False where it does not say."""
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as `#RRGGBB`; `border` is the width of every line in pixels.

    `brand_text` is readable on brand, ok and fault alike; `attention_shape` is for shapes, `attention`
    for text.
    """

    name: str
    background: str
    surface: str
    line: str
    text: str
    soft: str
    brand: str
    brand_text: str
    brand_tint: str
    ok: str
    attention: str
    attention_shape: str
    fault: str
    unknown: str
    off: str
    ok_tint: str
    attention_tint: str
    fault_tint: str
    unknown_tint: str
    border: int = 1

    _all: ClassVar[dict[str, Theme]] = {}

    @classmethod
    def named(cls, name: str) -> Theme:
        """`light`, `dark`, `contrast`, or what the system shows now for `system`; KeyError for others."""
        if name == "system":
            return cls._all["dark" if system_is_dark() else "light"]
        return cls._all[name]

    def color(self, light: Light) -> str:
        """The colour of a light's word."""
        return str(getattr(self, light.value))

    def shape(self, light: Light) -> str:
        """The colour of a light's shape and of a card's edge."""
        return self.attention_shape if light is Light.ATTENTION else self.color(light)

    def tint(self, light: Light) -> str:
        """The quiet background behind what belongs to a light."""
        return self.unknown_tint if light is Light.OFF else str(getattr(self, f"{light.value}_tint"))

    def on(self, role: str) -> str:
        """The colour of text and icon on a button of `role`."""
        return self.text if role in ("plain", "flat") else self.brand_text

    def style_sheet(self) -> str:
        """The whole window's style in this theme's colours."""
        template = Template(resource("themes", "console.qss").read_text(encoding="utf-8"))
        return template.substitute(
            asdict(self),
            images=resource("themes", self.name).as_posix(),
            focus=self.border + 1,
            block=f"{self.border}px solid {self.line}" if self.border > 1 else "none",
        )

    def palette(self) -> QPalette:
        """The same colours for what style sheets do not reach."""
        palette = QPalette()
        roles = {
            QPalette.ColorRole.Window: self.background,
            QPalette.ColorRole.WindowText: self.text,
            QPalette.ColorRole.Base: self.surface,
            QPalette.ColorRole.AlternateBase: self.background,
            QPalette.ColorRole.Text: self.text,
            QPalette.ColorRole.PlaceholderText: self.soft,
            QPalette.ColorRole.Button: self.surface,
            QPalette.ColorRole.ButtonText: self.text,
            QPalette.ColorRole.ToolTipBase: self.surface,
            QPalette.ColorRole.ToolTipText: self.text,
            QPalette.ColorRole.Highlight: self.brand,
            QPalette.ColorRole.HighlightedText: self.brand_text,
            QPalette.ColorRole.Link: self.brand,
        }
        for role, color in roles.items():
            palette.setColor(role, QColor(color))
        for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(self.off))
        return palette

    def apply(self, application: QApplication) -> None:
        """Give the whole application this look."""
        if application.style().name() != "fusion":
            application.setStyle("Fusion")
        font = QFont()
        font.setFamilies(list(FAMILIES))
        font.setPixelSize(15)
        application.setFont(font)
        application.setPalette(self.palette())
        application.setStyleSheet(self.style_sheet())


Theme._all = {
    theme.name: theme
    for theme in (
        Theme(
            "light", background="#F3F5F7", surface="#FFFFFF", line="#DCE1E6", text="#1B1F24", soft="#57606A",
            brand="#0B5FB0", brand_text="#FFFFFF", brand_tint="#E3EEF9",
            ok="#17732F", attention="#8A5A00", attention_shape="#F2B01E", fault="#C62828",
            unknown="#57606A", off="#626A73",
            ok_tint="#E8F5EC", attention_tint="#FFF5DC", fault_tint="#FDECEB", unknown_tint="#EEF1F4",
        ),
        Theme(
            "dark", background="#12161B", surface="#1B2128", line="#313A44", text="#E9EDF2", soft="#A6B0BB",
            brand="#6CB2FF", brand_text="#12161B", brand_tint="#232D39",
            ok="#4FC36D", attention="#F4BC50", attention_shape="#F4BC50", fault="#FF7A70",
            unknown="#A6B0BB", off="#8B95A1",
            ok_tint="#16291D", attention_tint="#2E2612", fault_tint="#341B1B", unknown_tint="#232A32",
        ),
        Theme(
            "contrast", background="#000000", surface="#000000", line="#FFFFFF",
            text="#FFFFFF", soft="#FFFFFF", brand="#FFFF00", brand_text="#000000", brand_tint="#000000",
            ok="#FFFFFF", attention="#FFFF00", attention_shape="#FFFF00", fault="#FFFF00",
            unknown="#FFFFFF", off="#FFFFFF",
            ok_tint="#000000", attention_tint="#000000", fault_tint="#000000", unknown_tint="#000000",
            border=2,
        ),
    )
}  # fmt: skip
