"""What a serial receiver makes of another speed, against frames drawn by hand."""

from __future__ import annotations

from itertools import permutations

import pytest

from console.drivers.transports.serial_speed import SPEEDS
from console.simulators.uart import misread


def test_at_the_same_speed_all_arrives() -> None:
    assert misread(bytes(range(256)), 9600, 9600) == bytes(range(256))


def test_at_twice_the_speed_each_bit_is_seen_twice() -> None:
    # 0F is 0 1111 0000 1 on the line; twice each: 0 01111111 1, then 0 00000001 1.
    assert misread(b"\x0f", 9600, 19200) == b"\xfe\x80"


def test_a_byte_without_its_stop_bit_is_dropped() -> None:
    # 00 is 0 00000000 1: twice each, eighteen zeros in a row are a break, then the rest of one.
    assert b"\0" not in misread(b"\0", 9600, 19200)


@pytest.mark.parametrize(("sent", "read"), list(permutations(SPEEDS, 2)))
def test_no_question_is_understood_at_another_speed(sent: int, read: int) -> None:
    assert b"\x10\x04" not in misread(b"\x10\x04\x01" * 4, sent, read)
