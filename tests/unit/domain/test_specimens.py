"""One code of each symbology, and what a scanner makes of it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from console.domain.payment_codes import wallet_of
from console.domain.scan import Scan
from console.domain.specimens import SETTINGS, SPECIMENS, Came, Kind, Specimen, mend, sighting
from console.domain.symbology import CheckDigit


def scan(text: str, identifier: str = "") -> Scan:
    return Scan(text, "enter", datetime.now(UTC), 0.1, identifier)


def of(kind: Kind) -> Specimen:
    return next(each for each in SPECIMENS if each.kind is kind)


def test_there_is_one_of_every_kind_and_no_two_look_alike() -> None:
    assert [each.kind for each in SPECIMENS] == list(Kind)
    forms = [form for each in SPECIMENS for form in (*each.sent, *each.short)]
    assert len(forms) == len(set(forms))


@pytest.mark.parametrize("specimen", SPECIMENS, ids=lambda each: each.kind.value)
def test_each_is_known_by_what_it_holds(specimen: Specimen) -> None:
    for text in specimen.sent:
        seen = sighting(scan(text))
        assert seen is not None
        assert (seen.specimen, seen.came) == (specimen, Came.WHOLE)
        assert all(each.right for each in seen.checks)
    for text in specimen.short:
        seen = sighting(scan(text))
        assert seen is not None
        assert (seen.specimen, seen.came, seen.checks) == (specimen, Came.SHORT, ())


@pytest.mark.parametrize(
    ("kind", "what"),
    [
        (Kind.EAN_13, "EAN-13"), (Kind.EAN_8, "EAN-8"), (Kind.UPC_A, "UPC-A"), (Kind.UPC_E, "UPC-E"),
        (Kind.GS1_128, "GTIN"), (Kind.ITF, "ITF-14"), (Kind.DATABAR, "GTIN"), (Kind.DATABAR_EXPANDED, "GTIN"),
    ],
)  # fmt: skip
def test_its_check_digit_is_verified(kind: Kind, what: str) -> None:
    seen = sighting(scan(of(kind).sent[0]))
    assert seen is not None
    assert seen.checks == (CheckDigit(what, True),)


def test_an_aim_identifier_in_front_or_beside_tells_the_kind() -> None:
    gs1 = of(Kind.GS1_128)
    for came in (scan(f"]C1{gs1.sent[0]}"), scan(gs1.sent[0], "]C1")):
        seen = sighting(came)
        assert seen is not None
        assert (seen.specimen, seen.identifier) == (gs1, "]C1")
    assert sighting(scan(gs1.sent[0], "]Q1")) is None  # a QR code with the same content is none of ours


def test_what_people_and_computers_get_between_gs1_elements_is_passed_over() -> None:
    for text in (of(Kind.GS1_128).content, f"{of(Kind.GS1_128).sent[0]}\x1d"):
        seen = sighting(scan(text))
        assert seen is not None
        assert (seen.specimen.kind, seen.came) == (Kind.GS1_128, Came.WHOLE)


def test_a_code_that_a_keyboard_layout_changed_counts_as_read() -> None:
    seen = sighting(scan("TK128BRS"), Kind.CODE_128)  # a character got lost
    assert seen is not None
    assert (seen.specimen.kind, seen.came) == (Kind.CODE_128, Came.CHANGED)


@pytest.mark.parametrize("kind", [Kind.EAN_13, Kind.EAN_8, Kind.UPC_A, Kind.UPC_E, Kind.ITF])
def test_a_misread_digit_is_told_by_its_check_digit(kind: Kind) -> None:
    whole = of(kind).content
    for at in range(1, len(whole) - 1):
        other = whole[:at] + str((int(whole[at]) + 1) % 10) + whole[at + 1 :]
        seen = sighting(scan(other))
        assert seen is not None, other
        assert (seen.specimen.kind, seen.came) == (kind, Came.MISREAD)
        assert [each.right for each in seen.checks] == [False]


@pytest.mark.parametrize("text", ["6901234567892", "134567890123456789", "", "]E06901234567892", "HELLO"])
def test_other_codes_are_none_of_ours(text: str) -> None:
    assert sighting(scan(text)) is None


def test_nobody_pays_with_them() -> None:
    assert all(wallet_of(form) is None for each in SPECIMENS for form in (*each.sent, *each.short))


def test_every_mend_names_its_setting() -> None:
    for kind in Kind:
        assert SETTINGS.get(kind, kind.value) in str(mend(kind))
