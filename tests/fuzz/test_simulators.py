"""Any bytes, split anywhere: the simulators' parsers live on, stay bounded, and still answer afterwards."""

from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.simulators.backend import _parse
from console.simulators.command_stream import KEPT, Command
from console.simulators.dns import DnsSimulator
from console.simulators.escpos_stream import CommandStream, RealtimeScanner
from console.simulators.ipp import IppSimulator
from console.simulators.ports import PtyPort
from console.simulators.printer import PrinterSimulator
from console.simulators.receipt_printer import ReceiptPrinter
from console.simulators.scanner import ScannerSimulator
from console.simulators.star import StarPrntSimulator, StarSimulator
from console.simulators.star_stream import RealtimeScanner as StarScanner
from console.simulators.star_stream import StarStream
from tests.client_end import ClientEnd

INPUTS = 10_000
# Longer than any command that was begun by a short fuzzed input can still wait for, except pictures,
# which a printer ends by clearing its buffers.
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
STARTS = [
    *(b"\x1b%c" % n for n in b"@!$&*-23=DEJLRSWZa\\cdpt{(\x0c"),
    *(b"\x1c%c" % n for n in b"&.!SW2gpq("),
    *(b"\x1d%c" % n for n in b"!$(*/8BCDHILPQTVWabfghkrvw\\"),
    b"\x1d(k\x08\0\x31\x50\x30",
    b"\x1d(k\x03\0\x31\x51\x30",
    b"\x1d(L\x12\0\x30\x70\x30\1\1\x31\x08\0\x08\0",
    b"\x1d(L\2\0\x30\x32",
    b"\x1dv0\0",
    b"\x10\x04",
    b"\x10\x05",
    b"\x10\x14",
    b"\x09",
    b"\x0a",
    b"\x0c",
    b"\x18",
]


STAR_STARTS = [
    *(b"\x1b%c" % n for n in b"@EFWhi-_azJIKLXkbBDCR/$sdtu?#\x07\x06\x0e\x16\x0c"),
    *(b"\x1b\x1d%c" % n for n in b"aAtRSyxP)(#\x03\x07\x19"),
    *(b"\x1b\x1e%c" % n for n in b"aEFAd"),
    b"\x1b\x1dyD1\0\5\0",
    b"\x1b\x1dyD2\2",
    b"\x1b\x1dyP",
    b"\x1b\x1dS\1\1\0\x08\0\0",
    b"\x1b*rA",
    b"\x1b*rB",
    b"\x1b\x1cq\2",
    *(bytes((n,)) for n in b"\x10\x04\x05\x07\n\x17\x18\x19\x1cbk"),
]


def garbage(chance: Random, starts: list[bytes] = STARTS) -> bytes:
    """A few begun commands with random ends, and plain noise."""
    return b"".join(
        chance.choice(starts) * (chance.random() < 0.8) + chance.randbytes(chance.randrange(12))
        for _ in range(chance.randrange(1, 6))
    )


def play(printer: ReceiptPrinter, line: ClientEnd, data: bytes) -> None:
    """What a connection and the print loop do, without the waiting between them."""
    printer.received(line, data)
    while printer._queue:
        printer._print_next()


@pytest.mark.parametrize("seed", range(4))
def test_a_printer_answers_after_any_garbage(seed: int) -> None:
    chance = Random(seed)
    printer, line = PrinterSimulator.tcp(), ClientEnd()
    for _ in range(INPUTS // 4):
        data = garbage(chance)
        cut = chance.randrange(len(data) + 1)
        play(printer, line, data[:cut])
        play(printer, line, data[cut:])
        printer.clear_faults()
        line.heard = b""
        play(printer, line, b"\x10\x04\x01")
        assert line.heard == b"\x12", data.hex(" ")
        if chance.random() < 0.05:
            line.heard = b""
            play(printer, line, CLEAR + b"\x1b=\x01\x1bS\x1b@\n\x1dI\x01")
            assert line.heard == b"\x37\x25\x00\x20", data.hex(" ")
    assert printer.waiting == 0
    assert isinstance(printer.text(), str)
    assert all(printer.picture(ticket) for ticket in printer.papers[:3])


@pytest.mark.parametrize(("seed", "simulator"), [(11, StarSimulator), (12, StarPrntSimulator)])
def test_a_star_printer_answers_after_any_garbage(seed: int, simulator: type[StarSimulator]) -> None:
    chance = Random(seed)
    printer, line = simulator.tcp(), ClientEnd()
    for _ in range(INPUTS // 2):
        data = garbage(chance, STAR_STARTS)
        cut = chance.randrange(len(data) + 1)
        play(printer, line, data[:cut])
        play(printer, line, data[cut:])
        printer.clear_faults()
        line.heard = b""
        play(printer, line, b"\x1b\x06\x01")
        # ESC may have ended a begun ESC RS a: then the status comes a second time.
        assert line.heard, data.hex(" ")
        assert len(line.heard) % 11 == 0, data.hex(" ")
        assert line.heard[2] & 0xFD == line.heard[3] == line.heard[5] == 0
        if chance.random() < 0.05:
            printer.lost(line)  # an unfinished command is forgotten then
            play(printer, line, b"")
            line.heard = b""
            play(printer, line, b"\x1b*rB\x1b#*\n\0")
            assert line.heard.startswith(b"\x1b#*," + printer.model.model.encode()), data.hex(" ")
    assert printer.waiting == 0
    assert isinstance(printer.text(), str)
    assert all(printer.picture(ticket) for ticket in printer.papers[:3])


@settings(max_examples=1500, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.binary(max_size=24), st.sampled_from(STAR_STARTS)), max_size=12), st.data())
def test_star_commands_do_not_depend_on_how_the_bytes_are_split(
    parts: list[bytes], data: st.DataObject
) -> None:
    whole = b"".join(parts)
    cut = data.draw(st.integers(0, len(whole)))
    stream = StarStream()
    split = _joined([*stream.feed(whole[:cut]), *stream.feed(whole[cut:])])
    assert split == _joined(StarStream().feed(whole))
    scanner = StarScanner()
    found = [*scanner.split(whole[:cut]), *scanner.split(whole[cut:])]
    assert b"".join(piece for piece, _ in found) == whole
    assert [request for _, request in found if request] == [
        request for _, request in StarScanner().split(whole) if request
    ]


@settings(max_examples=1500, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.binary(max_size=24), st.sampled_from(STARTS)), max_size=12), st.data())
def test_commands_do_not_depend_on_how_the_bytes_are_split(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"".join(parts)
    cut = data.draw(st.integers(0, len(whole)))
    stream = CommandStream()
    split = _joined([*stream.feed(whole[:cut]), *stream.feed(whole[cut:])])
    assert split == _joined(CommandStream().feed(whole))
    scanner = RealtimeScanner()
    found = [*scanner.split(whole[:cut]), *scanner.split(whole[cut:])]
    assert b"".join(piece for piece, _ in found) == whole
    assert [request for _, request in found if request] == [
        request for _, request in RealtimeScanner().split(whole) if request
    ]


def _joined(commands: list[Command]) -> list[Command]:
    """Text in one piece where it came in several."""
    out: list[Command] = []
    for command in commands:
        if out and command.name == out[-1].name == "text":
            out[-1] = Command("text", out[-1].data + command.data)
        else:
            out.append(command)
    return out


def test_the_parser_stays_small() -> None:
    chance = Random(9)
    stream = CommandStream()
    for _ in range(INPUTS):
        stream.feed(garbage(chance))
        assert len(stream._rest) < 8192 < KEPT


def test_a_name_server_survives_any_datagram() -> None:
    chance = Random(5)
    server = DnsSimulator.start({"pos.example.com": "127.0.0.1"})
    good = bytes.fromhex("abcd 0100 0001 0000 0000 0000 03706f73 076578616d706c65 03636f6d 00 0001 0001")
    right = server.answer(good)
    assert right.endswith(bytes([127, 0, 0, 1]))
    for _ in range(INPUTS):
        data = bytearray(good if chance.random() < 0.7 else chance.randbytes(chance.randrange(80)))
        for _ in range(chance.randrange(4)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        reply = server.answer(
            bytes(data[: chance.randrange(len(data) + 1)] if chance.random() < 0.3 else data)
        )
        assert not reply or reply[:2] == bytes(data[:2])
    assert server.answer(good) == right


def test_a_scanner_survives_any_bytes() -> None:
    chance = Random(6)
    scanner, line = ScannerSimulator(PtyPort("unused"), "", "enter", 0.0), ClientEnd()
    pieces = [b"\x16M\r", b"\x16M", b"CBRENA", b"REVINF", b"?", b"*", b"^", b".", b"!", b",", b";", b"1"]
    for _ in range(INPUTS):
        for _ in range(chance.randrange(8)):
            scanner.received(line, chance.choice([*pieces, chance.randbytes(3)]))
        assert len(scanner._typed) <= 256
        line.heard = b""
        scanner.received(line, b".\x16M\rCBRENA^.")
        assert line.heard.endswith(b"CBRENA1\x06.")


def test_a_backend_parses_any_head() -> None:
    chance = Random(7)
    good = b"GET /health HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    assert _parse(good) == ("GET", "/health", {"host": "localhost", "connection": "close"})
    for _ in range(INPUTS):
        data = bytearray(good)
        for _ in range(chance.randrange(1, 6)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        parsed = _parse(bytes(data))
        assert parsed is None or (parsed[0].isalpha() and parsed[1])


IPP_PIECES = [
    *(bytes([1, 1, 0, operation, 0, 0, 0, 1]) for operation in (2, 4, 5, 6, 8, 9, 10, 11)),
    b"\x01", b"\x03", b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x01",
    b"\x49\x00\x0fdocument-format\x00\x02\xff\xfe",
    b"\x42\x00\x08job-name\x00\x01x", b"\x44\x00\x00\x00\x01y", b"\xff\xff\xff",
]  # fmt: skip


async def test_an_ipp_printer_answers_or_refuses_every_request() -> None:
    chance, sim, answered = Random(8), IppSimulator(), 0
    for _ in range(INPUTS):
        body = chance.choice(IPP_PIECES[:8]) * (chance.random() < 0.9)
        body += b"".join(chance.choice(IPP_PIECES[8:]) for _ in range(chance.randrange(6)))
        try:
            answer = sim._http("/ipp/print", body + b"\x03" * chance.randrange(2))
        except ValueError:
            continue
        answered += 1
        assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
        assert answer.endswith(b"\x03")
    assert INPUTS // 4 < answered < INPUTS
