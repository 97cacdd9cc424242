"""The demo store, as a window sees it: its devices run in a process of their own, as a shop's devices do."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from console.domain.errors import Unreachable
from console.domain.profile import StoreProfile
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say
from console.simulators.base import check_fault
from console.simulators.faults import FAULTS

FRONT, KITCHEN = Subject("printer", "front"), Subject("printer", "kitchen")
COUNTER, ORDERS = Subject("scanner", "counter"), Subject("backend", "orders")
TILL, DELI = Subject("drawer", "till"), Subject("scale", "deli")

# Every simulated subject, and the kind of its simulator.
DEVICES = {FRONT: "printer", KITCHEN: "printer", ORDERS: "backend", NETWORK: "dns"} | (
    {COUNTER: "scanner", DELI: "scale"} if sys.platform != "win32" else {}
)

# The store; then its printers, scanner, drawer, backend and scale.
NAMES = {
    "zh_CN": ("人民路店（演示）", "前台打印机", "后厨打印机", "收银扫码枪", "钱箱", "订单后台", "电子秤"),
    "en": (
        "People's Road (demo)",
        "Front printer",
        "Kitchen printer",
        "Counter scanner",
        "Cash drawer",
        "Orders",
        "Scale",
    ),
}

_BOUND = 10.0  # seconds that an answer, or the end, may take
_START = 30.0  # seconds that the start may take: a busy machine needs some of them


class DemoProcess:
    """Implements the DemoStore port; runs `tillkeeper simulate demo` from its making until `close`.

    The devices end with their standard input, so they outlive nobody: not a killed window either.
    Unreachable where they do not start, or run no more.
    """

    def __init__(self, language: str) -> None:
        self._asking, self._sending = threading.Lock(), threading.Lock()
        self._sent = self._heard = 0  # commands, and answers to them
        self._answers: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._active: dict[Subject, Sequence[str]] = {}
        self._process = subprocess.Popen(
            [*_program(), "--lang", language, "simulate", "demo", "--attached"],
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            start_new_session=True,  # Ctrl-C is for this process, which then lets go of the devices
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        self._listener = threading.Thread(target=self._listen, name="demo shop", daemon=True)
        self._listener.start()

    def profile(self) -> str:
        """Wait until every device is there; the store.toml that they make up. Once, before anything else."""
        try:
            return str(self._answer(_START)["profile"])
        except BaseException:
            self.close()
            raise

    @staticmethod
    def profile_in(profile: StoreProfile, language: str) -> StoreProfile:
        """The same store, its names in `zh_CN` or `en`; KeyError for another language."""
        store, *names = NAMES[language]
        labels = dict(zip((FRONT, KITCHEN, COUNTER, TILL, ORDERS, DELI), names, strict=True))

        def named(kind: str) -> Any:
            return tuple(
                replace(each, label=labels[Subject(kind, each.name)]) for each in getattr(profile, kind)
            )

        code: Any = language
        named_anew = {kind: named(kind) for kind in {each.kind for each in labels}}
        return replace(profile, store=replace(profile.store, name=store, language=code), **named_anew)

    @property
    def faults(self) -> Mapping[Subject, Sequence[str]]:
        """The names of the faults that each simulated subject can show."""
        return {subject: FAULTS[kind] for subject, kind in DEVICES.items()}

    def active(self, subject: Subject) -> Sequence[str]:
        """The faults that are switched on, by name."""
        return self._active.get(subject, ())

    def set_fault(self, subject: Subject, fault: str, on: bool) -> None:
        """Switch a fault while the device runs; BadInput for an unknown one, OSError where it cannot be."""
        check_fault(DEVICES[subject], fault)
        self._active[subject] = self._ask(f"{subject} fault {fault} {'on' if on else 'off'}")["faults"]

    def scan(self, subject: Subject, code: str, paper: bool = False) -> None:
        """Let the simulated scanner read `code`; waits for nothing, so the window may call it."""
        self._send(f"{subject} {'paper' if paper else 'scan'} {code}")

    def weigh(self, subject: Subject, kilograms: float) -> None:
        """Lay so much on the simulated scale, 0 takes everything off; waits for nothing, as `scan`."""
        self._send(f"{subject} put {kilograms}" if kilograms else f"{subject} take")

    def printed(self, subject: Subject) -> bytes | None:
        """The newest paper of a printer as PNG, drawn anew; None where nothing was printed."""
        if DEVICES.get(subject) != "printer" or not self._ask(f"{subject} text")["text"]:
            return None
        with tempfile.TemporaryDirectory(prefix="tillkeeper-") as folder:
            path = Path(folder) / "paper.png"
            self._ask(f"{subject} save {path}")
            return path.read_bytes()

    def close(self) -> None:
        """Have every simulator stop and remove its files; bounded."""
        with self._asking:
            if self._process.stdin is None or self._process.stdin.closed:
                return
            with suppress(OSError):  # it has ended already
                self._process.stdin.close()
            try:
                self._process.wait(_BOUND)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._listener.join()

    def _ask(self, line: str) -> dict[str, Any]:
        """The answer to one command, behind those to earlier ones; OSError where it was refused."""
        with self._asking:
            number = self._send(line)
            answer: dict[str, Any] = {}
            while self._heard < number:
                answer = self._answer()
                self._heard += 1
        if not answer["ok"]:
            raise OSError(answer["error"])
        return answer

    def _send(self, line: str) -> int:
        """The number of the command, and of its answer."""
        if self._process.stdin is None:
            raise _gone()
        with self._sending:
            try:
                self._process.stdin.write(line + "\n")
                self._process.stdin.flush()
            except (OSError, ValueError) as error:  # ValueError: closed here
                raise _gone() from error
            self._sent += 1
            return self._sent

    def _answer(self, bound: float = _BOUND) -> dict[str, Any]:
        try:
            line = self._answers.get(timeout=bound)
        except queue.Empty:
            line = ""
        if not line:
            raise _gone()
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _listen(self) -> None:
        if self._process.stdout is not None:
            with self._process.stdout as lines:
                for line in lines:
                    self._answers.put(line)
        self._answers.put("")


def _program() -> list[str]:
    """The command line that starts this program once more."""
    return [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-P", "-m", "console"]


def _environment() -> dict[str, str]:
    """This process's own, with the place that this program was imported from and its temporary folder."""
    place = str(Path(__file__).parents[2])
    others = os.environ.get("PYTHONPATH")
    path = os.pathsep.join([place, others] if others else [place])
    return {**os.environ, "PYTHONPATH": path, "TMPDIR": tempfile.gettempdir()}


def _gone() -> Unreachable:
    return Unreachable(say("The simulated devices do not run; start this program again"), "demo.gone")
