"""Printers that announce themselves: a real responder on loopback, and what each record means."""

from __future__ import annotations

import asyncio
import os
import socket
import time
import tomllib
from typing import Any

import pytest
from zeroconf.asyncio import AsyncServiceInfo, AsyncZeroconf

from console.domain.addresses import parse_address
from console.domain.words import Words
from console.drivers.announced import MdnsSearch, announced

LOOPBACK = "127.0.0.1"

OWN = os.getpid()  # loopback is shared with whoever else tests on this machine


def quiet(doing: Words) -> None:
    pass


def service(kind: str, name: str, port: int, **texts: str) -> AsyncServiceInfo:
    return AsyncServiceInfo(
        f"{kind}.local.",
        f"{name}.{kind}.local.",
        port=port,
        properties=dict(texts),
        addresses=[socket.inet_aton(LOOPBACK)],
        server=f"tillkeeper-test-{OWN}.local.",
    )


async def test_announced_printers_are_found_within_the_bound() -> None:
    responder = AsyncZeroconf(interfaces=[LOOPBACK])
    try:
        for each in (
            service("_ipp._tcp", f"Kitchen {OWN}", 631, rp="ipp/print", ty="EPSON TM-m30III"),
            service("_pdl-datastream._tcp", f"Kitchen {OWN}", 9100, ty="EPSON TM-m30III"),
            service("_printer._tcp", f"Old one {OWN}", 515),
            service("_http._tcp", f"No printer {OWN}", 80),
        ):
            await responder.async_register_service(each)
        began = time.monotonic()
        found = {each.address: each async for each in MdnsSearch(2.0, [LOOPBACK]).search(quiet)}
        assert time.monotonic() - began < 6.0
    finally:
        await responder.async_close()
    kitchen = found["ipp://127.0.0.1:631/ipp/print"]
    assert (kitchen.sure, kitchen.identity) == ("documented", "EPSON TM-m30III")
    assert tomllib.loads(kitchen.entry)["printer"][0]["protocol"] == "auto"
    assert found["tcp://127.0.0.1:9100"].sure in ("documented", "guess")
    assert not any(":80" in address for address in found)


async def test_a_search_can_be_left_at_once() -> None:
    search = asyncio.ensure_future(anext(MdnsSearch(30.0, [LOOPBACK]).search(quiet), None))
    await asyncio.wait([search], timeout=0.5)
    search.cancel()
    done, _ = await asyncio.wait([search], timeout=5)
    assert done
    assert search.cancelled()


@pytest.mark.parametrize(
    ("kind", "port", "texts", "address", "sure"),
    [
        ("_ipp._tcp", 631, {"rp": "printers/till"}, "ipp://127.0.0.1:631/printers/till", "documented"),
        ("_ipp._tcp", 631, {}, "ipp://127.0.0.1:631/ipp/print", "documented"),
        ("_ipp._tcp", 631, {"rp": "a b?c"}, "ipp://127.0.0.1:631/a%20b%3Fc", "documented"),
        ("_pdl-datastream._tcp", 9101, {}, "tcp://127.0.0.1:9101", "documented"),
        ("_printer._tcp", 515, {}, "tcp://127.0.0.1:9100", "guess"),
    ],
)
def test_each_kind_of_announcement(kind: str, port: int, texts: Any, address: str, sure: str) -> None:
    found = announced(service(kind, "Till", port, **texts))
    assert found is not None
    assert (found.address, found.sure, found.identity) == (address, sure, "Till")
    parse_address(found.address, "printer")


def test_a_service_that_is_not_served() -> None:
    """Bonjour Printing 4.1.2: port 0 only keeps the name."""
    assert announced(service("_printer._tcp", "Till", 0)) is None


def test_a_maker_may_write_only_a_product() -> None:
    found = announced(service("_ipp._tcp", "Till", 631, product="(TM-T88)"))
    assert found is not None
    assert found.identity == "TM-T88"
