"""What a scanner says of the kind of code: AIM identifiers and the makers' own code IDs, and check digits.

AIM identifiers (ISO/IEC 15424): "]", a code character, a modifier. The code characters are those that Zebra's
DS457 guide, appendix B, NCR's 7895 reference and Datalogic's QuickScan QD2300 guide, table 32, agree on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NAMES = {
    "A": "Code 39",
    "C": "Code 128",
    "E": "EAN/UPC",
    "F": "Codabar",
    "G": "Code 93",
    "H": "Code 11",
    "I": "ITF",
    "L": "PDF417",
    "M": "MSI",
    "Q": "QR",
    "S": "2 of 5",
    "U": "MaxiCode",
    "X": "other",
    "d": "Data Matrix",
    "e": "GS1 DataBar",
    "h": "Han Xin",
    "z": "Aztec",
}
_EXACT = {"C1": "GS1-128", "E0": "EAN-13 / UPC-A", "E4": "EAN-8", "Q3": "GS1 QR", "d2": "GS1 Data Matrix"}
_GS1 = frozenset({"C1", "Q3", "d2"})  # FNC1 in first position: GS1 element strings; DataBar always
_AIM = re.compile(r"\]([A-Za-z])([0-9A-Za-z])")

# In front of the code, two makers' defaults: Honeywell's as NielsLeenheer/WebHidBarcodeScanner reads them,
# Zebra's from the DS457 guide, appendix B; P00, P01, R and X of Zebra are (unchecked).
CODE_IDS = {
    "Honeywell": {
        "j": "Code 128", "I": "GS1-128", "d": "EAN-13", "D": "EAN-8", "c": "UPC-A", "E": "UPC-E",
        "b": "Code 39", "i": "Code 93", "a": "Codabar", "e": "ITF", "y": "GS1 DataBar", "r": "PDF417",
        "s": "QR", "w": "Data Matrix", "z": "Aztec", "H": "Han Xin",
    },
    "Zebra": {
        "A": "EAN/UPC", "B": "Code 39", "C": "Codabar", "D": "Code 128", "E": "Code 93", "F": "ITF",
        "G": "2 of 5", "H": "Code 11", "J": "MSI", "K": "GS1-128", "R": "GS1 DataBar", "X": "PDF417",
        "P00": "Data Matrix", "P01": "QR",
    },
}  # fmt: skip

_BY_LENGTH = {8: "EAN-8", 12: "UPC-A", 13: "EAN-13", 14: "ITF-14"}
# GS1 General Specifications, section 7.8.5: element strings of these beginnings have a fixed length, their
# identifier included, and no separator behind them (unchecked).
_FIXED = {
    "00": 20, "01": 16, "02": 16, "03": 16, "04": 18, "11": 8, "12": 8, "13": 8, "14": 8, "15": 8, "16": 8,
    "17": 8, "18": 8, "19": 8, "20": 4, "31": 10, "32": 10, "33": 10, "34": 10, "35": 10, "36": 10, "41": 16,
}  # fmt: skip
_CHECKED = {"00": "SSCC", "01": "GTIN", "02": "GTIN", "03": "GTIN", "41": "GLN"}  # end with a check digit
_SEPARATOR = "\x1d"


@dataclass(frozen=True, slots=True)
class Symbology:
    """The kind of a code by AIM's three characters; `gs1`: it holds GS1 element strings."""

    identifier: str
    name: str
    gs1: bool = False


@dataclass(frozen=True, slots=True)
class CheckDigit:
    """One check digit that we verified ourselves; `what` it belongs to (EAN-13, GTIN, SSCC…)."""

    what: str
    right: bool


def symbology(identifier: str) -> Symbology | None:
    """What AIM's three characters name; None for anything else."""
    found = _AIM.fullmatch(identifier)
    if found is None or found[1] not in _NAMES:
        return None
    short = identifier[1:]
    gs1 = short in _GS1 or found[1] == "e"
    return Symbology(identifier, _EXACT.get(short, _NAMES[found[1]]), gs1)


def identified(text: str) -> tuple[Symbology | None, str]:
    """A code that came with an AIM identifier in front: the kind, and the code without it."""
    found = symbology(text[:3])
    return (found, text[3:]) if found else (None, text)


def code_ids(prefix: str) -> dict[str, str]:
    """What `prefix` would mean as a code ID, by maker; empty where it is none."""
    return {maker: names[prefix] for maker, names in CODE_IDS.items() if prefix in names}


def check_digit(body: str) -> int:
    """The modulo 10 check digit of `body`, digits only (GS1 General Specifications 7.9: weights 3 and 1)."""
    return -sum(int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body))) % 10


def is_gtin(text: str) -> bool:
    """Whether `text` is a whole EAN-8, UPC-A, EAN-13 or ITF-14 with its right check digit."""
    return len(text) in _BY_LENGTH and _is_digits(text) and _right(text)


def check_digits(code: str, kind: Symbology | None) -> tuple[CheckDigit, ...]:
    """Every check digit that `code` holds.

    Without a known kind a code of digits may be anything of that length: only a right one is told then.
    """
    if kind is not None and kind.gs1:
        return tuple(CheckDigit(_CHECKED[begins], _right(value)) for begins, value in _elements(code))
    trade = kind is not None and kind.identifier[1] == "E"
    if kind is not None and kind.identifier == "]E3":  # an add-on stands behind
        code = code[:13]
    if len(code) not in _BY_LENGTH or not _is_digits(code):
        return ()
    what = _BY_LENGTH[len(code)]
    known = trade or (kind is not None and kind.identifier[1] == "I" and len(code) == 14)
    right = _right(code)
    return (CheckDigit(what, right),) if known or (kind is None and right) else ()


def _elements(code: str) -> Iterator[tuple[str, str]]:
    """The values with a check digit among the element strings of `code`; stops at what it cannot read."""
    rest = code
    while rest := rest.lstrip(_SEPARATOR):
        begins = rest[:2]
        if begins in _FIXED:
            element, rest = rest[: _FIXED[begins]], rest[_FIXED[begins] :]
            if begins in _CHECKED:
                value = element[2 if begins != "41" else 3 :]
                if len(element) < _FIXED[begins] or not _is_digits(value):
                    return
                yield begins, value
        else:
            rest = rest.partition(_SEPARATOR)[2]


def _right(digits: str) -> bool:
    return check_digit(digits[:-1]) == int(digits[-1])


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
