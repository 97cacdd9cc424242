"""A recording of any fault comes to the same findings without the device, and holds nobody's payment code."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from console.app.playback import ReplayClock
from console.domain.addresses import parse_address
from console.domain.breaks import Breaks, Look, Span
from console.domain.errors import BadInput
from console.domain.evidence import Evidence
from console.domain.ports import Clock, Connect, Examiner
from console.domain.profile import Drawer, Entry, Printer, Scanner, Store, StoreProfile
from console.domain.recording import Departure, Event, Recording, What
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.words import Words
from console.drivers.printer.driver import DirectPrinter, Turn
from console.drivers.printer.escpos.language import Escpos
from console.drivers.readings import explain
from console.drivers.registry import connector, open_driver
from console.drivers.scanner.serial import SerialScanner
from console.drivers.transports.recorded import recorded
from console.drivers.transports.replayed import Playback
from console.drivers.veils import KEPT
from console.platforms.clock import SystemClock
from console.platforms.quick_loop import QuickLoop
from console.services.black_box import BlackBox
from console.services.language import Language, diagnosis_table
from console.services.recordings import Recordings, verdict_of
from console.services.replay import Replayed, replay
from console.services.roster import Roster
from console.services.selftest import Person, SelftestService
from console.services.tape import RecordingTape
from console.simulators.faults import PRINTER as PRINTER_FAULTS
from console.simulators.faults import SCANNER as SCANNER_FAULTS
from console.simulators.printer import PrinterModel, PrinterSimulator
from console.simulators.scanner import ScannerSimulator
from console.storage.recording import FileShelf, read_recording

CODE = "TK4711008156"
PAYMENT = "134567890123456789"  # as WeChat Pay shows them: 18 digits from 10 to 15
FRONT, COUNTER, TILL = Subject("printer", "front"), Subject("scanner", "counter"), Subject("drawer", "till")
Make = Callable[[Connect, Clock], Examiner]


def quick_printer(address: str, turn: Turn | None = None, answer_seconds: float = 0.15) -> Make:
    """A printer whose silence is told quickly; drivers with one `turn` share what they saw."""
    place = parse_address(address, "printer")
    return lambda connect, clock: DirectPrinter(
        connect(place, {}), Escpos(clock, answer_seconds=answer_seconds), clock, turn=turn, echo_seconds=1.2
    )


def quick_scanner(address: str) -> Make:
    place = parse_address(address, "scanner")
    return lambda connect, clock: SerialScanner(connect(place, {}), clock, "enter", 0.15)


def usual(subject: Subject, profile: StoreProfile) -> Make:
    entry = dict(profile.entries())[subject]
    return lambda connect, clock: open_driver(subject, entry, profile, clock, connect, {})


@dataclass
class Studio:
    """Records self-tests as the program does, into a real file."""

    profile: StoreProfile
    path: Path
    make: Make
    box: BlackBox
    clock: SystemClock

    @classmethod
    def of(cls, entry: Entry, path: Path, make: Make) -> Studio:
        kind = type(entry).__name__.lower()
        profile = StoreProfile(Store("人民路店", language="en"), **{kind: (entry,)})  # type: ignore[arg-type]
        return cls(profile, path, make, BlackBox(), SystemClock("Asia/Shanghai"))

    @property
    def recordings(self) -> Recordings:
        return Recordings(self.profile, self.clock, self.box, FileShelf(), explain)

    async def record(
        self,
        subject: Subject,
        level: Level,
        ask: Callable[[Words], Awaitable[bool | None]] | None = None,
        meanwhile: Callable[[], Awaitable[None]] | None = None,
        breaks: Breaks | None = None,
    ) -> SelftestResult:
        connect = recorded(connector, self.box, KEPT.get(subject.kind))
        driver = self.make(connect, self.clock)
        service = SelftestService(
            "人民路店", Roster({subject: driver}), diagnosis_table(), self.clock, lambda: Language("en"),
            str, lambda _: None, {},
        )  # fmt: skip
        tape, file = await asyncio.to_thread(self.recordings.begin, subject, level, CODE, self.path)
        assert isinstance(tape, RecordingTape)
        job = service.start(subject, level, Person(ask, CODE), tape)
        if meanwhile is not None:
            async for step in job.steps():
                if CODE in str(step.doing):
                    await meanwhile()
                    break
        result = await job.result()
        if breaks is not None:
            result = service.mark(subject, breaks, tape)
        await asyncio.to_thread(file.close)
        assert file.note is None
        return result

    async def replayed(self, recording: Recording | None = None) -> Replayed:
        """In a thread of its own, because this one has a loop already."""
        if recording is None:
            recording = await asyncio.to_thread(read_recording, self.path)
        return await asyncio.to_thread(play, recording, self.make)


def play(recording: Recording, make: Make) -> Replayed:
    playback = Playback(recording.events)

    async def run() -> SelftestResult | None:
        clock = ReplayClock(recording.header.started)
        result = await replay(recording, make(playback.connect, clock), clock, Language("en"))
        if result is not None:
            playback.finish()
        return result

    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        result = runner.run(run())
    exchange = Recordings(None, None, None, None, explain).explained(recording)  # type: ignore[arg-type]
    return Replayed(exchange, result, playback.departures, verdict_of(recording), Language("en"))


def shown(evidence: Sequence[Evidence]) -> list[tuple[str, str, str, frozenset[str]]]:
    return [(each.probe, each.result, str(each.meaning), each.signs) for each in evidence]


def counted(result: SelftestResult) -> dict[str, int]:
    """What was counted; delays between characters differ by what a machine is busy with."""
    return {name: number for name, number in result.counters.items() if name.endswith("Count")}


def assert_same(live: SelftestResult, again: Replayed) -> None:
    assert [str(each.words) for each in again.departures] == []
    assert again.result is not None
    result = again.result
    assert shown(result.finding.evidence) == shown(live.finding.evidence)
    assert replace(result.finding, evidence=()) == replace(live.finding, evidence=())
    assert (result.passed, result.proof, result.identity) == (live.passed, live.proof, live.identity)
    assert counted(result) == counted(live)
    assert again.same is True
    for then, now in zip(live.finding.evidence, result.finding.evidence, strict=True):
        assert now.seconds == pytest.approx(then.seconds, abs=1.0)
        assert abs((now.at - then.at).total_seconds()) < 1.0  # a busy machine lets live answers wait


@pytest.mark.parametrize("fault", [None, *PRINTER_FAULTS])
@pytest.mark.parametrize("way", ["tcp", "pty"])
async def test_a_recording_of_each_printer_fault_comes_to_the_same_findings(
    way: str, fault: str | None, tmp_path: Path
) -> None:
    async with getattr(PrinterSimulator, way)(model=PrinterModel(reply_delay_slow=0.6)) as sim:
        if fault:
            sim.set_fault(fault)
        # What comes just when nobody waits any longer may be heard on either side of that moment.
        make = quick_printer(sim.address, answer_seconds=2.0 if fault == "slow" else 0.15)
        studio = Studio.of(Printer("front", sim.address), tmp_path / "it.jsonl", make)
        live = await studio.record(
            FRONT, Level.EXTERNAL if way == "tcp" and fault != "slow" else Level.INTERNAL
        )
    assert_same(live, await studio.replayed())


@pytest.mark.parametrize("fault", [None, *SCANNER_FAULTS])
async def test_a_recording_of_each_scanner_fault_comes_to_the_same_findings(
    fault: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 2.0)  # a mute scanner scans nothing
    monkeypatch.setattr("console.services.scan_test.PAPER_WAIT", 0.5)
    async with ScannerSimulator.pty() as sim:
        if fault:
            sim.set_fault(fault)
        studio = Studio.of(Scanner("counter", sim.address), tmp_path / "it.jsonl", quick_scanner(sim.address))
        live = await studio.record(COUNTER, Level.INTERACTIVE, meanwhile=lambda: sim.scan(CODE))
    assert_same(live, await studio.replayed())


@pytest.mark.parametrize(
    "code",
    [
        PAYMENT,
        f"{PAYMENT}{CODE}",
        f"]Q1{PAYMENT}",
        "6901234567892",
        "]E06901234567893",
        "付款码１２３",
        "ＴＫ４７１１００８１５６",
        "tk4711008156",
    ],
)
async def test_what_is_not_our_code_is_hidden_and_still_comes_to_the_same_findings(
    code: str, tmp_path: Path
) -> None:
    async with ScannerSimulator.pty() as sim:
        studio = Studio.of(Scanner("counter", sim.address), tmp_path / "it.jsonl", quick_scanner(sim.address))
        live = await studio.record(COUNTER, Level.INTERACTIVE, meanwhile=lambda: sim.scan(code))
    assert live.passed is False
    again = await studio.replayed()
    assert_same(live, again)
    for secret in (PAYMENT.encode(), "付款码".encode(), "付款码".encode("gb18030")):
        assert not any(secret in each.data for each in again.exchange.recording.events)
        assert secret.hex(" ").encode() not in studio.path.read_bytes()


async def test_what_a_person_saw_broken_on_the_page_is_replayed(tmp_path: Path) -> None:
    async with PrinterSimulator.tcp() as sim:
        studio = Studio.of(Printer("front", sim.address), tmp_path / "it.jsonl", quick_printer(sim.address))
        seen = Breaks((Span(212, 220), Span(400, 408)), Look.PATCH)
        live = await studio.record(FRONT, Level.EXTERNAL, breaks=seen)
    again = await studio.replayed()
    assert_same(live, again)
    assert again.result is not None
    assert (again.result.breaks, again.result.finding.cause) == (seen, "printer.head_dirty")


async def test_a_drawer_is_replayed_through_its_printer(tmp_path: Path) -> None:
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault("drawer_open")
        profile = StoreProfile(
            Store("店"), printer=(Printer("front", sim.address),), drawer=(Drawer("till", "front"),)
        )
        studio = Studio(
            profile, tmp_path / "it.jsonl", usual(TILL, profile), BlackBox(), SystemClock("Asia/Shanghai")
        )
        live = await studio.record(TILL, Level.INTERNAL)
    assert_same(live, await studio.replayed())


@pytest.mark.parametrize("answer", [True, False, None])
async def test_the_person_s_answer_is_part_of_it(answer: bool | None, tmp_path: Path) -> None:
    async def ask(_: Words) -> bool | None:
        return answer

    async with PrinterSimulator.tcp() as sim:
        studio = Studio.of(Printer("front", sim.address), tmp_path / "it.jsonl", quick_printer(sim.address))
        live = await studio.record(FRONT, Level.INTERACTIVE, ask)
    assert live.passed is answer
    assert_same(live, await studio.replayed())


async def test_half_a_minute_of_waiting_is_replayed_at_once(tmp_path: Path) -> None:
    """As if the person had taken that long to scan."""
    async with ScannerSimulator.pty() as sim:
        studio = Studio.of(Scanner("counter", sim.address), tmp_path / "it.jsonl", quick_scanner(sim.address))
        await studio.record(COUNTER, Level.INTERACTIVE, meanwhile=lambda: sim.scan(CODE))
    recording = await asyncio.to_thread(read_recording, studio.path)
    scanned = next(each for each in recording.events if each.data.startswith(CODE[:1].encode()))
    events = [replace(each, at=each.at + 30) if each.at >= scanned.at else each for each in recording.events]
    began = asyncio.get_running_loop().time()
    again = await studio.replayed(replace(recording, events=events))
    assert asyncio.get_running_loop().time() - began < 3
    assert departed(again) == []
    assert again.result is not None
    assert again.result.passed is True
    assert again.result.seconds > 30


async def healthy(tmp_path: Path) -> tuple[Studio, Recording]:
    async with PrinterSimulator.tcp() as sim:
        studio = Studio.of(Printer("front", sim.address), tmp_path / "it.jsonl", quick_printer(sim.address))
        await studio.record(FRONT, Level.EXTERNAL)
    return studio, await asyncio.to_thread(read_recording, studio.path)


def without(recording: Recording, unwanted: Callable[[Event], bool]) -> Recording:
    return replace(recording, events=[each for each in recording.events if not unwanted(each)])


def departed(again: Replayed) -> list[str]:
    return [str(each.words) for each in again.departures]


async def test_a_question_that_was_not_asked_then_is_named(tmp_path: Path) -> None:
    studio, recording = await healthy(tmp_path)
    paper = without(recording, lambda each: each.data == b"\x10\x04\x02")
    told = departed(await studio.replayed(paper))
    assert told[0].startswith("This program sent 10 04 02; the recording sends 10 04 03 (line ")


async def test_what_is_no_longer_asked_is_named_with_its_line(tmp_path: Path) -> None:
    studio, recording = await healthy(tmp_path)
    closing = recording.events[9]
    assert closing.what is What.CLOSED
    more = Event(closing.at, What.SENT, 1, b"\x10\x04\x07", row=77)
    events = [*recording.events[:9], more, *recording.events[9:]]
    told = departed(await studio.replayed(replace(recording, events=events)))
    assert told == [
        "This program closed the line; the recording goes on to send 10 04 07 (line 77 of the file)"
    ]


async def test_a_recording_that_a_crash_cut_off_departs_where_it_ends(tmp_path: Path) -> None:
    studio, recording = await healthy(tmp_path)
    content = studio.path.read_bytes()
    studio.path.write_bytes(content[: len(content) // 2])
    again = await studio.replayed()
    assert not again.exchange.recording.whole
    assert again.exchange.recording.events == recording.events[: len(again.exchange.recording.events)]
    assert departed(again)
    assert again.same is None


async def test_other_pieces_of_the_same_bytes_are_no_departure(tmp_path: Path) -> None:
    studio, recording = await healthy(tmp_path)
    events: list[Event] = []
    for each in recording.events:
        split = each.what is What.SENT and len(each.data) > 100
        halves = (each.data[:100], each.data[100:]) if split else (each.data,)
        events += [replace(each, data=half) for half in halves]
    assert departed(await studio.replayed(replace(recording, events=events))) == []


async def test_the_page_of_then_is_printed_whatever_the_page_says_today(tmp_path: Path) -> None:
    studio, recording = await healthy(tmp_path)
    store = {**recording.header.store, "store": {"name": "Renamed", "language": "zh_CN"}}
    renamed = replace(recording, header=replace(recording.header, store=store))
    assert departed(await studio.replayed(renamed)) == []


async def test_a_write_that_was_held_back_is_held_back_again(tmp_path: Path) -> None:
    studio, recording = await healthy(tmp_path)
    first, second = [each.at for each in recording.noted(What.SENT) if len(each.data) > 100][:2]
    assert first < second
    held = [replace(each, at=each.at + 5) if each.at >= second else each for each in recording.events]
    again = await studio.replayed(replace(recording, events=held))
    assert departed(again) == []
    assert again.result is not None
    assert again.result.seconds > 5


async def test_a_recording_is_never_written_over(tmp_path: Path) -> None:
    studio, _ = await healthy(tmp_path)
    with pytest.raises(BadInput, match="exists already"):
        await asyncio.to_thread(studio.recordings.begin, FRONT, Level.INTERNAL, CODE, studio.path)


async def test_what_was_just_said_can_be_saved_without_having_been_recorded(tmp_path: Path) -> None:
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault("paper_out")
        studio = Studio.of(Printer("front", sim.address), tmp_path / "it.jsonl", quick_printer(sim.address))
        connect = recorded(connector, studio.box)
        driver = studio.make(connect, studio.clock)
        assert studio.recordings.just_said(FRONT) is None
        before = studio.clock.now()
        await driver.examine()
        asked = studio.clock.now()
        await driver.examine()
    exchange = studio.recordings.just_said(FRONT)
    assert exchange is not None
    await asyncio.to_thread(studio.recordings.save, exchange, studio.path)
    kept = await asyncio.to_thread(read_recording, studio.path)
    assert [each.line for each in kept.noted(What.OPENED)] == [1, 2]
    assert kept.events[0].at == 0
    assert before <= kept.header.started <= asked
    told = [str(words) for meaning in exchange.meanings for words in meaning]
    assert "no paper; paper nearly used up" in told
    again: Any = await studio.replayed()
    assert (again.result, again.departures) == (None, [])


async def test_only_the_self_test_s_own_lines_are_recorded(tmp_path: Path) -> None:
    """The watch asks the same printer meanwhile; that is not part of the self-test."""
    async with PrinterSimulator.tcp() as sim:
        studio = Studio.of(Printer("front", sim.address), tmp_path / "it.jsonl", quick_printer(sim.address))
        watch = studio.make(recorded(connector, studio.box), studio.clock)

        async def watching() -> None:
            while True:
                await watch.examine()

        task = asyncio.create_task(watching())
        live = await studio.record(FRONT, Level.EXTERNAL)
        task.cancel()
        await asyncio.wait([task])
    assert_same(live, await studio.replayed())


async def test_an_examination_that_the_watch_made_is_made_again_for_the_recording(tmp_path: Path) -> None:
    async with PrinterSimulator.tcp() as sim:
        turn = Turn()
        studio = Studio.of(
            Printer("front", sim.address), tmp_path / "it.jsonl", quick_printer(sim.address, turn)
        )
        await turn.lock.acquire()
        watch = studio.make(recorded(connector, studio.box), studio.clock)
        watching = asyncio.create_task(watch.examine())
        recording = asyncio.create_task(studio.record(FRONT, Level.INTERNAL))
        async with asyncio.timeout(5):
            while len(turn.lock._waiters or ()) < 2:  # noqa: ASYNC110 - both must wait for the line
                await asyncio.sleep(0.01)
        turn.lock.release()
        live, _ = await recording, await watching
    studio.make = quick_printer(sim.address)
    assert_same(live, await studio.replayed())


def test_a_departure_says_when(tmp_path: Path) -> None:
    playback = Playback([])

    async def open_twice() -> None:
        with pytest.raises(Exception, match="no further line"):
            await playback.connect(parse_address("tcp://x:1", "printer"), {})().open(print, print)

    with asyncio.Runner(loop_factory=QuickLoop) as runner:
        runner.run(open_twice())
    assert [type(each) for each in playback.departures] == [Departure]
