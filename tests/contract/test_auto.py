"""`protocol = "auto"`, and a wrong protocol, against every simulated printer on every transport."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest

from console.domain.addresses import parse_address
from console.domain.evidence import signs_of
from console.domain.lights import Light
from console.domain.profile import Drawer, Printer, Protocol, Store, StoreProfile
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.drivers.codecs.queries import NAMES, QUERIES
from console.drivers.printer import detection
from console.drivers.printer.conversation import Conversation
from console.drivers.printer.detection import Wary
from console.drivers.printer.office import is_office_printer
from console.drivers.registry import LABELS, LANGUAGES, connector, open_driver
from console.simulators.ipp import IppSimulator
from console.simulators.paper import Style
from console.simulators.printer import PrinterModel, PrinterSimulator
from console.simulators.usb import UsbModel
from tests.contract.conftest import on_the_bench
from tests.contract.families import FAMILIES, benches
from tests.contract.test_printers import ignore
from tests.waiting import until

Open = Callable[..., Any]


@pytest.fixture(params=benches())
async def bench(request: pytest.FixtureRequest, clock: Any, usb_bus: Any) -> AsyncGenerator[Any, None]:
    async with on_the_bench(request.param, clock, usb_bus) as made:
        yield made


@pytest.fixture(name="opened")
def opened_fixture(clock: Any) -> Open:
    def opened(address: str, protocol: Protocol = "auto", name: str = "front") -> Any:
        entry = Printer(name, address, protocol=protocol)
        return open_driver(Subject("printer", name), entry, StoreProfile(Store("x"), printer=(entry,)), clock)

    return opened


async def test_the_language_is_found_and_spoken(bench: Any, judged: Any, opened: Open, page: Any) -> None:
    driver = opened(bench.sim.address)
    evidence = await driver.examine()
    assert judged("printer", evidence).light is Light.OK
    language = bench.family.language.name
    assert evidence[0].probe == "printer.language"
    assert evidence[0].result.startswith(f"{language}, probed")
    assert str(NAMES[language]) in str(evidence[0].meaning)
    proof, _ = await driver.print_test_page(page, ignore)
    assert proof.grade is bench.family.best
    assert page.code in bench.sim.papers[-1].text
    identity, _ = await driver.identify()
    assert identity["ModelName"] == bench.sim.model.model


JOBS = {  # of a till that knows nothing of us; labels of 240 x 160 dots where read from their first byte on
    "tspl": b'SIZE 30 mm,20 mm\r\nCLS\r\nTEXT 10,10,"3",0,1,1,"next"\r\nPRINT 1\r\n',
    "zpl": b"^XA^PW240^LL160^FO10,10^A0N,18,10^FDnext^FS^XZ",
}


async def test_finding_out_prints_nothing_and_leaves_nothing_behind(bench: Any, opened: Open) -> None:
    """What a query left in the line buffer would come out with the next line feed, or spoil a label."""
    sim = bench.sim
    for protocol in (*(LANGUAGES if bench.line == "line.network" else ()), "auto"):
        await opened(sim.address, protocol).examine()
    till = connector(parse_address(sim.address, "printer"))()
    await till.open(lambda data: None, lambda trouble: None)
    await till.write(JOBS.get(bench.family.name, b"next\n"))
    await until(lambda: "next" in sim.text())
    await till.close()
    assert sim.text() == "next\n"
    if bench.family.name in JOBS:
        (label,) = sim.papers
        assert (label.width, label.height) == (240, 160)
        return
    assert sim._setter.style == Style()
    assert not sim.pulses
    assert not sim.papers


async def test_the_answer_is_remembered(bench: Any, opened: Open) -> None:
    driver = opened(bench.sim.address)
    first, *_ = await driver.examine()
    again, *_ = await driver.examine()
    assert again is first


@pytest.mark.parametrize("bench", benches(lambda family: family.name not in LABELS), indirect=True)
async def test_the_drawer_asks_with_its_printer(bench: Any, clock: Any, judged: Any) -> None:
    entry = Printer("front", bench.sim.address, protocol="auto")
    profile = StoreProfile(Store("x"), printer=(entry,), drawer=(Drawer("till", "front"),))
    printer, drawer = (open_driver(subject, each, profile, clock) for subject, each in profile.entries())
    seen = await asyncio.gather(printer.examine(), drawer.examine())
    assert judged("printer", seen[0]).light is Light.OK
    assert judged("drawer", seen[1]).light is Light.OK


@pytest.mark.parametrize("fault", ["mute", "garbage", "drop_connection"])
async def test_a_printer_that_is_not_understood_is_unknown_and_not_printed_on(
    bench: Any, judged: Any, opened: Open, page: Any, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.sim.set_fault(fault)
    driver = opened(bench.sim.address)
    began = time.monotonic()
    finding = judged("printer", await driver.examine())
    assert time.monotonic() - began < 4.5  # four questions, and on a serial port six speeds
    assert finding.light in (Light.UNKNOWN, Light.FAULT)
    if fault == "mute":
        assert (finding.light, finding.cause) == (Light.UNKNOWN, "printer.language_unknown")
        assert {each.cause for each in finding.candidates} >= {"printer.no_answer", "printer.write_only"}
    if fault == "garbage":
        assert finding.cause in ("printer.language_unknown", "printer.wrong_speed")
    proof, _ = await driver.print_test_page(page, ignore)
    assert proof.grade is Grade.E
    identity, counters = await driver.identify()
    assert not counters
    assert not identity or bench.line == "line.usb"  # what it says of itself there
    bench.sim.set_fault(fault, False)
    monkeypatch.setattr(detection, "AGAIN_SECONDS", 0.0)  # what might be taken for text is asked again
    assert judged("printer", await driver.examine()).light is Light.OK
    assert not bench.sim.text().strip()


@pytest.fixture(params=sorted(FAMILIES))
async def other(request: pytest.FixtureRequest) -> AsyncGenerator[Any, None]:
    async with FAMILIES[request.param].make("tcp", None) as sim:
        yield sim


@pytest.mark.parametrize("protocol", sorted(LANGUAGES))
async def test_a_wrong_protocol_names_the_language_heard(
    other: Any, judged: Any, opened: Open, page: Any, protocol: Protocol
) -> None:
    driver = opened(other.address, protocol)
    evidence = await driver.examine()
    finding = judged("printer", evidence)
    name = getattr(other, "name", other.kind)
    if name == protocol:
        assert finding.light is Light.OK
        return
    if protocol == "star" and name in LABELS:  # a Star with a broken wire might be printed on
        assert (finding.light, finding.cause) == (Light.UNKNOWN, "printer.no_answer")
        assert all(str(NAMES[label]) in str(evidence[0].meaning) for label in LABELS)
        assert 'protocol = "zpl"' in str(evidence[0].meaning)
        return
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.wrong_protocol")
    assert str(NAMES[name]) in str(evidence[-1].meaning)
    proof, _ = await driver.print_test_page(page, ignore)
    assert proof.grade is Grade.E
    assert str(NAMES[name]) in str(proof.reason)
    assert not other.text().strip()
    if name not in LABELS:
        assert not other.pulses  # FS & of an ESC/POS page opens the drawer of a Star printer
        assert not other._setter.line_begun
        assert other._setter.style == Style()


async def test_another_printer_in_the_same_place_is_recognised(judged: Any, opened: Open) -> None:
    star = FAMILIES["star"].make("tcp", None)
    async with star:
        driver = opened(star.address)
        assert judged("printer", await driver.examine()).light is Light.OK
    host, port = star.address.removeprefix("tcp://").split(":")
    async with type(FAMILIES["escpos"].make("tcp", None)).tcp(host, int(port)):
        assert judged("printer", await driver.examine()).cause == "printer.wrong_protocol"
        evidence = await driver.examine()
        assert judged("printer", evidence).light is Light.OK
        assert evidence[0].result.startswith("escpos")


async def test_each_language_is_asked_for_once_at_most(opened: Open) -> None:
    """A listener that takes everything and says nothing."""
    heard = bytearray()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(100):
            heard.extend(data)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        host, port = server.sockets[0].getsockname()
        evidence = await opened(f"tcp://{host}:{port}").examine()
    assert bytes(heard) == b"".join(query.request for query in QUERIES)
    assert "status.unrecognised" in signs_of(evidence)


def overheard(sim: Any) -> bytearray:
    """What reaches the printer from now on."""
    heard, received = bytearray(), sim.received

    def take(line: Any, data: bytes) -> None:
        heard.extend(data)
        received(line, data)

    sim.received = take
    return heard


async def test_what_might_be_taken_for_text_is_asked_seldom(opened: Open, judged: Any) -> None:
    """A printer that hears and never answers may be one that knows none of the shells."""
    text = [query for query in QUERIES if query.prints_on]
    async with FAMILIES["escpos"].make("tcp", None) as sim:
        sim.set_fault("write_only")
        heard = overheard(sim)
        driver = opened(sim.address)
        seen = [await driver.examine() for _ in range(3)]
        assert {judged("printer", each).cause for each in seen} == {"printer.language_unknown"}
        assert [heard.count(query.request) for query in QUERIES] == [3, 3, 1, 1]
        assert all(str(NAMES[query.language]) in str(seen[-1][0].meaning) for query in text)
        assert 'protocol = "zpl"' in str(seen[-1][0].meaning)
        await sim.unplug()
        await driver.examine()
        await sim.plug_in()  # it may be another one
        await driver.examine()
        assert [heard.count(query.request) for query in QUERIES] == [4, 4, 2, 2]


async def test_a_printer_known_once_is_not_asked_for_text_when_it_falls_silent(opened: Open) -> None:
    async with FAMILIES["escpos"].make("tcp", None) as sim:
        driver = opened(sim.address, "escpos")
        await driver.examine()
        heard = overheard(sim)
        sim.set_fault("write_only")
        await driver.examine()
        assert [heard.count(query.request) for query in QUERIES if query.language != "escpos"] == [1, 0, 0]


async def test_a_line_that_broke_tells_nothing_of_the_language(opened: Open, judged: Any) -> None:
    async with FAMILIES["escpos"].make("tcp", None) as sim:
        sim.set_fault("drop_connection")
        driver = opened(sim.address, "escpos")
        await driver.examine()
    host, port = sim.address.removeprefix("tcp://").split(":")
    async with type(FAMILIES["zpl"].make("tcp", None)).tcp(host, int(port)):
        evidence = await driver.examine()
        assert judged("printer", evidence).cause == "printer.wrong_protocol"
        assert str(NAMES["zpl"]) in str(evidence[-1].meaning)


async def test_who_answers_what_nobody_understands_is_asked_nothing_like_text(opened: Open) -> None:
    async with FAMILIES["star"].make("tcp", None) as sim:
        heard = overheard(sim)
        sim.set_fault("garbage")
        (evidence,) = await opened(sim.address).examine()
        assert bytes(heard) == b"".join(query.request for query in QUERIES if not query.prints_on)
        assert str(NAMES["tspl"]) in str(evidence.meaning)


async def test_no_office_printer_is_asked_anything_like_text() -> None:
    async with IppSimulator("127.0.0.1", 0) as office, FAMILIES["zpl"].make("tcp", None) as sim:
        port = int(urlsplit(office.address).port or 0)
        assert await is_office_printer("127.0.0.1", port)
        assert not await is_office_printer("127.0.0.1", int(sim.address.rsplit(":", 1)[1]))
        for asked in ("is", "none"):
            wary = Wary(partial(is_office_printer, "127.0.0.1", port if asked == "is" else 9))
            connect = connector(parse_address(sim.address, "printer"))
            async with Conversation(connect, detection.AnyParser()) as line:
                found = await detection.find_language(line, wary, 0.1)
            assert list(found.unasked) == (["tspl", "zpl"] if asked == "is" else [])
            assert (found.query is None) == (asked == "is")


@pytest.mark.usb
@pytest.mark.parametrize(("product", "commands"), [(1, "PJL,PCL6,POSTSCRIPT"), (2, "ESC/POS"), (3, "")])
async def test_what_a_usb_printer_calls_itself_is_heeded(
    product: int, commands: str, opened: Open, usb_bus: Any
) -> None:
    usb = UsbModel(product=product, device_id=f"MFG:Some;MDL:Printer;CMD:{commands};")
    async with PrinterSimulator.usb(usb, usb_bus) as sim:
        sim.set_fault("write_only")
        heard = overheard(sim)
        evidence = await opened(sim.address).examine()
        assert "status.unrecognised" in signs_of(evidence)
        asked = [query for query in QUERIES if not (commands and query.prints_on)]
        assert bytes(heard) == b"".join(query.request for query in asked)


async def test_a_printer_replaced_by_a_label_printer_is_recognised(judged: Any, opened: Open) -> None:
    star = FAMILIES["star"].make("tcp", None)
    async with star:
        driver = opened(star.address)
        assert judged("printer", await driver.examine()).light is Light.OK
    await driver.examine()  # while it is being changed
    host, port = star.address.removeprefix("tcp://").split(":")
    async with type(FAMILIES["tspl"].make("tcp", None)).tcp(host, int(port)):
        await driver.examine()
        evidence = await driver.examine()
        assert judged("printer", evidence).light is Light.OK
        assert evidence[0].result.startswith("tspl")


@pytest.mark.parametrize(
    "fault", [("paused", "label_jam"), ("ribbon_out", "label_jam", "paused"), ("paper_out",)]
)
async def test_an_answer_without_a_signature_is_told_from_a_late_one(
    fault: tuple[str, ...], opened: Open
) -> None:
    """12 and 1A are answers to DLE EOT 1 as well."""
    async with FAMILIES["tspl"].make("tcp", None) as sim:
        for each in fault:
            sim.set_fault(each)
        evidence = await opened(sim.address).examine()
        assert evidence[0].result.startswith("tspl")
    late = PrinterSimulator.tcp(model=PrinterModel(reply_delay_late=0.7))
    async with late:
        late.set_fault("late_reply")
        evidence = await opened(late.address).examine()
        assert not evidence[0].result.startswith("tspl")


async def test_a_place_without_a_printer_is_told_as_such(judged: Any, opened: Open) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    finding = judged("printer", await opened(f"tcp://127.0.0.1:{port}").examine())
    assert finding.light is Light.FAULT
    assert finding.cause in ("printer.wrong_address", "printer.busy")
