"""A scanner that types through an input method that alters the text (see test_on_screen.py)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from console.services.language import Language
from console.ui.context import Context
from tests.ui.screen import Till, scanning, types, until
from tests.ui.store import ShopFloor

pytestmark = [pytest.mark.screen, pytest.mark.parametrize("floor", ["en"], indirect=True)]


@pytest.fixture
async def till(context: Context, floor: ShopFloor) -> AsyncIterator[Till]:
    async with scanning(context, floor) as made:
        yield made


async def test_an_input_method_that_makes_hanzi_of_the_code_is_named(till: Till) -> None:
    await types(till.code + "\r", 5)
    await until(lambda: "Failed" in till.said)
    assert "An input method changed the characters" in till.said
    assert all(step in till.said for step in Language("en").cause("scanner.ime_on").advice)
    await till.end()


async def test_letters_that_it_leaves_alone_pass(till: Till) -> None:
    """Only what it changes is blamed on it: an article's number comes whole."""
    await types("6901234567892\r", 5)
    await until(lambda: till.heard)
    assert (till.heard[0].text, till.heard[0].composed) == ("6901234567892", False)
    await till.end()
