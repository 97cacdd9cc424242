"""What a recording keeps of a scanner's bytes."""

from __future__ import annotations

from random import Random

import pytest

from console.domain.recording import Event, What
from console.domain.scan import on_paper
from console.drivers.scanner.serial import QUERY
from console.drivers.scanner.veil import Kept, Veil, keepable, no_long_numbers

CODE = "TK4711008156"
PAYMENT = b"134567890123456789"
HIDDEN = b"13" + b"x" * 16  # whose it is and how long, nothing else
ANSWER = b"REVINF: Simulated SS-1, 1.00\r\n\x06."


def through(code: str | None, *events: Event, kept_of: Kept = keepable) -> list[Event]:
    kept: list[Event] = []
    veil = Veil(kept.append, lambda: code, kept_of)
    for event in (*events, Event(9.0, What.CLOSED, 1)):
        veil.take(event)
    return kept[:-1]


def heard(*pieces: bytes, at: float = 1.0) -> list[Event]:
    return [Event(at + number / 1000, What.HEARD, 1, piece) for number, piece in enumerate(pieces)]


@pytest.mark.parametrize("code", [CODE, None])
def test_a_payment_code_is_hidden_however_it_comes(code: str | None) -> None:
    whole = PAYMENT + b"\r"
    for cut in range(1, len(whole)):
        first, second = through(code, *heard(whole[:cut], whole[cut:]))
        mask = HIDDEN if code else b"x" * len(PAYMENT)
        assert first.data + second.data == mask + b"\r"
        assert (len(first.data), first.veiled) == (cut, cut > 2 or not code)


def test_a_scanner_on_a_scales_port_leaves_no_payment_code_and_every_weight_stays() -> None:
    weight, whole = b"ST,GS,+  1.235kg\r\n", PAYMENT + b"\r"
    for cut in range(1, len(whole)):
        events = heard(weight, whole[:cut], whole[cut:], weight)
        kept = b"".join(each.data for each in through(None, *events, kept_of=no_long_numbers))
        assert kept == weight + b"0" * len(PAYMENT) + b"\r" + weight


def test_a_payment_code_right_behind_or_before_our_own_is_hidden() -> None:
    own = CODE.encode()
    assert keepable(own + b"\r" + PAYMENT + b"\r", CODE) == own + b"\r" + HIDDEN + b"\r"
    assert keepable(PAYMENT + own + b"\r", CODE) == HIDDEN + own + b"\r"
    assert keepable(own + PAYMENT, CODE) == b"x" * 30


@pytest.mark.parametrize("code", ["TK-47110081/y:@z", "2904711008158"])
def test_the_known_codes_copy_on_paper_is_ours_too(code: str) -> None:
    copy = on_paper(code)
    assert copy != code
    assert keepable(copy.encode(), code) == copy.encode()


def test_what_is_left_of_our_own_code_is_kept() -> None:
    for came in ("TK4711008156", "TK4711008156TK4711008156", "]C1TK4711008156", "K4711008156", "TK471008156"):
        assert keepable(came.encode(), CODE) == came.encode()


def test_a_few_digits_of_a_payment_code_are_not_taken_for_a_thinned_code_of_ours() -> None:
    assert keepable(PAYMENT[:6], CODE) == b"xxxxxx"


def test_our_own_code_is_hidden_where_nobody_tests() -> None:
    assert keepable(CODE.encode(), None) == b"x" * len(CODE)


def test_the_answer_to_our_question_is_kept_and_a_code_beside_it_is_not() -> None:
    asked = Event(0.9, What.SENT, 1, QUERY)
    assert [each.data for each in through(None, asked, *heard(ANSWER[:9], ANSWER[9:]))] == [
        QUERY,
        ANSWER[:9],
        ANSWER[9:],
    ]
    assert keepable(PAYMENT + b"\r" + ANSWER, None) == b"x" * 18 + b"\r" + ANSWER


def test_chinese_stays_chinese_and_as_long() -> None:
    for encoding in ("utf-8", "gb18030"):
        kept = keepable("付款码".encode(encoding) + b"12", CODE)
        assert kept == "〇〇〇".encode(encoding) + b"xx"


def test_any_bytes_keep_their_length() -> None:
    chance = Random(12)
    for _ in range(10_000):
        data = bytes(
            chance.choice(b"TK4711008156\r\n\t\x06.REVINF]")
            if chance.random() < 0.7
            else chance.randrange(256)
            for _ in range(chance.randrange(40))
        )
        for code in (CODE, None):
            assert len(keepable(data, code)) == len(data)
