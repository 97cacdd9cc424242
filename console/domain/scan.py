"""One scanned code, and what it shows when the code was known beforehand (facts: scanner symptoms)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from console.domain.evidence import Evidence
from console.domain.payment_codes import reduced
from console.domain.scan_pace import Pace
from console.domain.scan_symptoms import Symptom, symptom
from console.domain.symbology import check_digit, check_digits, identified, is_gtin, symbology
from console.domain.words import Words, say

# An input method takes the Enter for itself, and another code says nothing of how ours would end.
_NO_SUFFIX_TOLD = frozenset({"scan.ime", "scan.misread"})

# How known codes begin, and their copies on paper: TK is ours, the numbers are for use inside a shop.
_COPIES = {"TK": "TP", "29": "28", "02": "04"}

_SUFFIX_WORDS = {
    "enter": say("Enter"),
    "lf": say("line feed"),
    "crlf": say("Enter and line feed"),
    "tab": say("Tab"),
}


@dataclass(frozen=True, slots=True)
class Scan:
    """A code as it came: `suffix` is enter, lf, crlf, tab or none; `seconds` from first to last character.

    `identifier` is AIM's, where the scanner sends it beside the code (USB HID POS); `composed` that an input
    method handed the characters over. The text is in no repr: it may be somebody's money.
    """

    text: str = field(repr=False)
    suffix: str
    at: datetime
    seconds: float
    identifier: str = ""
    pace: Pace | None = None
    composed: bool = False


def compare(expected: str, scan: Scan, suffix: str) -> Evidence:
    """What a scan of the known code `expected` shows; `suffix` is the one the till wants.

    Troubles that are independent of each other are all signs; the meaning is that of the code itself.
    """
    found = symptom(expected, scan.text, scan.composed)
    signs, meaning = set(found.signs), found.meaning
    if scan.suffix != suffix and not signs & _NO_SUFFIX_TOLD:
        sign, words = _wrong_suffix(scan.suffix, suffix)
        if "scan.matches" in signs:
            signs.discard("scan.matches")
            meaning = words
        signs.add(sign)
    if scan.pace is not None and scan.pace.slow:
        signs.add("scan.slow")
    result = f"{_keepable(found, scan.text)} + {scan.suffix}"
    facts = _told_of_its_kind(expected, scan, found.ours)
    result = ", ".join((result, *facts.values()))
    # For comparing them place by place; a code that is not our own is nobody's business.
    sides = {"expected": expected, "arrived": scan.text} if found.ours else {"expected": expected}
    ends = {"ends_with": suffix, "ended_with": scan.suffix}
    return Evidence(
        "scanner.scan", result, meaning, scan.at, scan.seconds,
        frozenset({*signs, "scanner.scanned"}), {**facts, **sides, **ends},
    )  # fmt: skip


def on_paper(code: str) -> str:
    """The known code's copy on paper, which is another one: so it shows what was read from where."""
    copy = _COPIES.get(code[:2], code[:2]) + code[2:]
    return f"{copy[:-1]}{check_digit(copy[:-1])}" if is_gtin(code) else copy


def may_keep(expected: str, came: str) -> bool:
    """True where `came` is our own code `expected`, whole or changed on the way, and nobody else's."""
    return symptom(expected, came).ours


def _keepable(found: Symptom, came: str) -> str:
    """What may be kept of it: a code that is not our own may be somebody's live payment code."""
    return repr(came) if found.ours else reduced(came)


def _told_of_its_kind(expected: str, scan: Scan, ours: bool) -> dict[str, str]:
    """The symbology, where the scanner named it, and every check digit that we verified.

    What GS1 element strings hold is looked into only in our own code.
    """
    kind, code = symbology(scan.identifier), scan.text
    if kind is None and not expected.startswith(scan.text[:3]):
        kind, code = identified(scan.text)
    facts = {"symbology": kind.name} if kind else {}
    checks = () if kind and kind.gs1 and not ours else check_digits(code, kind)
    if checks:
        told = (f"check digit of {each.what} {'right' if each.right else 'wrong'}" for each in checks)
        facts["check_digits"] = ", ".join(told)
    return facts


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
