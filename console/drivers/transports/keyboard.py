"""One keyboard by itself: `keyboard://VENDOR:PRODUCT` in hexadecimal, with `/SERIAL` where two are alike.

What is heard is what it types, as UTF-8 with Enter as CR. Nothing is taken from anybody until `GRAB` is
written; from then on the keys come here alone, unless the address says `?grab=no`.
"""

from __future__ import annotations

import asyncio
import contextlib
import select
import sys
import threading
import time
from collections.abc import Callable, Sequence
from errno import EACCES, EBUSY, EIO, ENODEV, ENOENT, EPERM
from typing import TYPE_CHECKING, Any

from console.domain.addresses import Address
from console.domain.errors import Busy, Denied, TillkeeperError, Timeout, Unreachable, Unsupported
from console.domain.ports import Heard, Lost, Transport
from console.domain.words import say
from console.drivers.codecs.evdev import EVENT_BYTES, EventReader
from console.drivers.codecs.keys import Keys
from console.drivers.told import Fact, Told

if TYPE_CHECKING:
    from console.drivers.transports.input_device import Keyboard, OpenKeyboard

GRAB = b"grab"
_RULE = "installer/udev/70-tillkeeper-keyboard-scanners.rules"
_INSTALL = f"sudo cp {_RULE} /etc/udev/rules.d/ && sudo udevadm control --reload && sudo udevadm trigger"
_OPEN_SECONDS = 4.0
_CLOSE_SECONDS = 0.5
_STILL_SECONDS = 1.0  # that a key which is down may keep us from grabbing
_SLICE_MS, _GRABBING_MS = 50, 5  # how long closing, or the wish to grab, may go unnoticed
_AT_ONCE = 256  # events a read


def at(address: Address, told: Told | None = None) -> Transport:
    """The way to `keyboard://05e0:1200?layout=de&grab=no` on this system; Unsupported where there is none."""
    if sys.platform == "win32":
        from console.drivers.transports.raw_keyboard import RawKeyboardTransport

        return RawKeyboardTransport(address, told)
    if sys.platform == "linux":
        return KeyboardTransport(address, told)
    raise Unsupported(say("On this system one keyboard cannot be told from another; write keyboard: instead"))


class KeyboardTransport:
    """One opening, on Linux; a thread reads every file of the keyboard and has its keys alone if it may."""

    def __init__(self, address: Address, told: Told | None = None) -> None:
        self._name = address.place
        self._layout = address.option("layout", "us")
        self._may_grab = address.option("grab", "yes") == "yes"
        self._told = {} if told is None else told
        self._closing = threading.Event()
        self._grabbing: asyncio.Future[None] | None = None
        self._ended: asyncio.Future[None] | None = None

    async def open(self, heard: Heard, lost: Lost) -> None:
        """Read what it types from now on; Unreachable, Busy, Denied or Timeout."""
        self._loop = asyncio.get_running_loop()
        self._ended = self._loop.create_future()
        opened: asyncio.Future[None] = self._loop.create_future()
        threading.Thread(
            target=self._work, args=(opened, heard, lost), name=f"keyboard {self._name}", daemon=True
        ).start()
        try:
            async with asyncio.timeout(_OPEN_SECONDS):
                await opened
        except TimeoutError as error:
            self._closing.set()
            words = say(
                "The keyboard {name} did not open within {seconds} s", name=self._name, seconds=_OPEN_SECONDS
            )
            raise Timeout(words, "input.open_timeout") from error
        except asyncio.CancelledError:
            self._closing.set()
            raise

    async def write(self, data: bytes) -> None:
        """`GRAB` takes its keys alone, in a moment when none is down; Busy when another program has them."""
        if data != GRAB:
            raise Unsupported(say("Nothing is sent to a keyboard"))
        if self._ended is None or self._ended.done():
            raise gone(self._name)
        if self._may_grab:
            self._grabbing = self._loop.create_future()
            await asyncio.wait({self._grabbing, self._ended}, return_when=asyncio.FIRST_COMPLETED)
            if not self._grabbing.done():
                raise gone(self._name)
            self._grabbing.result()

    def drop(self) -> None:
        """Nothing is on its way to a keyboard."""

    async def close(self) -> None:
        """Let go; its keys reach everybody again."""
        self._closing.set()
        if self._ended is not None:
            await asyncio.wait({self._ended}, timeout=_CLOSE_SECONDS)

    def _work(self, opened: asyncio.Future[None], heard: Heard, lost: Lost) -> None:
        """The thread: open, then read until closed or lost."""
        files: list[OpenKeyboard] = []
        try:
            keyboard = self._take(files)
            self._introduce(keyboard)
            caps, numbers = files[0].locks()
            keys = Keys(self._layout, caps, numbers)
            self._tell(settle, opened)
            self._listen({each: EventReader(keys) for each in files}, heard)
        except TillkeeperError as trouble:
            self._tell(settle, opened, trouble)
        except OSError as error:
            self._tell(_lose, opened, lost, _trouble(self._name, error))
        finally:
            for each in files:
                each.close()
            self._tell(settle, self._ended)

    def _take(self, files: list[OpenKeyboard]) -> Keyboard:
        from console.drivers.transports.input_device import OpenKeyboard, keyboards

        keyboard = _chosen(self._name, keyboards())
        for file in keyboard.files:
            files.append(OpenKeyboard(file))  # noqa: PERF401 - what was opened before a refusal must be closed
        return keyboard

    def _introduce(self, keyboard: Keyboard) -> None:
        words = say("It types as the keyboard {model}", model=keyboard.name)
        told = {"ModelName": keyboard.name, "SerialNumber": keyboard.serial}
        fields = {name: value for name, value in told.items() if value}
        self._told["input.device"] = Fact(keyboard.name, words, frozenset(), fields)

    def _listen(self, readers: dict[OpenKeyboard, EventReader], heard: Heard) -> None:
        waiting = select.poll()
        for each in readers:
            waiting.register(each.number, select.POLLIN)
        still_until: float | None = None
        while not self._closing.is_set():
            wish = self._grabbing if self._grabbing and not self._grabbing.done() else None
            waiting.poll(_GRABBING_MS if wish else _SLICE_MS)
            for each, reader in readers.items():
                if typed := reader.feed(each.read(_AT_ONCE * EVENT_BYTES)):
                    self._tell(heard, typed.encode())
            if wish:
                still_until = still_until or time.monotonic() + _STILL_SECONDS
                self._grab(list(readers), wish, late=time.monotonic() > still_until)

    def _grab(self, files: list[OpenKeyboard], wish: asyncio.Future[None], late: bool) -> None:
        """Not while a key is down: the others would never hear that it came up, and repeat it for ever."""
        if not late and any(each.held() for each in files):
            return
        try:
            for each in files:
                each.grab()
        except OSError as error:
            if error.errno == ENODEV:
                raise
            self._tell(settle, wish, _trouble(self._name, error))
        else:
            self._tell(settle, wish)

    def _tell(self, call: Callable[..., object], *values: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed without closing this
            self._loop.call_soon_threadsafe(call, *values)


def _lose(opened: asyncio.Future[None], lost: Lost, trouble: TillkeeperError) -> None:
    if opened.done():
        lost(trouble)
    else:
        opened.set_exception(trouble)


def settle(future: asyncio.Future[None], trouble: TillkeeperError | None = None) -> None:
    """Let whoever waits go on, or raise `trouble` there."""
    if future.done():
        return
    if trouble is None:
        future.set_result(None)
    else:
        future.set_exception(trouble)


def _chosen(name: str, keyboards: Sequence[Keyboard]) -> Keyboard:
    """The keyboard `05e0:1200` or `05e0:1200/SERIAL`; Unreachable where there is none, or more than one."""
    from console.drivers.transports.input_device import which_of

    numbers, _, which = name.partition("/")
    vendor, product = (int(number, 16) for number in numbers.split(":"))
    alike = [each for each in keyboards if (each.vendor, each.product) == (vendor, product)]
    found = [each for each in alike if not which or which in (each.serial, each.socket)]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"keyboard://{numbers}/{which_of(each, found)}" for each in found)
        raise Unreachable(
            say(
                "There are {count} USB devices {name}; write which one into the address: {choices}",
                count=len(found),
                name=name,
                choices=choices,
            ),
            "input.ambiguous",
        )
    raise not_found(name)


def not_found(name: str) -> Unreachable:
    """No keyboard of this name is there."""
    return Unreachable(
        say("No keyboard {name} is plugged in; is the scanner's cable in, and is it set to type?", name=name),
        "input.not_found",
    )


def gone(name: str) -> Unreachable:
    """It was there a moment ago."""
    return Unreachable(say("The keyboard {name} vanished; was the cable pulled?", name=name), "input.lost")


def _trouble(name: str, error: OSError) -> TillkeeperError:
    if error.errno in (EACCES, EPERM):
        return Denied(
            say(
                'This user may not read the keyboard {name}: run "{command}", then plug it in again; or run'
                ' "sudo usermod -aG input $USER" and log in again',
                name=name,
                command=_INSTALL,
            ),
            "input.denied",
        )
    if error.errno == EBUSY:
        return Busy(
            say(
                "Another program has taken the keys of {name} for itself; close that program, or write"
                " grab=no into the address",
                name=name,
            ),
            "input.busy",
        )
    if error.errno in (ENODEV, ENOENT, EIO):
        return gone(name)
    return Unreachable(
        say("The keyboard {name} cannot be read ({error})", name=name, error=str(error)), "input.failed"
    )
