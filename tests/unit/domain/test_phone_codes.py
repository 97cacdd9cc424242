"""Six codes like those on customers' phones, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from console.domain.diagnosis import DiagnosisTable
from console.domain.findings import Finding, judge
from console.domain.lights import Light
from console.domain.payment_codes import Wallet, wallet_of
from console.domain.phone_codes import PhoneCode, Tried, looked, phone_codes
from console.domain.scan import Scan
from console.domain.specimens import Kind
from console.domain.subjects import Subject
from console.services.language import diagnosis_table

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CODES = phone_codes()


@pytest.fixture(scope="module")
def table() -> DiagnosisTable:
    return diagnosis_table()


def verdict(table: DiagnosisTable, seconds: Sequence[float | None]) -> Finding:
    tried = [Tried(code, each) for code, each in zip(CODES, seconds, strict=True)]
    return judge(Subject("scanner", "counter"), [looked(tried, NOW)], table)


def test_each_wallet_shows_bars_and_a_qr_code_and_no_code_is_anybodys() -> None:
    assert {(each.wallet, each.kind) for each in CODES} == {
        (wallet, kind) for wallet in Wallet for kind in (Kind.CODE_128, Kind.QR)
    }
    contents = [each.content for each in CODES]
    assert len(set(contents)) == len(contents)
    for content in contents:
        assert wallet_of(content) is None
        digits = "".join(filter(str.isdigit, content))  # what a scanner leaves that loses letters
        assert wallet_of(digits) is None
        assert wallet_of(digits * 2) is None


@pytest.mark.parametrize("wallet", Wallet)
def test_they_begin_and_measure_as_the_real_ones_do(wallet: Wallet) -> None:
    begins, length = {
        Wallet.WECHAT: (range(10, 16), (18,)),
        Wallet.ALIPAY: (range(25, 31), range(16, 25)),
        Wallet.UNIONPAY: ((62,), (19,)),
    }[wallet]
    for each in (code for code in CODES if code.wallet is wallet):
        assert int(each.content[:2]) in begins
        assert len(each.content) in length


def test_a_scan_is_known_again_and_no_other_is() -> None:
    def scan(text: str) -> Scan:
        return Scan(text, "enter", NOW, 0.1)

    for code, other in pairwise(CODES):
        assert code.is_in(scan(code.content))
        assert code.is_in(scan(f"]C0{code.content}"))
        assert code.is_in(scan(code.content.swapcase()))  # Caps Lock
        assert not code.is_in(scan(other.content))
    assert not any(code.is_in(scan("134567890123456789")) for code in CODES)


@pytest.mark.parametrize(
    ("seconds", "cause", "light"),
    [
        ((9.0, 1.0, 1.2, 0.9, 1.1, 1.0), None, Light.OK),  # the first one counts for nothing
        ((1.0, 5.0, 6.0, 4.5, 5.0, 1.0), "scanner.phone_slow", Light.ATTENTION),
        ((1.0, None, 1.0, 1.0, None, 1.0), "scanner.phone_slow", Light.ATTENTION),
        ((1.0, 1.0, 1.0, None, None, None), "scanner.no_phone_qr", Light.ATTENTION),
        ((None, None, None, 1.0, 1.0, 1.0), "scanner.no_phone_bars", Light.ATTENTION),
    ],
)
def test_the_verdict(
    table: DiagnosisTable, seconds: Sequence[float | None], cause: str | None, light: Light
) -> None:
    finding = verdict(table, seconds)
    assert (finding.cause, finding.light) == (cause, light)


def test_nothing_read_may_be_the_scanner_as_well_and_the_test_that_tells_is_named(
    table: DiagnosisTable,
) -> None:
    finding = verdict(table, (None,) * 6)
    assert {each.cause for each in finding.candidates} == {"scanner.screen_unread", "scanner.no_answer"}
    assert finding.distinguish == "scan_paper"
    assert finding.light is Light.FAULT


def test_nothing_of_the_codes_is_kept() -> None:
    evidence = looked([Tried(code, 1.0) for code in CODES], NOW)
    assert not any(code.content in repr(evidence) for code in CODES)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(None, "Not read"), (1.25, "Read after 1.2 s"), (4.0, "Read after 4.0 s: slow")],
)
def test_each_code_tells_what_became_of_it(seconds: float | None, words: str) -> None:
    assert str(Tried(PhoneCode(Wallet.ALIPAY, Kind.QR, "28TEST000000000000"), seconds).words) == words
