"""Any bytes to label printers' parsers and simulators: nothing breaks, nothing grows, no split matters."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from console.drivers.codecs import tspl, zpl
from console.drivers.codecs.printer_states import MEANINGS
from console.drivers.codecs.replies import GARBAGE, Reply
from console.simulators import tspl as tspl_printer
from console.simulators import zpl as zpl_printer
from console.simulators.label_printer import LabelPrinter
from console.simulators.tspl import TsplSimulator
from console.simulators.zpl import ZplSimulator
from tests.client_end import ClientEnd

INPUTS = 10_000
STATUS = (
    b"\x02030,0,0,0320,000,0,0,0,000,0,0,0\x03\r\n",
    b"\x02000,0,0,0,1,2,6,0,00000000,1,000\x03\r\n",
    b"\x021234,0\x03\r\n",
)
ANSWERS = [
    b"\x02", b"\x03", b"\r\n", b"\x00", b"@@@@", b"\x02@@@@\x03\r\n", b"1,", *STATUS, b"".join(STATUS),
    b"\x02PRINTER STATUS\r\n ERRORS: 1 00000000 00000005\r\n WARNINGS: 1 00000000 0000000F\r\n\x03",
    b"\x02ZD,V1,8,1KB\x03", b"\x02TOTAL NONRESETTABLE: 12 cm\x03", b"\x02SERIAL NUMBER 1\x03",
]  # fmt: skip
TSPL = [
    b"\r\n", b"CLS\r\n", b"SIZE 40 mm,30 mm\r\n", b"SIZE 1e9,3\r\n", b'TEXT 1,2,"3",0,1,1,"x"\r\n',
    b'TEXT 1,2,"', b'"', b"BAR 1,1,9,9\r\n", b"BITMAP 1,1,2,2,0,", b"BITMAP 0,0,99999,99999,1,",
    b'QRCODE 1,1,M,4,A,0,"x"\r\n', b'BARCODE 1,1,"128",9,0,0,2,2,"x"\r\n', b"PRINT 1\r\n", b'OUT "',
    b"PRINT 9999,9999\r\n", b"OUT @LABEL\r\n", b"~!T\r\n", b"\x1b!?", b"\x1b!S", b"\x1b!", b"\x1b",
    b"BOX 1,1,9,9,2\r\n", b'\\["]',
]  # fmt: skip
ZPL = [
    b"^XA", b"^XZ", b"^FO1,2", b"^FD", b"^FS", b"^FH_", b"_5E", b"^ADN,18,10", b"^GB9,9,1", b"QA,x", b",",
    b"^GFA,4,4,2,FF00", b"^PQ9", b"^PQ9999999", b"^PW99999", b"^LL1", b"^BQN,2,5", b"^BCN,9,N", b"^BY2,3,9",
    b"~HS", b"~HI", b"~HQES", b"~H", b"~", b"^", b"^CI28",
]  # fmt: skip
PARSERS = [(tspl.ReplyParser, [*tspl.Kind, None]), (zpl.ReplyParser, [*zpl.Kind, None])]
PRINTERS = [(TsplSimulator, TSPL), (ZplSimulator, ZPL)]


def made(chance: Random, parts: list[bytes]) -> bytes:
    return b"".join(
        chance.choice(parts) if chance.random() < 0.7 else chance.randbytes(chance.randrange(6))
        for _ in range(chance.randrange(8))
    )


@pytest.mark.parametrize(("parser", "kinds"), PARSERS, ids=["tspl", "zpl"])
def test_answers_ignore_splits_and_stay_bounded(parser: Any, kinds: list[Any]) -> None:
    chance = Random(1)
    told = 0
    for _ in range(INPUTS):
        data, kind = made(chance, ANSWERS), chance.choice(kinds)
        whole, single = parser(), parser()
        whole.expect(kind)
        single.expect(kind)
        found = list(whole.feed(data))
        assert found == [each for at in range(len(data)) for each in single.feed(data[at : at + 1])]
        assert len(whole.pending) <= 2100
        told += sum(read(each) for each in found)
    assert told > INPUTS / 10  # the depths were reached


def read(reply: Reply) -> bool:
    """Whether the reply is a state, whose every sign has its words."""
    if reply.kind == GARBAGE:
        return False
    readers: dict[str, Any] = {
        tspl.Kind.STATUS: lambda data: (
            tspl.status_signs(data[0]) if len(data) == 1 else zpl.status_signs(data)
        ),
        tspl.Kind.DETAILED: tspl.detailed_signs,
        zpl.Kind.ERRORS: zpl.error_signs,
    }
    if reply.kind in readers:
        assert readers[reply.kind](reply.data) <= MEANINGS.keys()
        return True
    if reply.kind == zpl.Kind.IDENTITY:
        assert zpl.identity(reply.data).model is not None
    zpl.serial_number(reply.data)
    zpl.head_travel(reply.data)
    return False


@pytest.mark.parametrize(("kind", "parts"), PRINTERS, ids=["tspl", "zpl"])
def test_a_printer_answers_after_any_garbage(kind: Any, parts: list[bytes]) -> None:
    chance = Random(2)
    printer = kind.tcp()
    question, healthy = (
        (b"\x1b!?", b"\x00") if kind is TsplSimulator else (b"~HI", b"\x02SL-60,V1.00,8,8192KB\x03\r\n")
    )
    for _ in range(INPUTS):
        data = made(chance, parts)
        cut = chance.randrange(len(data) + 1)
        play(printer, data[:cut])
        play(printer, data[cut:])
        assert play(printer, question).endswith(healthy), data
        assert printer.waiting == 0
        assert len(printer._label.items) <= 2000
    assert printer.papers
    assert isinstance(printer.text(), str)
    assert all(label.picture().startswith(b"\x89PNG") for label in list(printer.papers)[:5])


def play(printer: LabelPrinter, data: bytes) -> bytes:
    client = ClientEnd()
    printer.received(client, data)
    while printer._buffer or printer._labels:
        printer._step()
    return client.heard


@pytest.mark.parametrize(
    ("commands", "parts"), [(tspl_printer.Commands, TSPL), (zpl_printer.Commands, ZPL)], ids=["tspl", "zpl"]
)
def test_commands_do_not_depend_on_how_the_bytes_are_split(commands: Any, parts: list[bytes]) -> None:
    chance = Random(3)
    for _ in range(INPUTS):
        data = made(chance, parts)
        cut = chance.randrange(len(data) + 1)
        apart = commands()
        assert [*apart.feed(data[:cut]), *apart.feed(data[cut:])] == list(commands().feed(data)), data


@pytest.mark.parametrize(
    ("commands", "endless", "kept"),
    [
        (tspl_printer.Commands, b"x", tspl_printer.LONGEST),
        (tspl_printer.Commands, b"BITMAP 0,0,60000,60000,0,", tspl_printer.LONGEST),
        (zpl_printer.Commands, b"^FDx", zpl_printer.LONGEST),
    ],
)
def test_endless_commands_fill_no_memory(commands: Any, endless: bytes, kept: int) -> None:
    reader = commands()
    list(reader.feed(endless))
    for _ in range(80):
        list(reader.feed(b"x" * 8192))
    assert len(reader._rest) <= kept
    assert len(getattr(reader, "_taken", b"")) == 0
