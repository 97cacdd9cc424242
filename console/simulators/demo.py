"""The demo store: a whole shop of simulated devices on this computer, for looking around and for training."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from console.domain.profile import Backend, Drawer, NetworkSetup, Printer, Scanner, Store, StoreProfile
from console.domain.subjects import NETWORK, Subject
from console.simulators.backend import BackendSimulator
from console.simulators.base import Simulator
from console.simulators.dns import DnsSimulator
from console.simulators.faults import FAULTS
from console.simulators.printer import PrinterSimulator
from console.simulators.scanner import ScannerSimulator
from console.simulators.thread import SimulatorThread

BACKEND_HOST = "orders.tillkeeper.example"  # a name that nobody can own (RFC 2606)

FRONT, KITCHEN = Subject("printer", "front"), Subject("printer", "kitchen")
COUNTER, ORDERS = Subject("scanner", "counter"), Subject("backend", "orders")

_NAMES = {
    "zh_CN": ("人民路店（演示）", "前台打印机", "后厨打印机", "收银扫码枪", "钱箱", "订单后台"),
    "en": (
        "People's Road (demo)",
        "Front printer",
        "Kitchen printer",
        "Counter scanner",
        "Cash drawer",
        "Orders",
    ),
}


class DemoShop:
    """Implements the DemoStore port; runs from its making until `close`. Makes files in a temporary folder.

    The scanner and the serial printer need pseudo-terminals; without them (Windows) the kitchen printer is
    a network one too, and the scanner is left out.
    """

    def __init__(self, language: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tillkeeper-demo-", ignore_cleanup_errors=True)
        self._thread = SimulatorThread("demo shop").start()
        self._backend = BackendSimulator.start(Path(self._folder.name), hosts=(BACKEND_HOST,))
        self._simulators: dict[Subject, Simulator] = {}
        try:
            self._open()
        except BaseException:
            self.close()
            raise
        self.profile = self.profile_in(language)

    def _open(self) -> None:
        terminals = sys.platform != "win32"
        made: dict[Subject, Simulator] = {
            FRONT: PrinterSimulator.tcp(),
            KITCHEN: PrinterSimulator.pty() if terminals else PrinterSimulator.tcp(),
            ORDERS: self._backend,
            NETWORK: DnsSimulator.start({BACKEND_HOST: "127.0.0.1"}),
        }
        if terminals:
            made[COUNTER] = ScannerSimulator.pty()
        for subject, simulator in made.items():
            self._simulators[subject] = self._thread.host(simulator)

    def profile_in(self, language: str) -> StoreProfile:
        """The demo store's profile, its names in `zh_CN` or `en`; KeyError for another language."""
        store, front, kitchen, counter, till, orders = _NAMES[language]
        at = {subject: simulator.address for subject, simulator in self._simulators.items()}
        port = at[ORDERS].rpartition(":")[2]
        return StoreProfile(
            store=Store(store, "zh_CN" if language == "zh_CN" else "en"),
            network=NetworkSetup(gateway="127.0.0.1", dns=at[NETWORK]),
            printer=(
                Printer("front", at[FRONT], label=front),
                Printer("kitchen", at[KITCHEN], label=kitchen),
            ),
            scanner=(Scanner("counter", at[COUNTER], label=counter),) if COUNTER in at else (),
            drawer=(Drawer("till", "front", label=till),),
            backend=(
                Backend(
                    "orders",
                    f"https://{BACKEND_HOST}:{port}/health",
                    known_addresses=("127.0.0.1",),
                    ca_file=str(self._backend.ca_file),
                    label=orders,
                ),
            ),
        )

    @property
    def faults(self) -> Mapping[Subject, Sequence[str]]:
        """The names of the faults that each simulated subject can show."""
        return {subject: FAULTS[simulator.kind] for subject, simulator in self._simulators.items()}

    def active(self, subject: Subject) -> Sequence[str]:
        """The faults that are switched on, by name."""
        return sorted(self._simulators[subject].faults)

    def set_fault(self, subject: Subject, fault: str, on: bool) -> None:
        """Switch a fault while the simulator runs; BadInput for an unknown one."""
        self._thread.call(self._simulators[subject].set_fault, fault, on)

    def scan(self, subject: Subject, code: str) -> None:
        """Let the simulated scanner read `code`; returns before the last character is sent."""
        scanner: Any = self._simulators[subject]
        self._thread.submit(scanner.scan, code)

    def close(self) -> None:
        """Stop every simulator and remove its files; bounded."""
        self._thread.stop()
        self._folder.cleanup()
