"""What a profile means: addresses, hosts, ports, and the order of its subjects."""

from __future__ import annotations

from typing import Any

import pytest

from console.domain.addresses import Address, parse_address
from console.domain.errors import BadInput
from console.domain.profile import (
    Backend,
    Drawer,
    NetworkSetup,
    Printer,
    Scale,
    Scanner,
    Store,
    StoreProfile,
)
from console.domain.subjects import NETWORK, Subject
from console.services.language import Language

STORE = Store("人民路店")


@pytest.mark.parametrize(
    ("kind", "text", "address"),
    [
        ("printer", "tcp://192.168.1.50", Address("tcp", "192.168.1.50", 9100)),
        ("printer", "tcp://[fe80::1]:515", Address("tcp", "fe80::1", 515)),
        (
            "printer",
            "serial:///dev/ttyUSB0?baud=19200",
            Address("serial", "/dev/ttyUSB0", None, (("baud", "19200"),)),
        ),
        ("printer", "serial://COM3", Address("serial", "COM3")),
        ("printer", "serial://COM3?baud=auto", Address("serial", "COM3", None, (("baud", "auto"),))),
        (
            "scale",
            "serial:///dev/ttyS0?bits=7&parity=even&flow=rtscts",
            Address("serial", "/dev/ttyS0", None, (("bits", "7"), ("parity", "even"), ("flow", "rtscts"))),
        ),
        ("printer", "usb://04b8:0202", Address("usb", "04b8:0202")),
        ("printer", "usb://04b8:0202/J5N1-2", Address("usb", "04b8:0202/J5N1-2")),
        ("printer", "cups://front", Address("cups", "front")),
        ("printer", "ipp://host/printers/front", Address("ipp", "host/printers/front")),
        ("scanner", "keyboard:", Address("keyboard", "")),
        ("scanner", "hid://05e0:1200", Address("hid", "05e0:1200")),
        ("scanner", "keyboard://05e0:1200", Address("keyboard", "05e0:1200")),
        (
            "scanner",
            "keyboard://05E0:1200/S1?layout=de&grab=no",
            Address("keyboard", "05E0:1200/S1", None, (("layout", "de"), ("grab", "no"))),
        ),
    ],
)
def test_an_address(kind: str, text: str, address: Address) -> None:
    assert parse_address(text, kind) == address


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("printer", "192.168.1.50"),
        ("printer", "tcp://"),
        ("printer", "tcp://h:0"),
        ("printer", "tcp://h:65536"),
        ("printer", "tcp://h:x"),
        ("printer", "tcp://[::1"),
        ("printer", "tcp://h\n:9100"),
        ("printer", "serial://"),
        ("printer", "serial:///dev/ttyS0?baud=-1"),
        ("scanner", "serial:///dev/ttyS0?baud=auto"),  # a scanner cannot be asked for its speed
        ("printer", "serial:///dev/ttyS0?baut=9600"),
        ("printer", "serial:///dev/ttyS0?parity=yes"),
        ("printer", "serial:///dev/ttyS0?flow=hardware"),
        ("printer", "cups://"),
        ("printer", "usb://printer"),
        ("printer", "keyboard:"),
        ("scanner", "keyboard:05e0"),
        ("scanner", "keyboard://05e0:12"),
        ("scanner", "keyboard:?grab=no"),  # of no keyboard in particular
        ("rfid", "keyboard://05e0:1200"),  # only a scanner can be read by its device
        ("scanner", "keyboard://05e0:1200?grab=maybe"),
        ("scanner", "keyboard://05e0:1200?layout=klingon"),
        ("scanner", "keyboard://05e0:1200?baud=9600"),
        ("scale", "tcp://h:1"),
    ],
)
def test_no_address(kind: str, text: str) -> None:
    with pytest.raises(BadInput):
        parse_address(text, kind)


@pytest.mark.parametrize(
    ("url", "host", "port", "path", "secure"),
    [
        ("https://pos.example.com:8443/health?x=1", "pos.example.com", 8443, "/health?x=1", True),
        ("http://[::1]", "::1", 80, "/", False),
        ("https://POS.example.com/", "pos.example.com", 443, "/", True),
    ],
)
def test_a_backends_url(url: str, host: str, port: int, path: str, secure: bool) -> None:
    backend = Backend("orders", url)
    assert (backend.host, backend.port, backend.path, backend.secure) == (host, port, path, secure)


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "pos.example.com"},
        {"url": "https://"},
        {"url": "https://h:99999/"},
        {"url": "https://h/a b"},
        {"url": "https://h/\r\nHost: evil"},
        {"url": "https://me:secret@h/"},
        {"expect_status": 99},
        {"known_addresses": ("pos",)},
        {"sibling_ports": (0,)},
        {"credential": "secret"},
        {"credential": "env:"},
    ],
)
def test_a_wrong_backend(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput) as told:
        Backend(**{"name": "orders", "url": "https://h/", **wrong})
    assert "secret@" not in str(told.value)


@pytest.mark.parametrize(
    ("dns", "resolver"),
    [
        ("auto", None),
        ("192.168.1.1", ("192.168.1.1", 53)),
        ("192.168.1.1:5353", ("192.168.1.1", 5353)),
        ("::1", ("::1", 53)),
    ],
)
def test_the_resolver(dns: str, resolver: tuple[str, int] | None) -> None:
    assert NetworkSetup(dns=dns).resolver == resolver


@pytest.mark.parametrize(
    "wrong",
    [
        {"dns": "router"}, {"dns": "1.2.3.4:0"}, {"dns": "1.2.3:53"}, {"gateway": "router"},
        {"internet_check": "https://h/"}, {"internet_check_expect": 0},
    ],
)  # fmt: skip
def test_a_wrong_network(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        NetworkSetup(**wrong)


@pytest.mark.parametrize(
    "timezone", ["Asia/Nowhere", "", "../x", "/etc/passwd", "Asia", "a\0b", "Europe/Berlin\n"]
)
def test_a_wrong_time_zone(timezone: str) -> None:
    with pytest.raises(BadInput, match=r"is \".+\" meant"):
        Store("x", timezone=timezone)


def test_a_kind_is_told_in_the_readers_language() -> None:
    with pytest.raises(BadInput) as address:
        parse_address("tcp://h:1", "scale")
    with pytest.raises(BadInput) as name:
        StoreProfile(STORE, scale=(Scale("deli", "serial://COM3"), Scale("deli", "serial://COM4")))
    for told in (address, name):
        # The sentence may be newer than the catalogue; the kind in it is translated all the same.
        assert "电子秤" in Language("zh_CN").text(told.value.words)


def test_subjects_in_the_order_of_kinds() -> None:
    profile = StoreProfile(
        STORE,
        printer=(Printer("b", "cups://b"), Printer("a", "cups://a")),
        scanner=(Scanner("a", "keyboard:"),),
        drawer=(Drawer("till", "a"),),
        backend=(Backend("orders", "https://h/"),),
    )
    assert [str(each) for each in profile.subjects()] == [
        "printer:b", "printer:a", "scanner:a", "drawer:till", "backend:orders", "network",
    ]  # fmt: skip
    assert profile.subjects()[-1] == NETWORK
    assert dict(profile.entries())[Subject("drawer", "till")] == Drawer("till", "a")


@pytest.mark.parametrize(
    "wrong",
    [
        {"printer": (Printer("a", "cups://a"), Printer("a", "cups://b"))},
        {"printer": (Printer("", "cups://a"),)},
        {"printer": (Printer("a\n", "cups://a"),)},
        {"drawer": (Drawer("till", "a"),)},
    ],
)
def test_a_wrong_store(wrong: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        StoreProfile(STORE, **wrong)
