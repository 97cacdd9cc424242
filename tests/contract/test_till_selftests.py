"""Self-tests of scales and customer displays, with a person at the pan and before the glass."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest

from console.domain.evidence import Evidence
from console.domain.lights import Light
from console.domain.profile import Display, Entry, Scale, Store, StoreProfile
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.registry import open_driver
from console.platforms.clock import SystemClock
from console.services.jobs import Job
from console.services.language import Language, diagnosis_table
from console.services.roster import Roster
from console.services.selftest import Person, SelftestService
from console.simulators.display import PROTOCOLS as COMMAND_SETS
from console.simulators.display import DisplaySimulator
from console.simulators.scale import PROTOCOLS as DIALECTS
from console.simulators.scale import ScaleSimulator
from console.storage.profile import parse_profile
from tests.contract.test_recordings import Studio, assert_same, usual
from tests.waiting import until

DELI, POLE = Subject("scale", "deli"), Subject("display", "pole")
CODE = "TK4711008156"
Ask = Callable[[Words], Awaitable[bool | None]]


class Bench:
    """One device behind the service, and what its test leaves standing."""

    def __init__(self, subject: Subject, entry: Entry) -> None:
        clock, language = SystemClock("Asia/Shanghai"), Language("zh_CN")
        profile = StoreProfile(Store("店"))
        self.subject = subject
        self.standing: dict[Subject, Sequence[Evidence]] = {}
        roster = Roster({subject: open_driver(subject, entry, profile, clock)})
        self.service = SelftestService(
            "店", roster, diagnosis_table(), clock, lambda: language, str, lambda _: None, self.standing
        )

    def start(self, level: Level, ask: Ask | None = None) -> Job[SelftestResult]:
        return self.service.start(self.subject, level, Person(ask, CODE))


def entry_of(sim: ScaleSimulator) -> Scale:
    """The entry that the simulated scale's own profile holds."""
    (entry,) = parse_profile(f'[store]\nname = "x"\n{sim.profile()}').scale
    return replace(entry, name=DELI.name)


def scale_bench(sim: ScaleSimulator) -> Bench:
    return Bench(DELI, entry_of(sim))


async def attended(job: Job[SelftestResult], sim: ScaleSimulator) -> SelftestResult:
    """The verdict when a person does what each step says."""
    async with asyncio.timeout(30):
        async for step in job.steps():
            match str(step.doing).partition(" (")[0]:
                case "Put something on the scale and let go" if sim.weight == 0:
                    sim.put(1500)
                case "Take it off again" if sim._load:
                    sim.take()
        return await job.result()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 1.0)
    monkeypatch.setattr("console.services.selftest.UNATTENDED_WAIT", 1.0)


def answering(**answers: bool | None) -> tuple[Ask, list[str]]:
    """Answers a question by the first of the names that stands in it; and what was asked."""
    asked: list[str] = []

    async def ask(question: Words) -> bool | None:
        asked.append(str(question))
        return next((answer for name, answer in answers.items() if name in str(question)), None)

    return ask, asked


@pytest.mark.parametrize("protocol", DIALECTS)
@pytest.mark.parametrize("level", [Level.EXTERNAL, Level.INTERACTIVE])
async def test_a_scale_that_follows_passes_with_its_figures(protocol: str, level: Level) -> None:
    async with ScaleSimulator.pty(protocol=protocol) as sim:
        result = await attended(scale_bench(sim).start(level), sim)
    assert (result.passed, result.finding.light) == (True, Light.OK)
    assert result.figures["weight"] == "1.500"
    assert result.figures.get("unit", "") == ("" if protocol in ("toledo", "yaohua") else "kg")
    assert 0 <= float(result.figures["answer_seconds"]) < 5


async def test_asking_alone_tells_the_weight_and_waits_for_nobody() -> None:
    async with ScaleSimulator.pty(protocol="cas") as sim:
        sim.put(250)
        result = await scale_bench(sim).start(Level.INTERNAL).result()
    assert (result.passed, result.figures["weight"], result.figures["unit"]) == (True, "0.250", "kg")


@pytest.mark.usefixtures("impatient")
async def test_where_nobody_is_there_nothing_is_claimed() -> None:
    async with ScaleSimulator.pty() as sim:
        result = await scale_bench(sim).start(Level.EXTERNAL).result()
    assert (result.passed, result.finding.light) == (None, Light.OK)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    ("fault", "cause", "question"),
    [
        ("stuck", "scale.stuck", "Does something lie on the scale now?"),
        ("no_return", "scale.not_zero", "Is the scale empty now?"),
    ],
)
@pytest.mark.parametrize(("answer", "passed"), [(True, False), (False, None), (None, None)])
async def test_a_scale_that_does_not_follow_fails_by_the_persons_word(
    fault: str, cause: str, question: str, answer: bool | None, passed: bool | None
) -> None:
    ask, asked = answering(scale=answer)
    async with ScaleSimulator.pty() as sim:
        sim.set_fault(fault)
        bench = scale_bench(sim)
        result = await attended(bench.start(Level.INTERACTIVE, ask), sim)
    assert asked == [question]
    assert result.passed is passed
    assert (result.finding.cause == cause) == (passed is False)
    assert (DELI in bench.standing) == (passed is False)


@pytest.mark.usefixtures("impatient")
async def test_too_much_weight_is_named_instead_of_a_broken_cell() -> None:
    ask, _ = answering(scale=True)
    async with ScaleSimulator.pty() as sim:
        job = scale_bench(sim).start(Level.INTERACTIVE, ask)
        async for step in job.steps():
            if str(step.doing) == "Put something on the scale and let go":
                sim.put(20_000)
        result = await job.result()
    assert (result.passed, result.finding.cause) == (False, "scale.overload")


@pytest.mark.parametrize("fault", ["mute", "garbage", "unplugged"])
async def test_a_scale_that_is_not_there_asks_nothing_of_the_person(fault: str) -> None:
    async with ScaleSimulator.pty() as sim:
        sim.set_fault(fault)
        ask, asked = answering(scale=True)
        result = await scale_bench(sim).start(Level.INTERACTIVE, ask).result()
    assert asked == []
    assert not result.passed


async def test_pulling_the_cable_while_it_is_loaded_ends_the_test() -> None:
    async with ScaleSimulator.pty() as sim:
        job = scale_bench(sim).start(Level.INTERACTIVE)
        async with asyncio.timeout(10):
            async for step in job.steps():
                if "Put something" in str(step.doing):
                    sim.set_fault("unplugged")
            result = await job.result()
    assert (result.passed, result.finding.cause) == (False, "scale.not_found")


async def test_a_cancelled_test_lets_go_of_the_scale() -> None:
    async with ScaleSimulator.pty() as sim:
        bench = scale_bench(sim)
        job = bench.start(Level.INTERACTIVE)
        began = 0.0
        async for step in job.steps():
            if "Put something" in str(step.doing):
                began = asyncio.get_running_loop().time()
                job.cancel()
        with pytest.raises(asyncio.CancelledError):
            await job.result()
        assert asyncio.get_running_loop().time() - began < 1.0
        assert (await bench.start(Level.INTERNAL).result()).passed is True


# --- displays


def looking(sim: DisplaySimulator) -> tuple[Ask, list[str]]:
    """A person who looks at the glass and says what stands there, when it was told that it should."""
    asked: list[str] = []

    async def ask(question: Words) -> bool | None:
        asked.append(str(question))
        values, (upper, lower) = dict(question.values), sim.lines
        for _ in range(200):  # the bytes are on their way
            upper, lower = sim.lines
            if values and (upper, lower) == (values["upper"], values["lower"]):
                return True
            if not values and "dots" in str(question) and (upper, lower) == ("█" * 20, "█" * 20):
                return True
            await asyncio.sleep(0.005)
        return bool(upper + lower) if "anything else" in str(question) else False

    return ask, asked


@pytest.mark.parametrize("protocol", COMMAND_SETS)
@pytest.mark.parametrize("chinese", [True, False])
async def test_a_person_who_saw_it_is_all_the_proof_there_is(
    protocol: Literal["cd5220", "escpos"], chinese: bool
) -> None:
    async with DisplaySimulator.pty(protocol=protocol) as sim:
        ask, asked = looking(sim)
        bench = Bench(POLE, Display("pole", sim.address, protocol, chinese))
        result = await bench.start(Level.INTERACTIVE, ask).result()
        assert len(asked) == 2
        assert ("收银守护" in asked[0]) is chinese
        await until(lambda: sim.lines == ("", ""))
    assert (result.passed, result.finding.cause) == (True, "display.write_only")
    assert result.finding.light is Light.ATTENTION
    assert POLE in bench.standing  # so that the next look does not forget it


@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        ("dark", "display.no_answer"),
        ("mute", "display.no_answer"),
        ("dead_dots", "display.garbled"),  # the text has a hole as well
        ("latin_only", "display.garbled"),
    ],
)
async def test_what_the_person_does_not_see_is_named(fault: str, cause: str) -> None:
    async with DisplaySimulator.pty() as sim:
        sim.set_fault(fault)
        ask, _ = looking(sim)
        bench = Bench(POLE, Display("pole", sim.address, chinese=True))
        result = await bench.start(Level.INTERACTIVE, ask).result()
    assert (result.passed, result.finding.cause) == (False, cause)


async def test_dead_dots_beside_the_text_are_found_by_lighting_all() -> None:
    async with DisplaySimulator.pty() as sim:
        ask, _ = answering(below=True, dots=False)
        result = await Bench(POLE, Display("pole", sim.address)).start(Level.INTERACTIVE, ask).result()
    assert (result.passed, result.finding.cause) == (False, "display.dead_dots")


async def test_the_wrong_command_set_shows_something_else() -> None:
    async with DisplaySimulator.pty(protocol="escpos") as sim:
        ask, _ = looking(sim)
        bench = Bench(POLE, Display("pole", sim.address, "cd5220"))
        result = await bench.start(Level.INTERACTIVE, ask).result()
    assert (result.passed, result.finding.cause) == (False, "display.garbled")


async def test_without_a_person_a_display_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.services.showing.SHOWN_SECONDS", 0.05)
    async with DisplaySimulator.pty() as sim:
        bench = Bench(POLE, Display("pole", sim.address))
        results = [await bench.start(level).result() for level in (Level.INTERNAL, Level.EXTERNAL)]
    assert [(each.passed, each.finding.light) for each in results] == [(None, Light.UNKNOWN)] * 2


async def test_a_cancelled_test_leaves_the_display_empty() -> None:
    async with DisplaySimulator.pty() as sim:

        async def never(_: Words) -> bool | None:
            await until(lambda: sim.lines[1])
            job.cancel()
            answered: asyncio.Future[bool | None] = asyncio.get_running_loop().create_future()
            return await answered

        job = Bench(POLE, Display("pole", sim.address)).start(Level.INTERACTIVE, never)
        with pytest.raises(asyncio.CancelledError):
            await job.result()
        await until(lambda: sim.lines == ("", ""))


# --- recordings


@pytest.mark.parametrize("protocol", DIALECTS)
@pytest.mark.parametrize("fault", [None, "mute", "half_reply", "garbage", "seven_bits", "unplugged"])
async def test_a_recording_of_a_scale_comes_to_the_same_findings(
    protocol: str, fault: str | None, tmp_path: Path
) -> None:
    async with ScaleSimulator.pty(protocol=protocol) as sim:
        if fault:
            sim.set_fault(fault)
        entry = entry_of(sim)
        studio = Studio.of(
            entry, tmp_path / "it.jsonl", usual(DELI, StoreProfile(Store("店"), scale=(entry,)))
        )
        live = await studio.record(DELI, Level.INTERNAL)
    again = await studio.replayed()
    assert_same(live, again)
    if fault is None:
        said = [str(words) for meaning in again.exchange.meanings for words in meaning]
        assert any(each.startswith("weight 0.000") for each in said)


async def test_a_recording_of_a_loaded_scale_comes_to_the_same_findings(tmp_path: Path) -> None:
    async with ScaleSimulator.pty(protocol="lines") as sim:
        entry = entry_of(sim)
        studio = Studio.of(
            entry, tmp_path / "it.jsonl", usual(DELI, StoreProfile(Store("店"), scale=(entry,)))
        )

        async def hand() -> None:
            """Puts something on the pan and takes it off, over and over."""
            while True:
                await asyncio.sleep(0.7)
                sim.take() if sim.weight else sim.put(1500)

        task = asyncio.create_task(hand())
        live = await studio.record(DELI, Level.EXTERNAL)
        task.cancel()
        await asyncio.wait([task])
    assert live.passed is True
    assert_same(live, await studio.replayed())


async def test_a_recording_of_a_display_comes_to_the_same_findings(tmp_path: Path) -> None:
    async with DisplaySimulator.pty() as sim:
        entry = Display("pole", sim.address, chinese=True)
        profile = StoreProfile(Store("店"), display=(entry,))
        studio = Studio.of(entry, tmp_path / "it.jsonl", usual(POLE, profile))
        ask, _ = looking(sim)
        live = await studio.record(POLE, Level.INTERACTIVE, ask)
    assert live.passed is True
    again = await studio.replayed()
    assert_same(live, again)
    said = [str(words) for meaning in again.exchange.meanings for words in meaning]
    assert 'upper line "收银守护 测试"' in said
    assert said.count("light every dot of a line") == 2
