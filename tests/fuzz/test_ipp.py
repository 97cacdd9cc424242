"""Any bytes as an IPP answer: it is one, or it is none; nothing breaks, nothing grows."""

from __future__ import annotations

from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from console.drivers.codecs import ipp
from console.drivers.codecs.ipp import NotIpp, reason_sign, reasons_meaning
from console.drivers.printer.ipp.driver import judged

INPUTS = 10_000
PIECES = [
    b"\x01\x01\x00\x00\x00\x00\x00\x01",
    b"\x01",
    b"\x04",
    b"\x02",
    b"\x03",
    b"\x34\x00\x01c\x00\x00",
    b"\x37\x00\x00\x00\x00",
    b"\x4a\x00\x00\x00\x01m",
    b"\x44\x00\x15printer-state-reasons\x00\x05cover",
    b"\x44\x00\x00\x00\x0bmedia-empty",
    b"\x23\x00\x0dprinter-state\x00\x04\x00\x00\x00\x03",
    b"\x22\x00\x19printer-is-accepting-jobs\x00\x01\x01",
    b"\x21\x00\x10queued-job-count\x00\x04\x7f\xff\xff\xff",
    b"\x45\x00\x0adevice-uri\x00\x05ipp:/",
    b"\x35\x00\x01t\x00\x02\x00\x09",
    b"\x41\x00\x15printer-state-message\x00\x02{x",
    b"\xff\xff",
    b"\x00",
    b"\x10\x00\x00\x00\x00",
]


def inputs(seed: int) -> list[bytes]:
    chance = Random(seed)
    made = []
    for _ in range(INPUTS):
        parts = [PIECES[0] if chance.random() < 0.9 else b""]
        parts += [chance.choice(PIECES[1:]) for _ in range(chance.randrange(12))]
        data = bytearray(b"".join(parts) + (b"\x03" if chance.random() < 0.7 else b""))
        for _ in range(chance.randrange(3)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        made.append(bytes(data))
    return made


def read(data: bytes) -> ipp.Response | None:
    try:
        return ipp.response(data)
    except NotIpp:
        return None


def test_every_answer_is_read_or_refused() -> None:
    answers = [(data, read(data)) for data in inputs(1)]
    whole = [(data, answer) for data, answer in answers if answer is not None]
    assert INPUTS // 20 < len(whole) < INPUTS  # the inputs reach both sides
    for data, answer in whole:
        held = sum(len(values) for group in answer.groups for values in group.values.values())
        assert held <= len(data)
        for group in answer.groups:
            signs, words = judged(group)
            assert signs
            assert str(words)


def test_no_half_answer_is_a_ready_printer() -> None:
    """Whatever is said, ready needs a state, a yes to new jobs, and no trouble among the reasons."""
    for answer in map(read, inputs(2)):
        for group in answer.groups if answer is not None else ():
            if "ipp.ready" in judged(group)[0]:
                assert group.number("printer-state") in (3, 4)
                assert group.flag("printer-is-accepting-jobs") is True
                assert not any(map(reason_sign, group.texts("printer-state-reasons")))


@settings(max_examples=500)
@given(st.binary(max_size=400))
def test_any_bytes_behind_a_head(data: bytes) -> None:
    read(PIECES[0] + data)


@settings(max_examples=500)
@given(st.lists(st.text(max_size=40), max_size=6))
def test_any_keywords_have_a_meaning(keywords: list[str]) -> None:
    assert len(reasons_meaning(keywords)) <= len(keywords)
