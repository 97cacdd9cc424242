"""What can be held to the Win32 reference without Windows."""

from __future__ import annotations

import ctypes

import pytest

from console.domain.errors import Unsupported
from console.platforms.message_window import (
    ListedDevice,
    MessageWindow,
    RawDevice,
    WindowClass,
    keyboard_names,
    raw_record,
)


def test_structures_have_the_sizes_of_64_bit_windows() -> None:
    assert ctypes.sizeof(WindowClass) == 72  # WNDCLASSW
    assert ctypes.sizeof(RawDevice) == 16  # RAWINPUTDEVICE
    assert ctypes.sizeof(ListedDevice) == 16  # RAWINPUTDEVICELIST


def test_a_window_class_takes_a_procedure() -> None:
    procedure = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 7)
    address = ctypes.cast(procedure, ctypes.c_void_p)
    made = WindowClass(0, address, 0, 0, None, None, None, None, None, "Tillkeeper1")
    assert made.procedure == address.value
    assert made.name == "Tillkeeper1"


def test_on_another_system_it_is_said_so() -> None:
    for ask in (
        keyboard_names,
        lambda: raw_record(1),
        MessageWindow(lambda message, value: None, lambda window: None).open,
    ):
        with pytest.raises(Unsupported):
            ask()
