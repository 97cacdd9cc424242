"""Which language the system speaks."""

from __future__ import annotations

import locale
import os
import sys


def system_language() -> str:
    """`zh`, `en` …, or "" where the system does not say (a bare server's C locale)."""
    if sys.platform == "win32":
        name = locale.getlocale()[0] or ""
        return {"Chinese (Simplified)": "zh", "English": "en"}.get(name.split("_")[0], name[:2].lower())
    # Python reads C.UTF-8 as American English, so the variables are read here (POSIX: LC_ALL before LANG).
    said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := os.environ.get(name))), "")
    name = said.split(".")[0]
    return "" if name in ("C", "POSIX") else name.split("_")[0]
