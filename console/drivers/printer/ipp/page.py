"""The test page as a document that the printer takes."""

from __future__ import annotations

import asyncio
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from console.domain.errors import Unsupported
from console.domain.ports import CodesPage, TestPage
from console.domain.words import say
from console.drivers.codecs.escpos_page import build_page
from console.drivers.codecs.ipp import Attributes, device_id
from console.drivers.codecs.page_text import COLUMNS, wrapped
from console.platforms.fonts import chinese_font

RAW = ("application/vnd.cups-raw", "application/octet-stream")
_PICTURES = {"image/jpeg": "JPEG", "image/png": "PNG", "application/pdf": "PDF"}
_DOTS_PER_INCH = 203
_LINE = 30  # dots
_MARGIN = 16


async def document(page: TestPage, paper: int, protocol: str, attributes: Attributes) -> tuple[str, bytes]:
    """MIME type and bytes; Unsupported where the printer takes nothing that can be made here."""
    taken = attributes.texts("document-format-supported")
    raw_queue = "raw" in attributes.text("printer-make-and-model").lower().split()
    # A queue without a driver hands bytes over as they are; only by IPP it says what they are.
    unchanged = raw_queue and not attributes.text("device-uri").startswith("ipp")
    raw = next((each for each in RAW if each in taken), None)
    if protocol == "escpos" and raw is not None and (unchanged or _speaks_escpos(attributes)):
        return raw, build_page(page, paper)
    if unchanged:
        raise Unsupported(
            say('The queue changes nothing; set "Language it speaks" to the language of its printer'),
            "print.unproven",
        )
    if isinstance(page, CodesPage):  # whoever scales a picture changes what the codes are to show
        raise Unsupported(say("This page needs a receipt printer that prints its codes dot by dot"))
    picture = next((each for each in _PICTURES if each in taken), None)
    if picture is not None:
        return picture, await asyncio.to_thread(_drawn, page, paper, _PICTURES[picture])
    if "text/plain" in taken:
        return "text/plain", "\n".join((page.title, *page.lines, page.code, "")).encode()
    raise Unsupported(
        say(
            "The printer takes no kind of document that can be made here: {kinds}",
            kinds=", ".join(taken)[:200],
        ),
        "print.unproven",
    )


def _speaks_escpos(attributes: Attributes) -> bool:
    """Whether bytes that go through as they are arrive at a receipt printer; every queue takes such bytes."""
    named = device_id(attributes.text("printer-device-id"))
    return "ESC/POS" in (named.get("CMD") or named.get("COMMAND SET") or "").upper()


def _drawn(page: TestPage, paper: int, kind: str) -> bytes:
    """The page as a picture or PDF, black on white, as wide as the paper's print."""
    columns = COLUMNS[paper]
    width = columns * 12
    lines = [line for text in (page.title, *page.lines, page.code) for line in wrapped(text, columns)]
    sheet = Image.new("L", (width, _MARGIN * 2 + _LINE * len(lines)), 255)
    draw, font = ImageDraw.Draw(sheet), _font()
    for at, line in enumerate(lines):
        draw.text((0, _MARGIN + at * _LINE), line, 0, font)
    draw.line((0, sheet.height - 2, width, sheet.height - 2), 0, 2)
    out = BytesIO()
    sheet.save(out, kind, dpi=(_DOTS_PER_INCH, _DOTS_PER_INCH), resolution=_DOTS_PER_INCH)
    return out.getvalue()


def _font() -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """A font that has Chinese where the system has one; else Pillow's own, which shows boxes for it."""
    path = chinese_font()
    return ImageFont.truetype(str(path), 22) if path is not None else ImageFont.load_default(22)
