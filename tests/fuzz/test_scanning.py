"""Any text and any bytes to what reads scanners: nothing breaks, nothing grows, nothing foreign is kept."""

from __future__ import annotations

import struct
from random import Random

from console.domain.errors import ProtocolError
from console.domain.keyboard_layouts import layout_pairs
from console.domain.payment_codes import masks, reduced, wallet_of
from console.domain.recording import Event, What
from console.domain.scan_symptoms import symptom
from console.domain.symbology import check_digits, identified, symbology
from console.drivers.codecs.evdev import EVENT_BYTES, EventReader
from console.drivers.codecs.hid_pos import ReportReader, read_descriptor
from console.drivers.codecs.keys import UNREAD, Keys
from console.drivers.codecs.raw_input import RecordReader, read_record
from console.drivers.codecs.wedge import Wedge
from console.drivers.scanner.veil import ReportVeil
from console.simulators.hid_scanner import PLAIN, REDIRECTED

INPUTS = 10_000
CODE = "TK-47110081/y:@z"
PIECES = [
    CODE, CODE[:5], CODE[5:], "tk-", "]C1", "]E0", "]", "]Q", "\x1d", "01", "06901234567892",
    "6901234567892", "134826059713470582", "2848260597134705", "62", "１２", "特", "y", "z",
    "é", "\x00", "\r", "\ud83d", "x" * 30,
]  # fmt: skip
ITEMS = [
    bytes.fromhex(item)
    for line in (
        "058c,0902,a101,a102,a100,0912,8502,8500,7508,7501,75ff,9501,9538,96ffff,97ffffffff,09fe,09ff,09fb",
        "09fc,09fd,0501,093b,8102,820201,8103,c0,a4,b4,0666ff,85fe,b28201,1900,29ff,2bffffffff,fe0500,fe",
    )
    for item in line.split(",")
]


def texts(seed: int) -> list[str]:
    chance = Random(seed)
    return [
        "".join(
            chance.choice(PIECES) if chance.random() < 0.8 else chr(chance.randrange(0xD7FF))
            for _ in range(chance.randrange(5))
        )
        for _ in range(INPUTS)
    ]


def test_any_text_has_a_symptom_and_what_is_foreign_is_not_kept() -> None:
    signs: set[str] = set()
    for text in texts(1):
        found = symptom(CODE, text)
        signs |= found.signs
        assert found.signs
        if found.ours and "scan.layout" not in found.signs:
            assert wallet_of(text) is None
        symptom(text, CODE)
        symptom(text, text * 2)
    assert signs >= {"scan.matches", "scan.double", "scan.ime", "scan.prefix", "scan.misread", "scan.dropped"}


def test_any_text_is_masked_and_reduced() -> None:
    met = 0
    for text in texts(2):
        marked = list(text)
        for place, mask in masks(text):
            assert len(mask) == len(marked[place])
            marked[place] = mask
            met += 1
        assert wallet_of(text) is wallet_of("".join(marked))
        assert "4826" not in reduced(text)
    assert met > 500


def test_any_text_has_check_digits_or_none() -> None:
    met = set()
    for text in texts(3):
        kind, rest = identified(text)
        for each in (kind, None, symbology("]C1"), symbology("]E3"), symbology("]I0")):
            met |= {check.what for check in check_digits(rest, each)}
    assert met >= {"EAN-13", "GTIN"}


def test_any_text_has_layouts_or_none() -> None:
    for text in texts(4):
        layout_pairs(CODE, text)
        layout_pairs(text, CODE)


def test_any_descriptor_is_read_or_refused() -> None:
    chance, good = Random(5), 0
    for _ in range(INPUTS):
        data = bytearray(chance.choice((PLAIN, REDIRECTED)) if chance.random() < 0.5 else b"")
        for _ in range(chance.randrange(6)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randrange(3)] = (
                chance.choice(ITEMS) if chance.random() < 0.8 else chance.randbytes(3)
            )
        try:
            found = read_descriptor(bytes(data))
        except ProtocolError:
            continue
        good += 1
        assert 0 < found.size <= 4097
    assert good > 500


def test_any_reports_give_bounded_codes() -> None:
    chance = Random(6)
    reader, texts_met = ReportReader(), 0
    reader.feed(PLAIN, 0.0)
    for at in range(INPUTS):
        head = bytes([2, chance.choice((0, 1, 18, 56, 57, 255))]) if chance.random() < 0.9 else b""
        report = head + chance.randbytes(chance.choice((0, 3, 61, 62, 100)))
        if chance.random() < 0.5:
            report = report[:63].ljust(63, b"\0") + bytes([chance.random() < 0.95])
        for piece in reader.feed(report, at * 0.01):
            texts_met += 1
            assert len(piece.text) <= 8192 + 56
    assert texts_met > 100


def test_any_reports_are_recorded_without_a_payment_code() -> None:
    chance, payment = Random(7), b"134826059713470582"
    for _ in range(INPUTS // 10):
        kept: list[Event] = []
        veil = ReportVeil(kept.append, lambda: CODE)
        events = [Event(0.0, What.HEARD, 1, chance.choice((PLAIN, REDIRECTED, b"", b"\x05\x8c")))]
        for at in range(10):
            cut = chance.randrange(19)
            data = chance.choice((payment, payment[:cut], payment[cut:], CODE.encode(), chance.randbytes(20)))
            body = (
                bytes([len(data)]) + b"]Q1" + data.ljust(56, b"\0") + b"\0\0" + bytes([chance.random() < 0.5])
            )
            events.append(Event(at * 0.3, What.HEARD, 1, bytes([chance.choice((2, 2, 2, 7))]) + body))
        for event in (*events, Event(99.0, What.CLOSED, 1)):
            veil.take(event)
        assert [len(each.data) for each in kept[:-1]] == [len(each.data) for each in events]
        heard = b"".join(each.data for each in kept)
        assert not any(payment[at : at + 8] in heard for at in range(11))


def test_any_keys_and_what_an_input_method_hands_over() -> None:
    chance = Random(8)
    wedge, at = Wedge(), 0.0
    for text in texts(9):
        at += chance.choice((0.0, 0.001, 0.01, 0.05, 0.3))
        for piece in wedge.compose(text, at) if chance.random() < 0.5 else wedge.type((text or "x")[0], at):
            assert len(piece.text) <= 8192
            assert piece.pace is None or piece.pace.shortest <= piece.pace.median <= piece.pace.longest
        assert wedge.deadline is None or wedge.deadline <= at + 0.2 + 1e-9


def test_any_events_of_a_keyboard_type_characters_and_nothing_stays_behind() -> None:
    chance, met = Random(5), ""
    for _ in range(INPUTS // 10):
        reader = EventReader(Keys(chance.choice(["us", "de", "jp"])))
        for _ in range(10):
            events = [
                struct.pack(
                    "@llHHi",
                    0,
                    0,
                    chance.choice([0, 1, 1, 1, 4]),
                    chance.choice([29, 42, 30, 28, 3, chance.randrange(130)]),
                    chance.randrange(-1, 3),
                )
                for _ in range(chance.randrange(9))
            ]
            data = b"".join(events) + chance.randbytes(chance.choice([0, 0, 5]))
            met += reader.feed(data)
            assert len(reader._rest) < EVENT_BYTES
    assert {"a", "A", "\r", "\x01", UNREAD} <= set(met)


def test_any_records_of_windows_are_read_or_passed_over() -> None:
    chance, read = Random(6), 0
    reader = RecordReader(Keys())
    for _ in range(INPUTS):
        head = struct.pack("<IIQQ", chance.choice([0, 1, 1, 1, 2]), 40, 7, 0)
        data = head + struct.pack("<4H2I", chance.randrange(300), chance.randrange(8), 0, 0, 0, 0)
        pressed = read_record(data[: chance.choice([40, 40, 39, 8])])
        if pressed is not None:
            read += 1
            reader.feed(pressed)
    assert read > INPUTS // 4
