"""One code of each symbology that a till meets, which can be nobody's, and what a scanner makes of it.

Their GTINs begin with 952, which GS1 keeps for examples (unchecked), with what a shop numbers within itself
(2 in EAN-8, 4 in UPC-A), or as UPC-E with 0000001, which stays unused lest it be taken for an EAN-8. All
others hold TK, or are too short for anything that is sold or paid with.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from console.domain.scan import Scan, may_keep
from console.domain.symbology import CheckDigit, check_digit, check_digits, identified, symbology
from console.domain.words import Words, say


class Kind(StrEnum):
    """A symbology, by the name that the trade calls it."""

    EAN_13 = "EAN-13"
    EAN_8 = "EAN-8"
    UPC_A = "UPC-A"
    UPC_E = "UPC-E"
    CODE_128 = "Code 128"
    GS1_128 = "GS1-128"
    CODE_39 = "Code 39"
    ITF = "ITF-14"
    CODABAR = "Codabar"
    DATABAR = "GS1 DataBar"
    DATABAR_EXPANDED = "GS1 DataBar Expanded"
    QR = "QR Code"
    DATA_MATRIX = "Data Matrix"
    PDF417 = "PDF417"


SQUARE = frozenset({Kind.QR, Kind.DATA_MATRIX, Kind.PDF417})  # a scanner for bars alone never reads them

# As makers' manuals call the setting, where that is not the symbology's own name; in brackets the older name.
# Zebra, CipherLab and Datalogic name most of them so; that all makers do is unchecked.
SETTINGS: Mapping[Kind, str] = {
    Kind.EAN_13: "EAN-13 (JAN-13)",
    Kind.EAN_8: "EAN-8 (JAN-8)",
    Kind.UPC_E: "UPC-E0",
    Kind.GS1_128: "GS1-128 (UCC/EAN-128)",
    Kind.ITF: "Interleaved 2 of 5",
    Kind.CODABAR: "Codabar (NW-7)",
    Kind.DATABAR: "GS1 DataBar Omnidirectional (RSS-14)",
    Kind.DATABAR_EXPANDED: "GS1 DataBar Expanded (RSS Expanded)",
}


@dataclass(frozen=True, slots=True)
class Specimen:
    """`content` as it is drawn; `sent` is each form in which a scanner may send it whole, `short` without its
    check digit or leading digit. `aim` are the first two characters of its AIM identifiers.
    """

    kind: Kind
    content: str
    sent: tuple[str, ...]
    aim: str
    short: tuple[str, ...] = ()


class Came(StrEnum):
    """What a scanner made of a code that it read."""

    WHOLE = "whole"
    SHORT = "short"  # without its check digit, or the digit in front
    CHANGED = "changed"  # on its way, as by a keyboard layout
    MISREAD = "misread"  # a digit is another, and the check digit says so


@dataclass(frozen=True, slots=True)
class Sighting:
    """A specimen that a scanner read: how it came, and with which check digits."""

    specimen: Specimen
    came: Came
    checks: tuple[CheckDigit, ...] = ()
    identifier: str = ""  # AIM's three characters, where the scanner sends them


def expanded(upc_e: str) -> str:
    """The UPC-A that eight digits of UPC-E stand for (GS1 General Specifications, UPC-E)."""
    system, six, check = upc_e[0], upc_e[1:7], upc_e[7]
    last = six[5]
    if last in "012":
        body = f"{six[:2]}{last}0000{six[2:5]}"
    elif last == "3":
        body = f"{six[:3]}00000{six[3:5]}"
    elif last == "4":
        body = f"{six[:4]}00000{six[4]}"
    else:
        body = f"{six[:5]}0000{last}"
    return f"{system}{body}{check}"


def _with_check(body: str) -> str:
    return f"{body}{check_digit(body)}"


def _specimens() -> Iterator[Specimen]:
    ean_13, ean_8 = _with_check("952123456789"), _with_check("2000015")
    upc_a, upc_e = _with_check("41234567890"), _upc_e("0000019")
    yield Specimen(Kind.EAN_13, ean_13, (ean_13,), "]E", (ean_13[:-1],))
    yield Specimen(Kind.EAN_8, ean_8, (ean_8,), "]E", (ean_8[:-1],))
    yield Specimen(Kind.UPC_A, upc_a, (upc_a, f"0{upc_a}"), "]E", (upc_a[1:], upc_a[:-1], upc_a[1:-1]))
    long = expanded(upc_e)
    short = (upc_e[:-1], upc_e[1:], upc_e[1:-1], long[:-1], long[1:])
    yield Specimen(Kind.UPC_E, upc_e, (upc_e, long, f"0{long}"), "]E", short)
    yield Specimen(Kind.CODE_128, "TK128BARS", ("TK128BARS",), "]C")
    gtin = _with_check("0952123456788")
    yield Specimen(Kind.GS1_128, f"(01){gtin}(10)TK7", (f"01{gtin}10TK7",), "]C")
    yield Specimen(Kind.CODE_39, "TK39BARS", ("TK39BARS", "*TK39BARS*"), "]A")
    itf = _with_check("1952123456787")
    yield Specimen(Kind.ITF, itf, (itf,), "]I", (itf[:-1],))
    yield Specimen(Kind.CODABAR, "A40156B", ("A40156B", "40156"), "]F")
    gtin = _with_check("0952123456786")
    yield Specimen(Kind.DATABAR, f"(01){gtin}", (f"01{gtin}", gtin, gtin[1:]), "]e", (gtin[:-1],))
    gtin = _with_check("0952123456785")
    yield Specimen(Kind.DATABAR_EXPANDED, f"(01){gtin}(10)TK8", (f"01{gtin}10TK8",), "]e")
    yield Specimen(Kind.QR, "TKQRSQUARE", ("TKQRSQUARE",), "]Q")
    yield Specimen(Kind.DATA_MATRIX, "TKMATRIX", ("TKMATRIX",), "]d")
    yield Specimen(Kind.PDF417, "TKPDF417STACK", ("TKPDF417STACK",), "]L")


def _upc_e(body: str) -> str:
    """Seven digits with the check digit of the UPC-A that they stand for."""
    return f"{body}{check_digit(expanded(f'{body}0')[:-1])}"


SPECIMENS = tuple(_specimens())
_LONGEST = 4 * max(len(each.content) for each in SPECIMENS)  # whatever became of one, it is no longer


def sighting(scan: Scan, shown: Kind | None = None) -> Sighting | None:
    """Which specimen `scan` is, by AIM's identifier and by what it holds; None for any other code.

    One that came changed on the way (Caps Lock, a layout) still counts as read; `shown` is looked at first,
    as nobody else knows what lies in front of the scanner.
    """
    kind, text = symbology(scan.identifier), scan.text
    if len(text) > _LONGEST:
        return None
    if kind is None:
        kind, text = identified(text)
    identifier = kind.identifier if kind else ""
    fitting = [each for each in _first(shown) if not identifier or identifier.startswith(each.aim)]
    bare = _bare(text)
    for each in fitting:
        if bare in map(str.casefold, each.sent):
            return Sighting(each, Came.WHOLE, checks_of(each, bare), identifier)
    for each in fitting:
        if bare in each.short:
            return Sighting(each, Came.SHORT, (), identifier)
    for each in fitting:
        checks = checks_of(each, bare) if _differs_little(bare, each.sent[0]) else ()
        if not all(check.right for check in checks):
            return Sighting(each, Came.MISREAD, checks, identifier)
    changed = (each for each in fitting if may_keep(each.sent[0], text))
    return next((Sighting(each, Came.CHANGED, (), identifier) for each in changed), None)


def _differs_little(came: str, sent: str) -> bool:
    """One or two digits in the place of others."""
    if len(came) != len(sent) or not (came.isascii() and came.isdigit()):
        return False
    return sum(a != b for a, b in zip(came, sent, strict=True)) in (1, 2)


def _first(shown: Kind | None) -> Iterable[Specimen]:
    return sorted(SPECIMENS, key=lambda each: each.kind is not shown)


def _bare(text: str) -> str:
    """Without what some scanners put into GS1 codes for people and computers."""
    return text.replace("\x1d", "").replace("(", "").replace(")", "").casefold()


def checks_of(specimen: Specimen, text: str) -> tuple[CheckDigit, ...]:
    """Every check digit in `text`, as long as a form in which `specimen` is sent whole, verified by us."""
    if specimen.kind is Kind.UPC_E:
        whole = expanded(text) if len(text) == len(specimen.content) else text
        return tuple(CheckDigit("UPC-E", each.right) for each in check_digits(whole[-12:], symbology("]E0")))
    if specimen.aim == "]e" and not text.startswith("01"):  # sent as the bare article number
        return check_digits(text, None)
    return check_digits(text, symbology(f"{specimen.aim}{1 if specimen.kind is Kind.GS1_128 else 0}"))


def mend(kind: Kind) -> Words:
    """What to switch on in a scanner that does not read `kind`."""
    name = SETTINGS.get(kind, kind.value)
    if kind in (Kind.ITF, Kind.CODABAR):
        return say('Switch on "{name}" in the scanner, and let its lengths begin at 5', name=name)
    if kind in SQUARE:
        return say('Switch on "{name}" in the scanner; one for bars alone cannot read it', name=name)
    return say('Switch on "{name}" in the scanner', name=name)
