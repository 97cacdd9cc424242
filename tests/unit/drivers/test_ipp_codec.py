"""IPP on the wire and in words: given bytes of RFC 8010, expect meaning."""

from __future__ import annotations

import pytest

from console.drivers.codecs.ipp import (
    REASONS,
    Attributes,
    Group,
    NotIpp,
    Operation,
    Tag,
    Value,
    device_id,
    reason_sign,
    reasons_meaning,
    request,
    response,
)
from console.drivers.printer.ipp.driver import judged

# RFC 8010 A.2, the answer to a Print-Job request.
PRINT_JOB_ANSWER = (
    b"\x01\x01\x00\x00\x00\x00\x00\x01\x01"
    b"\x47\x00\x12attributes-charset\x00\x05utf-8"
    b"\x48\x00\x1battributes-natural-language\x00\x05en-us"
    b"\x41\x00\x0estatus-message\x00\x0dsuccessful-ok"
    b"\x02"
    b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x93"
    b"\x45\x00\x07job-uri\x00\x30ipp://printer.example.com/ipp/print/pinetree/147"
    b"\x23\x00\x09job-state\x00\x04\x00\x00\x00\x03"
    b"\x03"
)
HEAD = b"\x01\x01\x00\x00\x00\x00\x00\x07\x04"


def printer(attributes: bytes) -> Attributes:
    return response(HEAD + attributes + b"\x03").first(Group.PRINTER)


def test_the_answer_in_the_standard() -> None:
    answer = response(PRINT_JOB_ANSWER)
    assert (answer.status, answer.request_id) == (0, 1)
    job = answer.first(Group.JOB)
    assert job.number("job-id") == 147
    assert job.number("job-state") == 3
    assert job.text("job-uri").endswith("/147")
    assert answer.first(Group.OPERATION).text("status-message") == "successful-ok"


def test_a_request_is_laid_out_as_in_the_standard() -> None:
    """RFC 8010 A.1, with the attributes that this program sends."""
    made = request(
        Operation.PRINT_JOB,
        1,
        [
            (Tag.URI, "printer-uri", ["ipp://printer.example.com/ipp/print/pinetree"]),
            (Tag.NAME, "job-name", ["foobar"]),
            (Tag.BOOLEAN, "ipp-attribute-fidelity", [True]),
            (Tag.INTEGER, "copies", [20]),
            (Tag.KEYWORD, "requested-attributes", ["copies", "sides"]),
        ],
        b"%!PDF...",
    )
    assert made == (
        b"\x01\x01\x00\x02\x00\x00\x00\x01\x01"
        b"\x47\x00\x12attributes-charset\x00\x05utf-8"
        b"\x48\x00\x1battributes-natural-language\x00\x02en"
        b"\x45\x00\x0bprinter-uri\x00\x2cipp://printer.example.com/ipp/print/pinetree"
        b"\x42\x00\x08job-name\x00\x06foobar"
        b"\x22\x00\x16ipp-attribute-fidelity\x00\x01\x01"
        b"\x21\x00\x06copies\x00\x04\x00\x00\x00\x14"
        b"\x44\x00\x14requested-attributes\x00\x06copies\x44\x00\x00\x00\x05sides"
        b"\x03%!PDF..."
    )


@pytest.mark.parametrize("cut", range(len(PRINT_JOB_ANSWER)))
def test_half_an_answer_is_none(cut: int) -> None:
    with pytest.raises(NotIpp):
        response(PRINT_JOB_ANSWER[:cut])


def test_several_values_have_one_name() -> None:
    told = printer(b"\x44\x00\x01a\x00\x01x\x44\x00\x00\x00\x01y")
    assert told.texts("a") == ("x", "y")


def test_a_collection_is_stepped_over_whole() -> None:
    """RFC 8010 3.1.6: media-col = {media-size {x-dimension 6}}, then an attribute of its own."""
    told = printer(
        b"\x34\x00\x09media-col\x00\x00"
        b"\x4a\x00\x00\x00\x0amedia-size\x34\x00\x00\x00\x00"
        b"\x4a\x00\x00\x00\x0bx-dimension\x21\x00\x00\x00\x04\x00\x00\x00\x06"
        b"\x37\x00\x00\x00\x00\x37\x00\x00\x00\x00"
        b"\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x05"
    )
    assert told.number("printer-state") == 5
    assert set(told.values) == {"printer-state"}


def test_text_with_a_language_is_its_text() -> None:
    told = printer(b"\x35\x00\x01t\x00\x09\x00\x02en\x00\x03abc")
    assert told.text("t") == "abc"


@pytest.mark.parametrize(
    "attribute",
    [
        b"\x21\x00\x01n\x00\x03abc",  # an integer of three bytes
        b"\x22\x00\x01n\x00\x02\x00\x01",
        b"\x13\x00\x01n\x00\x00",  # no-value
        b"\x35\x00\x01n\x00\x03\x00\x09x",
    ],
)
def test_a_value_that_is_none_is_left_out(attribute: bytes) -> None:
    told = printer(attribute)
    assert (told.number("n"), told.flag("n"), told.text("n")) == (None, None, "")


def test_a_flag_is_no_number() -> None:
    told = printer(b"\x22\x00\x01f\x00\x01\x01\x33\x00\x01r\x00\x08\x00\x00\x00\x01\x00\x00\x00\x09")
    assert told.flag("f") is True
    assert told.number("f") is None
    assert told.values["r"] == ((1, 9),)


# RFC 8011 5.4.12, each keyword of the table; the suffix of a severity changes nothing about a known one.
STANDARD = {
    "none": "",
    "other": "ipp.error",
    "connecting-to-device": "ipp.connecting",
    "cover-open": "ipp.cover_open",
    "deactivated": "ipp.shut_down",
    "door-open": "ipp.cover_open",
    "input-tray-missing": "ipp.paper_end",
    "interlock-open": "ipp.cover_open",
    "media-empty": "ipp.paper_end",
    "media-jam": "ipp.jam",
    "media-low": "ipp.paper_low",
    "media-needed": "ipp.paper_end",
    "moving-to-paused": "ipp.paused",
    "paused": "ipp.paused",
    "shutdown": "ipp.shut_down",
    "stopped-partly": "ipp.error",
    "stopping": "ipp.error",
    "timed-out": "ipp.offline",
}


@pytest.mark.parametrize("keyword", STANDARD)
def test_each_keyword_of_the_standard(keyword: str) -> None:
    assert reason_sign(keyword) == STANDARD[keyword]


@pytest.mark.parametrize("keyword", [each for each in STANDARD if each not in ("none", "other")])
@pytest.mark.parametrize("severity", ["report", "warning", "error"])
def test_a_known_keyword_means_the_same_with_each_severity(keyword: str, severity: str) -> None:
    assert reason_sign(f"{keyword}-{severity}") == STANDARD[keyword]


@pytest.mark.parametrize(
    ("keyword", "sign"),
    [
        ("cups-missing-filter-warning", "ipp.missing_filter"),
        ("cups-insecure-filter-warning", "ipp.missing_filter"),
        ("cups-ipp-missing-validate-job", ""),
        ("cups-ipp-conformance-failure-report", ""),
        ("offline-report", "ipp.offline"),
        ("hold-new-jobs", "ipp.paused"),
        ("trimmer-jam", "ipp.cutter_jam"),
        ("input-cover-open-error", "ipp.cover_open"),
        ("fuser-over-temp-error", "ipp.hot"),
        ("toner-low-warning", ""),
        ("marker-supply-low-report", ""),
        ("toner-empty-error", "ipp.error"),
        ("vendor-says-no-error", "ipp.error"),
        ("vendor-says-no", "ipp.error"),  # without a severity it is an error
        ("vendor-says-no-warning", ""),
        ("", ""),
    ],
)
def test_other_keywords(keyword: str, sign: str) -> None:
    assert reason_sign(keyword) == sign


def test_what_has_no_words_is_told_as_it_came() -> None:
    told = [
        str(each) for each in reasons_meaning(["media-empty-error", "vendor-x-error", "toner-low-report"])
    ]
    assert told == ["out of paper", "vendor-x-error", "toner-low-report"]


def test_every_sign_of_a_reason_has_words() -> None:
    assert {sign for sign in STANDARD.values() if sign} <= set(REASONS)


def told(state: int, accepting: bool = True, *reasons: str, device: str = "") -> frozenset[str]:
    values: dict[str, tuple[Value, ...]] = {
        "printer-state": (state,),
        "printer-is-accepting-jobs": (accepting,),
        "printer-state-reasons": reasons or ("none",),
    }
    return judged(Attributes(Group.PRINTER, values | ({"device-uri": (device,)} if device else {})))[0]


def test_a_state_and_its_reasons_together() -> None:
    assert told(3) == told(4) == {"ipp.ready"}
    assert told(3, True, "toner-low-report") == {"ipp.ready"}
    assert told(5) == {"ipp.error"}
    assert told(5, True, "media-low-warning") == {"ipp.error", "ipp.paper_low"}  # low paper stops nothing
    assert told(5, True, "media-empty-error") == {"ipp.paper_end"}
    assert told(3, False) == {"ipp.rejecting"}
    assert told(9) == {"ipp.untold"}
    assert told(3, device="usb://EPSON/TM-T20") == {"queue.blind"}
    assert judged(Attributes(Group.PRINTER))[0] == {"ipp.untold"}


def test_a_password_in_a_queues_address_is_not_told() -> None:
    values: dict[str, tuple[Value, ...]] = {
        "printer-state": (3,),
        "printer-is-accepting-jobs": (True,),
        "device-uri": ("socket://boss:secret@192.0.2.9:9100",),
    }
    assert "secret" not in str(judged(Attributes(Group.PRINTER, values))[1])


def test_a_device_id() -> None:
    """IEEE 1284, and the spellings of real printers."""
    told = device_id("MFG:EPSON;CMD:ESC/POS;MDL:TM-T20III;CLS:PRINTER;broken;SN:;")
    assert told == {"MFG": "EPSON", "CMD": "ESC/POS", "MDL": "TM-T20III", "CLS": "PRINTER"}
