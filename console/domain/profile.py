"""The store as its owner describes it in `store.toml` (contract: `store.toml`).

Field names are the file's keys, annotations what they may hold. In a BadInput's words the value `key`
names the key that is wrong, where that is not the one whose content is the value `value`.
"""

from __future__ import annotations

import difflib
import ipaddress
import re
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from console.domain.addresses import parse_address, port_of, split
from console.domain.errors import BadInput
from console.domain.subjects import DEVICE_KINDS, KIND_WORDS, NETWORK, Subject
from console.domain.words import say

Protocol = Literal["escpos", "star", "tspl", "zpl", "auto"]
Suffix = Literal["enter", "lf", "crlf", "tab", "none"]


def _web(text: str, schemes: tuple[str, ...], like: str) -> SplitResult:
    parts = split(text)
    if parts.scheme not in schemes or not parts.hostname or " " in text:
        raise BadInput(say('"{value}" is no web address such as {like}', value=text, like=like))
    port_of(text, 80)
    return parts


def _within(low: int, high: int, value: int, key: str) -> None:
    if not low <= value <= high:
        raise BadInput(
            say("{value} must be a number from {low} to {high}", value=value, low=low, high=high, key=key)
        )


def _filled(text: str, key: str, kind: str) -> None:
    if not text or text != text.strip() or not text.isprintable():
        raise BadInput(
            say(
                '"{value}" must be some text on one line, without spaces around it',
                value=text,
                key=key,
                kind=kind,
            )
        )


@dataclass(frozen=True, slots=True)
class Store:
    """Who the shop is, and which language its people read."""

    name: str
    language: Literal["zh_CN", "en"] = "zh_CN"
    timezone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        """BadInput for an empty name or a time zone that this computer does not know."""
        _filled(self.name, "name", "store")
        try:
            zoneinfo.ZoneInfo(self.timezone)
        except (KeyError, ValueError, OSError):
            known = sorted(zoneinfo.available_timezones())
            nearest = (difflib.get_close_matches(self.timezone, known, 1) or ["Asia/Shanghai"])[0]
            raise BadInput(
                say(
                    'there is no time zone "{value}"; is "{nearest}" meant?',
                    value=self.timezone,
                    nearest=nearest,
                )
            ) from None


@dataclass(frozen=True, slots=True)
class SyncPending:
    """Where sales that are not yet uploaded lie, as files."""

    path: str
    pattern: str = "*"

    def __post_init__(self) -> None:
        """BadInput for an empty folder or pattern, or one that would look elsewhere than in the folder."""
        _filled(self.path, "path", "sync_pending")
        _filled(self.pattern, "pattern", "sync_pending")
        if "/" in self.pattern or "\\" in self.pattern:
            raise BadInput(
                say(
                    '"{value}" must be a pattern of names in that folder, such as *.pending',
                    value=self.pattern,
                    key="pattern",
                )
            )


@dataclass(frozen=True, slots=True)
class NetworkSetup:
    """The store's own network; "auto" takes what the system uses."""

    internet_check: str | None = None
    internet_check_expect: int = 204
    gateway: str = "auto"
    dns: str = "auto"  # or an address, with an optional :port
    sync_pending: SyncPending | None = None

    def __post_init__(self) -> None:
        """BadInput for a gateway or DNS server that is no address, or a test page that is no http page."""
        if self.internet_check is not None:
            _web(self.internet_check, ("http",), "http://connect.example.com/generate_204")
        _within(100, 599, self.internet_check_expect, "internet_check_expect")
        if self.gateway != "auto":
            _literal(self.gateway, "gateway")
        _resolver(self.dns)

    @property
    def resolver(self) -> tuple[str, int] | None:
        """Address and UDP port of the given DNS server; None for the system's own."""
        return _resolver(self.dns)


def _resolver(dns: str) -> tuple[str, int] | None:
    if dns == "auto":
        return None
    host, colon, _ = dns.rpartition(":")
    if colon and "." in host:
        return _literal(host, "dns"), port_of(f"dns://{dns}", 53, key="dns")
    return _literal(dns, "dns"), 53


def _literal(text: str, key: str) -> str:
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        raise BadInput(
            say('"{value}" must be "auto" or an address such as 192.168.1.1', value=text, key=key)
        ) from None


def _known_address(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise BadInput(
            say('"{value}" is no address such as 203.0.113.7', value=text, key="known_addresses")
        ) from None


@dataclass(frozen=True, slots=True)
class Printer:
    """A receipt or label printer; `paper` is its width in mm, `roll` the metres on a new roll (0: learnt).

    `label_size` is what one label measures, width x height in mm; empty: 40x30 at 58 mm, 60x40 at 80 mm.
    """

    name: str
    address: str
    protocol: Protocol = "escpos"
    model: str = "auto"
    paper: Literal[58, 80] = 80
    drawer_sense: Literal["high", "low", "none"] = "high"  # the contact's level when open; none: no drawer
    hold: bool = False  # keep its line open: it tells changes at once, but no other program can print
    enabled: bool = True
    label: str = ""  # what people call it; the name is what scripts call it
    label_size: str = ""
    roll: int = 0

    def __post_init__(self) -> None:
        """BadInput for a bad address, a label's size that is none or a roll of impossible length."""
        parse_address(self.address, "printer")
        _within(0, 500, self.roll, "roll")
        width, height = self.label_mm
        if not (20 <= width <= 110 and 15 <= height <= 300):
            raise BadInput(
                say(
                    '"{value}" is no size of a label: it must look like 40x30, width and height in mm',
                    value=self.label_size,
                    key="label_size",
                )
            )

    @property
    def label_mm(self) -> tuple[int, int]:
        """Width and height of a label in mm; 0, 0 where `label_size` is not understood."""
        if not self.label_size:
            return (40, 30) if self.paper == 58 else (60, 40)
        found = re.fullmatch("([0-9]{1,3})x([0-9]{1,3})", self.label_size)
        return (int(found[1]), int(found[2])) if found else (0, 0)


@dataclass(frozen=True, slots=True)
class Scanner:
    """A barcode scanner; `suffix` is what it sends after each code."""

    name: str
    address: str
    suffix: Suffix = "enter"
    model: str = "auto"
    enabled: bool = True
    label: str = ""  # what people call it; the name is what scripts call it

    def __post_init__(self) -> None:
        """BadInput for a bad address."""
        parse_address(self.address, "scanner")

    @property
    def types_here(self) -> bool:
        """Whether it is known by the rhythm of its keys alone, in the window that has the focus."""
        address = parse_address(self.address, "scanner")
        return address.scheme == "keyboard" and not address.place


@dataclass(frozen=True, slots=True)
class Drawer:
    """A cash drawer behind a printer; `pin` is the kick-out connector's pin.

    `open_limit` are the seconds that it may stay open before that is an alarm; 0: for ever.
    """

    name: str
    printer: str
    pin: Literal[2, 5] = 2
    enabled: bool = True
    label: str = ""  # what people call it; the name is what scripts call it
    open_limit: int = 60

    def __post_init__(self) -> None:
        """BadInput for an impossible limit."""
        _within(0, 86_400, self.open_limit, "open_limit")


@dataclass(frozen=True, slots=True)
class Display:
    """A customer display."""

    name: str
    address: str
    protocol: Literal["cd5220", "escpos"] = "cd5220"
    chinese: bool = False  # its model has Chinese characters (GBK)
    enabled: bool = True
    label: str = ""  # what people call it; the name is what scripts call it

    def __post_init__(self) -> None:
        """BadInput for a bad address."""
        parse_address(self.address, "display")


@dataclass(frozen=True, slots=True)
class Scale:
    """A weighing scale; `protocol` says whether it is asked, and how, or sends by itself."""

    name: str
    address: str
    protocol: Literal["auto", "toledo", "cas", "stream"] = "auto"
    enabled: bool = True
    label: str = ""  # what people call it; the name is what scripts call it

    def __post_init__(self) -> None:
        """BadInput for a bad address."""
        parse_address(self.address, "scale")


@dataclass(frozen=True, slots=True)
class Rfid:
    """An RFID or NFC reader; `protocol` is how one on a serial port speaks."""

    name: str
    address: str
    enabled: bool = True
    label: str = ""  # what people call it; the name is what scripts call it
    protocol: Literal["auto", "em4100", "m100"] = "auto"

    def __post_init__(self) -> None:
        """BadInput for a bad address."""
        parse_address(self.address, "rfid")


@dataclass(frozen=True, slots=True)
class Terminal:
    """A card terminal with its own network address; `port` is one at which it must accept connections."""

    name: str
    address: str | None = None
    model: str | None = None
    serial_number: str | None = None
    enabled: bool = True
    label: str = ""  # what people call it; the name is what scripts call it
    port: int | None = None
    firmware: str | None = None

    def __post_init__(self) -> None:
        """BadInput for an address that is none, or an impossible port."""
        if self.address is not None:
            try:
                ipaddress.ip_address(self.address)
            except ValueError:
                raise BadInput(
                    say('"{value}" is no address such as 192.168.1.60', value=self.address, key="address")
                ) from None
        if self.port is not None:
            _within(1, 65535, self.port, "port")


@dataclass(frozen=True, slots=True)
class Backend:
    """A service that the till must reach."""

    name: str
    url: str
    expect_status: int = 200
    known_addresses: tuple[str, ...] = ()
    ca_file: str | None = None
    credential: str | None = None
    sibling_ports: tuple[int, ...] = ()
    enabled: bool = True
    label: str = ""  # what people call it; the name is what scripts call it

    def __post_init__(self) -> None:
        """BadInput for a bad URL, status, address, port or credential."""
        parts = _web(self.url, ("https", "http"), "https://pos.example.com/health")
        if parts.username is not None or parts.password is not None:
            raise BadInput(
                say('never write a secret into this file; use credential = "keyring:NAME"', key="url")
            )
        _within(100, 599, self.expect_status, "expect_status")
        for address in self.known_addresses:
            _known_address(address)
        for port in self.sibling_ports:
            _within(1, 65535, port, "sibling_ports")
        # What stands there may be the secret itself, so it is not told again.
        if self.credential is not None and re.fullmatch(r"(keyring|env):\S+", self.credential) is None:
            raise BadInput(
                say(
                    "it must be keyring:NAME or env:NAME; never write a secret into this file",
                    key="credential",
                )
            )

    @property
    def host(self) -> str:
        """The host name or literal address in the URL."""
        return urlsplit(self.url).hostname or ""

    @property
    def port(self) -> int:
        """The TCP port in the URL, or the scheme's own."""
        return urlsplit(self.url).port or (443 if self.secure else 80)

    @property
    def secure(self) -> bool:
        """True for https."""
        return urlsplit(self.url).scheme == "https"

    @property
    def path(self) -> str:
        """Path and query, as they go into the request line."""
        parts = urlsplit(self.url)
        return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


Entry = Printer | Scanner | Drawer | Display | Scale | Rfid | Terminal | Backend


@dataclass(frozen=True, slots=True)
class StoreProfile:
    """The whole of `store.toml`."""

    store: Store
    network: NetworkSetup = field(default_factory=NetworkSetup)
    printer: tuple[Printer, ...] = ()
    scanner: tuple[Scanner, ...] = ()
    drawer: tuple[Drawer, ...] = ()
    display: tuple[Display, ...] = ()
    scale: tuple[Scale, ...] = ()
    rfid: tuple[Rfid, ...] = ()
    terminal: tuple[Terminal, ...] = ()
    backend: tuple[Backend, ...] = ()

    def __post_init__(self) -> None:
        """BadInput for a name that is empty or used twice, or a drawer behind an unknown printer."""
        seen: set[Subject] = set()
        for subject, _ in self.entries():
            _filled(subject.name, "name", subject.kind)
            if subject in seen:
                raise BadInput(
                    say(
                        '"{value}" is used twice; each {what} needs a name of its own',
                        what=KIND_WORDS[subject.kind],
                        kind=subject.kind,
                        key="name",
                        value=subject.name,
                    )
                )
            seen.add(subject)
        for drawer in self.drawer:
            if Subject("printer", drawer.printer) not in seen:
                raise BadInput(
                    say(
                        'there is no printer named "{value}"',
                        kind="drawer",
                        key="printer",
                        value=drawer.printer,
                    )
                )

    def entries(self) -> Iterator[tuple[Subject, Entry]]:
        """Every device and backend with its subject, in the file's order of kinds."""
        for kind in (*DEVICE_KINDS, "backend"):
            for entry in getattr(self, kind):
                yield Subject(kind, entry.name), entry

    def subjects(self) -> tuple[Subject, ...]:
        """Every subject of a full check, the store's own network last."""
        return (*(subject for subject, _ in self.entries()), NETWORK)
