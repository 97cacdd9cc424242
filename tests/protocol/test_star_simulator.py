"""The simulated Star printers, byte for byte as the Line Mode command specification has it."""

from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image

from console.simulators.faults import FAULTS
from console.simulators.star import StarPrntSimulator, StarSimulator
from console.simulators.star_status import asb, enq, eot
from tests.client_end import ClientEnd
from tests.fuzz.test_simulators import play

HEALTHY = "230600000000000000"
BITS = {
    "cover_open": "230628000000000000",
    "waiting": "230648000000000000",
    "offline": "230608000000000000",
    "drawer_open": "230604000000000000",
    "mechanical": "230608040000000000",
    "cutter_jam": "230608080000000000",
    "unrecoverable": "230608200000000000",
    "head_hot": "230608400000000000",
    "head_up": "230608000200000000",
    "paper_jam": "230608000400000000",
    "mark_missing": "230608000800000000",
    "command_error": "230600002000000000",
    "overflow": "230600004000000000",
    "paper_low_outer": "230600000002000000",
    "paper_low": "230600000004000000",
    "paper_out": "23060800000c000000",
}
UNTOLD = {
    "drawer_stuck", "dead_dots", "mute", "slow", "late_reply", "garbage", "half_reply", "drop_connection",
    "write_only",
}  # fmt: skip


def answered(printer: StarSimulator, data: bytes) -> bytes:
    line = ClientEnd()
    play(printer, line, data)
    return line.heard


@pytest.mark.parametrize("fault", sorted(set(FAULTS["star"]) - UNTOLD))
def test_each_fault_sets_the_bits_of_the_manual(fault: str) -> None:
    printer = StarSimulator.pty()
    printer.set_fault(fault)
    line = ClientEnd()
    printer.received(line, b"\x1b\x06\x01")
    assert line.heard.hex() == BITS[fault]


def test_old_firmware_tells_less_and_starprnt_another_version() -> None:
    assert asb(set(), 1).hex() == "0f020000000000"
    assert asb({"cover_open"}, 5, count=9).hex() == "230a28000000002200"


def test_an_ethernet_interface_marks_the_status_and_adds_a_length() -> None:
    assert answered(StarSimulator.tcp(), b"\x1b\x06\x01").hex() == "23860000000000000000" + "00"
    assert answered(StarSimulator.tcp(), b"\x04").hex() == (
        "238600000000000000" + "0008" + b"02:B\0\1\x10;".hex()
    )


def test_single_bytes_answer_single_bytes() -> None:
    assert enq(set(), empty=True) == b"\x20"
    assert enq({"paper_out", "drawer_open"}, empty=False) == b"\x88"
    assert eot(set()) == b"\x10"
    assert eot({"paper_out"}) == b"\x1c"
    assert answered(StarSimulator.pty(), b"\x05 \x04") == b"\x20\x10"
    assert answered(StarSimulator.pty(), b"\x10\x04\x01") == b""  # what ESC/POS asks with
    printer = StarSimulator.pty()
    assert answered(printer, b"\x10\x04\x01") + answered(printer, b"\x1b\x06\x01") == bytes.fromhex(HEALTHY)


def test_etb_counts_what_was_printed_and_tells_it_where_that_is_on() -> None:
    printer, line = StarSimulator.pty(), ClientEnd()
    play(printer, line, b"text\n\x17")
    assert line.heard == b""
    play(printer, line, b"\x1b\x06\x01\x1b\x06\x01")
    assert line.heard.hex() == "230602000000000200" + "230600000000000200"  # executed: told once
    line.heard = b""
    play(printer, line, b"\x1b\x1ea\x01\x1b\x1eE\x00\x17")
    assert line.heard.hex() == "230600000000000200" + "230602000000000200"
    for _ in range(32):
        play(printer, line, b"\x17")
    assert line.heard.hex().endswith("230602000000000200")  # it went round


def test_nothing_is_counted_while_the_page_waits() -> None:
    printer, line = StarSimulator.pty(), ClientEnd()
    printer.set_fault("paper_out")
    printer.received(line, b"\x1b\x1ea\x01text\n\x17")
    assert not printer.can_print
    assert line.heard == b""
    printer.set_fault("paper_out", False)
    play(printer, line, b"")
    assert line.heard.hex().endswith("230602000000000200")
    assert printer.text() == "text\n"


def test_changes_are_told_where_that_is_on() -> None:
    printer, line = StarSimulator.pty(), ClientEnd()
    play(printer, line, b"\x1b\x1ea\x01")
    line.heard = b""
    printer.set_fault("cover_open")
    printer.set_fault("slow")
    assert line.heard.hex() == BITS["cover_open"]
    printer.lost(line)
    line.heard = b""
    printer.set_fault("cover_open", False)
    assert line.heard == b""


def test_identity_as_each_model_tells_it() -> None:
    assert answered(StarSimulator.pty(), b"\x1b#*\n\0") == b"\x1b#*,TSP654IIVer1.00\n\0"
    serial = b"\x1b\x1d)I\x01\x001"
    assert answered(StarSimulator.pty(), serial) == b""
    assert answered(StarPrntSimulator.pty(), serial) == serial + b"PrSrN=2581018070600001,\n\0"


@pytest.mark.parametrize(
    ("data", "pin", "milliseconds"),
    [
        (b"\x07", 2, 200),
        (b"\x1b\x07\x0b\x37\x07", 2, 110),
        (b"\x1c", 2, 200),
        (b"\x1a", 5, 200),
        (b"\x19", 5, 200),
    ],
)
def test_drawers(data: bytes, pin: int, milliseconds: int) -> None:
    printer = StarSimulator.pty()
    answered(printer, data)
    assert list(printer.pulses) == [(pin, milliseconds)]
    assert "drawer_open" in printer.faults


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("中文 A\n".encode("gb18030"), "中文 A\n"),
        (b"\x1b\x1dt\x20\xe9\n", "é\n"),
        (b"\x1bR\x0032\x1b\x22 4\n", "32 4\n"),  # an undefined command is two bytes
        (b"left\x18right\n", "right\n"),  # CAN
        (b"half\x1b@\n", "half\n\n"),  # ESC @ prints what waits
        (b"\x1bb\x33\x32\x32\x50123456789012\x1e", "[EAN13 1234567890128]\n"),
        (b"\x1b\x1dyS2\x04\x1b\x1dyD1\0\5\0HELLO\x1b\x1dyP", "[QR HELLO]\n"),
        (b"\x1b\x1dS\1\2\0\x08\0\0" + bytes(16), "[picture 16x8]\n"),
        (b"\x1b*rA" + 2 * (b"b\2\0" + bytes(2)) + b"\x1b*rB", "[picture 16x1]\n[picture 16x1]\n"),
        (b"\x1bk\2\0" + bytes(48), "[picture 16x24]\n"),
        (b"\x1bX\x08\0" + bytes(24) + b"\n", "[picture 8x24]\n"),
    ],
)
def test_what_comes_out(data: bytes, text: str) -> None:
    printer = StarSimulator.pty()
    answered(printer, data)
    assert printer.text() == text


def test_size_and_style() -> None:
    printer = StarSimulator.pty()
    answered(printer, b"\x1b\x1da\x01\x1bi\x01\x01\x1bE\x1b-\x01\x1b4AB\x1bi\x00\x00\x1bF\x1b-\x00\x1b5c\n")
    big, small = printer.ticket.lines[0].items
    assert big.style == (True, 1, True, False, False, 2, 2)  # type: ignore[union-attr]
    assert small.style == (False, 0, False, False, False, 1, 1)  # type: ignore[union-attr]
    assert big.x == (576 - 48 - 12) // 2


def test_a_cut_ends_the_ticket_and_it_can_be_seen() -> None:
    printer = StarSimulator.pty()
    answered(printer, b"one\n\x1bd\x03two\n")
    assert [ticket.text.strip() for ticket in printer.papers] == ["one"]
    assert Image.open(BytesIO(printer.picture())).width == 576


@pytest.mark.parametrize(
    "data",
    [b"\x1bX\1\0\x1c\0\0\n", b"\x1b\x1dS\1\1\0\1\0\0\x1c", b"\x1bb621\x1cTK\x1e"],  # as data of others
)
def test_fs_opens_the_drawer_wherever_it_stands(data: bytes) -> None:
    """The manual has it carried out upon reception, and excepts no data."""
    printer = StarSimulator.pty()
    answered(printer, data)
    assert [pulse.pin for pulse in printer.pulses] == [2]


def test_fs_waits_for_no_turn_and_begins_other_commands() -> None:
    printer = StarSimulator.pty()
    printer.set_fault("paper_out")
    printer.received(ClientEnd(), b"text\n\x1c")
    assert [pulse.pin for pulse in printer.pulses] == [2]  # the text still waits
    other = StarSimulator.pty()
    answered(other, b"\x1b\x1cp\1\0text\n")
    assert (list(other.pulses), other.text()) == ([], "text\n")
