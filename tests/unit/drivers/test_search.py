"""Searching for devices."""

from __future__ import annotations

import asyncio
import socket
import tomllib
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from console.domain.discovery import Found
from console.domain.errors import BadInput, Unsupported
from console.domain.words import Words, say
from console.drivers.search import SerialSearch, TcpSearch, hosts
from console.drivers.terminals import TerminalSearch
from console.simulators.printer import PrinterSimulator
from console.simulators.receipt_printer import PrinterModel
from console.simulators.rfid import RfidSimulator
from console.simulators.scale import ScaleSimulator
from console.simulators.star import StarPrntSimulator, StarSimulator
from console.simulators.tspl import TsplSimulator
from console.simulators.zpl import ZplSimulator


async def found_by(search: AsyncGenerator[Found, None]) -> list[Found]:
    return [found async for found in search]


def kind_of(found: Found) -> str:
    return found.kind


def quiet(doing: Words) -> None:
    pass


@pytest.mark.parametrize(
    ("simulator", "protocol"),
    [
        (PrinterSimulator, "escpos"),
        (StarSimulator, "star"),
        (StarPrntSimulator, "star"),
        (TsplSimulator, "tspl"),
        (ZplSimulator, "zpl"),
    ],
)
async def test_a_network_printer_is_found_and_named(simulator: Any, protocol: str) -> None:
    async with simulator.tcp() as sim:
        port = int(sim.address.rsplit(":", 1)[1])
        (found,) = await found_by(TcpSearch("127.0.0.0/28", port).search(quiet))
        assert (found.kind, found.address, found.sure) == ("printer", sim.address, "probed")
        assert found.identity == sim.model.model
        (entry,) = tomllib.loads(found.entry)["printer"]
        assert (entry["address"], entry["protocol"]) == (sim.address, protocol)
        assert not sim.text().strip()
        assert not getattr(sim, "pulses", ())


async def test_another_service_on_the_port_is_only_a_guess() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        (found,) = await found_by(TcpSearch("127.0.0.1/32", listener.getsockname()[1]).search(quiet))
    assert (found.sure, found.identity) == ("guess", "")
    assert 'protocol = "auto"' in found.entry


async def test_a_device_that_hangs_up_is_there_all_the_same() -> None:
    async with PrinterSimulator.tcp() as sim:
        sim.set_fault("drop_connection")
        port = int(sim.address.rsplit(":", 1)[1])
        (found,) = await found_by(TcpSearch("127.0.0.1/32", port).search(quiet))
        assert (found.address, found.sure) == (sim.address, "guess")


async def test_a_search_can_be_left_at_once() -> None:
    search = TcpSearch("127.0.0.0/22", 9)
    asking = asyncio.ensure_future(anext(search.search(quiet), None))
    await asyncio.sleep(0)
    asking.cancel()
    done, _ = await asyncio.wait([asking], timeout=5)
    assert done
    assert asking.cancelled()


@pytest.mark.parametrize(
    ("cidr", "part"),
    [("192.168.0.0/21", "1024"), ("10.0.0.0/8", "10.0.0.0/8"), ("shop", "shop"), ("::/64", "1024")],
)
def test_a_network_that_is_too_large_or_none(cidr: str, part: str) -> None:
    with pytest.raises(BadInput, match=part):
        TcpSearch(cidr)


def test_the_largest_network_is_a_22() -> None:
    assert len(hosts("192.168.0.0/22")) == 1022


async def test_serial_ports_are_guesses_until_asked() -> None:
    async with PrinterSimulator.pty(model=PrinterModel(baud=38400)) as sim:
        place = sim.address.removeprefix("serial://").split("?")[0]

        def ports() -> list[tuple[str, str]]:
            return [(place, 'USB "serial"'), ("/dev/ttyTillkeeper9", "gone")]

        plain = await found_by(SerialSearch(ports=ports).search(quiet))
        assert [(each.kind, each.sure) for each in plain] == [("scanner", "guess")] * 2
        assert not sim.connected
        asked = sorted(await found_by(SerialSearch(probe=True, ports=ports).search(quiet)), key=kind_of)
        assert [(each.kind, each.sure) for each in asked] == [("printer", "probed"), ("scanner", "guess")]
        assert tomllib.loads(asked[0].entry)["printer"][0]["address"] == sim.address


@pytest.mark.parametrize(("simulator", "protocol"), [(TsplSimulator, "tspl"), (ZplSimulator, "zpl")])
async def test_a_label_printer_on_a_serial_port_is_found(simulator: Any, protocol: str) -> None:
    async with simulator.pty() as sim:
        place = sim.address.removeprefix("serial://")
        (found,) = await found_by(SerialSearch(probe=True, ports=lambda: [(place, "")]).search(quiet))
        assert (found.kind, found.sure, found.identity) == ("printer", "probed", sim.model.model)
        (entry,) = tomllib.loads(found.entry)["printer"]
        assert (entry["address"], entry["protocol"]) == (f"serial://{place}?baud=9600", protocol)
        assert not sim.papers


@pytest.mark.parametrize("protocol", ["lines", "aclas", "yaohua"])
async def test_a_scale_that_sends_by_itself_is_found_without_a_byte_sent_to_it(protocol: str) -> None:
    async with ScaleSimulator.pty(protocol=protocol) as sim:
        heard: list[bytes] = []
        sim.received = lambda line, data: heard.append(data)  # type: ignore[method-assign] # a wiretap
        place = sim.address.removeprefix("serial://")
        (found,) = await found_by(SerialSearch(probe=True, ports=lambda: [(place, "x")]).search(quiet))
        (entry,) = tomllib.loads(found.entry)["scale"]
        assert (found.kind, found.sure, found.identity.split()[0]) == ("scale", "probed", "0.000")
        assert (entry["address"], entry["protocol"]) == (f"{sim.address}?baud=9600", "stream")
        assert heard == []


async def test_a_scale_that_waits_to_be_asked_is_not_asked_by_a_search() -> None:
    async with ScaleSimulator.pty(protocol="toledo") as sim:
        heard: list[bytes] = []
        sim.received = lambda line, data: heard.append(data)  # type: ignore[method-assign] # a wiretap
        place = sim.address.removeprefix("serial://")
        (found,) = await found_by(SerialSearch(probe=True, ports=lambda: [(place, "x")]).search(quiet))
        assert (found.kind, found.sure) == ("scanner", "guess")
        assert b"W" not in b"".join(heard)


@pytest.mark.parametrize("protocol", ["id12", "rdm6300"])
async def test_an_rfid_reader_is_found_by_a_tag_that_is_held_to_it(protocol: str) -> None:
    async with RfidSimulator.pty(protocol=protocol) as sim:
        place = sim.address.removeprefix("serial://")

        def asked_for(doing: Words) -> None:
            assert "hold a tag" in str(doing)

        async def hand() -> None:
            while True:
                sim.hold()
                await asyncio.sleep(0.2)

        holding = asyncio.create_task(hand())
        try:
            (found,) = await found_by(
                SerialSearch(probe=True, ports=lambda: [(place, "x")]).search(asked_for)
            )
        finally:
            holding.cancel()
            await asyncio.wait([holding])
        assert (found.kind, found.sure, found.identity) == ("rfid", "probed", "EM4100")
        (entry,) = tomllib.loads(found.entry)["rfid"]
        assert (entry["address"], entry["protocol"]) == (f"{sim.address}?baud=9600", "em4100")


async def test_card_terminals_are_guessed_by_their_maker() -> None:
    stations = {"192.168.1.60": "00:0b:4f:12:34:56", "192.168.1.7": "00:00:5e:00:53:01"}
    (found,) = await found_by(TerminalSearch(lambda: stations).search(quiet))
    assert (found.kind, found.address, found.sure) == ("terminal", "192.168.1.60", "guess")
    assert "Verifone" in found.identity
    (entry,) = tomllib.loads(found.entry)["terminal"]
    assert entry["address"] == "192.168.1.60"


async def test_a_system_that_tells_no_neighbours_finds_no_terminals() -> None:
    def untold() -> dict[str, str]:
        raise Unsupported(say("The neighbour table is not read on this system"))

    assert await found_by(TerminalSearch(untold).search(quiet)) == []
