"""A window of Windows that is never seen, for what the system tells windows alone: keys, and plugged devices.

Nobody has run this on Windows yet. What the messages hold is taken apart elsewhere, by pure functions.
"""

from __future__ import annotations

import ctypes
import sys
import threading
from collections.abc import Callable
from typing import Any

from console.domain.errors import Unsupported
from console.domain.words import say

WM_QUIT, WM_INPUT, WM_DEVICECHANGE = 0x12, 0xFF, 0x219
_MESSAGE_ONLY = -3  # HWND_MESSAGE
_INPUT_SINK, _REMOVE = 0x100, 0x1  # RIDEV_*
_GENERIC_DESKTOP, _KEYBOARD = 1, 6  # HID usage page and usage
_RID_INPUT, _RIDI_DEVICE_NAME = 0x10000003, 0x20000007
_ALL_CLASSES, _DEVICE_INTERFACE = 4, 5  # DEVICE_NOTIFY_ALL_INTERFACE_CLASSES, DBT_DEVTYP_DEVICEINTERFACE
_READY_SECONDS = 5.0
_NOTHING = 2**32 - 1

Told = Callable[[int, int], None]  # a message's number and its lParam, on the window's own thread


class MessageWindow:
    """The window and its thread, in which `setup` is called with its handle and `told` for each message."""

    def __init__(self, told: Told, setup: Callable[[int], None]) -> None:
        self._told = told
        self._setup = setup
        self._ready = threading.Event()
        self._trouble: BaseException | None = None
        self._id = 0
        self._thread = threading.Thread(target=self._work, name="message window", daemon=True)

    def open(self) -> None:
        """Make it; Unsupported on another system, OSError where Windows refuses."""
        _user32()
        self._thread.start()
        self._ready.wait(_READY_SECONDS)
        if self._trouble is not None:
            raise self._trouble

    def close(self) -> None:
        """Take it away; waits shortly for its thread."""
        if self._id:
            _user32().PostThreadMessageW(self._id, WM_QUIT, 0, 0)
            self._thread.join(_READY_SECONDS)

    def _work(self) -> None:
        user, kernel = _user32(), _windll("kernel32")
        self._id = int(kernel.GetCurrentThreadId())
        procedure = _procedure(user, self._told)
        address = ctypes.cast(procedure, ctypes.c_void_p)
        made = WindowClass(0, address, 0, 0, None, None, None, None, None, f"Tillkeeper{self._id}")
        try:
            if not user.RegisterClassW(ctypes.byref(made)):
                raise _last_error()
            window = user.CreateWindowExW(
                0, made.name, None, 0, 0, 0, 0, 0, ctypes.c_void_p(_MESSAGE_ONLY), None, None, None
            )
            if not window:
                raise _last_error()
            self._setup(window)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            self._trouble = error
            return
        finally:
            self._ready.set()
        message = ctypes.create_string_buffer(64)  # MSG is 48 bytes
        while user.GetMessageW(message, None, 0, 0) > 0:
            user.DispatchMessageW(message)
        user.DestroyWindow(ctypes.c_void_p(window))


class WindowClass(ctypes.Structure):
    """WNDCLASSW."""

    _fields_ = (
        ("style", ctypes.c_uint), ("procedure", ctypes.c_void_p), ("extra", ctypes.c_int),
        ("window_extra", ctypes.c_int), ("instance", ctypes.c_void_p), ("icon", ctypes.c_void_p),
        ("cursor", ctypes.c_void_p), ("background", ctypes.c_void_p), ("menu", ctypes.c_wchar_p),
        ("name", ctypes.c_wchar_p),
    )  # fmt: skip


class RawDevice(ctypes.Structure):
    """RAWINPUTDEVICE."""

    _fields_ = (
        ("page", ctypes.c_ushort),
        ("usage", ctypes.c_ushort),
        ("flags", ctypes.c_uint32),
        ("window", ctypes.c_void_p),
    )


class ListedDevice(ctypes.Structure):
    """RAWINPUTDEVICELIST."""

    _fields_ = (("handle", ctypes.c_void_p), ("kind", ctypes.c_uint32))


class Interface(ctypes.Structure):
    """DEV_BROADCAST_DEVICEINTERFACE_W."""

    _fields_ = (
        ("size", ctypes.c_uint32), ("kind", ctypes.c_uint32), ("reserved", ctypes.c_uint32),
        ("guid", ctypes.c_byte * 16), ("name", ctypes.c_wchar * 1),
    )  # fmt: skip


def listen_to_keys(window: int) -> None:
    """Have `window` told of every keyboard's keys, also while another window has the focus."""
    wanted = RawDevice(_GENERIC_DESKTOP, _KEYBOARD, _INPUT_SINK, window)
    if not _user32().RegisterRawInputDevices(ctypes.byref(wanted), 1, ctypes.sizeof(wanted)):
        raise _last_error()


def listen_to_plugs(window: int) -> None:
    """Have `window` told of every device that comes or goes."""
    wanted = Interface(ctypes.sizeof(Interface), _DEVICE_INTERFACE)
    if not _user32().RegisterDeviceNotificationW(ctypes.c_void_p(window), ctypes.byref(wanted), _ALL_CLASSES):
        raise _last_error()


def raw_record(handle: int) -> bytes:
    """The RAWINPUT that WM_INPUT's lParam stands for; b"" where it is gone."""
    user, size = _user32(), ctypes.c_uint()
    header = 8 + 2 * ctypes.sizeof(ctypes.c_void_p)
    user.GetRawInputData(ctypes.c_void_p(handle), _RID_INPUT, None, ctypes.byref(size), header)
    room = ctypes.create_string_buffer(max(1, min(size.value, 4096)))
    got = user.GetRawInputData(ctypes.c_void_p(handle), _RID_INPUT, room, ctypes.byref(size), header)
    return room.raw[:got] if 0 < got < _NOTHING else b""


def keyboard_names() -> dict[int, str]:
    """Every keyboard's handle with the name by which Windows knows it; Unsupported on another system."""
    user, count = _user32(), ctypes.c_uint()
    user.GetRawInputDeviceList(None, ctypes.byref(count), ctypes.sizeof(ListedDevice))
    room = (ListedDevice * max(1, count.value))()
    got = user.GetRawInputDeviceList(room, ctypes.byref(count), ctypes.sizeof(ListedDevice))
    listed = room[: got if 0 < got < _NOTHING else 0]
    return {each.handle: _name_of(user, each.handle) for each in listed if each.kind == 1}


def _name_of(user: Any, handle: int) -> str:
    size = ctypes.c_uint()
    user.GetRawInputDeviceInfoW(ctypes.c_void_p(handle), _RIDI_DEVICE_NAME, None, ctypes.byref(size))
    room = ctypes.create_unicode_buffer(max(1, min(size.value, 1024)))
    user.GetRawInputDeviceInfoW(ctypes.c_void_p(handle), _RIDI_DEVICE_NAME, room, ctypes.byref(size))
    return room.value


def _procedure(user: Any, told: Told) -> Any:
    """The window's procedure; the caller keeps it as long as the window lives."""
    kind = getattr(ctypes, "WINFUNCTYPE")(  # noqa: B009 - Windows alone has it
        ctypes.c_ssize_t, ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t, ctypes.c_ssize_t
    )
    user.DefWindowProcW.restype = ctypes.c_ssize_t
    user.DefWindowProcW.argtypes = (ctypes.c_void_p, ctypes.c_uint, ctypes.c_size_t, ctypes.c_ssize_t)

    def heard(window: int, message: int, word: int, long: int) -> int:
        if message in (WM_INPUT, WM_DEVICECHANGE):
            told(message, long)
        return int(user.DefWindowProcW(window, message, word, long))

    return kind(heard)


def _user32() -> Any:
    library = _windll("user32")
    library.CreateWindowExW.restype = ctypes.c_void_p
    return library


def _windll(name: str) -> Any:
    if sys.platform != "win32":
        raise Unsupported(say("Only Windows tells a window of keys and plugged devices in this way"))
    return ctypes.WinDLL(name, use_last_error=True)


def _last_error() -> OSError:
    return OSError(int(getattr(ctypes, "get_last_error", int)()), "Windows refused a message window")
