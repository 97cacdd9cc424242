"""A printer on USB: `usb://VENDOR:PRODUCT` in hexadecimal, `usb://VENDOR:PRODUCT/SERIAL` where two are alike.

Where two have no serial number either, SERIAL is the socket: `usb://04b8:0202/1-2.3`.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
import time
from collections.abc import Callable
from typing import Any, Concatenate, ParamSpec, TypeVar

from console.domain.addresses import Address
from console.domain.errors import Busy, TillkeeperError, Timeout, Unreachable
from console.domain.ports import Heard, Lost
from console.domain.words import say
from console.drivers.codecs.usb_printer import port_status_meaning, port_status_signs
from console.drivers.told import Fact, Told
from console.drivers.transports.usb_interface import UsbInterface
from console.platforms.threads import begin, in_thread

_OPEN_SECONDS = 4.0
_WRITE_SECONDS = 3.0
_CLOSE_SECONDS = 0.15
_HELD_SECONDS = 0.5
_LOOK_SECONDS = 0.25  # how often a printer that is never heard is asked whether it is still there
_P = ParamSpec("_P")
_T = TypeVar("_T")


class UsbTransport:
    """One opening; a thread holds the interface and reads, each write is a thread's beside it."""

    _kind: type[UsbInterface] = UsbInterface

    def __init__(
        self,
        vendor: int,
        product: int,
        which: str = "",
        write_seconds: float = _WRITE_SECONDS,
        told: Told | None = None,
    ) -> None:
        self._name = f"{vendor:04x}:{product:04x}"
        self._vendor, self._product, self._which = vendor, product, which
        self._write_seconds = write_seconds
        self._told = {} if told is None else told
        self._interface: UsbInterface | None = None
        self._turn = threading.Lock()  # for one transfer to the printer
        self._writing = threading.Lock()  # for all transfers of one write
        self._stopping = threading.Event()
        self._closed = False
        self._ended: asyncio.Future[None] | None = None

    @classmethod
    def at(cls, address: Address, told: Told | None = None) -> UsbTransport:
        """The way to `usb://04b8:0202`; what it tells besides goes into `told`."""
        numbers, _, which = address.place.partition("/")
        vendor, product = (int(number, 16) for number in numbers.split(":"))
        return cls(vendor, product, which, told=told)

    async def open(self, heard: Heard, lost: Lost) -> None:
        """Claim the interface and read without pause; Unreachable, Busy, Denied or Timeout."""
        self._loop = asyncio.get_running_loop()
        self._ended = self._loop.create_future()
        opened: asyncio.Future[None] = self._loop.create_future()
        begin(f"usb {self._name}", lambda: self._work(opened, heard, lost))
        try:
            async with asyncio.timeout(_OPEN_SECONDS):
                await opened
        except TimeoutError as error:
            self._stop()
            raise Timeout(
                say(
                    "The USB device {name} did not open within {seconds} s; plug it in again",
                    name=self._name,
                    seconds=_OPEN_SECONDS,
                ),
                "usb.open_timeout",
            ) from error
        except asyncio.CancelledError:
            self._stop()
            raise

    async def write(self, data: bytes) -> None:
        """Hand over all of `data`; Timeout when nothing is taken for a while, Unreachable when it is gone."""
        await in_thread(self._send, data)

    async def port_status(self) -> int | None:
        """The byte of GET_PORT_STATUS (see codecs.usb_printer); None where the printer does not know it."""
        return await in_thread(self._in_turn, UsbInterface.port_status)

    def drop(self) -> None:
        """Nothing waits on this side: what the printer has not taken was not sent."""

    async def close(self) -> None:
        """Give the interface back; a transfer under way is given up."""
        self._stop()
        if self._ended is not None:
            await asyncio.wait({self._ended}, timeout=_CLOSE_SECONDS)

    def _stop(self) -> None:
        self._closed = True
        self._stopping.set()

    def _work(self, opened: asyncio.Future[None], heard: Heard, lost: Lost) -> None:
        """The thread: claim, then read until closed or lost, then give back."""
        try:
            self._told.pop("usb.port_status", None)
            self._interface = self._take()
        except TillkeeperError as trouble:
            self._tell(_settle, opened, trouble)
        else:
            with contextlib.suppress(OSError):  # pulled out; told below, as when a write has noticed it
                self._interface.forget()
                self._introduce(self._interface, heard)
                self._tell(_settle, opened)
                self._listen(self._interface, heard)
            self._stopping.set()
            with self._turn:
                self._interface.give_back()
            if not self._closed:
                self._tell(self._vanished, opened, lost)
        finally:
            self._tell(_settle, self._ended)

    def _take(self) -> UsbInterface:
        """Claim the printer; one that is held is tried for a moment, an opening before this may be ending."""
        ends = time.monotonic() + _HELD_SECONDS
        while True:
            try:
                return self._kind.take(self._vendor, self._product, self._which)
            except Busy:
                if time.monotonic() > ends or self._stopping.wait(_HELD_SECONDS / 10):
                    raise

    def _vanished(self, opened: asyncio.Future[None], lost: Lost) -> None:
        if opened.done():
            lost(self._gone())
        else:
            opened.set_exception(self._gone())

    def _introduce(self, interface: UsbInterface, heard: Heard) -> None:
        """The two questions that go beside the data."""
        if "usb.device_id" not in self._told and (fields := interface.device_id()):
            text = ";".join(f"{key}:{value}" for key, value in fields.items())
            maker, model = fields.get("MFG", "?"), fields.get("MDL", "?")
            words = say("On USB it calls itself {maker} {model}", maker=maker, model=model)
            self._told["usb.device_id"] = Fact(text, words, frozenset({"usb.identified"}), fields)
        if (status := interface.port_status()) is not None:
            signs = port_status_signs(status)
            self._told["usb.port_status"] = Fact(f"{status:02x}", port_status_meaning(signs), signs)

    def _listen(self, interface: UsbInterface, heard: Heard) -> None:
        while not self._stopping.is_set():
            if not interface.hears:
                self._stopping.wait(_LOOK_SECONDS)
                interface.port_status()  # an error when it has gone
            elif data := interface.read():
                self._tell(heard, data)

    def _send(self, data: bytes) -> None:
        with self._writing:  # also after a caller that was cancelled, so that nothing lands inside its data
            at, ends = 0, time.monotonic() + self._write_seconds
            while at < len(data):
                if taken := self._in_turn(UsbInterface.write, data, at):
                    at, ends = at + taken, time.monotonic() + self._write_seconds
                elif time.monotonic() > ends:
                    raise self._stuck()

    def _in_turn(
        self, ask: Callable[Concatenate[UsbInterface, _P], _T], *values: _P.args, **more: _P.kwargs
    ) -> _T:
        """What `ask` does with the interface; Unreachable once it is given back or gone."""
        with self._turn:
            if self._interface is None or self._stopping.is_set():
                raise self._gone()
            try:
                return ask(self._interface, *values, **more)
            except OSError as error:
                self._stopping.set()
                raise self._gone() from error

    def _tell(self, call: Callable[..., object], *values: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed without closing this
            self._loop.call_soon_threadsafe(call, *values)

    def _stuck(self) -> Timeout:
        words = say(
            "The USB printer {name} took no data for {seconds} s; it may be out of paper or offline",
            name=self._name,
            seconds=self._write_seconds,
        )
        return Timeout(words, "usb.write_timeout")

    def _gone(self) -> Unreachable:
        return Unreachable(
            say("The USB device {name} vanished; was the cable pulled?", name=self._name), "usb.lost"
        )


def _settle(future: asyncio.Future[None], trouble: TillkeeperError | None = None) -> None:
    if future.done():
        return
    if trouble is None:
        future.set_result(None)
    else:
        future.set_exception(trouble)
