"""A device on a serial port, by one thread a port that reads without pause."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import queue
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from console.domain.addresses import Address
from console.domain.errors import Busy, Denied, TillkeeperError, Timeout, Unreachable
from console.domain.ports import Heard, Lost
from console.domain.words import say
from console.platforms.threads import begin

if TYPE_CHECKING:
    import serial

try:
    from termios import error as _TERMIOS_ERROR  # noqa: N812 - on POSIX; it is no OSError
except ImportError:
    _TERMIOS_ERROR = OSError  # type: ignore[assignment, misc]

BAUD = 9600
_OPEN_SECONDS = 4.0
_WRITE_SECONDS = 2.0
_READ_SECONDS = 0.05  # how long closing may go unnoticed where a read cannot be cancelled
_CLOSE_SECONDS = 0.15
_DRAIN_SECONDS = 10.0  # that an orderly closing may wait for the wire
_DRAIN_STEP = 0.005
_LAST_WORD = 0.05  # seconds for what is written after a drop
_PIECE = 128  # bytes a slow wire carries well within the time-out of a write
_GOING = (OSError, TypeError, _TERMIOS_ERROR)  # what pyserial raises while a port is closed or vanishes
_MISSING = frozenset({errno.ENOENT, errno.ENODEV, errno.ENXIO})
_HELD = frozenset({errno.EBUSY, errno.EAGAIN, errno.EWOULDBLOCK})
_FORBIDDEN = frozenset({errno.EACCES, errno.EPERM})


class SerialTransport:
    """One opening of a port (a device path or COM name); for the next one make a new transport.

    `parity` is N, E or O. Of the kinds of `flow`, dsrdtr works on Windows alone: Linux has no such switch.
    """

    def __init__(
        self,
        place: str,
        baud: int = BAUD,
        write_seconds: float = _WRITE_SECONDS,
        bits: int = 8,
        parity: str = "N",
        flow: str = "none",
    ) -> None:
        self._place = place
        self._baud = baud
        self._write_seconds = write_seconds
        self._bits, self._parity, self._flow = bits, parity, flow
        self._port: serial.Serial | None = None
        self._outbox: queue.SimpleQueue[tuple[bytes, asyncio.Future[None]]] = queue.SimpleQueue()
        self._closing = threading.Event()
        self._dropped = False
        self._ended: asyncio.Future[None] | None = None

    @classmethod
    def at(cls, address: Address, baud: int | None = None) -> SerialTransport:
        """The way to `serial:///dev/ttyUSB0?baud=19200&flow=rtscts&parity=even&bits=7`, or that at `baud`."""
        return cls(
            address.place,
            baud or address.number("baud", BAUD),
            bits=address.number("bits", 8),
            parity=address.option("parity", "none")[0].upper(),
            flow=address.option("flow", "none"),
        )

    async def open(self, heard: Heard, lost: Lost) -> None:
        """Take the port for this program alone and read; Unreachable, Busy, Denied or Timeout."""
        self._loop = asyncio.get_running_loop()
        self._ended = self._loop.create_future()
        opened: asyncio.Future[None] = self._loop.create_future()
        begin(f"serial {self._place}", lambda: self._work(opened, heard, lost))
        try:
            async with asyncio.timeout(_OPEN_SECONDS):
                await opened
        except TimeoutError as error:
            self._closing.set()
            raise Timeout(
                say("{port} did not open within {seconds} s", port=self._place, seconds=_OPEN_SECONDS),
                "serial.open_timeout",
            ) from error
        except asyncio.CancelledError:
            self._closing.set()
            raise

    async def write(self, data: bytes) -> None:
        """Hand over all of `data`; Timeout when the device holds it back, Unreachable when it is gone."""
        if self._port is None or self._ended is None or self._ended.done():
            raise self._gone()
        written: asyncio.Future[None] = self._loop.create_future()
        self._outbox.put((data, written))
        self._wake(self._port)
        try:
            # The thread times a stuck write out by itself; the end of the thread is the other way out.
            await asyncio.wait({written, self._ended}, return_when=asyncio.FIRST_COMPLETED)
            if not written.done():
                raise self._gone()
            written.result()
        finally:
            written.cancel()

    def drop(self) -> None:
        """Throw away what the system has taken and the wire has not carried yet."""
        self._dropped = True
        if self._port is not None:
            with contextlib.suppress(*_GOING):
                self._port.cancel_write()
                self._port.reset_output_buffer()

    async def close(self) -> None:
        """Let go of the port; what was written goes out first, unless it was dropped or is held back."""
        self._closing.set()
        if self._ended is None or self._ended.done():
            return
        if self._port is not None:
            self._wake(self._port, writing=True)
        try:
            await asyncio.wait({self._ended}, timeout=_CLOSE_SECONDS if self._dropped else _DRAIN_SECONDS)
        except asyncio.CancelledError:
            self._dropped = True
            raise

    @staticmethod
    def _wake(port: serial.Serial, writing: bool = False) -> None:
        with contextlib.suppress(*_GOING):
            port.cancel_read()
            if writing:
                port.cancel_write()

    def _work(self, opened: asyncio.Future[None], heard: Heard, lost: Lost) -> None:
        """The thread: open, then read and write by turns until closed or lost."""
        try:
            self._port = self._take()
        except TillkeeperError as trouble:
            self._tell(_fail, opened, trouble)
        else:
            self._tell(_succeed, opened)
            try:
                self._exchange(self._port, heard)
            except (OSError, TypeError):  # TypeError: pyserial's answer to a descriptor that has gone
                if not self._closing.is_set():
                    self._tell(lost, self._gone())
            finally:
                with contextlib.suppress(*_GOING):
                    self._drain(self._port)
                with contextlib.suppress(OSError):
                    self._port.close()
        finally:
            self._tell(_succeed, self._ended)

    def _take(self) -> serial.Serial:
        import serial

        try:
            return serial.Serial(
                self._place,
                self._baud,
                self._bits,
                self._parity,
                rtscts=self._flow == "rtscts",
                dsrdtr=self._flow == "dsrdtr",
                xonxoff=self._flow == "xonxoff",
                timeout=_READ_SECONDS,
                write_timeout=self._write_seconds,
                exclusive=True,
            )
        except (OSError, ValueError, _TERMIOS_ERROR) as error:
            raise _opening_trouble(self._place, error) from error

    def _exchange(self, port: serial.Serial, heard: Heard) -> None:
        while not self._closing.is_set():
            self._send(port)
            data = port.read(1)
            if data:
                self._tell(heard, data + port.read(port.in_waiting))

    def _send(self, port: serial.Serial) -> None:
        import serial

        with contextlib.suppress(queue.Empty):
            while not self._closing.is_set():
                data, written = self._outbox.get_nowait()
                try:
                    for at in range(0, len(data), _PIECE):
                        if written.cancelled() or self._closing.is_set():
                            break
                        port.write(data[at : at + _PIECE])
                except serial.SerialTimeoutException:
                    self._tell(_fail, written, self._stuck())
                else:
                    self._tell(_succeed, written)

    def _drain(self, port: serial.Serial) -> None:
        """Wait for what still has to go out, as long as it goes; throw the rest away.

        Linux keeps a port that is closed with unsent bytes for up to 30 s (closing_wait), and an adapter that
        holds some back for a printer's sake as long, whatever was thrown away here (unchecked on hardware).
        """
        left, since = port.out_waiting, time.monotonic()
        while left and time.monotonic() - since < (_LAST_WORD if self._dropped else self._write_seconds):
            threading.Event().wait(_DRAIN_STEP)
            before, left = left, port.out_waiting
            if left < before and not self._dropped:
                since = time.monotonic()
        if left:
            port.reset_output_buffer()
            port.rtscts = port.xonxoff = False

    def _tell(self, call: Callable[..., object], *values: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the loop was closed without closing this port
            self._loop.call_soon_threadsafe(call, *values)

    def _stuck(self) -> Timeout:
        words = say(
            "{port} did not take data for {seconds} s; the device holds it back or is off",
            port=self._place,
            seconds=self._write_seconds,
        )
        return Timeout(words, "serial.write_timeout")

    def _gone(self) -> Unreachable:
        return Unreachable(say("{port} vanished; was the cable pulled?", port=self._place), "serial.lost")


def _succeed(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: asyncio.Future[None], trouble: TillkeeperError) -> None:
    if not future.done():
        future.set_exception(trouble)


def _opening_trouble(place: str, error: Exception) -> TillkeeperError:
    number = getattr(error, "errno", None)
    text = str(error)  # on Windows pyserial gives the system's error as text alone
    if number in _HELD or "PermissionError" in text:
        return Busy(
            say("{port} is held by another program; close that program or its port setting", port=place),
            "serial.busy",
        )
    if number in _MISSING or "FileNotFoundError" in text:
        return Unreachable(
            say("There is no port {port}; is the device plugged in and on?", port=place), "serial.not_found"
        )
    if number in _FORBIDDEN:
        return Denied(
            say(
                'This user may not open {port}: run "sudo usermod -aG dialout $USER", then log in again',
                port=place,
            ),
            "serial.denied",
        )
    return Unreachable(
        say("{port} cannot be used as a serial port ({error})", port=place, error=text), "serial.failed"
    )
