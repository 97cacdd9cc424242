"""Print commands, and what is on the paper afterwards."""

from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image

from console.simulators.escpos_stream import CommandStream
from console.simulators.paper import ROLL, Bits, Line, Run, Symbol
from console.simulators.render import png
from console.simulators.typesetting import Typesetter


class Press:
    """A typesetter with its stream."""

    def __init__(self) -> None:
        self.printed: list[Line] = []
        self.cuts = 0
        self.setter = Typesetter(self.printed.append, self._cut)
        self.stream = CommandStream()

    def _cut(self) -> None:
        self.cuts += 1

    def put(self, data: bytes) -> "Press":
        for command in self.stream.feed(data):
            self.setter.execute(command)
        return self

    @property
    def lines(self) -> list[Line]:
        return self.setter.ticket.lines

    def runs(self) -> Iterator[Run]:
        return (item for line in self.lines for item in line.items if isinstance(item, Run))

    def picture(self) -> Image.Image:
        return Image.open(BytesIO(png(self.setter.ticket)))


@pytest.fixture
def press() -> Press:
    return Press()


def test_text_waits_for_the_line_feed(press: Press) -> None:
    assert press.put(b"abc").printed == []
    assert press.put(b"\n").setter.ticket.text == "abc\n"


@pytest.mark.parametrize(
    ("data", "style"),
    [
        (b"\x1b!\x39", {"small": True, "bold": True, "high": 2, "wide": 2}),
        (b"\x1b!\x80", {"underline": 1}),
        (b"\x1bE\x01", {"bold": True}),
        (b"\x1bE\x01\x1bE\x00", {"bold": False}),
        (b"\x1b-2", {"underline": 2}),
        (b"\x1d!\x52", {"wide": 6, "high": 3}),
        (b"\x1dB1", {"reverse": True}),
        (b"\x1b{\x01", {"upside_down": True}),
        (b"\x1bM1", {"small": True}),
        (b"\x1d!\x77\x1bE1\x1b@", {"wide": 1, "high": 1, "bold": False}),
    ],
)
def test_styles(press: Press, data: bytes, style: dict[str, int]) -> None:
    (run,) = press.put(data + b"x\n").runs()
    assert {name: getattr(run.style, name) for name in style} == style


@pytest.mark.parametrize(("n", "x"), [(0, 0), (1, 276), (2, 552), (0x31, 276)])
def test_alignment(press: Press, n: int, x: int) -> None:
    (run,) = press.put(b"\x1ba%cab\n" % n).runs()
    assert run.x == x


def test_lines_wrap_at_48_columns_or_24_chinese_characters(press: Press) -> None:
    press.put(b"x" * 50 + b"\n")
    press.put(b"\x1c&" + ("店" * 25).encode("gb18030") + b"\n")
    assert press.setter.ticket.text.splitlines() == ["x" * 48, "xx", "店" * 24, "店"]


def test_positions_tabs_and_margins(press: Press) -> None:
    press.put(b"\x1b$\x64\x00a\n\x1b\\\x20\x00b\n\tc\td\n\x1bD\x05\x00\te\n")
    press.put(b"\x1dL\x30\x00\x1dW\x60\x00f\n12345678901\n")
    assert [(run.x, run.text) for run in press.runs()] == [
        (100, "a"),
        (32, "b"),
        (96, "c"),
        (192, "d"),
        (60, "e"),
        (48, "f"),
        (48, "12345678"),
        (48, "901"),
    ]


def test_feeds_in_dots(press: Press) -> None:
    press.put(b"a\n\x1b3\x40b\n\x1b2c\n\x1bJ\x10\x1bd\x03")
    assert [line.feed for line in press.lines] == [30, 64, 30, 16, 90]


def test_motion_units(press: Press) -> None:
    (run,) = press.put(b"\x1dP\x65\x65\x1b$\x32\x00a\x1bJ\x0a").runs()
    assert (run.x, press.lines[0].feed) == (100, 20)


@pytest.mark.parametrize("cut", [b"\x1dV\x00", b"\x1dV1", b"\x1dVA\x10", b"\x1dVB\x00", b"\x1bi", b"\x1bm"])
def test_every_cut_ends_the_ticket(press: Press, cut: bytes) -> None:
    press.put(b"one" + cut + b"two\n" + cut)
    assert [ticket.text.split()[0] for ticket in press.setter.finished] == ["one", "two"]
    assert press.cuts == 2
    assert press.lines == []


def test_a_raster_picture_prints_dot_by_dot(press: Press) -> None:
    (line,) = press.put(b"\x1dv0\0\x02\0\x03\0\x80\x01\x00\x00\xff\xff").lines
    picture = press.picture()
    assert [picture.getpixel((x, 0)) == 0 for x in range(17)] == [True] + [False] * 14 + [True, False]
    assert [picture.getpixel((x, 2)) == 0 for x in range(17)] == [True] * 16 + [False]
    assert line.feed == 3 or line.height == 3


def test_a_raster_picture_may_be_doubled(press: Press) -> None:
    press.put(b"\x1dv0\x03\x01\0\x01\0\x80")
    picture = press.picture()
    assert [[picture.getpixel((x, y)) == 0 for x in range(3)] for y in range(2)] == [[True, True, False]] * 2


# One dot set at (1, 2) of a picture of 8 × 8, told in each way.
@pytest.mark.parametrize(
    "data",
    [
        b"\x1dv0\0\x01\0\x08\0" + b"\0\0\x40\0\0\0\0\0",
        b"\x1d(L\x12\x00\x30\x70\x30\x01\x01\x31\x08\x00\x08\x00" + b"\0\0\x40\0\0\0\0\0"
        b"\x1d(L\x02\x00\x30\x32",
        b"\x1d8L\x12\x00\x00\x00\x30\x70\x30\x01\x01\x31\x08\x00\x08\x00"
        + b"\0\0\x40\0\0\0\0\0"
        + b"\x1d(L\x02\x00\x30\x02",
        b"\x1d(L\x12\x00\x30\x71\x30\x01\x01\x31\x08\x00\x08\x00" + b"\0\x20\0\0\0\0\0\0"
        b"\x1d(L\x02\x00\x30\x32",
        b"\x1d(L\x13\x00\x30\x53\x30AB\x01\x08\x00\x08\x00\x31"
        + b"\0\0\x40\0\0\0\0\0"
        + b"\x1d(L\x06\x00\x30\x55AB\x01\x01",
        b"\x1d*\x01\x01" + b"\0\x20\0\0\0\0\0\0" + b"\x1d/\x00",
        b"\x1cq\x01\x01\x00\x01\x00" + b"\0\x20\0\0\0\0\0\0" + b"\x1cp\x01\x00",
    ],
)
def test_the_same_dot_in_every_way_to_send_a_picture(press: Press, data: bytes) -> None:
    picture = press.put(data).picture().crop((0, 0, 8, 8))
    assert [(x, y) for y in range(8) for x in range(8) if picture.getpixel((x, y)) == 0] == [(1, 2)]


def test_bit_images_of_8_and_24_dots_stand_in_the_line(press: Press) -> None:
    press.put(b"a\x1b*\x21\x02\x00\x80\x00\x01\x00\x00\x00\x1b*\x00\x01\x00\x01\n")
    first, second = (item for item in press.lines[0].items if isinstance(item, Bits))
    assert (first.x, first.width, first.height) == (12, 2, 24)
    assert (second.x, second.width, second.height) == (14, 2, 24)


@pytest.mark.parametrize(
    ("data", "kind", "content"),
    [
        (b"\x1dk\x02690123456789\x00", "EAN13", "6901234567892"),
        (b"\x1dk\x039638507\x00", "EAN8", "96385074"),
        (b"\x1dkA\x0b03600029145", "UPC-A", "036000291452"),
        (b"\x1dkC\x0d6901234567892", "EAN13", "6901234567892"),
        (b"\x1dk\x04ABC\x00", "CODE39", "ABC"),
        (b"\x1dkI\x05{Babc", "CODE128", "abc"),
        (b"\x1dkI\x06{C\x0c\x22{{", "CODE128", "1234{"),
        (b"\x1d(k\x08\x00\x31\x50\x30hello\x1d(k\x03\x00\x31\x51\x30", "QR", "hello"),
        (b"\x1d(k\x05\x00\x30\x50\x30ab\x1d(k\x03\x00\x30\x51\x30", "PDF417", "ab"),
        (b"\x1bZ\x01\x01\x04\x03\x00abc", "QR", "abc"),
    ],
)
def test_codes_are_kept_as_they_would_scan(press: Press, data: bytes, kind: str, content: str) -> None:
    (symbol,) = press.put(data).setter.ticket.symbols()
    assert (symbol.kind, symbol.content) == (kind, content)
    assert isinstance(symbol, Symbol)


def test_page_mode_prints_at_the_form_feed_or_not_at_all(press: Press) -> None:
    press.put(b"\x1bLinside\n")
    assert press.lines == []
    assert press.put(b"\x0c").setter.ticket.text == "inside\n"
    assert press.put(b"\x1bLdropped\n\x1bS").setter.ticket.text == "inside\n"
    assert press.put(b"\x1bLcancelled\n\x18kept\x0c").setter.ticket.text == "inside\nkept\n"


def test_a_printer_that_is_not_selected_prints_nothing(press: Press) -> None:
    assert press.put(b"\x1b=\x02to the display\n\x1b=\x01here\n").setter.ticket.text == "here\n"


def test_paper_never_fills_the_memory(press: Press) -> None:
    press.put(b"\x1b3\xff" + b"x\n" * (ROLL // 255 + 2))
    assert len(press.setter.finished) == 1
    assert press.setter.ticket.height < ROLL


def test_lines_without_height_leave_no_trace(press: Press) -> None:
    press.put(b"\x1b3\x00" + b"\n" * 1000 + b"\x1bJ\x00")
    assert press.lines == []


def test_the_picture_shows_ink_where_the_text_is(press: Press) -> None:
    picture = press.put(b"\x1c&" + "店".encode("gb18030") + b"\n").picture()
    assert picture.size == (576, 30 + 12)
    ink = picture.crop((0, 0, 24, 24)).convert("L").point(lambda value: 255 - value).getbbox()
    assert ink is not None
    assert ink[2] - ink[0] > 12
    assert picture.crop((24, 0, 576, 28)).convert("L").getextrema() == (255, 255)


def test_reverse_and_underline_are_black_where_they_should_be(press: Press) -> None:
    press.put(b"\x1dB1 \x1dB0\n\x1b-1 \n")
    picture = press.picture()
    assert picture.getpixel((5, 5)) == 0
    assert picture.getpixel((5, 30 + 23)) == 0
    assert picture.getpixel((5, 30 + 10)) != 0
