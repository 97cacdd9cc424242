"""RFID readers of every kind: simulated ones on pseudo-terminals, typed keys, and their self-tests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from console.domain.addresses import parse_address
from console.domain.errors import TillkeeperError
from console.domain.lights import Light
from console.domain.profile import Rfid, Store, StoreProfile
from console.domain.recording import What
from console.domain.selftest import Level, SelftestResult
from console.domain.subjects import Subject
from console.domain.tags import Tag
from console.drivers.registry import connector, open_driver
from console.drivers.rfid.keyboard import KeyboardTagReader
from console.drivers.rfid.pcsc import CardReader, CardReaderSearch
from console.drivers.rfid.serial import SerialTagReader
from console.services.jobs import Job
from console.simulators.printer import PrinterSimulator
from console.simulators.rfid import PROTOCOLS, TAGS, RfidSimulator
from console.storage.profile import parse_profile
from tests.contract.test_recordings import Studio, assert_same, usual
from tests.contract.test_till_selftests import Bench, answering
from tests.waiting import until

READER = Subject("rfid", "tags")
PATIENT_SECONDS = 2.0  # for an answer, on a machine that is busy with other tests
SPOKEN = {"id12": "em4100", "rdm6300": "em4100", "m100": "m100"}
KINDS = {"id12": "EM4100", "rdm6300": "EM4100", "m100": "EPC"}


@pytest.fixture(params=PROTOCOLS)
async def reader(request: pytest.FixtureRequest) -> AsyncGenerator[RfidSimulator, None]:
    async with RfidSimulator.pty(protocol=request.param) as made:
        yield made


def driver(sim: RfidSimulator, clock: Any, protocol: str | None = None) -> SerialTagReader:
    way = connector(parse_address(sim.address, "rfid"))
    return SerialTagReader(way, clock, protocol or SPOKEN[sim.protocol], PATIENT_SECONDS)


async def first_tag(asked: Any, sim: RfidSimulator, number: str = "") -> Tag:
    """The first tag that comes after one was held to the reader."""
    async with asyncio.timeout(15), aclosing(asked.tags(lambda: sim.hold(number))) as tags:
        tag = await anext(tags)
        assert isinstance(tag, Tag)
        return tag


@pytest.mark.parametrize("protocol", [None, "auto"])
async def test_a_tag_that_is_held_to_it_arrives(reader: Any, clock: Any, judged: Any, protocol: Any) -> None:
    asked = driver(reader, clock, protocol)
    await asked.examine()
    tag = await first_tag(asked, reader)
    assert (tag.number, tag.kind, tag.whole) == (TAGS[reader.protocol], KINDS[reader.protocol], True)
    finding = judged("rfid", await asked.examine())
    assert (finding.light, finding.cause) == (Light.OK, None)


async def test_only_a_reader_that_answers_is_proven_by_asking(reader: Any, clock: Any, judged: Any) -> None:
    for protocol in (None, "auto"):
        finding = judged("rfid", await driver(reader, clock, protocol).examine())
        answers = reader.protocol == "m100"
        assert finding.light is (Light.OK if answers else Light.UNKNOWN)
        assert finding.cause == (None if answers else "rfid.not_proven")
        if answers:
            told = [finding.fact(name) for name in ("ModelName", "FirmwareRevision", "ManufacturerName")]
            assert told == ["M100 26dBm V1.0", "V2.3.1", "MagicRF"]


@pytest.mark.parametrize(
    ("fault", "light", "cause"),
    [
        ("mute", Light.UNKNOWN, "rfid.no_answer"),
        ("half_reply", Light.UNKNOWN, "rfid.no_answer"),
        ("garbage", Light.FAULT, "rfid.wrong_speed"),
        ("unplugged", Light.FAULT, "rfid.not_found"),
    ],
)
async def test_each_fault_of_one_that_is_asked_has_its_cause(
    clock: Any, judged: Any, fault: str, light: Light, cause: str
) -> None:
    async with RfidSimulator.pty(protocol="m100") as sim:
        port = Path(sim.address.removeprefix("serial://"))
        sim.set_fault(fault)
        if fault == "unplugged":
            await until(lambda: not port.is_symlink())
        async with asyncio.timeout(10):
            finding = judged("rfid", await driver(sim, clock).examine())
        assert (finding.light, finding.cause) == (light, cause)
        assert (finding.distinguish == "rfid_settings") == (fault == "garbage")
        sim.set_fault(fault, False)
        await until(port.is_symlink)
        assert judged("rfid", await driver(sim, clock).examine()).light is Light.OK


async def test_another_speed_is_told_as_one(clock: Any, judged: Any) -> None:
    async with RfidSimulator.pty(protocol="m100", baud=115200) as sim:
        assert judged("rfid", await driver(sim, clock).examine()).light is Light.OK
        slow = connector(parse_address(sim.address.replace("115200", "9600"), "rfid"))
        asked = SerialTagReader(slow, clock, "m100", 0.6)
        # A question that arrives as noise is not answered; what is on the line then decides.
        assert judged("rfid", await asked.examine()).light is not Light.OK
    async with RfidSimulator.pty(protocol="rdm6300", baud=9600) as sim:
        sim.hold()
        fast = connector(parse_address(sim.address.replace("9600", "115200"), "rfid"))
        finding = judged("rfid", await SerialTagReader(fast, clock, "auto", 0.6).examine())
        assert finding.cause == "rfid.wrong_speed"


async def test_a_damaged_number_is_never_a_proof(reader: Any, clock: Any, judged: Any) -> None:
    reader.set_fault("bad_sum")
    asked = driver(reader, clock)
    tag = await first_tag(asked, reader)
    assert not tag.whole
    assert "rfid.read" not in {sign for each in await asked.examine() for sign in each.signs}


async def test_pulling_the_cable_ends_waiting(reader: Any, clock: Any) -> None:
    asked = driver(reader, clock)

    async def wait() -> None:
        async with aclosing(asked.tags(lambda: reader.set_fault("unplugged"))) as tags:
            await anext(tags)

    async with asyncio.timeout(15):
        with pytest.raises(TillkeeperError) as lost:
            await wait()
    assert lost.value.sign.startswith("serial.")


async def test_a_look_while_tags_are_waited_for_does_not_wait(reader: Any, clock: Any, judged: Any) -> None:
    asked = driver(reader, clock)
    listening = asyncio.Event()
    waiting = asyncio.ensure_future(anext(asked.tags(listening.set)))
    await listening.wait()
    began = time.monotonic()
    await asked.examine()
    assert time.monotonic() - began < 10
    reader.hold()
    assert (await waiting).whole
    assert judged("rfid", await asked.examine()).light is Light.OK


async def test_a_receipt_printer_on_its_port_is_no_reader_and_prints_nothing(clock: Any, judged: Any) -> None:
    async with PrinterSimulator.pty() as printer:
        way = connector(parse_address(printer.address, "rfid"))
        for protocol, light in (("em4100", Light.UNKNOWN), ("auto", Light.FAULT)):
            finding = judged("rfid", await SerialTagReader(way, clock, protocol, 0.3).examine())
            assert finding.light is light
        assert printer.waiting == 0
        line = connector(parse_address(printer.address, "printer"))()
        await line.open(lambda _: None, lambda _: None)
        await line.write(b"total\n")
        await until(lambda: "total" in printer.text())
        await line.close()
        assert printer.text().strip() == "total"  # no question stands before it


# --- readers that type


def keys(reader: KeyboardTagReader, text: str, at: float, gap: float = 0.005) -> float:
    for character in text:
        reader.typed(character, at)
        at += gap
    return at


@pytest.mark.parametrize(
    ("text", "kind"),
    [("0013530444", "10D"), ("3C00CE754C", "10H"), ("04A2B3C4D5E6F7", "14H"), ("00ce754c", "8H")],
)
async def test_a_number_typed_at_a_readers_speed_is_a_tag(
    clock: Any, judged: Any, text: str, kind: str
) -> None:
    made = KeyboardTagReader(clock)
    assert judged("rfid", await made.examine()).cause == "rfid.not_proven"
    async with asyncio.timeout(10), aclosing(made.tags(lambda: None)) as tags:
        coming = asyncio.ensure_future(anext(tags))
        await asyncio.sleep(0)
        keys(made, text + "\r", clock.seconds())
        tag = await coming
    assert (tag.number, tag.kind) == (text.upper(), kind)
    assert judged("rfid", await made.examine()).light is Light.OK


@pytest.mark.parametrize(
    "text",
    ["6901234567892", "12345670", "4294967296", "TK-12345678/y:@z", "134512345678901234", "DEADBEE"],
)
async def test_an_articles_code_or_a_payment_code_is_no_tag(clock: Any, judged: Any, text: str) -> None:
    made = KeyboardTagReader(clock)
    keys(made, text + "\r", clock.seconds())
    assert judged("rfid", await made.examine()).light is Light.UNKNOWN


async def test_a_person_who_types_a_number_is_no_reader(clock: Any, judged: Any) -> None:
    made = KeyboardTagReader(clock)
    keys(made, "0013530444\r", clock.seconds(), gap=0.15)
    assert judged("rfid", await made.examine()).light is Light.UNKNOWN


# --- smart-card readers


async def test_without_its_library_a_card_reader_says_what_is_missing(judged: Any, clock: Any) -> None:
    """As on a computer without pyscard, or without the service behind it: never green, never an accident."""
    finding = judged("rfid", await CardReader("", clock).examine())
    assert (finding.light, finding.cause) in (
        (Light.UNKNOWN, "rfid.no_library"),
        (Light.FAULT, "rfid.no_service"),
        (Light.FAULT, "rfid.not_found"),
        (Light.OK, None),
    )
    assert "pyscard" in str(finding.evidence[0].meaning) or finding.cause != "rfid.no_library"


class Refused(Exception):
    """As pyscard raises it, with the service's answer."""

    def __init__(self, hresult: int) -> None:
        super().__init__(f"refused (0x{hresult & 0xFFFFFFFF:08X})")
        self.hresult = hresult


class NoCard(Exception):
    """As pyscard raises it where no card lies on the reader."""


class Service:
    """pyscard as far as the driver uses it, with one reader; answers as pcscd 1.9.9 gave them to it."""

    def __init__(self, readers: tuple[str, ...] = ("Virtual PCD 00 00",), refuses: int = 0) -> None:
        self.System = self
        self.Exceptions = self
        self.NoCardException = NoCard
        self.CardConnectionException = Refused
        self._readers = readers
        self._refuses = refuses
        self.card = b""

    def readers(self) -> list[Any]:
        if self._refuses:
            raise Refused(self._refuses)
        service = self

        class Reader:
            def __init__(self, name: str) -> None:
                self.name = name

            def __str__(self) -> str:
                return self.name

            def createConnection(self) -> Any:
                return service

        return [Reader(each) for each in self._readers]

    def connect(self) -> None:
        if not self.card:
            raise NoCard

    def disconnect(self) -> None:
        pass

    def transmit(self, question: list[int]) -> tuple[list[int], int, int]:
        assert bytes(question).hex() == "ffca000000"
        return list(self.card), 0x90, 0x00


@pytest.mark.parametrize(
    ("service", "light", "cause"),
    [
        (Service(refuses=0x8010001D), Light.FAULT, "rfid.no_service"),
        (Service(refuses=0x8010001D - (1 << 32)), Light.FAULT, "rfid.no_service"),  # Windows tells it signed
        (Service(refuses=0x8010006A), Light.FAULT, "rfid.denied"),
        (Service(refuses=0x8010002E), Light.FAULT, "rfid.not_found"),
        (Service(readers=()), Light.FAULT, "rfid.not_found"),
        (Service(), Light.OK, None),
    ],
)
async def test_what_the_service_says_has_its_cause(
    service: Service, light: Light, cause: str | None, judged: Any, clock: Any
) -> None:
    finding = judged("rfid", await CardReader("", clock, lambda: service).examine())
    assert (finding.light, finding.cause) == (light, cause)


async def test_a_card_is_told_once_while_it_lies_there(judged: Any, clock: Any) -> None:
    service = Service()
    made = CardReader("virtual", clock, lambda: service)
    async with asyncio.timeout(15), aclosing(made.tags(lambda: None)) as tags:
        coming = asyncio.ensure_future(anext(tags))
        await asyncio.sleep(0)
        service.card = bytes.fromhex("04A2B3C4D5E6F7")
        tag = await coming
        assert (tag.number, tag.kind) == ("04A2B3C4D5E6F7", "UID")
        again = asyncio.ensure_future(anext(tags))
        done, _ = await asyncio.wait([again], timeout=0.6)
        assert not done
        service.card = bytes.fromhex("04000000000001")
        assert (await again).reduced.endswith("01")


async def test_a_search_names_each_card_reader(clock: Any) -> None:
    service = Service(readers=("ACS ACR122U [CCID] 00 00", "Virtual PCD 00 00"))
    found = [each async for each in CardReaderSearch(lambda: service).search(lambda _: None)]
    assert [(each.kind, each.identity, each.sure) for each in found] == [
        ("rfid", "ACS ACR122U [CCID] 00 00", "documented"),
        ("rfid", "Virtual PCD 00 00", "documented"),
    ]
    (entry,) = parse_profile(f'[store]\nname = "x"\n{found[0].entry}').rfid
    driver = open_driver(READER, entry, StoreProfile(Store("x")), clock)
    assert isinstance(driver, CardReader)
    assert driver.name == "ACS ACR122U [CCID] 00 00"
    refused = CardReaderSearch(lambda: Service(refuses=0x8010001D)).search(lambda _: None)
    assert [each async for each in refused] == []


@pytest.mark.parametrize("address", ["pcsc:", "pcsc://ACS%20ACR122U%20%5BCCID%5D%2000"])
def test_the_registry_gives_each_reader_its_driver(address: str, clock: Any) -> None:
    profile = StoreProfile(Store("x"))
    kinds = {
        entry: type(open_driver(READER, Rfid("tags", entry), profile, clock))
        for entry in ("keyboard:", "serial:///dev/ttyS9", address)
    }
    assert kinds == {
        "keyboard:": KeyboardTagReader, "serial:///dev/ttyS9": SerialTagReader, address: CardReader
    }  # fmt: skip


# --- self-tests


def entry_of(sim: RfidSimulator) -> Rfid:
    """The entry that the simulated reader's own profile holds."""
    (entry,) = parse_profile(f'[store]\nname = "x"\n{sim.profile()}').rfid
    return replace(entry, name="tags")


async def attended(job: Job[SelftestResult], sim: RfidSimulator) -> SelftestResult:
    """The verdict when a person does what the step says."""
    async with asyncio.timeout(30):
        async for step in job.steps():
            if str(step.doing) == "Hold a tag to the reader":
                sim.hold()
        return await job.result()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("console.services.selftest.SCAN_WAIT", 1.0)
    monkeypatch.setattr("console.services.selftest.UNATTENDED_WAIT", 1.0)


@pytest.mark.parametrize("level", [Level.EXTERNAL, Level.INTERACTIVE])
async def test_a_tag_that_came_passes_and_is_told_by_its_end(reader: Any, level: Level) -> None:
    result = await attended(Bench(READER, entry_of(reader)).start(level), reader)
    assert (result.passed, result.finding.light) == (True, Light.OK)
    number = TAGS[reader.protocol]
    assert result.figures["tag"] == "•" * (len(number) - 2) + number[-2:]
    assert result.figures["tag_kind"] == KINDS[reader.protocol]
    assert number not in repr(result)
    assert result.counters["TagReadCount"] == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(("answer", "passed"), [(True, False), (False, None), (None, None)])
async def test_a_deaf_reader_fails_by_the_persons_word(reader: Any, answer: bool | None, passed: Any) -> None:
    reader.set_fault("deaf")
    ask, asked = answering(hold=answer)
    bench = Bench(READER, entry_of(reader))
    result = await attended(bench.start(Level.INTERACTIVE, ask), reader)
    assert asked == ["Did you hold a tag to the reader?"]
    assert result.passed is passed
    assert (result.finding.cause == "rfid.no_tag") == (passed is False)
    assert (READER in bench.standing) == (passed is False)


@pytest.mark.usefixtures("impatient")
async def test_a_damaged_number_fails_without_a_question(reader: Any) -> None:
    reader.set_fault("bad_sum")
    ask, asked = answering(hold=True)
    result = await attended(Bench(READER, entry_of(reader)).start(Level.INTERACTIVE, ask), reader)
    assert (result.passed, asked) == (False, [])
    assert "rfid.misread" in [each.cause for each in result.finding.candidates]


async def test_only_asking_waits_for_nobody(reader: Any) -> None:
    result = await Bench(READER, entry_of(reader)).start(Level.INTERNAL).result()
    assert result.passed is (True if reader.protocol == "m100" else None)
    assert result.identity.get("ModelName", "") == ("M100 26dBm V1.0" if reader.protocol == "m100" else "")


# --- recordings


@pytest.mark.parametrize("fault", [None, "bad_sum", "half_reply", "garbage"])
async def test_a_recording_keeps_no_number_and_comes_to_the_same_verdict(
    reader: Any, fault: str | None, tmp_path: Path
) -> None:
    level = Level.INTERNAL if fault in ("half_reply", "garbage") else Level.EXTERNAL
    if fault:
        reader.set_fault(fault)
    entry = entry_of(reader)
    file = tmp_path / "it.jsonl"
    studio = Studio.of(entry, file, usual(READER, StoreProfile(Store("店"), rfid=(entry,))))

    async def hand() -> None:
        while True:
            reader.hold()
            await asyncio.sleep(0.3)

    task = asyncio.create_task(hand())
    try:
        live = await studio.record(READER, level)
    finally:
        task.cancel()
        await asyncio.wait([task])
    again = await studio.replayed()
    assert_same(live, again)
    heard = b"".join(each.data for each in again.exchange.recording.events if each.what is What.HEARD)
    number = TAGS[reader.protocol]
    assert number[:-2].encode() not in heard
    assert bytes.fromhex(number)[:-1] not in heard
    if fault is None:
        said = [str(words) for meaning in again.exchange.meanings for words in meaning]
        assert any("not kept" in each for each in said)
        assert ("who are you? (03)" in said) == (reader.protocol == "m100")
