"""Keys of one keyboard: what Linux and Windows tell of them, and the characters that they type."""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.errors import TillkeeperError, Unreachable
from console.drivers.codecs.evdev import EVENT_BYTES, EventReader, bits, words_of_bits
from console.drivers.codecs.keys import UNREAD, Keys, is_keyboard
from console.drivers.codecs.raw_input import Pressed, RecordReader, numbers_in, read_record
from console.drivers.transports.keyboard import GRAB
from console.drivers.transports.raw_keyboard import RawKeyboardTransport
from console.platforms.message_window import WM_DEVICECHANGE, WM_INPUT

SHIFT, CTRL, ALT_GR, CAPS, NUM = 42, 29, 100, 58, 69
A, M, ONE, KEYPAD_ONE, RIGHT_BRACKET, Z = 30, 50, 2, 79, 27, 44


def typed(keys: Keys, *codes: int) -> str:
    """Each key down and up; a negative one stays down."""
    out = ""
    for code in codes:
        out += keys.pressed(abs(code))
        if code > 0:
            keys.released(code)
    return out


@pytest.mark.parametrize(
    ("codes", "text"),
    [
        ((A, ONE, 57), "a1 "),
        ((-SHIFT, A, ONE), "A!"),
        ((28, 96, 15), "\r\r\t"),
        ((CAPS, A, ONE, -SHIFT, A, ONE), "A1a!"),
        ((CAPS, CAPS, A), "a"),
        ((KEYPAD_ONE, NUM, KEYPAD_ONE), "1"),
        ((-CTRL, RIGHT_BRACKET, A), "\x1d\x01"),
        ((-ALT_GR, A), UNREAD),
        ((59, 103, 200), ""),  # F1, the arrow up, a media key
    ],
)
def test_what_keys_type(codes: tuple[int, ...], text: str) -> None:
    assert typed(Keys(), *codes) == text


def test_each_layout_has_its_own_signs_and_a_dead_key_is_none() -> None:
    assert typed(Keys("de"), Z, -SHIFT, 8) == "y/"
    assert typed(Keys("de"), 41) == UNREAD  # the dead circumflex
    assert typed(Keys("fr"), -SHIFT, ONE) == "1"
    assert typed(Keys("us", caps=True), A) == "A"
    assert typed(Keys("us", numbers=False), KEYPAD_ONE) == ""


def event(kind: int, code: int, value: int) -> bytes:
    return struct.pack("@llHHi", 1_700_000_000, 500_000, kind, code, value)


def stroke(code: int) -> bytes:
    return event(1, code, 1) + event(0, 0, 0) + event(1, code, 0) + event(0, 0, 0)


def test_events_may_come_in_any_pieces() -> None:
    data = event(1, SHIFT, 1) + stroke(A) + event(1, SHIFT, 0) + stroke(ONE)
    for size in (1, 7, EVENT_BYTES, len(data)):
        reader = EventReader(Keys())
        assert "".join(reader.feed(data[at : at + size]) for at in range(0, len(data), size)) == "A1"


def test_a_key_that_the_kernel_repeats_was_pressed_once() -> None:
    assert EventReader(Keys()).feed(event(1, A, 1) + event(1, A, 2) * 5 + event(1, A, 0)) == "a"


def test_what_the_kernel_dropped_is_shown_and_nothing_stays_held() -> None:
    reader = EventReader(Keys())
    data = event(1, SHIFT, 1) + event(0, 3, 0) + event(1, M, 1) + event(0, 0, 0) + stroke(A)
    assert reader.feed(data) == f"{UNREAD}a"


def test_bits_and_sysfs_words() -> None:
    assert bits(b"\x02\x80") == {1, 15}
    assert words_of_bits("1 0 8000000000000001", 64) == {0, 63, 128}
    assert words_of_bits("1 80000001", 32) == {0, 31, 32}
    assert is_keyboard(words_of_bits("10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe", 64))
    assert not is_keyboard(words_of_bits("1f0000 0 0 0 0", 64))  # a mouse


# A letter "a" with its header, by hand after RAWINPUTHEADER and RAWKEYBOARD of the Win32 reference:
# type 1 (keyboard), 40 bytes, device 0x10045, no parameter; make code 1E, flags 0, key "A", WM_KEYDOWN.
DOWN = bytes.fromhex(
    "01000000 28000000 4500010000000000 0000000000000000 1e00 0000 0000 4100 00010000 00000000"
)


def record(make: int, flags: int = 0, device: int = 0x10045, kind: int = 1) -> bytes:
    return struct.pack("<IIQQ4H2I", kind, 40, device, 0, make, flags, 0, 0, 0x100, 0)


def test_a_record_by_hand() -> None:
    assert read_record(DOWN) == Pressed(0x10045, A, True)
    assert record(0x1E)[:24] == DOWN[:24]


@pytest.mark.parametrize(
    ("data", "pressed"),
    [
        (record(0x1E, flags=1), Pressed(0x10045, A, False)),
        (record(0x1C, flags=2), Pressed(0x10045, 96, True)),  # the keypad's Enter
        (record(0x2A, flags=2), Pressed(0x10045, 0, True)),  # the shift that E0 keys bring along
        (record(0xFF), Pressed(0x10045, None, True)),
        (record(0x1E, kind=0), None),  # a mouse
        (DOWN[:-1], None),
    ],
)
def test_what_a_record_tells(data: bytes, pressed: Pressed | None) -> None:
    assert read_record(data) == pressed


def test_a_record_of_a_program_of_32_bits() -> None:
    data = struct.pack("<IIII4H2I", 1, 32, 0x10045, 0, 0x1E, 0, 0, 0x41, 0x100, 0)
    assert read_record(data, 4) == Pressed(0x10045, A, True)


def test_a_key_that_windows_repeats_was_pressed_once() -> None:
    reader = RecordReader(Keys())
    down, up = Pressed(1, A, True), Pressed(1, A, False)
    assert "".join(map(reader.feed, (down, down, up, down, Pressed(1, None, True)))) == f"aa{UNREAD}"


NAME = r"\\?\HID#VID_05E0&PID_1200&MI_00#7&2f3c1f0&0&0000#{884b96c3-56ef-11d1-bc8c-00a0c91405dd}"


def test_the_numbers_in_a_name_of_windows() -> None:
    assert numbers_in(NAME) == (0x05E0, 0x1200, "7&2f3c1f0&0&0000")
    assert numbers_in(r"\\?\ACPI#PNP0303#4&1d401fb5&0#{884b96c3}") is None


class Replaying:
    """Windows with one scanner; `tell` plays a record as WM_INPUT does."""

    def __init__(self) -> None:
        self.names: dict[int, str] = {1: r"\\?\HID#VID_046D&PID_C31C#6&1#{x}", 0x10045: NAME}
        self.records: list[bytes] = []
        self.open_windows = 0
        self.told: Callable[[int, int], None] = lambda message, value: None

    def keyboard_names(self) -> Mapping[int, str]:
        return self.names

    def raw_record(self, handle: int) -> bytes:
        return self.records[handle]

    def window(self, told: Callable[[int, int], None]) -> Any:
        self.told = told
        return self

    def open(self) -> None:
        self.open_windows += 1

    def close(self) -> None:
        self.open_windows -= 1

    def tell(self, data: bytes) -> None:
        self.records.append(data)
        self.told(WM_INPUT, len(self.records) - 1)


async def test_one_keyboard_of_windows_is_heard_and_its_loss_is_told() -> None:
    system, heard = Replaying(), asyncio.Queue[bytes | TillkeeperError]()
    line = RawKeyboardTransport(parse_address("keyboard://05e0:1200", "scanner"), None, system)
    await line.open(heard.put_nowait, heard.put_nowait)
    await line.write(GRAB)
    for data in (record(0x1E), record(0x1E, 1), record(0x30, device=1), record(0x02)):
        system.tell(data)
    assert [await heard.get(), await heard.get()] == [b"a", b"1"]  # and nothing of the other keyboard
    system.told(WM_DEVICECHANGE, 0)
    del system.names[0x10045]
    system.told(WM_DEVICECHANGE, 0)
    lost = await heard.get()
    assert isinstance(lost, Unreachable)
    assert lost.sign == "input.lost"
    await line.close()
    assert system.open_windows == 0


async def test_a_keyboard_that_windows_does_not_know() -> None:
    line = RawKeyboardTransport(parse_address("keyboard://0c2e:0b01", "scanner"), None, Replaying())
    with pytest.raises(Unreachable, match="0c2e:0b01"):
        await line.open(lambda _: None, lambda _: None)
