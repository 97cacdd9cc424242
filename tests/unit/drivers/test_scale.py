"""What scales send, held to the examples and tables of their manuals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from console.domain.weighing import Weighing
from console.drivers.codecs.scale import WeightReader, broken_off, nothing_said, seven_bits

KG = Decimal("1.234")


def one(data: bytes) -> Weighing:
    (weighing,) = WeightReader().feed(data)
    return weighing


@pytest.mark.parametrize(
    ("data", "meant"),
    [
        # Mettler-Toledo Viva, 8217 protocol; Transcell PC-150, B.1.4
        (b"\x02 1.234\r", Weighing("toledo", KG, stable=True, net=False)),
        (b"\x02001234N\r", Weighing("toledo", Decimal(1234), stable=True, net=True)),
        (b"\x02?\x61\r", Weighing("toledo", stable=False)),
        (b"\x02?\x62\r", Weighing("toledo", trouble="overload")),
        (b"\x02?\x64\r", Weighing("toledo", trouble="under_zero")),
        (b"\x02?\x70\r", Weighing("toledo")),
        # CAS AP-1: BCC is the exclusive or of all behind STX
        (b"\x01\x02S 01.234kg\x65\x03\x04", Weighing("cas", KG, "kg", stable=True)),
        (b"\x01\x02U 01.234kg\x63\x03\x04", Weighing("cas", KG, "kg", stable=False)),
        (b"\x01\x02F 01.234kg\x70\x03\x04", Weighing("cas", trouble="overload")),
        (
            b"\x01\x02S-00.005kg\x69\x03\x04",
            Weighing("cas", Decimal("-0.005"), "kg", True, None, "under_zero"),
        ),
        # A&D OP-05 and AD-4404; CAS Caston-III with its two bytes of device and lamp
        (b"ST,GS,+0123.45kg\r\n", Weighing("lines", Decimal("123.45"), "kg", True, False)),
        (b"US,GS,+0123.45kg\r\n", Weighing("lines", Decimal("123.45"), "kg", False, False)),
        (b"ST,NT,-  1.234kg\r\n", Weighing("lines", -KG, "kg", True, True)),
        (b"ST,GS,-  1.234kg\r\n", Weighing("lines", -KG, "kg", True, False, "under_zero")),
        (b"ST,+00001.82 g\r\n", Weighing("lines", Decimal("1.82"), "g", True)),
        (b"ST,GS,1\x80,   1.234 kg\r\n", Weighing("lines", KG, "kg", True, False)),
        (b"OL,GS,+    .  kg\r\n", Weighing("lines", trouble="overload")),
        (b"OL,GS,-    .  kg\r\n", Weighing("lines", trouble="under_zero")),
        (b"OL,+9999999E+19\r\n", Weighing("lines", trouble="overload")),
        # Yaohua, the published example of +20.00
        (b"\x02+00200021B\x03", Weighing("yaohua", Decimal("20.00"))),
    ],
)
def test_each_frame_means_what_its_manual_says(data: bytes, meant: Weighing) -> None:
    assert one(data) == meant


@pytest.mark.parametrize(
    "data",
    [
        b"\x01\x02S 01.234kg\x64\x03\x04",  # one bit of the check sum
        b"\x02+00200021C\x03",
        b"\x02. . .\r",
        b"ST,GS,+ . . kg\r\n",
        b"6901234567892\r\n",
        b"\x16\x02REVINF\r",
        b"W\r",  # our own question, from a plug that is bridged
    ],
)
def test_what_is_no_weight_is_none(data: bytes) -> None:
    assert WeightReader().feed(data) == []


def test_a_stream_may_be_joined_in_its_middle_and_come_in_pieces() -> None:
    reader = WeightReader()
    assert reader.feed(b"34kg\r\nST,GS,+00") == []
    assert [each.weight for each in reader.feed(b"01.234kg\r\nST,GS,+0002.000kg\r\n")] == [
        KG,
        Decimal("2.000"),
    ]


def test_a_weight_may_be_charged_when_it_is_still() -> None:
    assert [one(data).settled for data in (b"\x02 1.234\r", b"\x02?\x61\r", b"\x02?\x62\r")] == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("data", [b"\x02 1.2", b"\x01\x02S 01.", b"ST,GS,+00ST,GS,+00", b"\x06\x01\x02S"])
def test_beginnings_of_frames_are_known(data: bytes) -> None:
    assert broken_off(data)
    assert not broken_off(data + b"\x9c")


def test_acknowledgements_alone_say_nothing() -> None:
    assert nothing_said(b"\x06\x15\r\n")
    assert not nothing_said(b"\x06?")


def test_parity_is_taken_off() -> None:
    assert seven_bits(b"\x82 \xb1.234\x8d") == b"\x02 1.234\r"
