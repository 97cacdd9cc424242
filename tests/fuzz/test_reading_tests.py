"""Whatever a scanner sends: a reading test knows its own codes, keeps nothing of others, and is quick."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain import phone_codes, specimens
from console.domain.eye_chart import row_of
from console.domain.payment_codes import foreign
from console.domain.scan import Scan
from console.domain.specimens import SPECIMENS, sighting
from console.services.phone_trial import PhoneTrial
from tests.ui.store import StoppedClock

CODES = phone_codes.phone_codes()
OURS = [form for each in SPECIMENS for form in (*each.sent, *each.short)] + [each.content for each in CODES]
# Text as serial lines, keyboards and input methods give it: control and GS characters, no text, hanzi.
TEXT = st.text(
    st.sampled_from("0123456789TKabc()]*-/:@\x1d\x00\x1e\ufffd汉付") | st.characters(), max_size=60
)
ALTERED = st.builds(
    lambda code, front, at, more: f"{front}{code[:at]}{more}{code[at:]}",
    st.sampled_from(OURS), st.sampled_from(["", "]C1", "]E0", "]d2", "j", "付"]), st.integers(0, 12), TEXT,
)  # fmt: skip


def scan(text: str, identifier: str = "") -> Scan:
    return Scan(text, "enter", datetime.now(UTC), 0.1, identifier)


@given(TEXT | ALTERED, st.sampled_from(["", "]C0", "]E4", "]Q3", "]??", "]"]))
def test_nothing_that_comes_is_too_odd(text: str, identifier: str) -> None:
    seen = sighting(scan(text, identifier))
    assert seen is None or seen.specimen in SPECIMENS
    row = row_of(text)
    assert row is None or row.content in text
    told = str(foreign(text))
    assert told == str(foreign("x" * len(text))) or "payment code" in told


@given(st.lists(TEXT | ALTERED | st.sampled_from([each.content for each in CODES]), max_size=12))
def test_a_trial_with_phone_codes_ends_with_a_verdict_that_quotes_nothing(texts: list[str]) -> None:
    trial = PhoneTrial(StoppedClock())
    for text in texts:
        trial.arrived(scan(text))
    while not trial.over:
        trial.missed()
    kept: Any = [(each.result, str(each.meaning)) for each in trial.evidence()]
    for text in texts:
        assert len(text) < 8 or text not in repr(kept)


def test_the_longest_code_that_there_is_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """7,000 characters (PDF417, QR) are compared with none of ours: that would hold the window up."""

    def compared(expected: str, came: str) -> bool:
        raise AssertionError(expected)

    for module in (specimens, phone_codes):
        monkeypatch.setattr(module, "may_keep", compared)
    long = scan("1234567890" * 700)
    assert (sighting(long), row_of(long.text)) == (None, None)
    assert not any(each.is_in(long) for each in CODES)
