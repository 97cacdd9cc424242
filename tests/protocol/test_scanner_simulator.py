"""The simulated scanner, read with pyserial as a till would."""

import asyncio
import os
import time
from collections.abc import AsyncIterator

import pytest
import serial

from console.domain.errors import BadInput
from console.simulators.scanner import ScannerSimulator

CODE = "6901234567892"
BOUND = 20.0
pytestmark = pytest.mark.skipif(os.name == "nt", reason="this system has no pseudo-terminals")


@pytest.fixture
async def scanner() -> AsyncIterator[ScannerSimulator]:
    async with ScannerSimulator.pty() as scanner:
        yield scanner


@pytest.fixture
async def port(scanner: ScannerSimulator) -> AsyncIterator[serial.Serial]:
    with serial.Serial(scanner.address.removeprefix("serial://"), 9600, timeout=BOUND) as port:
        yield port


async def scanned(scanner: ScannerSimulator, port: serial.Serial, count: int) -> bytes:
    """`count` bytes, and proof that nothing follows them."""
    await scanner.scan(CODE)
    data: bytes = await asyncio.to_thread(port.read, count)
    port.timeout = 0.1
    return data + await asyncio.to_thread(port.read, 100)


@pytest.mark.parametrize(
    ("suffix", "end"),
    [("enter", b"\r"), ("cr", b"\r"), ("lf", b"\n"), ("crlf", b"\r\n"), ("tab", b"\t"), ("none", b"")],
)
async def test_suffixes(scanner: ScannerSimulator, port: serial.Serial, suffix: str, end: bytes) -> None:
    scanner.suffix = suffix
    assert await scanned(scanner, port, 13 + len(end)) == CODE.encode() + end


async def test_a_prefix(scanner: ScannerSimulator, port: serial.Serial) -> None:
    scanner.prefix = "~"
    assert await scanned(scanner, port, 15) == b"~6901234567892\r"


async def test_characters_one_by_one(scanner: ScannerSimulator, port: serial.Serial) -> None:
    scanner.delay = 0.01
    begun = time.monotonic()
    assert await scanned(scanner, port, 14) == b"6901234567892\r"
    assert time.monotonic() - begun >= 0.13


@pytest.mark.parametrize(
    ("fault", "whole"),
    [
        ("missing_suffix", b"6901234567892"),
        ("double_read", b"6901234567892\r6901234567892\r"),
        ("extra_prefix", b"]C16901234567892\r"),
        ("code_id", b"j6901234567892\r"),
        ("wrong_suffix", b"6901234567892\t"),
        ("missing_check_digit", b"690123456789\r"),
        ("full_width", "６９０１２３４５６７８９２".encode() + b"\r"),
        ("misread", b"TK0815000000\r"),
    ],
)
async def test_faults(scanner: ScannerSimulator, port: serial.Serial, fault: str, whole: bytes) -> None:
    scanner.set_fault(fault)
    assert await scanned(scanner, port, len(whole)) == whole
    scanner.set_fault(fault, False)
    port.timeout = BOUND
    assert await scanned(scanner, port, 14) == b"6901234567892\r"


@pytest.mark.parametrize(
    ("fault", "code", "sent"),
    [
        # What a US keyboard driver makes of a German scanner's keys.
        ("layout", "TK-1/y:@z(x)", "TK/1&z>y*x("),
        ("caps_lock", "TKyz-1", "tkYZ-1"),
        ("input_method", "12-3", "12-3"),
        ("missing_leading_zero", "0690123456787", "690123456787"),
    ],
)
async def test_what_becomes_of_characters(
    scanner: ScannerSimulator, port: serial.Serial, fault: str, code: str, sent: str
) -> None:
    scanner.set_fault(fault)
    await scanner.scan(code)
    assert await asyncio.to_thread(port.read_until, b"\r") == sent.encode() + b"\r"


async def test_a_screen_is_not_read_where_paper_is(scanner: ScannerSimulator, port: serial.Serial) -> None:
    scanner.set_fault("screen_blind")
    await scanner.scan(CODE)
    assert await scanner.obey(f"paper {CODE}") == {"scanned": 13}
    assert await asyncio.to_thread(port.read_until, b"\r") == CODE.encode() + b"\r"
    port.timeout = 0.1
    assert port.read(1) == b""


async def test_slow_keys(scanner: ScannerSimulator, port: serial.Serial) -> None:
    scanner.set_fault("slow_keys")
    begun = time.monotonic()
    await scanner.scan("12345")
    assert time.monotonic() - begun >= 5 * 0.08
    assert await asyncio.to_thread(port.read_until, b"\r") == b"12345\r"


async def test_dropped_characters_are_always_dropped(scanner: ScannerSimulator, port: serial.Serial) -> None:
    scanner.set_fault("dropped_characters")
    for _ in range(20):
        await scanner.scan(CODE)
        read = (await asyncio.to_thread(port.read_until, b"\r")).decode()
        rest = iter(CODE)
        assert read.endswith("\r")
        assert len(read) < 14
        assert all(char in rest for char in read[:-1])


async def test_mute(scanner: ScannerSimulator, port: serial.Serial) -> None:
    scanner.set_fault("mute")
    port.write(b"\x16M\rREVINF.")
    port.timeout = 0.1
    assert await scanned(scanner, port, 1) == b""


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        # The examples of the manual's chapter on serial programming commands.
        (b"\x16M\rcbrena?.", b"CBRENA1\x06."),
        (b"\x16M\rcbrena^.", b"CBRENA1\x06."),
        (b"\x16M\rcbrena*.", b"CBRENA0-1\x06."),
        (b"\x16M\rCBRENA0!", b"CBRENA0\x06!"),
        (b"\x16M\rCBRENA7.", b"CBRENA7\x15."),
        (b"\x16M\rXYZABC1.", b"XYZABC1\x05."),
        (b"\x16M\rcbrena?;sufbk2?.", b"CBRENA1\x06;SUFBK20\x06."),
        (b"noise\x16M\rcbrena?.", b"CBRENA1\x06."),
    ],
)
async def test_menu_commands(
    scanner: ScannerSimulator, port: serial.Serial, asked: bytes, answer: bytes
) -> None:
    for byte in asked:
        port.write(bytes([byte]))
    assert await asyncio.to_thread(port.read, len(answer)) == answer


async def test_a_setting_is_kept(scanner: ScannerSimulator, port: serial.Serial) -> None:
    port.write(b"\x16M\rCBRENA0.\x16M\rCBRENA?.\x16M\rCBRENA^.")
    assert await asyncio.to_thread(port.read, 27) == b"CBRENA0\x06.CBRENA0\x06.CBRENA1\x06."


async def test_it_tells_who_it_is(scanner: ScannerSimulator, port: serial.Serial) -> None:
    port.write(b"\x16M\rREVINF.")
    told = await asyncio.to_thread(port.read_until, b"\x06.")
    assert told.startswith(b"REVINFProduct Name: ")
    assert b"\r\nSerial Number: SS10000001\r\n" in told


def test_an_unknown_suffix_names_the_nearest() -> None:
    with pytest.raises(BadInput, match=r'suffix "crfl" is unknown\. Nearest: crlf'):
        ScannerSimulator.pty(suffix="crfl")
