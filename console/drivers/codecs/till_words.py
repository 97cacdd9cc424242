"""What is said with scales, RFID readers and customer displays, in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from console.domain.words import Words, say
from console.drivers.codecs.display import ALL_DOTS
from console.drivers.codecs.rfid import ASK_INFO, POLL, NoTag, Said, TagStream, Told
from console.drivers.codecs.scale import ACK, ASK_TOLEDO, ASK_TOLEDO_EVEN, DC1, ENQ, NAK, WeightReader

_QUESTIONS = {
    ASK_TOLEDO: say("what do you weigh? (W)"),
    ASK_TOLEDO_EVEN: say("what do you weigh? (W with parity)"),
    ENQ: say("are you ready? (ENQ)"),
    DC1: say("send the weight (DC1)"),
}
_TROUBLES = {"overload": say("too much weight"), "under_zero": say("less than zero")}
_COMMANDS = re.compile(
    rb"(?P<clear>\x0c)|\x1bQ(?P<line>[AB])(?P<string>[^\r]*)\r|\x1f\$.(?P<row>[\x01\x02])(?P<text>[^\x00-\x1f]*)",
    re.DOTALL,
)


def read_scale(exchange: Iterable[tuple[bool, bytes]]) -> Iterator[tuple[Words, ...]]:
    """Questions and weighings; one that comes in pieces is told with its last."""
    reader = WeightReader()
    for sent, data in exchange:
        if sent:
            yield (_QUESTIONS[data],) if data in _QUESTIONS else ()
            continue
        said: list[Words] = []
        if data in (ACK, NAK):
            said.append(say("yes (ACK)") if data == ACK else say("not yet (NAK)"))
        for each in reader.feed(data):
            if each.trouble:
                said.append(_TROUBLES[each.trouble])
            elif each.stable is False:
                said.append(say("{weight}, not at rest", weight=each.shown))
            else:
                said.append(say("weight {weight}", weight=each.shown))
        yield tuple(said)


def read_rfid(exchange: Iterable[tuple[bool, bytes]]) -> Iterator[tuple[Words, ...]]:
    """Questions and what readers say; a tag's number is told by its end alone."""
    stream = TagStream()
    for sent, data in exchange:
        if not sent:
            yield tuple(_said(each) for each in stream.feed(data))
        elif data in ASK_INFO:
            yield (say("who are you? (03)"),)
        else:
            yield (say("is a tag there? (22)"),) if data == POLL else ()


def _said(each: Said) -> Words:
    if isinstance(each, Told):
        return say("the reader says who it is: {shown}", shown=each.text)
    if isinstance(each, NoTag):
        return say("no tag is there")
    if not each.whole:
        return say("a tag with a wrong check sum")
    return say("tag {kind} {number}", kind=each.kind, number=each.reduced)


def read_display(exchange: Iterable[tuple[bool, bytes]]) -> Iterator[tuple[Words, ...]]:
    """What is written on which line; displays answer nothing."""
    for _, data in exchange:
        yield tuple(_written(each) for each in _COMMANDS.finditer(data))


def _written(command: re.Match[bytes]) -> Words:
    if command["clear"]:
        return say("clear both lines")
    raw = command["string"] if command["line"] else command["text"]
    if raw == ALL_DOTS:
        return say("light every dot of a line")
    shown = raw.decode("gbk", "replace")
    if command["line"] == b"A" or command["row"] == b"\x01":
        return say('upper line "{shown}"', shown=shown)
    return say('lower line "{shown}"', shown=shown)
