"""One scanned code, and what it shows when the code was known beforehand (facts: scanner symptoms)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime

from console.domain.evidence import Evidence
from console.domain.words import Words, say

_STRANGE = frozenset({"scan.misread", "scan.ime", "scan.prefix"})  # holds characters of another origin
_LONGEST_PREFIX = 4  # AIM and code identifiers have one to three characters

_SUFFIX_WORDS = {
    "enter": say("Enter"),
    "lf": say("line feed"),
    "crlf": say("Enter and line feed"),
    "tab": say("Tab"),
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A code as it came: `suffix` is enter, lf, crlf, tab or none; `seconds` from first to last character."""

    text: str
    suffix: str
    at: datetime
    seconds: float


def compare(expected: str, scan: Scan, suffix: str) -> Evidence:
    """What a scan of the known code `expected` shows; `suffix` is the one the till wants."""
    sign, meaning = _difference(expected, scan.text)
    if sign == "scan.matches" and scan.suffix != suffix:
        sign, meaning = _wrong_suffix(scan.suffix, suffix)
    result = f"{_keepable(sign, scan.text)} + {scan.suffix}"
    return Evidence(
        "scanner.scan", result, meaning, scan.at, scan.seconds, frozenset({sign, "scanner.scanned"})
    )


def may_keep(expected: str, came: str) -> bool:
    """True where `came` is our own code `expected`, whole or changed on the way, and nobody else's."""
    ours = unicodedata.normalize("NFKC", came) == expected
    return ours or _difference(expected, came)[0] not in _STRANGE


def _keepable(sign: str, came: str) -> str:
    """What may be kept of it: a code that is not our own may be somebody's live payment code."""
    return f"{len(came)} characters" if sign in _STRANGE else repr(came)


def _wrong_suffix(came: str, wanted: str) -> tuple[str, Words]:
    if came == "none":
        return "scan.missing_suffix", say(
            "The code came whole, but no {suffix} after it", suffix=_SUFFIX_WORDS[wanted]
        )
    if wanted == "none":
        return "scan.wrong_suffix", say(
            "The code ended with {came}, but nothing belongs there", came=_SUFFIX_WORDS[came]
        )
    return "scan.wrong_suffix", say(
        "The code ended with {came} instead of {suffix}",
        came=_SUFFIX_WORDS[came],
        suffix=_SUFFIX_WORDS[wanted],
    )


def _difference(expected: str, came: str) -> tuple[str, Words]:
    if came == expected:
        return "scan.matches", say("The code came exactly as shown")
    if came == expected * 2:
        return "scan.double", say("The code came twice in one scan")
    if unicodedata.normalize("NFKC", came) == expected or any(ord(each) > 0x2E7F for each in came):
        return "scan.ime", say("An input method changed the characters")
    if came == expected.swapcase():
        return "scan.case_swapped", say("Capital and small letters came swapped")
    if came.endswith(expected):
        extra = came.removesuffix(expected)
        if len(extra) > _LONGEST_PREFIX:
            return "scan.prefix", say("{count} characters came in front of the code", count=len(extra))
        return "scan.prefix", say('"{extra}" came in front of the code', extra=extra)
    if came in (expected[1:], expected[:-1]):
        return "scan.missing_digit", say("The first or the last character is missing")
    if came and _is_thinned(came, expected):
        lost = len(expected) - len(came)
        return "scan.dropped", say("{lost} of {total} characters are missing", lost=lost, total=len(expected))
    return "scan.misread", say("Another code arrived than the one shown")


def _is_thinned(came: str, expected: str) -> bool:
    """True when `came` is `expected` with some characters left out, the rest in order."""
    rest = iter(expected)
    return len(came) < len(expected) and all(each in rest for each in came)
