"""`protocol = "auto"`, and a wrong protocol, against every simulated printer on every transport."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncGenerator, Callable
from typing import Any

import pytest

from console.domain.evidence import signs_of
from console.domain.lights import Light
from console.domain.profile import Drawer, Printer, Protocol, Store, StoreProfile, parse_address
from console.domain.selftest import Grade
from console.domain.subjects import Subject
from console.drivers.codecs.queries import NAMES, QUERIES
from console.drivers.registry import LABELS, LANGUAGES, connector, open_driver
from tests.contract.conftest import on_the_bench
from tests.contract.families import FAMILIES, benches
from tests.contract.test_printers import ignore, until

Open = Callable[..., Any]
ASKED = {name: family for name, family in FAMILIES.items() if family.auto}


@pytest.fixture(params=benches(lambda family: family.auto))
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


async def test_finding_out_prints_nothing_and_leaves_nothing_behind(bench: Any, opened: Open) -> None:
    """What a query left in the line buffer would come out with the next line feed."""
    for protocol in (*(LANGUAGES.keys() - LABELS), "auto"):  # a label printer is never asked blindly
        await opened(bench.sim.address, protocol).examine()
    style = bench.sim._setter.style
    till = connector(parse_address(bench.sim.address, "printer"))()
    await till.open(lambda data: None, lambda trouble: None)
    await till.write(b"next\n")
    await until(lambda: "next" in bench.sim.text())
    await till.close()
    assert bench.sim.text() == "next\n"
    assert bench.sim._setter.style == style == type(style)()
    assert not bench.sim.pulses
    assert not bench.sim.papers


async def test_the_answer_is_remembered(bench: Any, opened: Open) -> None:
    driver = opened(bench.sim.address)
    first, *_ = await driver.examine()
    again, *_ = await driver.examine()
    assert again is first


async def test_the_drawer_asks_with_its_printer(bench: Any, clock: Any, judged: Any) -> None:
    entry = Printer("front", bench.sim.address, protocol="auto")
    profile = StoreProfile(Store("x"), printer=(entry,), drawer=(Drawer("till", "front"),))
    printer, drawer = (open_driver(subject, each, profile, clock) for subject, each in profile.entries())
    seen = await asyncio.gather(printer.examine(), drawer.examine())
    assert judged("printer", seen[0]).light is Light.OK
    assert judged("drawer", seen[1]).light is Light.OK


@pytest.mark.parametrize("fault", ["mute", "garbage", "drop_connection"])
async def test_a_printer_that_is_not_understood_is_unknown_and_not_printed_on(
    bench: Any, judged: Any, opened: Open, page: Any, fault: str
) -> None:
    bench.sim.set_fault(fault)
    driver = opened(bench.sim.address)
    began = time.monotonic()
    finding = judged("printer", await driver.examine())
    assert time.monotonic() - began < 3.5
    assert finding.light in (Light.UNKNOWN, Light.FAULT)
    if fault == "mute":
        assert (finding.light, finding.cause) == (Light.UNKNOWN, "printer.language_unknown")
        assert {each.cause for each in finding.candidates} >= {"printer.no_answer", "printer.write_only"}
    if fault == "garbage":
        assert finding.cause in ("printer.language_unknown", "printer.wrong_speed")
    proof, _ = await driver.print_test_page(page, ignore)
    assert proof.grade is Grade.E
    assert await driver.identify() == ({}, {})
    bench.sim.set_fault(fault, False)
    assert judged("printer", await driver.examine()).light is Light.OK
    assert not bench.sim.text().strip()


@pytest.fixture(params=sorted(ASKED))
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
    if other.name == protocol:
        assert finding.light is Light.OK
        return
    assert (finding.light, finding.cause) == (Light.FAULT, "printer.wrong_protocol")
    assert str(NAMES[other.name]) in str(evidence[-1].meaning)
    proof, _ = await driver.print_test_page(page, ignore)
    assert proof.grade is Grade.E
    assert str(NAMES[other.name]) in str(proof.reason)
    assert not other.text().strip()
    assert not other.pulses  # FS & of an ESC/POS page opens the drawer of a Star printer


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


async def test_a_place_without_a_printer_is_told_as_such(judged: Any, opened: Open) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    finding = judged("printer", await opened(f"tcp://127.0.0.1:{port}").examine())
    assert finding.light is Light.FAULT
    assert finding.cause in ("printer.wrong_address", "printer.busy")
