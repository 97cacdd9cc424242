"""Where the program's own files lie: icons, translations, knowledge, plans."""

from __future__ import annotations

import sys
from pathlib import Path

_CONSOLE = Path(__file__).resolve().parents[1]


def resource(*parts: str) -> Path:
    """The path of a shipped file or folder; it need not exist.

    `resources/` stands at the top of a checkout, `_resources/` inside an installed package, and
    `resources/` beside the frozen program.
    """
    return _root().joinpath(*parts)


def _root() -> Path:
    frozen = getattr(sys, "_MEIPASS", None)
    if frozen is not None:
        return Path(frozen) / "resources"
    installed = _CONSOLE / "_resources"
    return installed if installed.is_dir() else _CONSOLE.parent / "resources"
