"""Where the system keeps a font with Chinese, for whatever is drawn without a window."""

from __future__ import annotations

import sys
from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FILES = {
    "linux": (
        "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/google-noto-cjk/NotoSansCJK-Regular.ttc",
        "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
        "/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf",
    ),
    "win32": ("C:/Windows/Fonts/msyh.ttc", "C:/Windows/Fonts/simsun.ttc"),
    "darwin": ("/System/Library/Fonts/PingFang.ttc", "/System/Library/Fonts/STHeiti Light.ttc"),
}

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=16)
def font(size: int) -> Font:
    """A font that has Chinese where the system has one; else Pillow's own, which shows boxes for it."""
    path = chinese_font()
    return _simplified(str(path), size) if path is not None else ImageFont.load_default(size)


def chinese_font() -> Path | None:
    """The best file of a font with Chinese; None where the system has none."""
    found = (path for name in _FILES.get(sys.platform, ()) if (path := Path(name)).exists())
    return next(found, None)


def _simplified(name: str, size: int) -> Font:
    """The face for simplified Chinese in a collection of several, one with even columns first."""
    faces = []
    for index in range(16):
        try:
            face = ImageFont.truetype(name, size, index, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            break
        faces.append(face)
    names = [str(face.getname()[0]) for face in faces]
    return faces[max(range(len(faces)), key=lambda at: (" SC" in names[at], "Mono" in names[at]))]
