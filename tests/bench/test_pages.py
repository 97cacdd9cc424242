"""Building the test page, against python-escpos building the same content. Goal: a ratio of at most 1.

Both pages are the same on the simulated printer's paper, to the last dot (checked below). What differs is to
the peer's advantage: our builder wraps, replaces what has no glyph, draws its pictures and rids them of
realtime commands; the peer is given its lines ready, its pictures as PIL images, and Chinese as bytes, as it
writes no GB18030. It turns a PIL image into rows each time, which is its way of taking a picture. Its remark
on each barcode goes nowhere.
"""

from __future__ import annotations

import contextlib
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from escpos.printer import Dummy
from PIL import Image

from console.domain.head import diagonals, ramp
from console.drivers.codecs import escpos_page
from console.drivers.codecs.page_text import COLUMNS, head_numbers, ruler
from console.simulators.paper import Bits
from console.simulators.printer import PrinterSimulator
from console.simulators.thread import SimulatorThread
from tests.bench.conftest import Tell

pytestmark = pytest.mark.bench

PAPER, DOTS = 80, 576
ROUNDS, PAGES = 30, 20
PROFILE = "TM-T20II"  # of the peer: 576 dots wide


@dataclass(frozen=True)
class Page:
    title: str = "人民路店 测试页"
    lines: tuple[str, ...] = ("Hello 你好", "价格：¥12.50", "The quick brown fox jumps: 0123456789")
    code: str = "TK-1234-ABCD"


def picture(rows: bytes) -> Image.Image:
    """What PIL calls black is 0."""
    return Image.frombytes("1", (DOTS, len(rows) * 8 // DOTS), bytes(byte ^ 0xFF for byte in rows))


class Peer:
    """python-escpos with everything that it needs at hand."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._ramp, self._diagonals = picture(ramp(DOTS)), picture(diagonals(DOTS))
        self._ruler = ruler(COLUMNS[PAPER]).decode()
        self._heads = head_numbers(DOTS).decode()
        self._printer = Dummy(profile=PROFILE)

    def __call__(self) -> bytes:
        page, out = self._page, self._printer
        out.clear()
        out.hw("INIT")
        out.set(align="center", double_width=True, double_height=True)
        self._chinese(page.title)
        out.set(align="left", normal_textsize=True)
        for line in page.lines:
            self._chinese(line)
        out.text(self._ruler)
        out.image(self._ramp)
        out.text(self._heads)
        out.image(self._diagonals)
        out.text("\n")
        out.set(align="center")
        out.barcode("690123456789", "EAN13", 64, 3, "BELOW", "A", align_ct=False)
        out.text("\n")
        out.barcode("{B" + page.code, "CODE128", 64, 2, "BELOW", "A", align_ct=False, function_type="B")
        out.text("\n")
        out.qr(page.code, ec=1, size=6, native=True)
        out.textln(page.code)
        out.set(align="left")
        out.cut()
        return bytes(out.output)

    def _chinese(self, line: str) -> None:
        self._printer._raw(b"\x1c&" + line.encode("gb18030") + b"\n\x1c.")


@contextlib.contextmanager
def silence() -> Iterator[None]:
    with Path(os.devnull).open("w") as nowhere, contextlib.redirect_stdout(nowhere):
        yield


def on_paper(data: bytes) -> tuple[list[str], list[Any], list[bytes]]:
    """The lines of text, the codes and the pictures that a simulated printer makes of it."""
    with SimulatorThread() as thread:
        sim = thread.host(PrinterSimulator.tcp())
        cut: list[Any] = []
        sim.on_cut = cut.append
        thread.call(sim.received, _Nobody(), data)
        deadline = time.monotonic() + 10
        while not cut:
            assert time.monotonic() < deadline
        paper = cut[0]
    pictures = [item.rows for line in paper.lines for item in line.items if isinstance(item, Bits)]
    symbols = [(each.kind, each.content) for each in paper.symbols()]
    return [line.strip() for line in paper.text.splitlines() if line.strip()], symbols, pictures


class _Nobody:
    """A line on which nobody listens."""

    closed = True

    def write(self, data: bytes) -> None: ...

    def pause(self, on: bool) -> None: ...

    def hang_up(self) -> None: ...


def seconds(build: Callable[[], bytes]) -> float:
    began = time.perf_counter()
    for _ in range(PAGES):
        build()
    return (time.perf_counter() - began) / PAGES


def compare(tell: Tell, what: str, ours: Callable[[], bytes], peer: Callable[[], bytes]) -> None:
    with silence():
        pairs = [(seconds(ours), seconds(peer)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    tell(f"{what}: {mine * 1e3:.2f} ms, python-escpos {theirs * 1e3:.2f} ms, ratio {ratio:.3f} (goal 1)")


def test_building_the_test_page(tell: Tell) -> None:
    page = Page()
    peer = Peer(page)
    assert all(len(line.encode("gb18030")) <= COLUMNS[PAPER] for line in page.lines)

    def ours() -> bytes:
        return escpos_page.build_page(page, PAPER)

    with silence():
        assert on_paper(ours()) == on_paper(peer())
    compare(tell, "test page", ours, peer)


def test_building_a_long_picture(tell: Tell) -> None:
    rows = ramp(DOTS) * 40  # 960 rows, the most that the peer sends in one piece
    drawn, out = picture(rows), Dummy(profile=PROFILE)

    def peer() -> bytes:
        out.clear()
        out.image(drawn)
        return bytes(out.output)

    def ours() -> bytes:
        return escpos_page.picture(rows, DOTS)

    assert ours() == peer()
    compare(tell, "picture of 960 rows", ours, peer)
