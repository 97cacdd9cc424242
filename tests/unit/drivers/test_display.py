"""What is sent to customer displays, byte for byte as their manuals have it."""

from __future__ import annotations

import pytest

from console.drivers.codecs import display


def test_cd5220_writes_both_lines_in_string_mode() -> None:
    assert display.lines("cd5220", "Total", "12.50", chinese=False) == b"\x0c\x1bQATotal\r\x1bQB12.50\r"


def test_epson_speaks_to_the_display_and_places_each_line() -> None:
    assert display.lines("escpos", "Total", "12.50", chinese=False) == (
        b"\x1b=\x02\x0c\x1f\x01\x1f$\x01\x01Total\x1f$\x01\x0212.50"
    )


def test_chinese_is_gbk_and_takes_two_columns() -> None:
    assert display.fitted("应收 12.50", chinese=True) == "应收 12.50".encode("gbk")
    assert display.fitted("一二三四五六七八九十多", chinese=True) == "一二三四五六七八九十".encode("gbk")
    assert display.fitted("1一二三四五六七八九十", chinese=True) == "1一二三四五六七八九".encode("gbk")


@pytest.mark.parametrize("text", ["应收 1", "é", "€\x0c\x1b1"])
def test_without_chinese_nothing_but_ascii_is_sent_and_no_command(text: str) -> None:
    assert all(0x20 <= byte < 0x7F for byte in display.fitted(text, chinese=False))


def test_a_line_ends_after_twenty_columns() -> None:
    assert display.fitted("0123456789" * 3, chinese=False) == b"01234567890123456789"


def test_all_dots_are_a_character_of_our_own_which_is_forgotten_again() -> None:
    defined = b"\x1b&\x01~~\x05\xff\xff\xff\xff\xff\x1b%\x01"
    assert display.all_dots("cd5220") == b"\x0c" + defined + b"\x1bQA%b\r\x1bQB%b\r" % (b"~" * 20, b"~" * 20)
    assert defined in display.all_dots("escpos")
    assert display.clear("cd5220") == b"\x0c\x1b%\x00\x1b?~"
    assert display.clear("escpos") == b"\x1b=\x02\x0c\x1f\x01\x1b%\x00\x1b?~"
