"""A printed ticket as a picture: PNG, 576 dots wide, black on white."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageDraw

from console.platforms.fonts import font
from console.simulators.paper import WIDTH, Bits, Item, Run, Style, Symbol, Ticket

_CUT = 12  # dots below the paper, for the cut line


@lru_cache(maxsize=4096)
def _glyph(char: str, style: Style) -> Image.Image:
    """One character in its cell: 255 where ink is."""
    width, height = style.cell(char)
    plain = Image.new("L", (width // style.wide, height // style.high))
    draw, face = ImageDraw.Draw(plain), font(15 if style.small else 22)
    left, _, right, _ = draw.textbbox((0, 0), char, font=face, anchor="ls")
    room = max(0, (plain.width - int(right - left)) // 2)
    base = plain.height * 19 // 24
    draw.text((room - left, base), char, 255, face, "ls", stroke_width=int(style.bold) / 2)
    glyph = plain.point(lambda ink: 255 if ink > 110 else 0).resize((width, height), Image.Resampling.NEAREST)
    return glyph.rotate(180) if style.upside_down else glyph


def _draw_run(page: Image.Image, run: Run, bottom: int) -> None:
    style, height = run.style, run.height
    strip = Image.new("L", (max(1, run.width), max(1, height)))
    at = 0
    for char in run.text:
        glyph = _glyph(char, style)
        strip.paste(glyph, (at, height - glyph.height))
        at += glyph.width + run.spacing * style.wide
    if style.underline and not style.reverse:
        ImageDraw.Draw(strip).rectangle((0, height - style.underline, strip.width, height), 255)
    if style.reverse:
        strip = strip.point(lambda ink: 255 - ink)
    page.paste(0, (run.x, bottom - height), strip)


def _draw_bits(page: Image.Image, bits: Bits, bottom: int) -> None:
    ink = Image.frombytes("1", (bits.columns, bits.lines), bits.rows).convert("L")
    ink = ink.resize((bits.width, bits.height), Image.Resampling.NEAREST)
    page.paste(0, (bits.x, bottom - bits.height), ink)


_CODES = {
    "UPC-A": "UPCA", "UPC-E": "UPCE", "EAN13": "EAN13", "EAN8": "EAN8", "CODE39": "Code39", "ITF": "ITF",
    "CODABAR": "Codabar", "CODE93": "Code93", "CODE128": "Code128", "PDF417": "PDF417", "QR": "QRCode",
    "AZTEC": "Aztec", "DATAMATRIX": "DataMatrix",
}  # fmt: skip


def _bars(symbol: Symbol) -> Image.Image | None:
    """The code, one dot a module; None for a kind or content that the library does not write."""
    import zxingcpp

    if symbol.kind not in _CODES:
        return None
    try:
        code = zxingcpp.create_barcode(symbol.content, getattr(zxingcpp.BarcodeFormat, _CODES[symbol.kind]))
        dots: Any = code.to_image(scale=1, add_quiet_zones=False)  # its buffer is missing in the stubs
    except (RuntimeError, ValueError):
        return None
    height, width = dots.shape
    return Image.frombytes("L", (width, height), bytes(dots))


def _draw_symbol(page: Image.Image, symbol: Symbol, bottom: int) -> None:
    """The code as large as fits its place; where it cannot be drawn, a frame with its kind and content."""
    top, bars = bottom - symbol.height, _bars(symbol)
    content = "".join(char if char.isprintable() else "." for char in symbol.content)
    if bars is None:
        draw = ImageDraw.Draw(page)
        draw.rectangle((symbol.x, top, symbol.x + symbol.width - 1, bottom - 1), outline=0, width=2)
        draw.text((symbol.x + 6, top + 4), f"{symbol.kind}\n{content}", 0, font(15))
        return
    module = max(1, symbol.width // bars.width)
    height = (
        bars.height * module if symbol.width == symbol.height else symbol.height - (26 if symbol.hri else 0)
    )
    page.paste(bars.resize((bars.width * module, height), Image.Resampling.NEAREST), (symbol.x, top))
    if symbol.hri:
        ImageDraw.Draw(page).text((symbol.x, bottom - 24), content, 0, font(20))


def png(ticket: Ticket) -> bytes:
    """The ticket as a one-bit PNG; what lies outside the 576 dots is not on the paper."""
    page = Image.new("L", (WIDTH, ticket.height + _CUT), 255)
    y = 0
    for line in ticket.lines:
        for item in line.items:
            _draw(page, item, y + line.inked)
        for column in line.dead:
            page.paste(255, (column, y, column + 1, y + line.height))
        y += line.height
    for x in range(0, WIDTH, 16):
        ImageDraw.Draw(page).line((x, y + _CUT // 2, x + 8, y + _CUT // 2), 0)
    return _encoded(page)


def label_png(width: int, height: int, items: Iterable[tuple[int, Item]]) -> bytes:
    """A label of that many dots with each item below its y, as a one-bit PNG."""
    page = Image.new("L", (width, height), 255)
    for y, item in items:
        _draw(page, item, y + item.height)
    return _encoded(page)


def _draw(page: Image.Image, item: Item, bottom: int) -> None:
    if isinstance(item, Run):
        _draw_run(page, item, bottom)
    elif isinstance(item, Bits):
        _draw_bits(page, item, bottom)
    else:
        _draw_symbol(page, item, bottom)


def _encoded(page: Image.Image) -> bytes:
    out = BytesIO()
    page.convert("1", dither=Image.Dither.NONE).save(out, "PNG", optimize=False)
    return out.getvalue()
