"""What became of a known code on its way through scanner, cable, keyboard and input method."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from console.domain.keyboard_layouts import LAYOUTS, layout_pairs
from console.domain.payment_codes import WALLET_WORDS, wallet_of
from console.domain.symbology import check_digits, code_ids, identified, is_gtin
from console.domain.words import Words, say

_LONGEST_PREFIX = 4  # characters that are named; AIM and code identifiers have one to three
_LONGEST_MIX = 4  # keys that somebody may have typed into a code
_MOST_REPEATS = 4
# Hanzi, full-width forms, and the punctuation that a Chinese input method makes of ASCII below them.
_COMPOSED = re.compile("[\u2e80-\uffef\U00020000-\U0003ffff\u00b7\u2014\u2018\u2019\u201c\u201d\u2026]")
_NO_TEXT = "\ufffd"  # in the place of bytes that are none
_PAIRS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Symptom:
    """The signs of one comparison; `ours` where nothing but our own code is in what came."""

    signs: frozenset[str]
    meaning: Words
    ours: bool = True


def symptom(expected: str, came: str, composed: bool = False) -> Symptom:
    """How `came` differs from the known code `expected`; `composed` where an input method handed it over."""
    if came == expected:
        return _one("scan.ime", _HELD) if composed else _one("scan.matches", _MATCHES)
    found = (
        _repeated(expected, came)
        or _input_method(expected, came)
        or _keyboard(expected, came)
        or _in_front(expected, came)
    )
    if found is None and came and is_gtin(expected) and came in _shortened(expected):
        found = _one("scan.missing_digit", say("The first or the last character is missing"))
    if found is None and 2 * len(came) >= len(expected) and _is_thinned(came, expected):
        lost, total = len(expected) - len(came), len(expected)
        found = _one("scan.dropped", say("{lost} of {total} characters are missing", lost=lost, total=total))
    return found or _foreign(expected, came)


_MATCHES = say("The code came exactly as shown")
_HELD = say("An input method held the code and handed it over in one piece")


def _one(sign: str, meaning: Words) -> Symptom:
    return Symptom(frozenset({sign}), meaning)


def _repeated(expected: str, came: str) -> Symptom | None:
    """The same several times; whatever else is wrong with it is told too."""
    for times in range(2, _MOST_REPEATS + 1):
        part = came[: len(came) // times]
        if part and part * times == came and (inner := symptom(expected, part)).ours:
            signs = inner.signs - {"scan.matches"} | {"scan.double"}
            return Symptom(signs, say("The code came twice in one scan"))
    return None


def _input_method(expected: str, came: str) -> Symptom | None:
    """Full-width and Chinese characters, or letters that it still holds while the rest has arrived."""
    letters = sum(each.isalpha() for each in expected)
    if unicodedata.normalize("NFKC", came) == expected:
        return _one("scan.ime", say("An input method changed the characters"))
    if _COMPOSED.search(came) and _NO_TEXT not in came and not layout_pairs(expected, came):
        return Symptom(frozenset({"scan.ime"}), say("An input method changed the characters"), ours=False)
    if letters > 1 and came and came == "".join(each for each in expected if not each.isalpha()):
        return _one("scan.ime", say("An input method kept the letters; only the rest arrived"))
    return None


def _keyboard(expected: str, came: str) -> Symptom | None:
    """Caps Lock, and a layout that the scanner does not know of."""
    if came == expected.swapcase() or (came.casefold() == expected.casefold() and len(came) == len(expected)):
        return _one("scan.case_swapped", say("Capital and small letters came swapped"))
    # A layout and Caps Lock at once are both told.
    for text, more in ((came, frozenset[str]()), (came.swapcase(), frozenset({"scan.case_swapped"}))):
        if pairs := layout_pairs(expected, text):
            return Symptom(frozenset({"scan.layout"}) | more, _layouts(pairs[:_PAIRS_SHOWN]))
    return None


def _layouts(pairs: list[tuple[str, str]]) -> Words:
    scanner, system = (LAYOUTS[each] for each in pairs[0])
    words = say(
        "Signs came changed as between two keyboard layouts: the scanner types {scanner}, the computer reads"
        " {system}",
        scanner=scanner,
        system=system,
    )
    for pair in pairs[1:]:
        scanner, system = (LAYOUTS[each] for each in pair)
        words = say("{before}; or {scanner} and {system}", before=words, scanner=scanner, system=system)
    return words


def _in_front(expected: str, came: str) -> Symptom | None:
    """An AIM identifier, a code ID or any other prefix, before the code as it would have come without it."""
    kind, rest = identified(came)
    if kind is not None and rest and not expected.startswith(kind.identifier):
        inner = symptom(expected, rest)
        words = say(
            'The AIM identifier "{extra}" ({symbology}) came in front of the code',
            extra=kind.identifier,
            symbology=kind.name,
        )
        if inner.ours:
            return Symptom(inner.signs - {"scan.matches"} | {"scan.prefix"}, words)
    if not came.endswith(expected):
        return None
    extra = came.removesuffix(expected)
    if len(extra) > _LONGEST_PREFIX:
        words = say("{count} characters came in front of the code", count=len(extra))
        return Symptom(frozenset({"scan.prefix"}), words, ours=False)
    if makers := code_ids(extra):
        named = ", ".join(f"{maker}: {name}" for maker, name in makers.items())
        return _one("scan.prefix", say('The code ID "{extra}" ({makers}) came in front of the code',
                                       extra=extra, makers=named))  # fmt: skip
    return _one("scan.prefix", say('"{extra}" came in front of the code', extra=extra))


def _shortened(gtin: str) -> tuple[str, ...]:
    """Without the leading zero or number system, without the check digit, without both."""
    return gtin[1:], gtin[:-1], gtin[1:-1]


def _foreign(expected: str, came: str) -> Symptom:
    """Another code, or ours with somebody's keys in between: nothing of it may be kept."""
    wallet = wallet_of(came)
    kind, rest = identified(came)
    if wallet is not None:
        words = say("A {wallet} payment code arrived, not the code shown", wallet=WALLET_WORDS[wallet])
    elif _is_thinned(expected, came) and len(came) - len(expected) <= _LONGEST_MIX:
        words = say("Other characters came in between; somebody may have typed during the scan")
    elif any(not each.right for each in check_digits(rest, kind)):
        words = say("Another code arrived, and its check digit is wrong: it was read badly")
    else:
        words = say("Another code arrived than the one shown")
    return Symptom(frozenset({"scan.misread"}), words, ours=False)


def _is_thinned(came: str, expected: str) -> bool:
    """True when `came` is `expected` with some characters left out, the rest in order."""
    rest = iter(expected)
    return len(came) < len(expected) and all(each in rest for each in came)
