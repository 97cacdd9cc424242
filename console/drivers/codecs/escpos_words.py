"""An exchange in ESC/POS in words, for people who read a recording.

Commands by their names and lengths in Epson's "ESC/POS Command Reference for TM printers"; the Chinese ones
(FS) from its section "Kanji commands".
"""

from __future__ import annotations

import codecs
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from console.domain.words import Words, say
from console.drivers.codecs import escpos
from console.drivers.codecs.escpos import Kind, ReplyParser
from console.drivers.codecs.printer_states import meaning
from console.drivers.codecs.replies import GARBAGE, Reply

_SHOWN_TEXT = 60  # characters
_SHOWN_BYTES = 12
_WHOLE = 1024  # bytes; a longer block of data is a picture and is not waited for
_CONTROLS = frozenset(range(0x20)) | {0x7F}


class _Command(NamedTuple):
    """A command with all its parameters; `data` bytes that mean nothing by themselves follow it."""

    length: int
    words: Words
    data: int = 0
    question: bytes = b""


def read(exchange: Iterable[tuple[bool, bytes]]) -> Iterator[tuple[Words, ...]]:
    """For each piece (sent or not, its bytes) what stands in it; pieces may be cut anywhere."""
    commands, answers = _Commands(), _Answers()
    for sent, data in exchange:
        if sent:
            words, questions = commands.feed(data)
            answers.expect(questions)
        else:
            words = answers.feed(data)
        yield tuple(words)


class _Commands:
    """What the program sent."""

    def __init__(self) -> None:
        self._begun = b""  # a command that the last piece did not end
        self._data = 0  # bytes of picture data still to come
        self._text = codecs.getincrementaldecoder("gb18030")("replace")

    def feed(self, data: bytes) -> tuple[list[Words], list[bytes]]:
        """The commands that end in this piece, and those among them that want an answer."""
        words: list[Words] = []
        questions: list[bytes] = []
        data, self._begun, at = self._begun + data, b"", 0
        while at < len(data):
            if self._data:
                taken = min(self._data, len(data) - at)
                words.append(say("{count} bytes of picture data", count=taken))
                self._data -= taken
                at += taken
            elif data[at] not in _CONTROLS:
                end = next((each for each in range(at, len(data)) if data[each] in _CONTROLS), len(data))
                text = self._text.decode(data[at:end], end < len(data))
                words.append(say('text "{shown}"', shown=_short(text)))
                at = end
            elif (command := _command(data, at)) is None:
                self._begun = data[at:]
                words.append(say("the beginning of a command: {bytes}", bytes=_hex(self._begun)))
                break
            else:
                words.append(command.words)
                self._data = command.data
                if command.question:
                    questions.append(command.question)
                at += command.length
        return words, questions


class _Answers:
    """What the printer answered."""

    def __init__(self) -> None:
        self._parser = ReplyParser()
        self._asked: deque[bytes] = deque(maxlen=64)

    def expect(self, questions: Iterable[bytes]) -> None:
        """Commands that were sent and want an answer."""
        self._asked.extend(questions)

    def feed(self, data: bytes) -> list[Words]:
        """The answers that end in this piece."""
        words: list[Words] = []
        for byte in data:
            first = self._asked[0] if self._asked else b""
            raw = first[:2] == b"\x1dI" and first[2] < 65
            self._parser.expect(Kind.RAW if raw else None)
            words += [self._meaning(reply) for reply in self._parser.feed(bytes((byte,)))]
            if byte in (0x11, 0x13) and not raw:
                words.append(say("go on (XON)") if byte == 0x11 else say("wait (XOFF)"))
        if self._parser.pending:
            words.append(say("the beginning of an answer: {bytes}", bytes=_hex(self._parser.pending)))
        return words

    def _meaning(self, reply: Reply) -> Words:
        if reply.kind == Kind.AUTOMATIC:
            return say("reports by itself: {status}", status=meaning(escpos.automatic_signs(reply.data)))
        if reply.kind == GARBAGE:
            return say("unknown bytes: {bytes}", bytes=_hex(reply.data))
        question = self._question(reply.kind)
        if reply.kind == Kind.REALTIME:
            if not question or question[2] not in escpos.QUESTIONS:
                return say("a status that nobody asked for: {bytes}", bytes=_hex(reply.data))
            return meaning(escpos.status_signs(question[2], reply.data[0]))
        if reply.kind == Kind.PROCESS_ID:
            return say("everything before mark {code} is printed", code=_shown(reply.data))
        if reply.kind == Kind.RAW:
            return say("identification {number}: {bytes}", number=question[2], bytes=_hex(reply.data))
        return say('answer "{shown}"', shown=_shown(reply.data))

    def _question(self, kind: str) -> bytes:
        """The first question that is answered in this way; those before it stay unanswered."""
        names: dict[str, bytes] = {Kind.REALTIME: b"\x10\x04", Kind.PROCESS_ID: b"\x1d(H"}
        begins = names.get(kind, b"\x1d")
        for at, question in enumerate(self._asked):
            if question.startswith(begins):
                for _ in range(at + 1):
                    self._asked.popleft()
                return question
        return b""


def _command(data: bytes, at: int) -> _Command | None:
    """The command at `at`; None when its end is not there yet."""
    first, left = data[at], len(data) - at
    if first in _SINGLE:
        return _Command(1, _SINGLE[first])
    if first not in (0x10, 0x1B, 0x1C, 0x1D):
        return _Command(1, say("unknown bytes: {bytes}", bytes=_hex(data[at : at + 1])))
    if left < 2:
        return None
    name = data[at : at + 2]
    if special := _SPECIAL.get(name):
        return special(data[at : at + _WHOLE + 8])
    if known := _FIXED.get(name):
        parameters, words, asks = known
        if left < 2 + parameters:
            return None
        whole = data[at : at + 2 + parameters]
        return _Command(len(whole), _filled(words, whole), question=whole if asks else b"")
    return _Command(2, say("unknown command: {bytes}", bytes=_hex(name)))


def _filled(words: Words, whole: bytes) -> Words:
    """The sentence with the first parameter as {n}."""
    return Words(words.text, (("n", whole[2]),)) if "{n}" in words.text else words


def _cut(data: bytes) -> _Command | None:
    """GS V: m 0, 1, 48, 49 cut here; 65 and above are followed by the feed before the cut."""
    if len(data) < 3 or (data[2] >= 65 and len(data) < 4):
        return None
    return _Command(4 if data[2] >= 65 else 3, say("cut the paper"))


def _counter(data: bytes) -> _Command | None:
    """GS g 0 m nL nH sets a maintenance counter to zero, GS g 2 m nL nH asks for it."""
    if len(data) < 6:
        return None
    number = int.from_bytes(data[4:6], "little")
    if data[2] == 0x32:
        return _Command(6, say("ask for counter {number}", number=number), question=data[:6])
    return _Command(6, say("set counter {number} to zero", number=number))


def _barcode(data: bytes) -> _Command | None:
    """GS k: m below 65 is followed by data and NUL, from 65 on by the number of bytes and data."""
    if len(data) < 4:
        return None
    if data[2] >= 65:
        length, text = 4 + data[3], data[4 : 4 + data[3]]
    else:
        length = data.find(b"\x00", 3) + 1
        text = data[3 : length - 1]
    if not length or len(data) < length:
        return None if len(data) < _WHOLE else _Command(3, say("barcode"))
    return _Command(length, say('barcode "{shown}"', shown=_shown(text)))


def _block(data: bytes) -> _Command | None:
    """GS ( x pL pH: a function with its parameters."""
    if len(data) < 5:
        return None
    size = int.from_bytes(data[3:5], "little")
    if size > _WHOLE:
        return _Command(5, say("picture, {count} bytes", count=size), size)
    if len(data) < 5 + size:
        return None
    whole = data[: 5 + size]
    if whole[2:3] == b"H" and whole[5:7] == b"00":
        return _Command(
            len(whole), say("send mark {code} back when printed", code=_shown(whole[7:])), question=whole
        )
    if whole[2:3] == b"k":
        return _Command(len(whole), _symbol(whole[5:]))
    name = f"GS ( {chr(whole[2])}" if 0x20 < whole[2] < 0x7F else _hex(whole[:3])
    return _Command(len(whole), say("function {name}: {bytes}", name=name, bytes=_hex(whole[5:])))


def _symbol(parameters: bytes) -> Words:
    """GS ( k: cn, fn and parameters of a two-dimensional code."""
    match parameters[1:2]:
        case b"P":
            return say('2D code: store "{shown}"', shown=_shown(parameters[3:]))
        case b"Q":
            return say("2D code: print it")
        case _:
            return say("2D code: set-up {bytes}", bytes=_hex(parameters))


def _raster(data: bytes) -> _Command | None:
    """GS v 0 m xL xH yL yH: xL + xH × 256 bytes a row, yL + yH × 256 rows."""
    if len(data) < 8:
        return None
    wide, high = int.from_bytes(data[4:6], "little"), int.from_bytes(data[6:8], "little")
    return _Command(8, say("picture, {wide} × {high} dots", wide=wide * 8, high=high), wide * high)


def _columns(data: bytes) -> _Command | None:
    """ESC * m nL nH: columns of 1 byte (m 0, 1) or 3 bytes (m 32, 33)."""
    if len(data) < 5:
        return None
    wide, deep = int.from_bytes(data[3:5], "little"), 3 if data[2] >= 32 else 1
    return _Command(5, say("picture, {wide} × {high} dots", wide=wide, high=deep * 8), wide * deep)


def _large(data: bytes) -> _Command | None:
    """GS 8 L p1 p2 p3 p4: the same as GS ( L with four bytes of length."""
    if len(data) < 7:
        return None
    size = int.from_bytes(data[3:7], "little")
    return _Command(7, say("picture, {count} bytes", count=size), size)


def _tabs(data: bytes) -> _Command | None:
    """ESC D n1 … nk NUL: at most 32 positions."""
    end = data.find(b"\x00", 2, 35)
    if end < 0:
        return None if len(data) < 35 else _Command(2, say("set tab stops"))
    return _Command(end + 1, say("set tab stops"))


def _realtime(data: bytes) -> _Command | None:
    """DLE DC4 fn: 1 a pulse, 2 power off, 3 the buzzer, 8 clear the buffer."""
    lengths = {1: 5, 2: 5, 3: 8, 7: 4, 8: 10}
    if len(data) < 3 or len(data) < lengths.get(data[2], 3):
        return None
    words = {
        1: say("open the drawer at once"),
        2: say("switch off"),
        8: say("clear the buffer"),
    }.get(data[2], say("function {name}: {bytes}", name="DLE DC4", bytes=_hex(data[2:3])))
    return _Command(lengths.get(data[2], 3), words)


def _shown(data: bytes) -> str:
    return _short(data.decode("gb18030", "replace"))


def _short(text: str) -> str:
    safe = "".join(each if each.isprintable() else "·" for each in text[: _SHOWN_TEXT + 1])
    return safe if len(text) <= _SHOWN_TEXT else f"{safe[:_SHOWN_TEXT]}…"


def _hex(data: bytes) -> str:
    return data[:_SHOWN_BYTES].hex(" ") + (" …" if len(data) > _SHOWN_BYTES else "")


_SINGLE: dict[int, Words] = {
    0x09: say("tab"),
    0x0A: say("new line"),
    0x0C: say("print the page"),
    0x0D: say("carriage return"),
    0x18: say("forget the page"),
}
_FIXED: dict[bytes, tuple[int, Words, bool]] = {  # parameters after the name, words, wants an answer
    b"\x10\x04": (1, say("how are you? (DLE EOT {n})"), True),
    b"\x10\x05": (1, say("recover from an error (DLE ENQ {n})"), False),
    b"\x1b@": (0, say("initialise"), False),
    b"\x1b!": (1, say("print mode {n}"), False),
    b"\x1b-": (1, say("underline {n}"), False),
    b"\x1b ": (1, say("character spacing {n}"), False),
    b"\x1b2": (0, say("usual line spacing"), False),
    b"\x1b3": (1, say("line spacing {n}"), False),
    b"\x1b=": (1, say("select device {n}"), False),
    b"\x1bE": (1, say("bold {n}"), False),
    b"\x1bG": (1, say("double strike {n}"), False),
    b"\x1bJ": (1, say("feed {n} dots"), False),
    b"\x1bM": (1, say("font {n}"), False),
    b"\x1bR": (1, say("characters of country {n}"), False),
    b"\x1bS": (0, say("standard mode"), False),
    b"\x1bL": (0, say("page mode"), False),
    b"\x1bV": (1, say("turn characters {n}"), False),
    b"\x1ba": (1, say("alignment {n}"), False),
    b"\x1bd": (1, say("feed {n} lines"), False),
    b"\x1be": (1, say("feed {n} lines back"), False),
    b"\x1bi": (0, say("cut the paper"), False),
    b"\x1bm": (0, say("cut the paper"), False),
    b"\x1bp": (3, say("open the drawer (contact {n})"), False),
    b"\x1bt": (1, say("code page {n}"), False),
    b"\x1bu": (1, say("ask for the drawer's contact"), False),
    b"\x1bv": (0, say("ask for the paper sensor"), False),
    b"\x1b{": (1, say("upside down {n}"), False),
    b"\x1bc": (2, say("paper sensors and buttons"), False),
    b"\x1c&": (0, say("Chinese characters on"), False),
    b"\x1c.": (0, say("Chinese characters off"), False),
    b"\x1c!": (1, say("Chinese print mode {n}"), False),
    b"\x1c-": (1, say("Chinese underline {n}"), False),
    b"\x1cC": (1, say("Chinese encoding {n}"), False),
    b"\x1cS": (2, say("Chinese character spacing"), False),
    b"\x1cW": (1, say("Chinese double size {n}"), False),
    b"\x1cp": (2, say("print stored picture {n}"), False),
    b"\x1d!": (1, say("character size {n}"), False),
    b"\x1dB": (1, say("white on black {n}"), False),
    b"\x1dH": (1, say("text beside barcodes {n}"), False),
    b"\x1dI": (1, say("who are you? (GS I {n})"), True),
    b"\x1dL": (2, say("left margin"), False),
    b"\x1dP": (2, say("units of motion"), False),
    b"\x1dW": (2, say("print width"), False),
    b"\x1da": (1, say("report changes by yourself (GS a {n})"), False),
    b"\x1db": (1, say("smoothing {n}"), False),
    b"\x1df": (1, say("font beside barcodes {n}"), False),
    b"\x1dh": (1, say("barcode height {n}"), False),
    b"\x1dr": (1, say("ask for status {n}"), False),
    b"\x1dw": (1, say("barcode width {n}"), False),
}
_SPECIAL: dict[bytes, Callable[[bytes], _Command | None]] = {
    b"\x10\x14": _realtime,
    b"\x1b*": _columns,
    b"\x1bD": _tabs,
    b"\x1d(": _block,
    b"\x1d8": _large,
    b"\x1dV": _cut,
    b"\x1dg": _counter,
    b"\x1dk": _barcode,
    b"\x1dv": _raster,
}
