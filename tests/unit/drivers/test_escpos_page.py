"""The test page as bytes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.errors import BadInput
from console.domain.head import Head, diagonals
from console.domain.models import GENERIC
from console.drivers.codecs import escpos
from console.drivers.codecs.escpos_page import build_page, picture
from console.drivers.codecs.page_text import COLUMNS, encoded, ruler, wrapped
from console.drivers.printer.escpos.language import Escpos
from console.platforms.clock import SystemClock

REALTIME_PREFIX = re.compile(rb"\x10[\x04\x05\x14]")


@dataclass(frozen=True)
class Page:
    title: str = "测试页 Test"
    lines: Sequence[str] = ("价格：¥12.50", "")
    code: str = "TK-1234"


def test_chinese_stands_between_kanji_on_and_off() -> None:
    data = build_page(Page(), 80)
    assert data.startswith(b"\x1b@")
    on, off = data.index(b"\x1c&"), data.index(b"\x1c.")
    assert on < data.index("测试页".encode("gb18030")) < off
    assert data.endswith(b"\x1dVA\x03")  # fed and cut last


def test_the_code_is_a_qr_of_model_2() -> None:
    data = build_page(Page(), 80)
    assert bytes.fromhex("1d286b0400 31413200".replace(" ", "")) in data
    assert b"\x1d(k\x0a\x001P0TK-1234" in data
    assert b"\x1d(k\x03\x001Q0" in data


def test_a_model_without_gb18030_is_sent_what_it_can_show() -> None:
    page = Page("测试 A", ("价格：5",))
    utf8 = build_page(page, 80, characters="utf8")
    assert "测试 A\n".encode() in utf8
    latin = build_page(page, 80, characters="ascii")
    assert b"?? A\n" in latin
    for data in (utf8, latin):
        assert b"\x1c&" not in data
        assert b"\x1c." not in data


def test_the_page_is_the_models_that_the_profile_names() -> None:
    """Before the printer has said who it is, and so that the drawing on the screen is as wide."""
    chosen = replace(GENERIC["escpos"], dots=512, dots_per_mm=7.09, chinese="utf8")
    language = Escpos(SystemClock("UTC"), model_of=lambda identity: chosen)
    data = language.page(Page(), 80)
    assert b"\x1dv0\x00\x40\x00" in data  # 64 bytes a row
    assert "测试页".encode() in data
    assert language.head(80).dots == 512


def test_a_narrower_line_wraps_text_and_ruler_earlier() -> None:
    data = build_page(Page(lines=("x" * 48,)), 80, head=Head(512, 7.09))
    assert b"x" * 42 + b"\n" + b"x" * 6 + b"\n" in data
    assert b"123456789012345678901234567890123456789012\n" in data


def test_what_has_no_glyph_is_visible() -> None:
    assert encoded("a\x10b😀c\ud800d") == "a□b□c□d".encode("gb18030")


@pytest.mark.parametrize("paper", [58, 80])
def test_the_ruler_reaches_from_edge_to_edge(paper: int) -> None:
    lines = ruler(COLUMNS[paper]).decode().split("\n")
    assert [len(line) for line in lines] == [COLUMNS[paper], COLUMNS[paper], 0]


def test_chinese_takes_two_columns() -> None:
    assert list(wrapped("一二三ab", 4)) == ["一二", "三ab"]
    assert list(wrapped("", 4)) == [""]


@pytest.mark.parametrize("code", ["", "x" * 65, "码", "a\nb"])
def test_a_code_that_cannot_be_printed_is_refused(code: str) -> None:
    with pytest.raises(BadInput):
        build_page(Page(code=code), 80)


@given(
    title=st.text(max_size=30),
    lines=st.lists(st.text(max_size=60), max_size=6),
    code=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=1, max_size=64),
    paper=st.sampled_from((58, 80)),
)
def test_no_page_holds_a_realtime_command(title: str, lines: list[str], code: str, paper: int) -> None:
    """Real printers would carry out 10 04, 10 05 and 10 14 wherever they stand, even inside data."""
    page = Page("\x10\x04\x01" + title, [*lines, "\x10\x14\x01\x00\x01"], code)
    assert not REALTIME_PREFIX.search(build_page(page, paper, escpos.ASB_ON))


def test_realtime_commands_are_sent_where_they_are_meant() -> None:
    assert all(REALTIME_PREFIX.match(escpos.status_request(n)) for n in (1, 2, 3, 4))
    others = (escpos.identity_request(67), escpos.counter_request(148), escpos.process_id_request(b"AB12"))
    assert not any(map(REALTIME_PREFIX.search, others))


@given(st.binary(min_size=8, max_size=400).map(lambda rows: rows[: len(rows) // 8 * 8]))
def test_no_picture_holds_a_realtime_command_and_loses_no_ink(rows: bytes) -> None:
    for data in (rows, b"\x10\x04" * 4 + rows, rows + b"\x10\x14" * 4, b"\x10\x10\x05" + b"\x00" * 5):
        sent = picture(data, 64)
        assert not REALTIME_PREFIX.search(sent)
        assert all(
            new & old == old and (new ^ old) in (0, 0x20) for new, old in zip(sent[8:], data, strict=True)
        )


@pytest.mark.parametrize(
    ("head", "numbers"),
    [
        (Head.of(58), "|0  |48 |96 |144|192|240|288|336"),
        (Head.of(80), "|0  |48 |96 |144|192|240|288|336|384|432|480|528"),
        (Head.of(80, 512, 7.09), "|0  |48 |96 |144|192|240|288|336|384|432"),  # 480 would not fit
    ],
)
def test_the_pattern_is_as_wide_as_the_head_and_its_lines_are_numbered(head: Head, numbers: str) -> None:
    data = build_page(Page(), 80, head=head)
    assert f"{numbers}\n".encode() in data
    size = bytes((head.dots // 8, 0, 51, 0))
    assert b"\x1dv0\x00" + size + diagonals(head.dots)[:40] in data
