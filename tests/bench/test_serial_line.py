"""A serial line while a page is printed. Goal: busy at least 97 % of the time from first to last byte.

The printer's wire carries bytes at its speed and no faster (`simulators.ports`), so the floor is
bytes × 10 bits / baud. But this wire takes up to 64 KB ahead, which hides short pauses, and a UART a few
hundred bytes: pyserial's write returns once fewer than 256 wait (Linux, n_tty_poll). So the pauses between
two writes are told as well, against the time of these 256 bytes; a longer pause would leave a real line idle
(unchecked on hardware).
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import serial

from console.domain.profile import Printer, Store, StoreProfile
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from tests.bench.conftest import Tell
from tests.bench.devices import devices

pytestmark = pytest.mark.bench

WAKING = 256  # bytes that a UART's driver still holds when the next may come


@dataclass(frozen=True)
class Page:
    lines: tuple[str, ...]
    title: str = "Test"
    code: str = "TK-1234"


@pytest.mark.parametrize(("baud", "seconds"), [(9600, 8), (19200, 6), (115200, 6)])
async def test_a_serial_line_while_printing(
    baud: int, seconds: int, environment: dict[str, str], tell: Tell, monkeypatch: pytest.MonkeyPatch
) -> None:
    writes: list[tuple[float, float]] = []
    write = serial.Serial.write

    def noted(port: serial.Serial, data: bytes) -> Any:
        began = time.monotonic()
        taken = write(port, data)
        writes.append((began, time.monotonic()))
        return taken

    monkeypatch.setattr(serial.Serial, "write", noted)
    specimen = {"wire": "pty", "model": {"baud": baud, "paced": True, "buffer_size": 1 << 24}}
    with devices([specimen], environment) as there:
        entry = Printer("front", there.addresses[0])
        profile = StoreProfile(Store("x"), printer=(entry,))
        driver: Any = open_driver(Subject("printer", "front"), entry, profile, SystemClock("UTC"))
        at: dict[str, float] = {}
        page = Page(tuple("x" * 47 for _ in range(baud // 10 * seconds // 48)))
        proof, _ = await driver.print_test_page(page, noting(at))
        heard = [each for each in there.tell(0, "heard")["heard"] if each[0] > at["Sending the page"]]
    assert proof.grade is Grade.A
    carried = sum(count for _, count in heard)
    last = heard[-1][0] + heard[-1][1] * 10 / baud
    busy = carried * 10 / baud / (last - heard[0][0])
    done = next(moment for text, moment in at.items() if text.startswith("Waiting"))
    sent = [each for each in writes if at["Sending the page"] < each[0] < done]
    pauses = sorted(1e3 * (after[0] - before[1]) for before, after in itertools.pairwise(sent))
    tell(
        f"{baud} baud, page of {carried} bytes: busy {100 * busy:.1f} % (goal 97); pauses between two writes:"
        f" median {pauses[len(pauses) // 2]:.2f} ms, p99 {pauses[len(pauses) * 99 // 100]:.2f} ms;"
        f" a UART has {WAKING * 10 / baud * 1e3:.0f} ms in stock"
    )


def noting(at: dict[str, float]) -> Callable[[Words], None]:
    def report(doing: Words) -> None:
        at.setdefault(doing.text, time.monotonic())

    return report
