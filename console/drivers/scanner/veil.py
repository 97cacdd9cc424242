"""What a recording may keep of a scanner's bytes: never a code that may be somebody's money.

Kept are the scanner's answer to our question and our own one-time code, also changed on the way, as far as
`domain/scan.py` keeps it. In the place of everything else stand as many bytes and characters of the same
kind, with which a replay comes to the same verdict: "13xxxxxxxxxxxxxxxx" for a WeChat Pay code, zeros for an
article's number.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from console.domain.errors import ProtocolError
from console.domain.payment_codes import masks
from console.domain.recording import Event, What
from console.domain.scan import may_keep, on_paper
from console.domain.symbology import Symbology, check_digits, identified
from console.drivers.codecs.hid_pos import (
    UNFINISHED_SECONDS,
    Descriptor,
    Layout,
    layout_of,
    payload,
    read_descriptor,
)
from console.drivers.codecs.scan import IDLE_SECONDS, text_of
from console.drivers.scanner.serial import ANSWER

_ENDS = re.compile(rb"([\r\n\t]+)")
_LONG_NUMBER = re.compile(rb"[0-9]{12,}")  # no weight has so many digits
_SHORT_PREFIX = 4  # characters; AIM and code identifiers, which the verdict names
_STAND_INS = ("x", "é", "〇", "㐀", "𠀀")  # of one to four bytes, in UTF-8 or GB18030


Kept = Callable[[bytes, str | None], bytes]
"""What may be kept of some bytes, as many as there were; and the code that is our own, if any."""


class Veil:
    """Holds what is heard back until the code is over, and passes it on as it may be kept."""

    def __init__(self, keep: Callable[[Event], None], code: Callable[[], str | None], kept: Kept) -> None:
        self._keep = keep
        self._kept = kept
        self._code = code
        self._held: list[Event] = []

    def take(self, event: Event) -> None:
        """One event of the line, in the order of time."""
        if self._held and (event.what is not What.HEARD or event.at - self._held[-1].at > IDLE_SECONDS):
            self._lift()
        if event.what is What.HEARD:
            self._held.append(event)
        else:
            self._keep(event)

    def _lift(self) -> None:
        heard = b"".join(each.data for each in self._held)
        kept = self._kept(heard, self._code())
        at = 0
        for each in self._held:
            data = kept[at : at + len(each.data)]
            at += len(each.data)
            self._keep(replace(each, data=data, veiled=data != each.data))
        self._held.clear()


class ReportVeil:
    """The same for a scanner on USB HID: reports keep their shape, and what stands in them is veiled."""

    def __init__(self, keep: Callable[[Event], None], code: Callable[[], str | None]) -> None:
        self._keep = keep
        self._code = code
        self._descriptor: Descriptor | None = None
        self._held: list[tuple[Event, Layout]] = []

    def take(self, event: Event) -> None:
        """One event of the line, in the order of time; the first that is heard is the descriptor."""
        if self._held and (
            event.what is not What.HEARD or event.at - self._held[-1][0].at > UNFINISHED_SECONDS
        ):
            self._lift()
        if event.what is not What.HEARD:
            self._keep(event)
        elif self._descriptor is None:
            with suppress(ProtocolError):
                self._descriptor = read_descriptor(event.data)
            self._keep(event if self._descriptor else _blank(event))
        else:
            self._take_report(event, self._descriptor)

    def _take_report(self, event: Event, descriptor: Descriptor) -> None:
        layout, body = layout_of(descriptor, event.data)
        if layout is None:
            self._keep(_blank(event))  # nobody knows what stands in it
            return
        self._held.append((event, layout))
        if layout.continued is None or not layout.continued.value(body):
            self._lift()

    def _lift(self) -> None:
        code = self._code()
        pieces = [payload(layout, event.data[layout.report_id > 0 :]) for event, layout in self._held]
        whole = b"".join(pieces)
        kept = keepable(whole, code)
        for (event, layout), piece in zip(self._held, pieces, strict=True):
            at = layout.data.bit // 8 + (layout.report_id > 0)
            filled = kept[: len(piece)].ljust(min(layout.data.times, len(event.data) - at), b"\0")
            kept = kept[len(piece) :]
            data = event.data[:at] + filled + event.data[at + len(filled) :]
            self._keep(replace(event, data=data, veiled=data != event.data))
        self._held.clear()


def _blank(event: Event) -> Event:
    """As many zeros behind its first byte."""
    return replace(event, data=event.data[:1].ljust(len(event.data), b"\0"), veiled=len(event.data) > 1)


def keepable(heard: bytes, code: str | None) -> bytes:
    """As many bytes as `heard`, with stand-ins for what may not be kept; `code` is our own code, if any."""
    if answer := ANSWER.search(heard):
        before, after = heard[: answer.start()], heard[answer.end() :]
        return keepable(before, code) + answer[0] + keepable(after, code)
    return b"".join(
        part if not part or _ENDS.fullmatch(part) else _kept_code(part, code) for part in _ENDS.split(heard)
    )


def no_long_numbers(heard: bytes, code: str | None) -> bytes:
    """Of a device that tells short numbers: whoever plugs a scanner in there lets payment codes come in."""
    return _LONG_NUMBER.sub(lambda found: b"0" * len(found[0]), heard)


def _kept_code(scanned: bytes, code: str | None) -> bytes:
    if code is None:
        return b"x" * len(scanned)
    text = text_of(scanned)
    if may_keep(code, text) or may_keep(on_paper(code), text):
        return scanned
    if text.endswith(code):
        extra = scanned[: len(scanned) - len(code)]
        return (extra if len(text) - len(code) <= _SHORT_PREFIX else _hidden(extra)) + code.encode()
    kind, _ = identified(text)
    return scanned[:3] + _hidden(scanned[3:], kind) if kind else _hidden(scanned)


def _hidden(scanned: bytes, kind: Symbology | None = None) -> bytes:
    """The same number of bytes and, where it can be, of characters of the same sort."""
    text = text_of(scanned)
    if checks := () if kind and kind.gs1 else check_digits(text, kind):
        return b"0" * len(text) if checks[0].right else b"1".rjust(len(text), b"0")
    encoding = "utf-8" if text.encode("utf-8", "replace") == scanned else "gb18030"
    kept = [_stand_in(each, encoding) for each in text]
    for place, mask in masks(text):
        kept[place] = [each.encode() for each in mask]
    return b"".join(kept)[: len(scanned)].ljust(len(scanned), b"x")


def _stand_in(character: str, encoding: str) -> bytes:
    length, foreign = len(character.encode(encoding, "replace")), ord(character) > 0x2E7F
    for each in _STAND_INS:
        if (ord(each) > 0x2E7F) is foreign and len(each.encode(encoding)) == length:
            return each.encode(encoding)
    return b"x" * length
