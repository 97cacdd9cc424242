"""A scanner that types through an input method that alters the text (see test_on_screen.py)."""

from __future__ import annotations

import pytest

from console.services.language import Language
from console.ui.context import Context
from tests.ui.screen import scanned, types, until
from tests.ui.store import ShopFloor

pytestmark = [pytest.mark.screen, pytest.mark.parametrize("floor", ["en"], indirect=True)]


async def test_an_input_method_that_makes_hanzi_of_the_code_is_named(
    context: Context, floor: ShopFloor
) -> None:
    till = await scanned(context, floor, lambda till: types(f"{till.code}\r", 5))
    await until(lambda: "Failed" in till.said)
    assert till.typed.startswith("他可")
    assert "An input method changed the characters" in till.said
    steps = Language("en").cause("scanner.ime_on").todo
    assert all((step.text in till.said) is not step.doctor for step in steps)  # it is open already
    await till.end()


async def test_letters_that_it_leaves_alone_pass(context: Context, floor: ShopFloor) -> None:
    """Only what it changes is blamed on it: an article's number comes whole."""
    till = await scanned(context, floor, lambda _: types("6901234567892\r", 5))
    await until(lambda: till.heard)
    assert (till.heard[0].text, till.heard[0].composed) == ("6901234567892", False)
    await till.end()
