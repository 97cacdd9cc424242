"""Simulated devices on a simulated USB bus (see `usb_bus.py`), seen by programs in the bus's environment."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

from console.domain.errors import BadInput, Unsupported
from console.domain.words import say
from console.simulators.ports import Device

_LONGEST = 1 << 20  # bytes of one line from the bus
_END_SECONDS = 5.0

FAULTS = (
    "held",  # another program has the interface
    "denied",  # this user may not open it
    "nak",  # it takes nothing, for ever
    "stall",  # it halts every transfer
    "halt",  # it halts until the host clears that
    "split",  # each byte of an answer comes in a packet of its own
)


@dataclass(frozen=True)
class Alternate:
    """One alternate setting: class, subclass, protocol and the addresses of its endpoints; 0 for none."""

    kind: int = 7
    sub: int = 1
    protocol: int = 2
    out_end: int = 0x01
    in_end: int = 0x82


@dataclass(frozen=True)
class UsbModel:
    """What the device says of itself on the bus."""

    vendor: int = 0x04B8
    product: int = 0x0202
    serial: str = "SP80000001"
    maker: str = "Simulated"
    model: str = "SP-80"
    device_id: str | None = "MFG:Simulated;CMD:ESC/POS;MDL:SP-80;CLS:PRINTER;"  # None: it stalls the question
    status: int = 0x18  # answer to GET_PORT_STATUS; -1: it stalls the question
    driver: bool = True  # the system's usblp takes it as soon as it is there
    alternates: Sequence[Alternate] = (Alternate(),)
    report: str = ""  # a HID device's report descriptor in hexadecimal
    redirects: bool = False  # it sends codes only once feature report 254 says so


class UsbBus:
    """The bus as a process of its own; `environment` is what a program needs to see it."""

    program: ClassVar[str] = "usb_bus.py"

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tillkeeper-usb-")
        self.socket = str(Path(self._folder.name) / "bus")
        # Only the system's Python has the bindings of umockdev.
        self._process = subprocess.Popen(
            [
                "umockdev-wrapper",
                "/usr/bin/python3",
                str(Path(__file__).with_name(self.program)),
                self.socket,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        first = self._process.stdout.readline() if self._process.stdout else ""
        self.environment: Mapping[str, str] = json.loads(first or "{}")

    @classmethod
    def start(cls) -> Self:
        """A running bus; Unsupported where what it is made of is missing."""
        with contextlib.suppress(FileNotFoundError):
            bus = cls()
            if bus.environment:
                return bus
            bus.stop()
        raise Unsupported(
            say(
                "A simulated USB device needs more packages; install them with: {command}",
                command="sudo apt-get install umockdev gir1.2-umockdev-1.0 python3-gi libusb-1.0-0",
            )
        )

    def stop(self) -> None:
        """End it; every device on it vanishes."""
        self._process.communicate(timeout=_END_SECONDS)
        self._folder.cleanup()


class _UsbLine:
    """The way to the host; it stays as long as the device is plugged in."""

    def __init__(self, writer: asyncio.StreamWriter) -> None:
        self._writer = writer
        self.closed = False

    def order(self, **what: Any) -> None:
        if not self.closed:
            self._writer.write(json.dumps(what).encode() + b"\n")

    def write(self, data: bytes) -> None:
        self.order(**{"in": data.hex()})

    def pause(self, on: bool) -> None:
        self.order(pause=on)

    def hang_up(self) -> None:
        """A wire has nothing to hang up."""


class UsbPort:
    """A socket of a USB bus: a bus of its own, or the one that is lent."""

    kind: ClassVar[type[UsbBus]] = UsbBus
    known: ClassVar[Sequence[str]] = FAULTS

    def __init__(self, model: Any = None, bus: UsbBus | None = None) -> None:
        self.model = model or UsbModel()
        self.faults: set[str] = set()
        self._bus, self._lent = bus, bus is not None
        self._line: _UsbLine | None = None
        self._reading: asyncio.Task[None] | None = None
        self._states: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.place = ""  # the socket's name, such as 1-1, while plugged in

    @property
    def address(self) -> str:
        """`usb://VENDOR:PRODUCT`, `hid://VENDOR:PRODUCT` of a HID device."""
        return f"{'hid' if self.model.report else 'usb'}://{self.model.vendor:04x}:{self.model.product:04x}"

    @property
    def environment(self) -> Mapping[str, str]:
        """What programs need in theirs to see the device."""
        return self._bus.environment if self._bus else {}

    async def open(self, device: Device) -> None:
        """Plug in; Unsupported where there can be no simulated bus."""
        if self._bus is None:
            self._bus = await asyncio.to_thread(self.kind.start)
        reader, writer = await asyncio.open_unix_connection(self._bus.socket, limit=_LONGEST)
        shape = asdict(self.model) | {"faults": sorted(self.faults)}
        writer.write(json.dumps(shape).encode() + b"\n")
        self.place = json.loads(await reader.readline())["plugged"]
        self._line = _UsbLine(writer)
        self._reading = asyncio.create_task(self._read(reader, writer, self._line, device), name=self.address)

    async def _read(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: _UsbLine, device: Device
    ) -> None:
        try:
            while text := await reader.readline():
                match json.loads(text):
                    case {"out": data}:
                        device.received(line, bytes.fromhex(data))
                    case {"state": state}:
                        self._states.put_nowait(state)
                    case _:
                        pass
        except OSError:
            pass
        finally:
            line.closed = True
            writer.close()
            device.lost(line)

    def set_fault(self, name: str, on: bool) -> None:
        """Switch a fault of the line; BadInput for one that is none."""
        if name not in self.known:
            raise BadInput(
                say('USB has no fault "{name}". Known: {known}', name=name, known=" | ".join(self.known))
            )
        (self.faults.add if on else self.faults.discard)(name)
        self.order(fault=name, on=on)

    def write(self, data: bytes) -> None:
        """Send unasked, one packet or several; unheard while unplugged."""
        self.order(**{"in": data.hex()})

    def order(self, **what: Any) -> None:
        """Tell the bus what the device does: `status=0x38`, `pull_after=100` (bytes) and so on."""
        if self._line:
            self._line.order(**what)

    async def state(self) -> dict[str, Any]:
        """What the host did with it: `driver` attached, interface `claimed`, `alternate` chosen."""
        self.order(ask="state")
        return await self._states.get()

    async def unplug(self) -> None:
        """Pull the plug; the host is told."""
        if self._line and self._reading:
            self._line.order(unplug=True)
            await asyncio.wait([self._reading])
        self._line = self._reading = None

    async def close(self) -> None:
        """Unplug, and end the bus if it is our own."""
        await self.unplug()
        if self._bus and not self._lent:
            await asyncio.to_thread(self._bus.stop)
            self._bus = None
