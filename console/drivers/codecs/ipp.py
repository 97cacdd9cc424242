"""The Internet Printing Protocol on the wire (RFC 8010 3) and what its attributes mean (RFC 8011 5.4)."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from console.domain.words import Words, say

Value = int | str | bytes | bool | tuple[int, int]
_VERSION = 0x0101  # every printer and every CUPS understands 1.1 (RFC 8011 4.1.8)
_END = 0x03


class Operation(IntEnum):
    """RFC 8011 5.4.15, and CUPS's own from 4000 hex on."""

    PRINT_JOB = 0x0002
    CREATE_JOB = 0x0005
    SEND_DOCUMENT = 0x0006
    CANCEL_JOB = 0x0008
    GET_JOB_ATTRIBUTES = 0x0009
    GET_JOBS = 0x000A
    GET_PRINTER_ATTRIBUTES = 0x000B
    CUPS_GET_PRINTERS = 0x4002


class Group(IntEnum):
    """Delimiter tags (RFC 8010 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """Value tags (RFC 8010 3.5.2) that this program sends or reads."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    RANGE = 0x33
    COLLECTION = 0x34
    TEXT_WITH_LANGUAGE = 0x35
    NAME_WITH_LANGUAGE = 0x36
    COLLECTION_END = 0x37
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME_TYPE = 0x49


@dataclass(frozen=True, slots=True)
class Attributes:
    """One group of a message; the readers give what is usual where an attribute is missing."""

    group: int
    values: Mapping[str, tuple[Value, ...]] = field(default_factory=dict)

    def texts(self, name: str) -> tuple[str, ...]:
        """Every text, keyword or address under `name`."""
        return tuple(each for each in self.values.get(name, ()) if isinstance(each, str))

    def text(self, name: str) -> str:
        """The first text under `name`, or ""."""
        return next(iter(self.texts(name)), "")

    def numbers(self, name: str) -> tuple[int, ...]:
        """Every integer or enum under `name`."""
        return tuple(each for each in self.values.get(name, ()) if type(each) is int)

    def number(self, name: str) -> int | None:
        """The first integer or enum under `name`; None without one."""
        return next(iter(self.numbers(name)), None)

    def flag(self, name: str) -> bool | None:
        """The boolean under `name`; None without one."""
        return next((each for each in self.values.get(name, ()) if isinstance(each, bool)), None)


@dataclass(frozen=True, slots=True)
class Response:
    """What a printer answered; `status` below 100 hex is success (RFC 8011 Appendix B)."""

    status: int
    request_id: int
    groups: tuple[Attributes, ...]

    def of(self, group: Group) -> tuple[Attributes, ...]:
        """The groups of one kind."""
        return tuple(each for each in self.groups if each.group == group)

    def first(self, group: Group) -> Attributes:
        """The first group of that kind, an empty one where there is none."""
        return next(iter(self.of(group)), Attributes(group))


def request(
    operation: Operation,
    request_id: int,
    attributes: Iterable[tuple[Tag, str, Sequence[str | int | bool]]],
    data: bytes = b"",
) -> bytes:
    """A request with one group; charset and language, which come first in it, are put in here."""
    head = struct.pack(">HHi", _VERSION, operation, request_id) + bytes([Group.OPERATION])
    first = (
        (Tag.CHARSET, "attributes-charset", ["utf-8"]),
        (Tag.LANGUAGE, "attributes-natural-language", ["en"]),
    )
    body = b"".join(_attribute(tag, name, values) for tag, name, values in (*first, *attributes))
    return head + body + bytes([_END]) + data


def _attribute(tag: Tag, name: str, values: Sequence[str | int | bool]) -> bytes:
    """An attribute; each further value has an empty name (RFC 8010 3.1.5)."""
    return b"".join(
        bytes([tag]) + _counted(name.encode("ascii") if at == 0 else b"") + _counted(_bytes(value))
        for at, value in enumerate(values)
    )


def _bytes(value: str | int | bool) -> bytes:
    if isinstance(value, bool):
        return bytes([value])
    return struct.pack(">i", value) if isinstance(value, int) else value.encode("utf-8")


def _counted(data: bytes) -> bytes:
    return struct.pack(">H", len(data)) + data


class NotIpp(ValueError):
    """These bytes are no whole IPP message."""


def response(data: bytes) -> Response:
    """The message in `data`; NotIpp where it is none, or breaks off.

    Collections are skipped: nothing here reads one.
    """
    if len(data) < 9 or data[0] not in (1, 2):
        raise NotIpp("no IPP version")
    _, status, request_id = struct.unpack(">HHi", data[:8])
    groups: list[Attributes] = []
    values: dict[str, tuple[Value, ...]] = {}
    name, depth, at = "", 0, 8
    while (tag := _byte(data, at)) != _END:
        at += 1
        if tag < 0x10:
            values, name, depth = {}, "", 0
            groups.append(Attributes(tag, values))
            continue
        named, at = _piece(data, at)
        content, at = _piece(data, at)
        depth += {Tag.COLLECTION: 1, Tag.COLLECTION_END: -1}.get(Tag(tag), 0) if tag in _NESTING else 0
        if tag in _NESTING or depth > 0:
            name = named.decode("utf-8", "replace") or name if depth <= 1 else name
            continue
        name = named.decode("utf-8", "replace") or name
        if not groups:
            raise NotIpp("an attribute outside of a group")
        values[name] = (*values.get(name, ()), *_value(tag, content))
    return Response(status, request_id, tuple(groups))


_NESTING = frozenset({Tag.COLLECTION, Tag.COLLECTION_END})


def _byte(data: bytes, at: int) -> int:
    if at >= len(data):
        raise NotIpp("no end")
    return data[at]


def _piece(data: bytes, at: int) -> tuple[bytes, int]:
    """The counted bytes at `at`, and where they end."""
    if at + 2 > len(data):
        raise NotIpp("half a length")
    end = at + 2 + int.from_bytes(data[at : at + 2], "big")
    if end > len(data):
        raise NotIpp("half a value")
    return data[at + 2 : end], end


def _value(tag: int, content: bytes) -> tuple[Value, ...]:
    """The value; none for the out-of-band ones (unknown, no-value) and those of a wrong length."""
    match tag:
        case Tag.INTEGER | Tag.ENUM:
            return struct.unpack(">i", content) if len(content) == 4 else ()
        case Tag.BOOLEAN:
            return (content != b"\0",) if len(content) == 1 else ()
        case Tag.RANGE:
            return (struct.unpack(">ii", content),) if len(content) == 8 else ()
        case Tag.TEXT_WITH_LANGUAGE | Tag.NAME_WITH_LANGUAGE:
            try:
                _, at = _piece(content, 0)
                return (_piece(content, at)[0].decode("utf-8", "replace"),)
            except NotIpp:
                return ()
    if 0x40 <= tag < 0x60:
        return (content.decode("utf-8", "replace"),)
    return (content,) if tag >= 0x20 else ()


# --- what printer-state-reasons say (RFC 8011 5.4.12; PWG 5100.9 names parts; CUPS's own begin with cups-)

_KEYWORDS: Mapping[str, str] = {
    "": "",
    "none": "",
    "media-empty": "ipp.paper_end",
    "media-needed": "ipp.paper_end",
    "input-tray-missing": "ipp.paper_end",
    "media-low": "ipp.paper_low",
    "media-jam": "ipp.jam",
    "cover-open": "ipp.cover_open",
    "door-open": "ipp.cover_open",
    "interlock-open": "ipp.cover_open",
    "paused": "ipp.paused",
    "moving-to-paused": "ipp.paused",
    "hold-new-jobs": "ipp.paused",
    "cups-remote-stopped": "ipp.paused",
    "shutdown": "ipp.shut_down",
    "deactivated": "ipp.shut_down",
    "power-down": "ipp.shut_down",
    "offline": "ipp.offline",
    "timed-out": "ipp.offline",
    "stopped-partly": "ipp.error",
    "stopping": "ipp.error",
    "connecting-to-device": "ipp.connecting",
    "cups-missing-filter": "ipp.missing_filter",
    "cups-insecure-filter": "ipp.missing_filter",
    "cups-waiting-for-job-completed": "",
    "cups-remote-pending": "",
    "cups-remote-processing": "",
}
# PWG 5100.9 names the part in front: trimmer-jam, input-cover-open (the whole list is unchecked).
_ENDINGS: Sequence[tuple[str, str]] = (
    ("cutter-jam", "ipp.cutter_jam"),
    ("trimmer-jam", "ipp.cutter_jam"),
    ("-jam", "ipp.jam"),
    ("-cover-open", "ipp.cover_open"),
    ("-door-open", "ipp.cover_open"),
    ("-interlock-open", "ipp.cover_open"),
    ("-over-temp", "ipp.hot"),
    ("-over-temperature", "ipp.hot"),
    ("-motor-failure", "ipp.jam"),
)
_SEVERITIES = ("report", "warning", "error")

REASONS: Mapping[str, Words] = {
    "ipp.paper_end": say("out of paper"),
    "ipp.paper_low": say("paper low"),
    "ipp.jam": say("paper jam"),
    "ipp.cutter_jam": say("cutter error"),
    "ipp.cover_open": say("cover open"),
    "ipp.hot": say("head too hot"),
    "ipp.paused": say("paused"),
    "ipp.shut_down": say("switched off"),
    "ipp.offline": say("offline"),
    "ipp.error": say("stopped by an error"),
    "ipp.connecting": say("trying to reach the printer"),
    "ipp.missing_filter": say("a part of its driver is missing"),
}


def reason_sign(keyword: str) -> str:
    """The sign of one printer-state-reasons keyword; "" for one that is no trouble.

    A known keyword means the same with each severity: CUPS itself tells an open door as a report and a jam
    as a warning. An unknown one is a trouble as an error, which it also is without a severity.
    """
    base, _, severity = keyword.rpartition("-")
    if severity not in _SEVERITIES:
        base, severity = keyword, "error"
    if base in _KEYWORDS:
        return _KEYWORDS[base]
    if base.startswith("cups-ipp-"):  # what CUPS finds missing in a printer's IPP; it prints all the same
        return ""
    ending = next((sign for end, sign in _ENDINGS if base.endswith(end)), None)
    return ending if ending is not None else "ipp.error" if severity == "error" else ""


def reasons_meaning(keywords: Iterable[str]) -> Sequence[Words | str]:
    """Each reason for a person; what has no words here is told as the printer wrote it."""
    known = [(keyword, reason_sign(keyword)) for keyword in keywords if keyword and keyword != "none"]
    told = [REASONS[sign] if _named(keyword) else keyword for keyword, sign in known]
    return list(dict.fromkeys(told))


def _named(keyword: str) -> bool:
    """Whether the sign's own words say all that `keyword` does."""
    sign = reason_sign(keyword)
    return bool(sign) and sign != "ipp.error"


def device_id(text: str) -> Mapping[str, str]:
    """The pairs of an IEEE 1284 device id, `MFG:EPSON;CMD:ESC/POS;`, names in capitals."""
    pairs = (piece.partition(":") for piece in text.split(";"))
    return {name.strip().upper(): value.strip() for name, colon, value in pairs if colon and value.strip()}
