"""Two looks at a simulated drawer teach which level means open; a pulse only after a press."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from console.domain.drawer import ContactLevel, learn
from console.domain.evidence import signs_of
from console.domain.ports import DrawerDriver
from console.domain.profile import Drawer, Printer, Store, StoreProfile
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from console.services import drawer_sense as service
from console.services.drawer_sense import DrawerSense, change_of
from console.services.language import Language, diagnosis_table
from console.services.roster import Roster
from console.services.selftest import Person, SelftestService
from console.simulators.printer import PrinterModel, PrinterSimulator
from console.storage.profile_file import ProfileFile

TILL = Subject("drawer", "till")
CLOCK = SystemClock("Asia/Shanghai")
TABLE = diagnosis_table()


@pytest.fixture(params=["high"])
async def printer(request: pytest.FixtureRequest) -> AsyncIterator[PrinterSimulator]:
    simulator = PrinterSimulator.tcp(model=PrinterModel(drawer_contact=request.param))
    await simulator.open()
    yield simulator
    await simulator.close()


def profile(printer: PrinterSimulator) -> StoreProfile:
    return StoreProfile(
        Store("店"), printer=(Printer("front", printer.address),), drawer=(Drawer("till", "front", pin=5),)
    )


def driver(printer: PrinterSimulator) -> DrawerDriver:
    shop = profile(printer)
    made: DrawerDriver = open_driver(TILL, shop.drawer[0], shop, CLOCK)  # type: ignore[assignment]
    return made


async def selftest(printer: PrinterSimulator, *answers: bool | None) -> SelftestResult:
    asked = iter(answers)

    async def ask(_: Words) -> bool | None:
        return next(asked)

    service = SelftestService(
        "店", Roster({TILL: driver(printer)}), TABLE, CLOCK, lambda: Language("en"), str, lambda _: None, {}
    )
    return await service.start(TILL, Level.INTERACTIVE, Person(ask)).result()


@pytest.mark.parametrize(("printer", "sense"), [("high", "high"), ("low", "low")], indirect=["printer"])
async def test_the_level_of_the_open_drawer_is_the_sense(printer: PrinterSimulator, sense: str) -> None:
    lesson = DrawerSense(driver(printer), CLOCK)
    await lesson.look("closed")
    assert lesson.lesson is None
    printer.set_fault("drawer_open")  # by its key
    await lesson.look("open")
    assert lesson.lesson is not None
    assert (lesson.lesson.sense, lesson.lesson.sure) == (sense, True)
    assert not printer.pulses


@pytest.mark.parametrize("printer", ["none"], indirect=True)
async def test_equal_levels_need_the_persons_word(printer: PrinterSimulator) -> None:
    lesson = DrawerSense(driver(printer), CLOCK)
    await lesson.look("closed")
    printer.set_fault("drawer_open")
    await lesson.look("open")
    assert lesson.lesson is not None
    assert (lesson.lesson.sense, lesson.lesson.sure) == ("none", False)


async def test_a_pulse_goes_to_the_drawers_own_pin(printer: PrinterSimulator) -> None:
    lesson = DrawerSense(driver(printer), CLOCK)
    await lesson.look("closed")
    assert await lesson.open()
    assert [(each.pin, each.milliseconds) for each in printer.pulses] == [(5, 100)]


async def test_a_stuck_drawer_is_told_within_its_time(
    printer: PrinterSimulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "OPENS_WITHIN", 0.3)
    printer.set_fault("drawer_stuck")
    result = await selftest(printer, True, True, False)
    assert (result.passed, result.finding.cause) == (False, "drawer.did_not_open")
    assert len(printer.pulses) == 1


@pytest.mark.parametrize("printer", ["low"], indirect=True)
async def test_a_selftest_learns_and_says_what_to_write(printer: PrinterSimulator) -> None:
    result = await selftest(printer, True, True, True)
    assert result.passed
    assert {"drawer_sense": "low"} in [each.facts for each in result.finding.evidence]


async def test_without_the_yes_that_names_it_there_is_no_pulse(printer: PrinterSimulator) -> None:
    result = await selftest(printer, True, False, True)
    assert not printer.pulses
    assert result.finding.cause == "drawer.polarity_unknown"  # it was never opened: both levels are the same
    assert result.passed is None


@pytest.mark.parametrize("answers", [(None,), (False,), (True, None, None)])
async def test_nobody_there_teaches_nothing(
    printer: PrinterSimulator, answers: tuple[bool | None, ...]
) -> None:
    result = await selftest(printer, *answers)
    assert result.passed is None
    assert not printer.pulses
    assert "drawer.contact_same" not in signs_of(result.finding.evidence)


@pytest.mark.parametrize(
    ("closed", "opened", "sense"),
    [("high", "low", "low"), ("low", "high", "high"), ("low", "low", "none"), (None, "low", None)],
)
def test_the_lesson(closed: ContactLevel | None, opened: ContactLevel | None, sense: str | None) -> None:
    lesson = learn(closed, opened)
    assert lesson.sense == sense
    if lesson.sign != "drawer.not_sensed":
        read = TABLE.candidates("drawer", frozenset({lesson.sign}))
        assert bool(read) != TABLE.proves_ok("drawer", frozenset({lesson.sign}))


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], ProfileFile]:
    def made(text: str) -> ProfileFile:
        (tmp_path / "store.toml").write_text(text, "utf-8")
        return ProfileFile(tmp_path / "store.toml")

    return made


def test_the_change_keeps_comments_and_can_be_undone(
    file: Callable[[str], ProfileFile], tmp_path: Path
) -> None:
    text = (
        '[store]\nname = "店"\n\n[[printer]]\nname = "front" # the old one\naddress = "tcp://192.0.2.1"\n'
        'paper = 58\n\n[[drawer]]\nname = "till"\nprinter = "front"\n'
    )
    editor = file(text)
    editor.replace(*change_of(editor.read(), TILL, "low"))
    written = (tmp_path / "store.toml").read_text("utf-8")
    assert 'drawer_sense = "low"' in written
    assert "# the old one" in written
    editor.undo()
    assert (tmp_path / "store.toml").read_text("utf-8") == text
