"""Telling from a changed code which keyboard layouts a typing scanner and the computer have.

A scanner that types presses the keys on which the code stands in its own layout; the computer reads them in
its own. The tables are the plain and the shifted characters of 48 keys, row by row from the key left of 1, as
xkeyboard-config has them (a test holds them to it); NUL is a key without a character, such as a dead key.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import permutations

from console.domain.words import Words, say

_TABLES = {
    "us": (
        "`1234567890-=qwertyuiop[]asdfghjkl;'\\<zxcvbnm,./",
        '~!@#$%^&*()_+QWERTYUIOP{}ASDFGHJKL:"|>ZXCVBNM<>?',
    ),
    "gb": (
        "`1234567890-=qwertyuiop[]asdfghjkl;'#\\zxcvbnm,./",
        '¬!"£$%^&*()_+QWERTYUIOP{}ASDFGHJKL:@~|ZXCVBNM<>?',
    ),
    "de": (
        "\0001234567890ß\0qwertzuiopü+asdfghjklöä#<yxcvbnm,.-",
        "°!\"§$%&/()=?\0QWERTZUIOPÜ*ASDFGHJKLÖÄ'>YXCVBNM;:_",
    ),
    "fr": (
        "²&é\"'(-è_çà)=azertyuiop\0$qsdfghjklmù*<wxcvbn,;:!",
        "~1234567890°+AZERTYUIOP\0£QSDFGHJKLM%µ>WXCVBN?./§",
    ),
    "es": (
        "º1234567890'¡qwertyuiop\0+asdfghjklñ\0ç<zxcvbnm,.-",
        'ª!"·$%&/()=?¿QWERTYUIOP\0*ASDFGHJKLÑ\0Ç>ZXCVBNM;:_',
    ),
    "it": (
        "\\1234567890'ìqwertyuiopè+asdfghjklòàù<zxcvbnm,.-",
        '|!"£$%&/()=?^QWERTYUIOPé*ASDFGHJKLç°§>ZXCVBNM;:_',
    ),
    "jp": (
        "\0001234567890-^qwertyuiop@[asdfghjkl;:]<zxcvbnm,./",
        "\0!\"#$%&'()~=~QWERTYUIOP`{ASDFGHJKL+*}>ZXCVBNM<>?",
    ),
}
LAYOUTS: dict[str, Words] = {
    "us": say("English (US)"),
    "gb": say("English (UK)"),
    "de": say("German"),
    "fr": say("French"),
    "es": say("Spanish"),
    "it": say("Italian"),
    "jp": say("Japanese"),
}
_LONGEST = 256  # characters that are compared


def characters(layout: str) -> tuple[str, str]:
    """The plain and the shifted characters of the 48 keys of one of LAYOUTS; KeyError for another."""
    return _TABLES[layout]


def layout_pairs(expected: str, came: str) -> list[tuple[str, str]]:
    """The scanner's and the computer's layouts that turn `expected` into `came`; US ones first.

    A character that the scanner's layout has on no plain key may come as anything or not at all; of several
    pairs those with the fewest of such guesses are told.
    """
    if came == expected or not expected or max(len(expected), len(came)) > _LONGEST:
        return []
    found = [(guesses, pair) for guesses, pair, changed in _changed(expected) if changed.fullmatch(came)]
    fewest = min(found, default=(0, ()))[0]
    best = [pair for guesses, pair in found if guesses == fewest]
    return sorted(best, key=lambda pair: (pair[1] != "us", pair[0] != "us"))


@lru_cache(maxsize=8)
def _changed(expected: str) -> list[tuple[int, tuple[str, str], re.Pattern[str]]]:
    """What each pair makes of `expected`, with the number of characters of which nobody can say.

    Left out are pairs that change nothing for sure, or leave most of the code to guessing.
    """
    made = []
    for pair in permutations(_TABLES, 2):
        turned = [_turned(*pair).get(each) for each in expected]
        guesses = turned.count(None)
        differs = any(after not in (None, before) for before, after in zip(expected, turned, strict=True))
        if differs and 2 * guesses < len(expected):
            pattern = "".join(".?" if each is None else re.escape(each) for each in turned)
            made.append((guesses, pair, re.compile(pattern)))
    return made


@cache
def _turned(scanner: str, system: str) -> dict[str, str | None]:
    """What becomes of each character; None where nobody can say. What is on no key stays as it is."""
    keys = {
        before: after if after != "\0" else None
        for level in (1, 0)
        for before, after in zip(_TABLES[scanner][level], _TABLES[system][level], strict=True)
        if before != "\0"
    }
    elsewhere = {each: None for level in (0, 1) for each in _TABLES["us"][level] if each not in keys}
    return {" ": " ", **keys, **elsewhere}
