"""The Star test page as bytes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.errors import BadInput
from console.drivers.codecs import star
from console.drivers.codecs.star_page import build_page, qr

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


@pytest.mark.parametrize("code", ["", "x" * 65, "码", "a\nb", "ABCD", "ABCDE"])
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
    page = Page("\x1c\x07" + title, [*lines, "\x19\x1a\x05\x1b\x06\x01"], code)
    data = build_page(page, paper, star.ASB_ON)
    assert qr(code) in data
    assert not set(data.replace(qr(code), b"")) & (DRAWERS | ASKING)
    assert not set(qr(code)) & ASKING - {0x06}  # the cell size; it follows no ESC
