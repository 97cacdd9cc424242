"""AIM identifiers, code IDs and check digits."""

from __future__ import annotations

import pytest

from console.domain.symbology import CheckDigit, check_digits, code_ids, identified, is_gtin, symbology


@pytest.mark.parametrize(
    ("identifier", "name", "gs1"),
    [
        ("]E0", "EAN-13 / UPC-A", False),
        ("]E4", "EAN-8", False),
        ("]A0", "Code 39", False),
        ("]C0", "Code 128", False),
        ("]C1", "GS1-128", True),
        ("]I1", "ITF", False),
        ("]F0", "Codabar", False),
        ("]G0", "Code 93", False),
        ("]e0", "GS1 DataBar", True),
        ("]L0", "PDF417", False),
        ("]d1", "Data Matrix", False),
        ("]d2", "GS1 Data Matrix", True),
        ("]Q1", "QR", False),
        ("]Q3", "GS1 QR", True),
    ],
)
def test_aim_identifiers_of_the_facts(identifier: str, name: str, gs1: bool) -> None:
    found, code = identified(f"{identifier}6901234567892")
    assert found is not None
    assert (found.identifier, found.name, found.gs1, code) == (identifier, name, gs1, "6901234567892")


@pytest.mark.parametrize("text", ["", "]", "]E", "]Y0123", "E0123", "]E-1", "]é0"])
def test_what_is_no_identifier_stays_in_the_code(text: str) -> None:
    assert identified(text) == (None, text)


def test_code_ids_are_told_by_maker() -> None:
    assert code_ids("D") == {"Honeywell": "EAN-8", "Zebra": "Code 128"}
    assert code_ids("~") == {}


@pytest.mark.parametrize(
    ("code", "identifier", "checks"),
    [
        # The GS1 General Specifications' own examples, and articles of shops.
        ("6901234567892", "]E0", [("EAN-13", True)]),
        ("6901234567891", "]E0", [("EAN-13", False)]),
        ("96385074", "]E4", [("EAN-8", True)]),
        ("96385075", "]E4", [("EAN-8", False)]),
        ("036000291452", "]E0", [("UPC-A", True)]),
        ("6901234567892123", "]E3", [("EAN-13", True)]),
        ("10614141999993", "]I1", [("ITF-14", True)]),
        ("10614141999995", "]I0", [("ITF-14", False)]),
        ("1234", "]I0", []),
        ("6901234567892", None, [("EAN-13", True)]),
        ("6901234567891", None, []),  # thirteen digits of any other kind
        ("6901234567892", "]C0", []),
        ("0109506000134352", "]C1", [("GTIN", True)]),
        ("0109506000134351", "]C1", [("GTIN", False)]),
        ("00106141412345678908", "]C1", [("SSCC", True)]),
        ("10ABC\x1d0109506000134352", "]d2", [("GTIN", True)]),
        ("172512310109506000134352", "]e0", [("GTIN", True)]),
        ("\x1d4140614141000012" + "21X", "]Q3", [("GLN", True)]),
        ("01ABC", "]C1", []),
        ("ABC", "]E0", []),
    ],
)
def test_check_digits(code: str, identifier: str | None, checks: list[tuple[str, bool]]) -> None:
    kind = symbology(identifier) if identifier else None
    assert check_digits(code, kind) == tuple(CheckDigit(*each) for each in checks)


def test_a_gtin_is_digits_with_a_right_check_digit() -> None:
    assert is_gtin("6901234567892")
    assert not is_gtin("6901234567891")
    assert not is_gtin("TK4711008156")
    assert not is_gtin("６９０１２３４５６７８９２")
