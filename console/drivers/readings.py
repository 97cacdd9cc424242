"""A recorded exchange in words; each family of devices adds one function to `FAMILIES`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from importlib import import_module
from itertools import groupby

from console.domain.errors import ProtocolError
from console.domain.recording import Event, What
from console.domain.words import Words, say, say_many
from console.drivers.codecs.hid_pos import Descriptor, layout_of, payload, read_descriptor

Read = Callable[[Iterable[tuple[bool, bytes]]], Iterator[tuple[Words, ...]]]
"""From pieces (sent or heard, the bytes) of one line to what each says; unknown bytes are said as such."""

FAMILIES = {
    ("printer", "escpos"): "console.drivers.codecs.escpos_words:read",
    ("printer", "auto"): "console.drivers.readings:read_unknown",
    ("scanner", ""): "console.drivers.readings:read_scanner",
    **{
        ("scale", protocol): "console.drivers.codecs.till_words:read_scale"
        for protocol in ("auto", "toledo", "cas", "stream")
    },
    **{
        ("rfid", protocol): "console.drivers.codecs.till_words:read_rfid"
        for protocol in ("auto", "", "em4100", "m100")
    },
    **{
        ("display", protocol): "console.drivers.codecs.till_words:read_display"
        for protocol in ("cd5220", "escpos")
    },
}
_SPOKEN = (What.SENT, What.HEARD)
_SHOWN = 60  # characters
_POS_PAGE = b"\x05\x8c"  # how a HID POS scanner's report descriptor begins


def explain(kind: str, protocol: str, events: Sequence[Event]) -> list[tuple[Words, ...]]:
    """What each event means, several things where several stand in it; empty where nobody knows."""
    meanings: dict[int, tuple[Words, ...]] = {}
    spoken = sorted((each for each in events if each.what in _SPOKEN), key=lambda each: each.line)
    for _, line in groupby(spoken, key=lambda each: each.line):
        pieces = list(line)
        read = _reader(kind, protocol)((each.what is What.SENT, each.data) for each in pieces)
        meanings |= {id(each): words for each, words in zip(pieces, read, strict=True)}
    return [_veiled(each) if each.veiled else meanings.get(id(each)) or _plain(each) for each in events]


def read_scanner(exchange: Iterable[tuple[bool, bytes]]) -> Iterator[tuple[Words, ...]]:
    """Honeywell's menu commands (drivers/scanner/serial.py) and codes, or reports of HID POS."""
    reports: Descriptor | None = None
    for sent, data in exchange:
        if reports is None and data.startswith(_POS_PAGE) and not sent:
            with suppress(ProtocolError):
                reports = read_descriptor(data)
                yield (say("the scanner describes its reports"),)
                continue
        if reports is not None:
            layout, body = layout_of(reports, data)
            data = payload(layout, body) if layout else b""
        text = data.decode("utf-8", "replace").strip()
        shown = "".join(each if each.isprintable() else "·" for each in text[:_SHOWN])
        if sent:
            yield (say("who are you? (menu command)"),)
        elif "REVINF" in text:
            yield (say("the scanner says who it is: {shown}", shown=shown),)
        else:
            yield (say('code "{shown}"', shown=shown),)


def read_unknown(exchange: Iterable[tuple[bool, bytes]]) -> Iterator[tuple[Words, ...]]:
    """A printer whose language is asked for: each question by its name, the rest as ESC/POS if it is that."""
    from console.drivers.codecs.escpos_words import read
    from console.drivers.codecs.queries import NAMES, QUERIES

    others = {query.request: query for query in QUERIES if query.language != "escpos"}
    asked, foreign = None, False
    said: list[tuple[Words, ...] | None] = []
    pieces = list(exchange)
    for sent, data in pieces:
        if sent and data in others:
            asked = others[data]
            said.append((say("do you speak {language}?", language=NAMES[asked.language]),))
        elif not sent and asked and not foreign and asked.known(data):
            foreign = True
            said.append((say("it speaks {language}", language=NAMES[asked.language]),))
        else:
            said.append(() if foreign else None)
    escpos = read(piece for piece, words in zip(pieces, said, strict=True) if words is None)
    for words in said:
        yield next(escpos) if words is None else words


def _reader(kind: str, protocol: str) -> Read:
    # A drawer speaks through its printer, whose protocol the recording names.
    name = FAMILIES.get(("printer" if kind == "drawer" else kind, protocol))
    if name is None:
        return lambda exchange: (() for _ in exchange)
    module, _, attribute = name.partition(":")
    read: Read = getattr(import_module(module), attribute)
    return read


def _veiled(event: Event) -> tuple[Words, ...]:
    count = len(event.data.strip(b"\r\n\t"))
    return (
        say_many(
            "a code that is not kept, {count} byte long", "a code that is not kept, {count} bytes long", count
        ),
    )


def _plain(event: Event) -> tuple[Words, ...]:
    note = event.note
    match event.what:
        case What.OPENED:
            return (say("line open after {seconds} s", seconds=f"{event.seconds:.3f}"),)
        case What.CLOSED:
            return (say("line closed"),)
        case What.LOST if event.trouble is not None:
            return (event.trouble.words,)
        case What.DRAWN:
            return (say("drawn by lot: {shown}", shown=str(note.get("text"))[:_SHOWN]),)
        case What.PAGE:
            return (say("test page with the code {code}", code=str(note.get("code"))[:_SHOWN]),)
        case What.ANSWERED:
            return (_answer(note.get("answer")),)
        case What.MARKED:
            return (say("the person marked where the pattern breaks"),)
        case What.ENDED:
            return (say("the self-test is over"),)
    return ()


def _answer(answer: object) -> Words:
    if answer is True:
        return say("the person said yes")
    return say("the person said no") if answer is False else say("the person could not tell")
