"""The simulated name server, asked by dnspython and by bare datagrams."""

import asyncio
import socket
from collections.abc import AsyncIterator

import dns.asyncquery
import dns.flags
import dns.message
import dns.opcode
import dns.rcode
import pytest

from console.domain.errors import BadInput
from console.simulators.dns import DnsSimulator

BOUND = 20.0
NAME = "pos.example.com"


@pytest.fixture
async def server() -> AsyncIterator[DnsSimulator]:
    async with DnsSimulator.start({NAME: "127.0.0.1", "two.example": ["192.0.2.1", "192.0.2.2"]}) as server:
        yield server


async def ask(
    server: DnsSimulator, name: str = NAME, kind: str = "A", timeout: float = BOUND
) -> dns.message.Message:
    query = dns.message.make_query(name, kind, use_edns=True)
    return await dns.asyncquery.udp(query, "127.0.0.1", port=server.port, timeout=timeout)


def addresses(answer: dns.message.Message) -> list[str]:
    return [record.address for rrset in answer.answer for record in rrset]


async def test_known_names(server: DnsSimulator) -> None:
    answer = await ask(server)
    assert addresses(answer) == ["127.0.0.1"]
    assert answer.rcode() == dns.rcode.NOERROR
    assert answer.flags & dns.flags.AA
    assert addresses(await ask(server, "TWO.Example.")) == ["192.0.2.1", "192.0.2.2"]


@pytest.mark.parametrize("kind", ["AAAA", "MX", "TXT"])
async def test_other_kinds_are_empty(server: DnsSimulator, kind: str) -> None:
    answer = await ask(server, kind=kind)
    assert answer.rcode() == dns.rcode.NOERROR
    assert not answer.answer


async def test_unknown_names(server: DnsSimulator) -> None:
    assert (await ask(server, "nobody.example")).rcode() == dns.rcode.NXDOMAIN


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("refused", dns.rcode.REFUSED),
        ("unknown_name", dns.rcode.NXDOMAIN),
        ("server_failure", dns.rcode.SERVFAIL),
    ],
)
async def test_faults_with_a_code(server: DnsSimulator, fault: str, code: dns.rcode.Rcode) -> None:
    server.set_fault(fault)
    answer = await ask(server)
    assert answer.rcode() == code
    assert not answer.answer
    server.set_fault(fault, False)
    assert addresses(await ask(server)) == ["127.0.0.1"]


async def test_a_wrong_address(server: DnsSimulator) -> None:
    server.set_fault("wrong_address")
    assert addresses(await ask(server)) == ["198.51.100.66"]
    assert (await ask(server, "nobody.example")).rcode() == dns.rcode.NXDOMAIN


async def test_mute(server: DnsSimulator) -> None:
    server.set_fault("mute")
    with pytest.raises(dns.exception.Timeout):
        await ask(server, timeout=0.15)


async def test_slow(server: DnsSimulator) -> None:
    server.set_fault("slow")
    server.slow_seconds = 0.3
    with pytest.raises(dns.exception.Timeout):
        await ask(server, timeout=0.1)
    assert addresses(await ask(server)) == ["127.0.0.1"]


def test_broken_questions_get_a_format_error() -> None:
    server = DnsSimulator.start({})
    for broken in ("", "03777777", "c00c00010001", "40", "0377777700" + "0001"):
        query = bytes.fromhex("abcd 0100 0001 0000 0000 0000" + broken)
        answer = dns.message.from_wire(server.answer(query), question_only=True)
        assert (answer.id, answer.rcode()) == (0xABCD, dns.rcode.FORMERR)
    update = bytes.fromhex("abcd 2800 0001 0000 0000 0000 00 0006 0001")
    assert server.answer(update)[3] & 15 == dns.rcode.NOTIMP


def test_answers_and_scraps_are_not_answered() -> None:
    server = DnsSimulator.start({})
    assert server.answer(bytes.fromhex("abcd 8180 0001 0000 0000 0000 00 0001 0001")) == b""
    assert server.answer(b"\xab\xcd\x01") == b""


async def test_the_port_is_free_again_afterwards() -> None:
    server = DnsSimulator.start({})
    async with server:
        port = server.port
    await asyncio.sleep(0)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as again:
        again.bind(("127.0.0.1", port))


def test_what_is_no_address_is_refused() -> None:
    with pytest.raises(BadInput, match=r'"300\.1\.1\.1" for pos\.example\.com is not an IPv4 address'):
        DnsSimulator.start({NAME: "300.1.1.1"})
