"""Each row of the facts' symptom table, from the trouble to its mend and its proof, on a real path.

The scanner is the simulator on a pseudo-terminal; it obeys the codes of NETUM's 2D scanners, which are drawn,
read from the picture and shown to it. What the computer does to a scan is mended by hand.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from console.domain.lights import Light
from console.domain.scan import on_paper
from console.services.codes import drawn, kind_of
from console.services.language import LANGUAGES, Language
from console.services.scan_test import article_code, known_code
from console.services.scanner_settings import FNC3, maker_told, scanner_settings
from console.simulators.scanner import ScannerSimulator
from tests.contract.test_scan_symptoms import serial, tested

__all__ = ["tested"]

MAKER = "netum_2d"
KNOWN = scanner_settings()  # read before any loop runs
# The trouble, the known code, the cause, and the setting that mends it; None where hands do.
ROWS = [
    ("input_method", known_code, "scanner.ime_on", None),
    ("full_width", known_code, "scanner.ime_on", None),
    ("caps_lock", known_code, "scanner.caps_lock", None),
    ("layout", known_code, "scanner.layout", "layout"),
    ("missing_suffix", known_code, "scanner.missing_suffix", "suffix"),
    ("wrong_suffix", known_code, "scanner.wrong_suffix", "suffix"),
    ("dropped_characters", known_code, "scanner.dropped_characters", "key_delay"),
    ("double_read", known_code, "scanner.double_read", "same_code"),
    ("extra_prefix", known_code, "scanner.extra_prefix", "prefix"),
    ("code_id", known_code, "scanner.extra_prefix", "prefix"),
    ("missing_check_digit", article_code, "scanner.missing_digit", "digits"),
    ("missing_leading_zero", lambda: article_code("02"), "scanner.missing_digit", "digits"),
    ("slow_keys", known_code, "scanner.slow", "key_speed"),
]


@pytest.fixture(autouse=True)
def patient(tested: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every scan here comes at once, however busy the machine is; only silence is worth a shorter wait."""
    monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 20.0)
    monkeypatch.setattr("console.services.scan_test.PAPER_WAIT", 5.0)


async def shown(sim: ScannerSimulator, content: str, sets: bool) -> None:
    """What a scanner reads of the code as it is drawn."""
    bars = drawn(kind_of(content, sets), content, sets)
    picture = Image.frombytes("L", (bars.width * 2, bars.tall * 2), bars.pixels(2))
    (read,) = zxingcpp.read_barcodes(picture)
    # zxing-cpp sees FNC3 (96) in a check symbol of that value too, so a code without it is not asked.
    init = sets and isinstance(read.extra, dict) and read.extra.get("ReaderInit")
    told = FNC3 if init else ""
    await sim.scan(told + read.text)


@pytest.mark.parametrize(("fault", "code", "cause", "setting"), ROWS)
async def test_from_the_trouble_to_its_mend(
    tested: Any, clock: Any, fault: str, code: Callable[[], str], cause: str, setting: str | None
) -> None:
    async with serial(clock) as (sim, driver):
        sim.set_fault(fault)
        before = code()
        result = await tested(driver, before, lambda _: shown(sim, before, False))
        assert result.finding.cause == cause
        for language in map(Language, LANGUAGES):
            assert language.cause(cause).advice
        if setting is None:
            sim.set_fault(fault, False)
        else:
            mends = dict(KNOWN.mend(cause, MAKER, "enter"))
            assert next(iter(mends)) == setting
            for each in chain.from_iterable(mends.values()):
                for content in each.drawn:
                    await shown(sim, content, each.init)
        after = code()
        result = await tested(driver, after, lambda _: shown(sim, after, False))
    assert (result.passed, result.finding.light) == (True, Light.OK)


@pytest.mark.parametrize(
    ("fault", "cause"),
    [("wrong_suffix", "scanner.wrong_suffix"), ("extra_prefix", "scanner.extra_prefix")],
)
async def test_the_code_of_the_maker_that_the_scanner_tells_of_itself_mends_it(
    tested: Any, clock: Any, fault: str, cause: str
) -> None:
    async with serial(clock) as (sim, driver):
        sim.set_fault(fault)
        code = known_code()
        result = await tested(driver, code, lambda _: shown(sim, code, False))
        maker = maker_told(sim.address, result.finding.evidence)
        assert maker == "honeywell"
        for _, several in KNOWN.mend(cause, maker, "enter"):
            for each in several:
                for content in each.drawn:
                    await shown(sim, content, each.init)
        result = await tested(driver, code, lambda _: shown(sim, code, False))
    assert result.passed is True


async def test_the_code_of_another_maker_mends_nothing(tested: Any, clock: Any) -> None:
    code = known_code()
    async with serial(clock) as (sim, driver):
        sim.set_fault("missing_suffix")
        await shown(sim, "0212@\r", True)  # NETUM's CCD scanners
        await shown(sim, "3030052", False)  # the right one without FNC3 is a code like any other
        result = await tested(driver, code, lambda _: sim.scan(code))
    assert result.finding.cause == "scanner.missing_suffix"


@pytest.mark.parametrize(("blind", "cause"), [(True, "scanner.screen_unread"), (False, None)])
async def test_the_copy_on_paper_proves_all_but_the_screen(
    tested: Any, clock: Any, monkeypatch: pytest.MonkeyPatch, blind: bool, cause: str | None
) -> None:
    if blind:
        monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 4.0)
    code = known_code()
    async with serial(clock) as (sim, driver):
        sim.set_fault("screen_blind", blind)
        sim.set_fault("double_read")  # the second of a pair is not taken for the screen's

        async def somebody_scans(doing: str) -> None:
            if "Read from paper" in doing:
                await sim.scan(code)
            elif code in doing:
                await sim.scan(on_paper(code), paper=True)
                sim.set_fault("double_read", False)

        result = await tested(driver, code, somebody_scans)
    assert result.finding.cause == cause
    assert result.passed is (not blind)


async def test_a_lost_key_and_a_digit_not_sent_are_told_together_with_the_test(
    tested: Any, clock: Any
) -> None:
    code = article_code()
    async with serial(clock) as (sim, driver):
        sim.set_fault("missing_check_digit")
        result = await tested(driver, code, lambda _: sim.scan(code))
    told = [each.cause for each in result.finding.candidates]
    assert told == ["scanner.missing_digit", "scanner.dropped_characters"]
    assert result.finding.distinguish == "scan_again"
    for language in map(Language, LANGUAGES):
        assert language.test("scan_again")
