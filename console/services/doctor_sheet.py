"""Codes for a scanner on a receipt printer's paper: the known one, or one that sets a scanner."""

from __future__ import annotations

from collections.abc import Sequence

from console.domain.head import Head
from console.domain.words import Words, say
from console.services.code_sheet import CodeSheet, Picture, Text
from console.services.codes import drawn, kind_of

_LARGEST = 3  # dots a module: a little more than on goods


def known_sheet(text: Text, code: str) -> CodeSheet:
    """The known code that the scanner doctor waits for."""
    return _sheet(
        text, say("Scanner test code"), say("Scan this code while the console waits for it."), [code]
    )


def setting_sheet(text: Text, name: str, codes: Sequence[str], init: bool) -> CodeSheet:
    """The codes of the setting `name`, to be scanned from the top down."""
    hint = say("Only for scanners of this maker: {name}", name=name)
    return _sheet(text, say("Scanner setting"), hint, codes, init)


def _sheet(text: Text, title: Words, hint: Words, codes: Sequence[str], init: bool = False) -> CodeSheet:
    def draw(head: Head) -> list[Picture]:
        made = []
        for each in codes:
            code = drawn(kind_of(each, init), each, init)
            dots = max(1, min(_LARGEST, head.dots // code.width))
            made.append((each.strip(), code.ink(dots, head.dots)))
        return made

    return CodeSheet(text(title), (text(hint),), draw)
