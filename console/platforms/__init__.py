"""Facts of the operating system, the same questions on every one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from console.platforms.base import Platform


def here() -> Platform:
    """The platform that this program runs on."""
    if sys.platform == "win32":
        from console.platforms.windows import Windows

        return Windows()
    if sys.platform == "darwin":
        from console.platforms.macos import MacOS

        return MacOS()
    from console.platforms.linux import Linux

    return Linux()
