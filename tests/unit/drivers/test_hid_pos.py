"""HID POS: report descriptors of makers, recorded reports, and what is no scanner's."""

from __future__ import annotations

import pytest

from console.domain.errors import ProtocolError
from console.domain.recording import Event, What
from console.drivers.codecs.hid_pos import UNFINISHED_SECONDS, ReportReader, read_descriptor
from console.drivers.codecs.scan import Piece
from console.drivers.readings import explain
from console.drivers.scanner.veil import ReportVeil

# As a Honeywell engine describes itself: length, AIM identifier, data, its own code ID, whether more comes.
HONEYWELL = bytes.fromhex(
    "058c0902a1010912a1028502150026ff00750895010501093b81029503058c09fb09fc09fd8102953809fe820201"
    "0666ff95020904090081 02058c25017501950809ff8102c0"
    "0666ff75082 6ff000903a10285fe95010903b28201c0c0".replace(" ", "")
)
# After Newland's FM420 guide, p. 47: length, data, four bytes reserved, its own identifier, whether more.
NEWLAND = bytes.fromhex(
    "058c0902a1010912a102850215002600ff750895010501093b8102 058c953809fe820201"
    "0600ff95040901810295010902 8102 058c2501750195 0109ff810295078103c0c0".replace(" ", "")
)
# The least that the usage tables ask for: data alone, filled up with zeros, no report ID.
BARE = bytes.fromhex("058c0902a10109 12a10215002600ff7508952009fe820201c0c0".replace(" ", ""))
KEYBOARD = bytes.fromhex("05010906a101050719e029e71500250175019508 8102c0".replace(" ", ""))

# Access-IS LSR118 product manual, appendix B.1.1: a boarding pass of 60 characters in two reports.
_PASS = b"M1GATHERGOOD/MICHAEL YABCDEF LHRDURAK 3542 052Y003D23"
FIRST = b"\x02\x38]Q0" + _PASS.ljust(56) + b"s\x00\x01"
SECOND = b"\x02\x04]Q0 100" + bytes(52) + b"s\x00\x00"
BOARDING = _PASS.decode().ljust(56) + " 100"


def read(descriptor: bytes, *reports: bytes) -> list[Piece]:
    reader = ReportReader()
    assert reader.feed(descriptor, 0.0) == []
    found = [piece for at, report in enumerate(reports) for piece in reader.feed(report, at * 0.01)]
    return found + reader.flush(100.0)


def test_the_recorded_reports_of_the_manual() -> None:
    assert (len(FIRST), len(SECOND)) == (64, 64)
    (piece,) = read(HONEYWELL, FIRST, SECOND)
    assert (piece.text, piece.identifier) == (BOARDING, "]Q0")


def test_honeywells_descriptor() -> None:
    found = read_descriptor(HONEYWELL)
    assert (found.size, found.redirects) == (64, True)
    (layout,) = found.layouts
    assert (layout.report_id, layout.data.bit // 8, layout.data.times) == (2, 4, 56)
    assert [each.bit // 8 for each in layout.identifiers] == [1, 2, 3]


def test_a_newland_scanner_has_its_data_elsewhere_and_no_identifier() -> None:
    found = read_descriptor(NEWLAND)
    assert (found.size, found.redirects) == (64, False)
    first = b"\x02\x38" + b"A" * 56 + bytes(4) + b"Q\x01"
    last = b"\x02\x03BCD" + bytes(53) + bytes(4) + b"Q\x00"
    (piece,) = read(NEWLAND, first, last)
    assert (piece.text, piece.identifier) == ("A" * 56 + "BCD", "")


def test_data_alone_ends_at_the_zeros() -> None:
    assert read_descriptor(BARE).size == 32
    assert [each.text for each in read(BARE, b"690123".ljust(32, b"\0"), b"12".ljust(32, b"\0"))] == [
        "690123",
        "12",
    ]


@pytest.mark.parametrize("end", ["\r", "\r\n", "\t", ""])
def test_an_end_key_in_the_data_is_no_part_of_the_code(end: str) -> None:
    data = b"690" + end.encode()
    report = bytes([2, len(data)]) + b"]E0" + data.ljust(56, b"\0") + b"\0\0\0"
    assert [each.text for each in read(HONEYWELL, report)] == ["690"]


def test_other_reports_and_empty_codes_are_passed_over() -> None:
    assert read(HONEYWELL, b"\x04\x01", b"", b"\x02\x00]E0" + bytes(59), b"\xfe\x01") == []


def test_a_short_report_gives_what_it_holds() -> None:
    assert [each.text for each in read(HONEYWELL, b"\x02\x38]C0690")] == ["690"]


def test_a_code_whose_rest_never_comes_is_handed_over_late() -> None:
    reader = ReportReader()
    reader.feed(HONEYWELL, 0.0)
    assert reader.feed(FIRST, 1.0) == []
    assert reader.deadline == 1.0 + UNFINISHED_SECONDS
    assert reader.flush(1.5) == []
    (piece,) = reader.flush(2.1)
    assert piece.text.startswith("M1GATHERGOOD")


@pytest.mark.parametrize(
    "descriptor",
    [
        b"",
        KEYBOARD,
        HONEYWELL[:20],
        HONEYWELL.replace(b"\x09\x02\xa1\x01", b"\x09\x03\xa1\x01", 1),  # a dumb scanner
        HONEYWELL.replace(b"\x05\x8c", b"\x05\x01"),
        BARE.replace(b"\x95\x20", b"\x96\xff\xff"),  # larger than any report
    ],
)
def test_what_is_no_scanner(descriptor: bytes) -> None:
    with pytest.raises(ProtocolError):
        read_descriptor(descriptor)


PAYMENT = b"134567890123456789"


def veiled(code: str | None, *reports: bytes) -> list[Event]:
    kept: list[Event] = []
    veil = ReportVeil(kept.append, lambda: code)
    for at, data in enumerate((HONEYWELL, *reports)):
        veil.take(Event(at * 0.01, What.HEARD, 1, data))
    veil.take(Event(9.0, What.CLOSED, 1))
    return kept[:-1]


def report(data: bytes, more: bool = False, stale: bytes = b"") -> bytes:
    return bytes([2, len(data)]) + b"]Q1" + (data + stale).ljust(56, b"\0") + b"s\0" + bytes([more])


@pytest.mark.parametrize("code", ["TK4711", None])
@pytest.mark.parametrize("cut", [1, 9, 17])
def test_no_recording_of_reports_holds_a_payment_code(code: str | None, cut: int) -> None:
    whole = [report(PAYMENT), report(b"x", stale=PAYMENT)]
    split = [report(PAYMENT[:cut], True), report(PAYMENT[cut:])]
    for reports in (whole, split, split[:1], [b"\x07" + PAYMENT]):
        kept = veiled(code, *reports)
        assert kept[0].data == HONEYWELL
        assert [len(each.data) for each in kept[1:]] == [len(each) for each in reports]
        heard = b"".join(each.data for each in kept[1:])
        assert not any(PAYMENT[at : at + 6] in heard for at in range(12))
    if code:
        (piece,) = read(*(each.data for each in veiled(code, *split)))
        assert (piece.text, piece.identifier) == ("13" + "x" * 16, "]Q1")


def test_our_own_code_is_kept_in_reports() -> None:
    assert [each.data for each in veiled("TK4711", report(b"TK4711"))] == [HONEYWELL, report(b"TK4711")]


def test_reports_are_read_in_words() -> None:
    events = [Event(0.0, What.HEARD, 1, HONEYWELL), Event(0.1, What.HEARD, 1, report(b"TK4711"))]
    told = [str(words[0]) for words in explain("scanner", "", events)]
    assert told == ["the scanner describes its reports", 'code "TK4711"']
