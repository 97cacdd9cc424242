"""Drawing a page of all symbologies, against the bare calls of zxing-cpp. Goal: under 100 ms.

The peer makes the same codes as grey pictures of the same module; it knows no page, so that it is not asked
to lay one out. Ours are drawn anew each time (nothing is remembered) and packed for a printer, or turned into
the picture that the window paints.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest
import zxingcpp

from console.domain.head import Head
from console.domain.specimens import SPECIMENS
from console.services import codes
from console.services.code_sheet import symbologies_sheet
from console.services.codes import drawn
from tests.bench.conftest import Tell

pytestmark = pytest.mark.bench

ROUNDS = 30
MODULE = 2


def bare() -> None:
    """The library alone."""
    for each in SPECIMENS:
        name, options, _ = codes._FORMATS[each.kind]
        made = zxingcpp.create_barcode(each.content, getattr(zxingcpp.BarcodeFormat, name), **options)
        memoryview(made.to_image(scale=MODULE, add_quiet_zones=True)).tobytes()  # type: ignore[arg-type]


def on_screen() -> None:
    drawn.cache_clear()
    for each in SPECIMENS:
        drawn(each.kind, each.content).pixels(MODULE)


def on_paper() -> None:
    drawn.cache_clear()
    symbologies_sheet(str).pictures(Head.of(80))


def seconds(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


@pytest.mark.parametrize(("what", "ours"), [("screen", on_screen), ("paper", on_paper)])
def test_drawing_a_page_of_all_symbologies(tell: Tell, what: str, ours: Callable[[], None]) -> None:
    bare()  # the library is loaded
    ours()
    pairs = [(seconds(ours), seconds(bare)) for _ in range(ROUNDS)]
    mine, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    tell(
        f"all {len(SPECIMENS)} symbologies for {what}: {mine * 1e3:.1f} ms, bare zxing-cpp"
        f" {theirs * 1e3:.1f} ms, ratio {ratio:.2f} (goal: under 100 ms)"
    )
