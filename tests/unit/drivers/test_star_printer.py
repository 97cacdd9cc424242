"""What the Star language makes of printers that the simulator is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from console.domain.evidence import signs_of
from console.domain.selftest import Grade
from console.drivers.codecs import star
from console.drivers.printer.driver import DirectPrinter
from console.drivers.printer.star.language import Star
from tests.unit.drivers.test_escpos_printer import Page, Scripted, WallClock

SCRIPT = Callable[[bytes], Sequence[bytes]]


def printer(script: SCRIPT, echo_seconds: float = 1.5) -> tuple[DirectPrinter, Scripted]:
    line = Scripted(script)
    clock = WallClock()
    language = Star(clock, answer_seconds=0.05)
    return DirectPrinter(lambda: line, language, clock, echo_seconds=echo_seconds), line


class Counting:
    """A printer with a status of `length` bytes, which it pushes once it has counted or waits to be asked."""

    def __init__(self, length: int, pushes: bool, counts: bool = True, shown: int = 0) -> None:
        self._header = bytes((0x0F if length == 7 else 0x23, 0x02 if length == 7 else 0x06))
        self._length = length
        self._pushes = pushes
        self._counts = counts
        self._count = shown
        self._etb = 0

    def status(self) -> bytes:
        count = (self._count & 0x07) << 1 | (self._count & 0x18) << 2
        return (self._header + bytes((self._etb, 0, 0, 0, 0, count, 0)))[: self._length]

    def __call__(self, data: bytes) -> Sequence[bytes]:
        if data == star.STATUS_REQUEST:
            return [self.status()]
        if star.RESET_COUNTER in data and self._counts:
            self._count = 0
        if data.startswith(star.COUNT):
            self._etb = 2
            if self._counts:
                self._count += len(data)
            return [self.status()] if self._pushes else []
        return []


async def test_a_counted_end_of_page_proves_a() -> None:
    driver, line = printer(Counting(9, pushes=True))
    proof, evidence = await driver.print_test_page(Page(code="TK-123"), lambda words: None)
    assert proof.grade is Grade.A
    assert "print.echoed" in signs_of(evidence)
    assert star.ASB_OFF in line.written
    assert line.closed


async def test_a_printer_that_pushes_nothing_is_asked() -> None:
    driver, _ = printer(Counting(9, pushes=False))
    proof, _ = await driver.print_test_page(Page(code="TK-123"), lambda words: None)
    assert proof.grade is Grade.A


async def test_an_etb_bit_without_a_counter_proves_nothing() -> None:
    """Such a printer sets the bit when it reads the command, not when the page is out."""
    driver, line = printer(Counting(7, pushes=True))
    proof, evidence = await driver.print_test_page(Page(code="TK-123"), lambda words: None)
    assert proof.grade is Grade.C
    assert "print.echoed" not in signs_of(evidence)
    assert not any(data.startswith(star.COUNT) for data in line.written)


async def test_a_counter_that_stands_still_proves_nothing() -> None:
    for shown in (0, 1, 9, 31):
        driver, _ = printer(Counting(9, pushes=True, counts=False, shown=shown), echo_seconds=0.1)
        proof, _ = await driver.print_test_page(Page(code="TK-123"), lambda words: None)
        assert proof.grade is Grade.C


async def test_each_page_ends_with_a_count_that_the_counter_did_not_just_show() -> None:
    language = Star(WallClock())
    for shown in range(32):
        driver, _ = printer(Counting(9, pushes=True, shown=shown))
        before = await driver.examine()
        codes = {language.code(before)[0] for _ in range(200)}
        assert codes <= set(range(1, 16))
        assert not codes & {(shown + step) % 32 for step in range(5)}
        assert len(codes) > 5


async def test_a_status_that_is_pushed_beside_the_answer_is_no_harm() -> None:
    """Network interfaces greet with one, and a change may come at any moment."""
    status = bytes.fromhex("230600000000000000")
    driver, _ = printer(lambda data: [status, status])
    signs = signs_of(await driver.examine())
    assert "status.online" in signs
    assert "status.late" not in signs


async def test_a_whole_status_and_a_straggler_are_told_apart() -> None:
    """The first answer is one that an earlier question asked for; the second was asked for by this look."""
    answers = [bytes.fromhex("230600000000000000"), bytes.fromhex("230628000000000000")]
    driver, _ = printer(lambda data: [answers.pop(0)] if answers else [])
    assert "status.cover_open" in signs_of(await driver.examine())


@pytest.mark.parametrize(("header", "asked"), [("2306", False), ("230a", True)])
async def test_the_serial_number_is_only_asked_for_where_the_question_is_no_text(
    header: str, asked: bool
) -> None:
    def script(data: bytes) -> Sequence[bytes]:
        status = bytes.fromhex(header + 7 * "00")
        return [status if data == star.STATUS_REQUEST else b"\x1b#*,XVer1\n\0"]

    driver, line = printer(script)
    identity, _ = await driver.identify()
    assert identity["ModelName"] == "X"
    assert (star.INFORMATION_REQUEST in line.written) is asked
