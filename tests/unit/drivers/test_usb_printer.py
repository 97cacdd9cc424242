"""What USB printers tell on the control pipe, and what is said where USB cannot be used at all."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.errors import Denied, Unreachable
from console.drivers.codecs.usb_printer import (
    is_no_label_printer,
    language,
    parse_device_id,
    port_status_meaning,
    port_status_signs,
)
from console.drivers.search import UsbSearch
from console.drivers.transports import usb_interface
from console.drivers.transports.usb_interface import UsbInterface

RULE = Path(__file__).parents[3] / usb_interface.UsbInterface.rule


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("MFG:EPSON;CMD:ESC/POS;MDL:TM-T88V;CLS:PRINTER;", {"MFG": "EPSON", "MDL": "TM-T88V"}),
        ("MANUFACTURER:Star;COMMAND SET:STAR;MODEL:TSP143;", {"MFG": "Star", "CMD": "STAR", "MDL": "TSP143"}),
        ("mfg: Zebra ;Mdl:ZD420;SERN:1234", {"MFG": "Zebra", "MDL": "ZD420", "SN": "1234"}),
        ("MDL:A;MDL:B;", {"MDL": "A"}),
        ("MDL:SP-80\0\0rest:of the buffer;", {"MDL": "SP-80"}),
    ],
)
def test_a_device_id_in_any_spelling(text: str, fields: dict[str, str]) -> None:
    data = text.encode()
    for length in (len(data) + 2, len(data), 0xFFFF):  # some count wrongly
        found = parse_device_id(length.to_bytes(2, "big") + data)
        assert fields.items() <= found.items()
        assert all(len(key) < 4 or key == "CLS" for key in fields)


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\2", b"\0\x09no keys", b"\0\x05:;:"])
def test_what_is_no_device_id_has_no_fields(data: bytes) -> None:
    assert parse_device_id(data) == {}


@given(st.binary(max_size=300))
def test_any_bytes_are_read_without_harm(data: bytes) -> None:
    for key, value in parse_device_id(data).items():
        assert key
        assert value.isprintable()


@pytest.mark.parametrize(
    ("command_set", "name"),
    [("ESC/POS", "escpos"), ("TSPL,EPL", "tspl"), ("ZPL", "zpl"), ("STAR", "star"), ("PCL", ""), ("", "")],
)
def test_the_language_a_printer_names(command_set: str, name: str) -> None:
    assert language({"CMD": command_set}) == name
    assert language({}) == ""


@pytest.mark.parametrize(
    ("command_set", "true"),
    [
        ("ESC/POS", True), ("STAR", True), ("PJL,PCL6,POSTSCRIPT", True), ("MLC,PCL,URF", True),
        ("ESCPL2,BDC,D4", True), ("BJL,BJRaster3", True), ("ESC/P2", True),
        ("TSPL", False), ("EPL,ZPL", False), ("TSPL,ESC/POS", False), ("CPCL", False), ("", False),
    ],
)  # fmt: skip
def test_what_speaks_against_a_label_printer(command_set: str, true: bool) -> None:
    assert is_no_label_printer({"CMD": command_set}) is true


@pytest.mark.parametrize(
    ("status", "signs", "part"),
    [
        (0x18, {"usb.port_ready"}, "ready"),
        (0x38, {"usb.paper_empty"}, "out of paper"),
        (0x08, {"usb.not_selected"}, "offline"),
        (0x10, {"usb.error"}, "error"),
        (0x20, {"usb.paper_empty", "usb.not_selected", "usb.error"}, "out of paper"),
        (0x00, {"usb.not_selected", "usb.error"}, "error"),
    ],
)
def test_each_bit_of_the_port_status(status: int, signs: set[str], part: str) -> None:
    assert port_status_signs(status) == signs
    assert part in str(port_status_meaning(frozenset(signs)))


async def test_without_libusb_the_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("usb.backend.libusb1.get_backend", lambda: None)
    with pytest.raises(Unreachable, match="libusb") as caught:
        UsbInterface.take(0x04B8, 0x0202, "")
    assert caught.value.sign == "usb.no_library"
    doing: list[str] = []
    assert [each async for each in UsbSearch().search(lambda words: doing.append(str(words)))] == []
    assert "libusb" in doing[-1]


def test_windows_without_its_driver_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> NoReturn:
        raise NotImplementedError("Operation not supported or unimplemented on this platform")

    device = SimpleNamespace(idVendor=0x04B8, idProduct=0x0202, get_active_configuration=refuse)
    device._ctx = SimpleNamespace(dispose=lambda _: None)  # what pyusb lets go of
    monkeypatch.setattr(usb_interface, "devices", lambda: iter([device]))
    with pytest.raises(Denied, match="WinUSB") as caught:
        UsbInterface.take(0x04B8, 0x0202, "")
    assert caught.value.sign == "usb.no_driver"


def test_two_alike_that_windows_lets_nobody_open_are_told_apart_by_their_sockets(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(*_: object) -> NoReturn:
        raise NotImplementedError("Operation not supported or unimplemented on this platform")

    monkeypatch.setattr("usb.util.get_string", refuse)
    alike = [SimpleNamespace(iSerialNumber=3, bus=1, port_numbers=(port,), address=port) for port in (1, 2)]
    names = [usb_interface.which_of(each, alike) for each in alike]
    assert names == [usb_interface.socket_of(each) for each in alike]
    assert names[0] != names[1]


@pytest.mark.parametrize(
    ("interfaces", "matched"),
    [(":070102:", True), (":080650:070102:", True), (":080650:", False), (":030101:", False)],
)
def test_the_rule_is_for_printers_alone(interfaces: str, matched: bool) -> None:
    rules = [line for line in RULE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    (pattern, _) = (re.search(r'ENV\{ID_USB_INTERFACES\}=="([^"]+)"', rule) for rule in rules)
    assert pattern
    assert fnmatchcase(interfaces, pattern[1]) is matched
    assert int(RULE.name.split("-")[0]) < 73  # uaccess is read there
    assert all('TAG+="uaccess"' in rule for rule in rules)
