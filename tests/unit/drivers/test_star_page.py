"""The Star test page as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from console.domain.errors import BadInput
from console.drivers.codecs import star
from console.drivers.codecs.star_page import build_page, dense, picture, qr

DRAWERS = {0x07, 0x19, 0x1A, 0x1C}
ASKING = {0x04, 0x05, 0x06}


@dataclass(frozen=True)
class Page:
    title: str = "测试页 Test"
    lines: Sequence[str] = ("价格：¥12.50", "")
    code: str = "TK-1234"


def test_the_page_begins_and_ends_as_the_manual_has_it() -> None:
    data = build_page(Page(), 80, star.ASB_ON + star.RESET_COUNTER)
    assert data.startswith(bytes.fromhex("1b40 1b1e6101 1b1e4500 1b1e4600 1b1d6101 1b690101"))
    assert data.endswith(bytes.fromhex("1b1d6100 1b6403"))  # left, fed and cut last
    assert "测试页 Test\n".encode("gb18030") in data


def test_the_code_is_a_qr_of_model_2() -> None:
    assert qr("TK-1234") == bytes.fromhex(
        "1b1d79533002 1b1d79533101 1b1d79533206 1b1d7944310007 00"
    ) + b"TK-1234" + bytes.fromhex("1b1d7950 0a")


@pytest.mark.parametrize("code", ["", "x" * 65, "码", "a\nb", "ABCD", "ABCDE", "x" * 28])
def test_a_code_that_cannot_be_printed_is_refused(code: str) -> None:
    with pytest.raises(BadInput):
        build_page(Page(code=code), 80)


@given(
    title=st.text(max_size=30),
    lines=st.lists(st.text(max_size=60), max_size=6),
    code=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), min_size=6, max_size=64),
    paper=st.sampled_from((58, 80)),
)
def test_no_page_drives_a_drawer_or_asks_a_question(
    title: str, lines: list[str], code: str, paper: int
) -> None:
    assume(len(code) != 0x1C)
    page = Page("\x1c\x07" + title, [*lines, "\x19\x1a\x05\x1b\x06\x01"], code)
    data = build_page(page, paper, star.ASB_ON)
    assert qr(code) in data
    assert not set(data.replace(qr(code), b"")) & (DRAWERS | ASKING)
    assert not set(qr(code)) & (ASKING - {0x06} | {0x1C})  # the cell size; it follows no ESC


def test_a_picture_goes_in_bands_of_24_rows_column_by_column() -> None:
    """Fine density bit image: three bytes a column from the top, the highest bit first."""
    rows = bytes.fromhex("8040") + bytes(22) + bytes.fromhex("01")  # 8 dots wide, 25 rows
    assert picture(rows, 8) == (
        bytes.fromhex("1b30")
        + bytes.fromhex("1b58 0800 800000 400000") + bytes(18) + b"\n"
        + bytes.fromhex("1b58 0800") + bytes(21) + bytes.fromhex("800000") + b"\n"
        + bytes.fromhex("1b7a01")
    )  # fmt: skip


def test_the_pattern_of_the_page_is_the_one_of_every_page() -> None:
    data = build_page(Page(), 80)
    # The first columns of the diagonals: three rows of ink, one row lower in each; 07 would ring BEL, 1c FS.
    assert bytes.fromhex("1b58 4002 e00000 700000 380000 3c0000 0e0000 0f0000 038000 01c000") in data
    assert data.count(b"\x1bX\x40\x02") == 1 + 3  # the ramp in one band, the diagonals in three
    assert b"|0  |48 |96 |144|192|240|288|336|384|432|480|528\n" in data


@given(st.binary(min_size=8, max_size=400).map(lambda rows: rows[: len(rows) // 8 * 8]))
def test_a_picture_loses_no_ink_and_gains_only_what_hides_a_command(rows: bytes) -> None:
    bands = [rows[at : at + 192].ljust(192, b"\0") for at in range(0, len(rows), 192)]
    sent = picture(rows, 64).removeprefix(b"\x1b0").removesuffix(b"\x1bz\x01")
    assert len(sent) == len(bands) * (4 + 192 + 1)
    for number, band in enumerate(bands):
        start = number * 197
        assert sent[start : start + 4] == b"\x1bX\x40\x00"
        columns = sent[start + 4 : start + 196]
        assert not set(columns) & (DRAWERS | ASKING)
        for at, byte in enumerate(columns):
            column, strip = divmod(at, 3)
            ink = sum(
                (band[(strip * 8 + y) * 8 + column // 8] >> 7 - column % 8 & 1) << 7 - y for y in range(8)
            )
            assert byte & ink == ink
            assert byte == ink or ink in DRAWERS | ASKING


def test_the_bar_codes_are_those_of_the_manual() -> None:
    data = build_page(Page(code="TK4711008156"), 58)
    assert b"\x1bb322\x40690123456789\x1e\n" in data  # EAN-13, text below, 3 dots a module, 64 high
    assert b"\x1bb621\x40TK4711008156\x1e\n" in data  # Code 128, 2 dots
    assert dense("50%", 576) == b"\x1bb621\x4050%0\x1e\n"
    assert dense("x" * 20, 384) == b""
