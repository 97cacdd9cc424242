"""The state of a test of all symbologies."""

from __future__ import annotations

from datetime import UTC, datetime

from console.domain.lights import Light
from console.domain.scan import Scan
from console.domain.specimens import SPECIMENS, SQUARE, Kind, Specimen, sighting
from console.services.symbologies import Symbologies


def of(kind: Kind) -> Specimen:
    return next(each for each in SPECIMENS if each.kind is kind)


def scanned(state: Symbologies, text: str, identifier: str = "") -> None:
    seen = sighting(Scan(text, "enter", datetime.now(UTC), 0.1, identifier))
    assert seen is not None
    state.saw(seen)


def test_it_ticks_and_goes_on_to_what_was_not_tried() -> None:
    state = Symbologies()
    assert (state.light(Kind.EAN_13), len(state.open)) == (Light.UNKNOWN, len(Kind))
    scanned(state, of(Kind.EAN_13).content)
    assert state.light(Kind.EAN_13) is Light.OK
    following = state.after(Kind.EAN_13)
    assert following is not None
    assert following.kind is Kind.EAN_8
    last = state.after(Kind.PDF417)
    assert last is not None
    assert last.kind is Kind.EAN_8  # from the top again
    for kind in Kind:
        state.miss(kind)
    assert state.after(Kind.EAN_13) is None
    assert state.light(Kind.EAN_13) is Light.OK  # what was read once stays read
    assert state.light(Kind.QR) is Light.FAULT


def test_a_better_reading_counts() -> None:
    state = Symbologies()
    scanned(state, of(Kind.EAN_13).short[0])
    assert state.light(Kind.EAN_13) is Light.ATTENTION
    assert "did not come" in str(state.words(Kind.EAN_13))
    scanned(state, of(Kind.EAN_13).content)
    scanned(state, of(Kind.EAN_13).short[0])
    assert state.light(Kind.EAN_13) is Light.OK
    state.miss(Kind.QR)
    scanned(state, of(Kind.QR).content)
    assert state.light(Kind.QR) is Light.OK


def test_the_report_tells_check_digits_identifiers_and_settings() -> None:
    state = Symbologies()
    scanned(state, of(Kind.GS1_128).sent[0], "]C1")
    state.miss(Kind.DATABAR)
    lines = dict(line.split(": ", 1) for line in state.report(str))
    assert lines["GS1-128"] == "read, check digit of GTIN right, sent as GS1-128 (]C1)"
    assert lines["GS1 DataBar"].startswith('not read. Switch on "GS1 DataBar Omnidirectional')
    assert lines["QR Code"] == "not tried yet"


def test_a_scanner_for_bars_alone_is_guessed_from_what_it_reads() -> None:
    state = Symbologies()
    scanned(state, of(Kind.EAN_13).content)
    for kind in SQUARE:
        state.miss(kind)
    assert "bars alone" in str(state.summary)
    for kind in Kind:
        state.miss(kind)
    assert "bars alone" in str(state.summary)
    assert "bars alone" not in str(Symbologies(missed=set(SQUARE)).summary)  # bars were not tried
    nothing = Symbologies(missed=set(Kind))
    assert "bars alone" not in str(nothing.summary)  # it reads nothing at all
