"""What every page is."""

from __future__ import annotations

from typing import ClassVar

from PySide6.QtWidgets import QWidget

from console.domain.subjects import Subject
from console.domain.words import Words
from console.ui.context import Context


class Page(QWidget):
    """One page of the window. Built anew when language, theme or profile change, so it sets texts once.

    What must survive that (a running job, a half-filled emergency run) lives in a service, not here.
    """

    key: ClassVar[str]  # its name for navigation and settings: "today"
    title: ClassVar[Words]
    icon: ClassVar[str]  # a Lucide icon's name

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context

    def show_subject(self, subject: Subject) -> None:
        """Bring what belongs to `subject` into sight; pages without subjects ignore it."""

    def close_details(self) -> None:
        """Close what is opened on top of the page (Escape); pages without details ignore it."""
