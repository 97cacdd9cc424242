"""One keyboard by itself on Windows, by raw input (see `keyboard.py` for Linux and the address).

Windows tells which keyboard typed, and lets nobody take its keys away: they reach the window in front as
well, so that `GRAB` does nothing here. Caps Lock counts from its first press. Nobody has run this on Windows
yet; what is told is taken apart by the pure codec `raw_input`, and this class is tested by a window that only
replays records.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
from collections.abc import Callable, Mapping
from typing import Protocol

from console.domain.addresses import Address
from console.domain.errors import TillkeeperError, Unreachable, Unsupported
from console.domain.ports import Heard, Lost
from console.domain.words import say
from console.drivers.codecs.keys import Keys
from console.drivers.codecs.raw_input import RecordReader, numbers_in, read_record
from console.drivers.told import Fact, Told
from console.drivers.transports.keyboard import GRAB, gone, not_found
from console.platforms import message_window
from console.platforms.threads import in_thread


class Window(Protocol):
    """What tells of keys and plugged devices."""

    def open(self) -> None:
        """Begin; OSError where the system refuses."""

    def close(self) -> None:
        """End."""


class System(Protocol):
    """What `platforms.message_window` does, as far as it is used here."""

    def keyboard_names(self) -> Mapping[int, str]:
        """Every keyboard's handle and name."""

    def raw_record(self, handle: int) -> bytes:
        """What WM_INPUT stands for."""

    def window(self, told: Callable[[int, int], None]) -> Window:
        """A window that is told of both."""


class Windows:
    """The real system."""

    keyboard_names = staticmethod(message_window.keyboard_names)
    raw_record = staticmethod(message_window.raw_record)

    def window(self, told: Callable[[int, int], None]) -> Window:
        """A window that is told of both."""

        def setup(handle: int) -> None:
            message_window.listen_to_keys(handle)
            message_window.listen_to_plugs(handle)

        return message_window.MessageWindow(told, setup)


class RawKeyboardTransport:
    """One opening; records come on the window's thread."""

    def __init__(self, address: Address, told: Told | None = None, system: System | None = None) -> None:
        self._name = address.place
        self._system = system or Windows()
        self._told = {} if told is None else told
        self._reader = RecordReader(Keys(address.option("layout", "us")))
        self._pointer = ctypes.sizeof(ctypes.c_void_p)
        self._window: Window | None = None
        self._handles: frozenset[int] = frozenset()

    async def open(self, heard: Heard, lost: Lost) -> None:
        """Hear what it types from now on; Unreachable when it is not plugged in or Windows refuses."""
        loop = asyncio.get_running_loop()

        def tell(call: Callable[..., object], *values: object) -> None:
            with contextlib.suppress(RuntimeError):  # the loop was closed without closing this
                loop.call_soon_threadsafe(call, *values)

        def told(message: int, value: int) -> None:
            if message == message_window.WM_INPUT:
                if typed := self._typed(self._system.raw_record(value)):
                    tell(heard, typed.encode())
            elif self._handles and not self._handles & self._own(self._system.keyboard_names()):
                self._handles = frozenset()
                tell(lost, gone(self._name))

        await in_thread(self._open, told)

    def _open(self, told: Callable[[int, int], None]) -> None:
        names = self._system.keyboard_names()
        self._handles = self._own(names)
        if not self._handles:
            raise not_found(self._name)
        name = names[min(self._handles)]
        words = say("It types as the keyboard {model}", model=name)
        self._told["input.device"] = Fact(name, words, frozenset(), {"ModelName": name})
        self._window = self._system.window(told)
        try:
            self._window.open()
        except OSError as error:
            raise _refused(self._name, error) from error

    def _own(self, names: Mapping[int, str]) -> frozenset[int]:
        """The handles of this keyboard."""
        numbers, _, which = self._name.lower().partition("/")
        found = ((handle, numbers_in(name)) for handle, name in names.items())
        return frozenset(
            handle
            for handle, told in found
            if told and f"{told[0]:04x}:{told[1]:04x}" == numbers and which in ("", told[2].lower())
        )

    def _typed(self, record: bytes) -> str:
        pressed = read_record(record, self._pointer)
        return self._reader.feed(pressed) if pressed and pressed.device in self._handles else ""

    async def write(self, data: bytes) -> None:
        """`GRAB` is passed over: Windows takes no keys from anybody. Unsupported for anything else."""
        if data != GRAB:
            raise Unsupported(say("Nothing is sent to a keyboard"))

    def drop(self) -> None:
        """Nothing is on its way to a keyboard."""

    async def close(self) -> None:
        """Hear no more of it."""
        if self._window is not None:
            await in_thread(self._window.close)


def _refused(name: str, error: OSError) -> TillkeeperError:
    return Unreachable(
        say("The keyboard {name} cannot be read ({error})", name=name, error=str(error)), "input.failed"
    )
