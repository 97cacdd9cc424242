"""Bytes into characters: code pages, countries, and GB 18030 in Chinese mode."""

import pytest

from console.simulators.code_pages import Characters


@pytest.mark.parametrize(
    ("page", "data", "text"),
    [(0, b"\x82", "é"), (16, b"\xe9\x80", "é€"), (17, b"\x8f", "П"), (19, b"\xd5", "€"), (255, b"\x82", "é")],
)
def test_code_pages(page: int, data: bytes, text: str) -> None:
    characters = Characters()
    characters.choose_page(page)
    assert characters.decode(data) == text


@pytest.mark.parametrize(
    ("country", "text"), [(0, "#$\\"), (3, "£$\\"), (8, "#$¥"), (15, "#¥\\"), (99, "#$\\")]
)
def test_countries(country: int, text: str) -> None:
    characters = Characters()
    characters.choose_country(country)
    assert characters.decode(b"#$\\") == text


@pytest.mark.parametrize("text", ["收银守护 Till 88", "㐀𠀀é", "½一A"])
def test_chinese_comes_whole_at_any_split(text: str) -> None:
    data = text.encode("gb18030")
    for at in range(len(data)):
        characters = Characters()
        characters.chinese = True
        assert characters.decode(data[:at]) + characters.decode(data[at:]) == text


def test_half_a_character_shows_as_one_mark() -> None:
    characters = Characters()
    characters.chinese = True
    assert characters.decode("店".encode("gb18030")[:1]) == ""
    assert characters.break_off() == "\ufffd"
    assert characters.break_off() == ""
