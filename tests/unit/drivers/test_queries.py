"""What is asked of a printer whose language is not known, and who is recognised by what."""

from __future__ import annotations

import re

import pytest

from console.drivers.codecs.queries import NAMES, QUERIES, spoken
from console.drivers.registry import LANGUAGES

# On some printer each of these prints, feeds, cuts, drives a drawer, cancels or switches something off.
# CAN clears a Star's line; it stands where nothing but our own text can be in it, or nobody hears that Star.
HARMFUL = re.compile(rb"[\x07\x0a-\x0d\x17\x19\x1a\x1c]|\x10\x14|\x10\x05|\x1b([pdim]|\?[^ ])|\x1dV|\x1d\(")


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.language)
def test_no_query_harms_a_printer_of_any_language(query: object) -> None:
    request: bytes = query.request  # type: ignore[attr-defined]
    assert not HARMFUL.search(request)
    assert len(request) <= 36  # one packet on every line


def test_a_query_that_prints_elsewhere_waits_until_that_is_excluded() -> None:
    names = [query.language for query in QUERIES]
    for at, query in enumerate(QUERIES):
        assert query.prints_on <= set(names[:at])
        assert bool(query.prints_on) == any(0x20 <= byte < 0x7F for byte in query.request)


def test_each_query_is_for_a_language_that_can_be_spoken() -> None:
    assert {query.language for query in QUERIES} <= set(LANGUAGES) <= set(NAMES)


@pytest.mark.parametrize(
    ("data", "whose"),
    [
        (bytes.fromhex("230600000000000000"), "star"),
        (bytes.fromhex("2386000000000000000000"), "star"),
        (bytes.fromhex("0f020000000000"), "star"),
        (bytes.fromhex("2306000000000000"), None),  # one byte short
        (b"\x12", "escpos"),
        (b"\x10\x00\x00\x0f\x12", "escpos"),  # automatic status was left on
        (b"\x10", None),  # what EOT alone gets from a Star printer
        (b"\x00", None),  # TSPL's answer has no signature
        (
            b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,1,2,6,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n",
            "zpl",
        ),
        (
            b"\x02\r\nPRINTER STATUS\r\n"
            b" ERRORS: 1 00000000 00000005\r\n WARNINGS: 0 00000000 00000000\r\n\x03",
            "zpl",
        ),
        (b"OK\r\n", "text"),
        (b"\x02030,0,0,1245,000\x03\r\n", "text"),
        (b"A", None),
        (b"\xff\x80\x41\x99", None),
        (b"", None),
    ],
)
def test_who_speaks_is_known_by_the_answer(data: bytes, whose: str | None) -> None:
    assert spoken(data) == whose
