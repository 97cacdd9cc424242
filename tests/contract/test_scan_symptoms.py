"""Each row of the facts' symptom table on a real path: the cause stands first.

The serial path is the simulator on a pseudo-terminal, through the whole self-test. The keyboard path is what
the same simulator would type, key by key with its timing, into the driver of a scanner that types.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from console.domain.lights import Light
from console.domain.profile import Scanner, Store, StoreProfile
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.registry import open_driver
from console.drivers.scanner.keyboard import KeyboardScanner
from console.services.language import Language
from console.services.roster import Roster
from console.services.scan_test import ScanTest, known_code
from console.services.selftest import Person, SelftestService
from console.simulators.faults import SCANNER
from console.simulators.scanner import ScannerSimulator
from tests.waiting import until

CODE, GTIN = "TK-47110081/y:@z", "0690123456787"
COUNTER = Subject("scanner", "counter")

# The fault, the known code, the cause, and what the words of the evidence must name.
ROWS = [
    ("input_method", CODE, "scanner.ime_on", "input method"),
    ("full_width", CODE, "scanner.ime_on", "input method"),
    ("full_width", GTIN, "scanner.ime_on", "input method"),
    ("caps_lock", CODE, "scanner.caps_lock", "Capital"),
    ("layout", CODE, "scanner.layout", "the scanner types German, the computer reads English (US)"),
    ("missing_suffix", CODE, "scanner.missing_suffix", "Enter"),
    ("wrong_suffix", CODE, "scanner.wrong_suffix", "Tab instead of Enter"),
    ("dropped_characters", CODE, "scanner.dropped_characters", "are missing"),
    ("double_read", CODE, "scanner.double_read", "twice"),
    ("extra_prefix", CODE, "scanner.extra_prefix", 'AIM identifier "]C1" (GS1-128)'),
    ("code_id", CODE, "scanner.extra_prefix", 'code ID "j" (Honeywell: Code 128)'),
    ("missing_check_digit", GTIN, "scanner.missing_digit", "first or the last"),
    ("missing_leading_zero", GTIN, "scanner.missing_digit", "first or the last"),
    ("slow_keys", CODE, "scanner.slow", "exactly as shown"),
    ("misread", CODE, "scanner.misread", "Another code"),
]
SCREEN = {"screen_blind", "mute"}


def test_every_fault_has_its_row() -> None:
    assert {row[0] for row in ROWS} | SCREEN == set(SCANNER)


@pytest.fixture
def tested(table: Any, clock: Any, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs the self-test of a driver; `meanwhile` is called at each step that wants something scanned."""
    monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 4.0)
    monkeypatch.setattr("console.services.scan_test.PAPER_WAIT", 1.0)
    monkeypatch.setattr("console.services.scanback.ECHO_WAIT", 0.2)

    async def run(driver: Any, code: str, meanwhile: Callable[[str], Any]) -> SelftestResult:
        service = SelftestService(
            "店", Roster({COUNTER: driver}), table, clock, lambda: Language("en"), str, lambda _: None, {}
        )
        job = service.start(COUNTER, Level.EXTERNAL, Person(code=code))
        async with asyncio.timeout(30):
            async for step in job.steps():
                if code in str(step.doing) or "printed code" in str(step.doing):
                    await meanwhile(str(step.doing))
            return await job.result()

    return run


@asynccontextmanager
async def serial(clock: Any) -> AsyncGenerator[tuple[ScannerSimulator, Any], None]:
    async with ScannerSimulator.pty() as sim:
        entry = Scanner("counter", sim.address)
        yield sim, open_driver(COUNTER, entry, StoreProfile(Store("x"), scanner=(entry,)), clock)


async def typed(keyboard: KeyboardScanner, clock: Any, text: str, pause: float) -> None:
    """Keys with `pause` seconds between them, whatever else this machine is busy with."""
    start = clock.seconds()
    for place, key in enumerate(text):
        keyboard.typed(key, start + place * pause)


@pytest.mark.parametrize(("fault", "code", "cause", "words"), ROWS)
async def test_on_a_serial_line(
    tested: Any, clock: Any, fault: str, code: str, cause: str, words: str
) -> None:
    async with serial(clock) as (sim, driver):
        sim.set_fault(fault)
        result = await tested(driver, code, lambda _: sim.scan(code))
    assert result.finding.cause == cause
    assert words in str(result.finding.evidence[-1].meaning)
    assert result.finding.light in (Light.FAULT, Light.ATTENTION)


@pytest.mark.parametrize(("fault", "code", "cause", "words"), ROWS)
async def test_through_the_keyboard(
    tested: Any, clock: Any, fault: str, code: str, cause: str, words: str
) -> None:
    sim, keyboard = ScannerSimulator.pty(delay=0.01), KeyboardScanner(clock)
    sim.set_fault(fault)

    async def press(_: str) -> None:
        keys = "".join(text + end.decode() for text, end in sim.transmissions(code))
        await typed(keyboard, clock, keys, sim.pause)

    result = await tested(keyboard, code, press)
    assert result.finding.cause == cause
    assert words in str(result.finding.evidence[-1].meaning)


@pytest.mark.parametrize("path", ["serial", "keyboard"])
@pytest.mark.parametrize(
    ("fault", "cause", "light"),
    [
        ("screen_blind", "scanner.screen_unread", Light.FAULT),
        ("mute", "scanner.no_answer", Light.UNKNOWN),
    ],
)
async def test_nothing_from_a_screen_but_fine_on_paper(
    tested: Any, clock: Any, monkeypatch: pytest.MonkeyPatch, path: str, fault: str, cause: str, light: Light
) -> None:
    monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 0.5)
    monkeypatch.setattr("console.services.scan_test.PAPER_WAIT", 3.0)
    async with serial(clock) as (sim, driver):
        sim.set_fault(fault)
        keyboard = KeyboardScanner(clock)

        async def somebody_scans(doing: str) -> None:
            paper = CODE not in doing
            code = "6901234567892" if paper else CODE
            if path == "serial":
                await sim.scan(code, paper)
            elif sim._sees(paper):
                await typed(keyboard, clock, code + "\r", 0.005)

        result = await tested(driver if path == "serial" else keyboard, CODE, somebody_scans)
    assert (result.finding.cause, result.finding.light) == (cause, light)
    assert result.passed is (False if light is Light.FAULT else None)
    assert result.counters["MissedReadCount"] == 1


@pytest.mark.parametrize("whole", [True, False])
async def test_an_input_method_that_holds_the_code_until_space(
    tested: Any, clock: Any, monkeypatch: pytest.MonkeyPatch, whole: bool
) -> None:
    monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 1.0)
    keyboard = KeyboardScanner(clock)

    async def compose(doing: str) -> None:
        if CODE not in doing:
            return
        keyboard.typed("", clock.seconds())  # nothing has come yet
        if whole:  # Space was pressed
            keyboard.typed(CODE, clock.seconds())

    result = await tested(keyboard, CODE, compose)
    assert result.finding.cause == "scanner.ime_on"


async def test_an_input_method_that_keeps_the_letters(tested: Any, clock: Any) -> None:
    keyboard = KeyboardScanner(clock)
    result = await tested(keyboard, CODE, lambda _: typed(keyboard, clock, "-47110081/:@\r", 0.005))
    assert result.finding.cause == "scanner.ime_on"


async def test_two_troubles_at_once_are_both_told(tested: Any, clock: Any) -> None:
    async with serial(clock) as (sim, driver):
        sim.set_fault("caps_lock")
        sim.set_fault("wrong_suffix")
        result = await tested(driver, CODE, lambda _: sim.scan(CODE))
    assert {each.cause for each in result.finding.candidates} == {
        "scanner.caps_lock",
        "scanner.wrong_suffix",
    }


async def test_the_verdict_does_not_wait_for_a_second_reading(
    tested: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether the same code comes twice takes a while to tell; what it is, does not."""
    keyboard, said, ended = KeyboardScanner(clock), list[str](), asyncio.Event()
    monkeypatch.setattr("console.services.scanback.ECHO_WAIT", 600.0)

    def report(words: Words) -> None:
        said.append(str(words))
        if "exactly as shown" in said[-1]:
            ended.set()

    test = asyncio.create_task(ScanTest(clock).run(COUNTER, keyboard, CODE, report, 60.0))
    await until(lambda: said)
    await typed(keyboard, clock, f"{CODE}\r", 0.005)
    async with asyncio.timeout(10):
        await ended.wait()
    test.cancel()
    await asyncio.wait([test])


async def test_the_figures_of_a_scan(tested: Any, clock: Any) -> None:
    async with serial(clock) as (sim, driver):
        sim.delay = 0.02
        result = await tested(driver, CODE, lambda _: sim.scan(CODE))
    figures = result.counters
    assert result.passed is True
    assert (figures["GoodScanCount"], figures["DoubleReadCount"], figures["MissedReadCount"]) == (1, 0, 0)
    delays = [figures[f"{name}KeyDelayMicroseconds"] for name in ("Shortest", "Median", "Longest")]
    assert delays == sorted(delays)
    assert delays[1] >= 15_000
    assert 1 <= figures["CharactersPerSecond"] <= 70


async def test_a_person_who_types_during_a_scan_is_named(tested: Any, clock: Any) -> None:
    keyboard = KeyboardScanner(clock)
    mixed = f"{CODE[:5]}w{CODE[5:]}\r"
    result = await tested(keyboard, CODE, lambda _: typed(keyboard, clock, mixed, 0.005))
    assert result.finding.cause == "scanner.misread"
    assert "typed during the scan" in str(result.finding.evidence[-1].meaning)
    assert mixed[:8] not in repr(result)


async def test_two_scanners_that_type_at_once_are_no_good_scan(tested: Any, clock: Any) -> None:
    keyboard = KeyboardScanner(clock)
    both = "".join(map("".join, zip(CODE, "6901234567892000", strict=True))) + "\r\r"
    result = await tested(keyboard, CODE, lambda _: typed(keyboard, clock, both, 0.002))
    assert (result.passed, result.finding.cause) == (False, "scanner.misread")


async def test_two_scanners_on_two_ports_do_not_mix(clock: Any) -> None:
    async with serial(clock) as (left, left_driver), serial(clock) as (right, right_driver):
        ready: asyncio.Queue[None] = asyncio.Queue()

        async def first(driver: Any) -> str:
            async with aclosing(driver.scans(lambda: ready.put_nowait(None))) as codes:
                return str((await anext(codes)).text)

        async with asyncio.timeout(10), asyncio.TaskGroup() as group:
            coming = [group.create_task(first(each)) for each in (left_driver, right_driver)]
            await ready.get()
            await ready.get()
            left.delay = right.delay = 0.002
            await asyncio.gather(left.scan("LEFT" * 20), right.scan("RIGHT" * 20))
        assert [each.result() for each in coming] == ["LEFT" * 20, "RIGHT" * 20]


@pytest.mark.parametrize(
    "code",
    ["P" * 7000, "01069012345678921" + "0AB\x1d21X", "a\x01\x02\x1bb", "中文" * 50],
    ids=["7000", "gs", "control", "chinese"],
)
async def test_strange_codes_come_whole(tested: Any, clock: Any, code: str) -> None:
    async with serial(clock) as (sim, driver):
        result = await tested(driver, code, lambda _: sim.scan(code))
    assert result.passed is True


@pytest.mark.parametrize("pause", [0.001, 0.01])
async def test_seven_thousand_keys_are_one_code(tested: Any, clock: Any, pause: float) -> None:
    keyboard, code = KeyboardScanner(clock), "PDF417 " * 1000
    keys = f"{code}\r"
    result = await tested(keyboard, code, lambda _: typed(keyboard, _Still(clock), keys, pause))
    assert result.passed is True
    assert result.counters["MedianKeyDelayMicroseconds"] == pytest.approx(pause * 1_000_000, abs=2)


class _Still:
    """A clock whose seconds are those of a moment long ago, so that many keys are typed by now."""

    def __init__(self, clock: Any) -> None:
        self._at = clock.seconds() - 100.0

    def seconds(self) -> float:
        return float(self._at)


async def test_bytes_that_are_no_text_are_only_another_code(tested: Any, clock: Any) -> None:
    async with serial(clock) as (sim, driver):

        async def scan(_: str) -> None:
            sim._port.write(b"\xff\xfe\x80abc\r")

        result = await tested(driver, CODE, scan)
    assert (result.passed, result.finding.cause) == (False, "scanner.misread")


async def test_a_scanner_that_sends_for_ever_ends_the_test(tested: Any, clock: Any) -> None:
    async with serial(clock) as (sim, driver):
        going = True

        async def chatter() -> None:
            while going:
                sim._port.write(b"x" * 500)
                await asyncio.sleep(0.005)

        talking = asyncio.create_task(chatter())

        async def nothing(_: str) -> None:
            pass

        result = await tested(driver, CODE, nothing)
        going = False
        await talking
    assert (result.passed, result.finding.cause) == (False, "scanner.misread")
    assert len(result.finding.evidence[-1].result) < 100


async def test_the_cable_pulled_in_the_middle_of_a_code(
    tested: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.services.resumed.BACK_SECONDS", 0.5)
    async with serial(clock) as (sim, driver):

        async def half(_: str) -> None:
            sim._port.write(CODE[:5].encode())
            await sim.unplug()

        result = await tested(driver, CODE, half)
    assert (result.passed, result.finding.cause) == (False, "scanner.not_found")


async def test_a_scanner_that_is_plugged_in_again_goes_on_with_the_test(tested: Any, clock: Any) -> None:
    said: list[str] = []
    async with serial(clock) as (sim, driver):

        async def half_then_whole(doing: str) -> None:
            said.append(doing)
            if len(said) > 1:  # it listens again
                await sim.scan(CODE)
                return
            sim._port.write(CODE[:5].encode())
            await sim.unplug()
            await sim.plug_in()

        result = await tested(driver, CODE, half_then_whole)
    assert result.passed is True
    assert result.finding.evidence[-1].result == f"{CODE!r} + enter"  # nothing of the half code in front


def test_the_known_code_shows_letters_digits_and_the_signs_that_layouts_move() -> None:
    code = known_code()
    assert known_code() != code
    assert set("-/:@yz") <= set(code)
    assert code.startswith("TK")
    assert code.swapcase() != code
