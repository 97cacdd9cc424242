"""The devices of the demo store: a whole shop of simulators, for looking around and for training."""

from __future__ import annotations

import asyncio
import json
import tempfile
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import ClassVar

from console.domain.errors import BadInput
from console.domain.subjects import NETWORK
from console.domain.words import say
from console.simulators.backend import BackendSimulator
from console.simulators.base import Simulator, nearest
from console.simulators.demo import CARD, COUNTER, DELI, DEVICES, FRONT, KITCHEN, NAMES, ORDERS, TAGS
from console.simulators.dns import DnsSimulator
from console.simulators.paper import Ticket
from console.simulators.printer import PrinterSimulator
from console.simulators.rfid import RfidSimulator
from console.simulators.scale import ScaleSimulator
from console.simulators.scanner import ScannerSimulator
from console.simulators.terminal import TerminalSimulator

BACKEND_HOST = "orders.tillkeeper.example"  # a name that nobody can own (RFC 2606)

_OURS = "TK"  # begins every code of a self-test's page


def _codes_on(picture: bytes) -> list[str]:
    """The one-time code on a printed page, read from its picture as a scanner would."""
    import zxingcpp
    from PIL import Image

    page = Image.open(BytesIO(picture)).convert("L")
    return [code.text for code in zxingcpp.read_barcodes(page) if code.text.startswith(_OURS)][:1]


class DemoShop(Simulator):
    """DEVICES as one simulator, named in `language`; its files lie in a temporary folder.

    Scanner, scale, RFID reader and serial printer need pseudo-terminals; without them (Windows) the kitchen
    printer is a network one too, and the others are left out.
    """

    kind: ClassVar[str] = "demo"
    usage: ClassVar[tuple[str, ...]] = ("DEVICE COMMAND",)

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = "zh_CN" if language == "zh_CN" else "en"
        self._folder = tempfile.TemporaryDirectory(prefix="tillkeeper-demo-", ignore_cleanup_errors=True)
        terminals = COUNTER in DEVICES
        self._backend = BackendSimulator.start(Path(self._folder.name), hosts=(BACKEND_HOST,))
        self._terminal = TerminalSimulator.tcp()
        self._devices: dict[str, Simulator] = {
            str(FRONT): PrinterSimulator.tcp(),
            str(KITCHEN): PrinterSimulator.pty() if terminals else PrinterSimulator.tcp(),
            str(ORDERS): self._backend,
            str(CARD): self._terminal,
            str(NETWORK): DnsSimulator.start({BACKEND_HOST: "127.0.0.1"}),
        }
        if terminals:
            self._devices |= {str(COUNTER): ScannerSimulator.pty(), str(DELI): ScaleSimulator.pty()}
            self._devices[str(TAGS)] = RfidSimulator.pty(protocol="m100")
        self._reading: set[asyncio.Task[None]] = set()
        for each in self._devices.values():
            if isinstance(each, PrinterSimulator):
                each.on_cut = partial(self._take_paper, each)

    def _take_paper(self, printer: PrinterSimulator, paper: Ticket) -> None:
        """Somebody of the demo's staff holds a self-test's page before the scanner, as they were asked to."""
        if str(COUNTER) in self._devices and _OURS in paper.text:
            reading = asyncio.get_running_loop().create_task(self._read(printer, paper))
            self._reading.add(reading)
            reading.add_done_callback(self._reading.discard)

    async def _read(self, printer: PrinterSimulator, paper: Ticket) -> None:
        scanner = self._devices[str(COUNTER)]
        for code in await asyncio.to_thread(_codes_on, printer.picture(paper)):
            await scanner.obey(f"scan {code}")

    def check_fault(self, name: str) -> None:
        """BadInput: a fault is one device's."""
        raise BadInput(
            say(
                'A fault is of one device; while the demo store runs, type "{command}"',
                command=f"{FRONT} fault {name} on",
            )
        )

    @property
    def address(self) -> str:
        """Of the backend; the profile has all."""
        return self._backend.address

    async def open(self) -> None:
        """Open every device; where one cannot be, none is."""
        try:
            await asyncio.gather(*(each.open() for each in self._devices.values()))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close every device and remove the files."""
        for each in self._devices.values():
            await each.close()
        self._folder.cleanup()

    def profile(self) -> str:
        """A whole store.toml."""
        store, front, kitchen, counter, till, orders, scale, tags, card = NAMES[self._language]
        terminal, port = self._terminal.place
        at = {name: each.address for name, each in self._devices.items()}
        entries = [
            _entry("[store]", name=store, language=self._language),
            _entry("[network]", gateway="127.0.0.1", dns=at[str(NETWORK)]),
            _entry("[[printer]]", name=FRONT.name, address=at[str(FRONT)], label=front, hold=True),
            _entry("[[printer]]", name=KITCHEN.name, address=at[str(KITCHEN)], label=kitchen),
            _entry("[[drawer]]", name="till", printer=FRONT.name, label=till),
            _entry(
                "[[terminal]]",
                name=CARD.name,
                address=terminal,
                port=port,
                model="S920",
                serial_number="53412345",
                firmware="7.1.0",
                label=card,
            ),
            _entry(
                "[[backend]]",
                name=ORDERS.name,
                url=f"https://{BACKEND_HOST}:{self._backend.port}/health",
                known_addresses=["127.0.0.1"],
                ca_file=str(self._backend.ca_file),
                label=orders,
            ),
        ]
        if str(COUNTER) in at:
            entries.append(_entry("[[scanner]]", name=COUNTER.name, address=at[str(COUNTER)], label=counter))
            entries.append(
                _entry("[[scale]]", name=DELI.name, address=at[str(DELI)], protocol="toledo", label=scale)
            )
            entries.append(
                _entry("[[rfid]]", name=TAGS.name, address=at[str(TAGS)], protocol="m100", label=tags)
            )
        return "\n".join(entries)

    async def obey(self, line: str) -> dict[str, object]:
        """`DEVICE COMMAND`: what that device's own simulator knows."""
        name, _, command = line.strip().partition(" ")
        if name not in self._devices:
            raise BadInput(
                say(
                    'The demo store has no device "{device}". Nearest: {nearest}',
                    device=name,
                    nearest=nearest(name, tuple(self._devices)),
                )
            )
        return await self._devices[name].obey(command)


def _entry(heading: str, **values: object) -> str:
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items())
    return f"{heading}\n{''.join(lines)}"
