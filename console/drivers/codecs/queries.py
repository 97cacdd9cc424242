"""What may be asked of a printer whose language is not known, and how its answers are told apart.

A query may neither print, cut, feed, open a drawer, switch off nor leave a setting behind on a printer of any
language. What each does elsewhere:

ESC ACK SOH (1B 06 01): Star answers its status. ESC/POS discards an undefined ESC code and a control code.
    TSPL has no command and no line end, ZPL is outside a format: nothing happens (both unchecked).
DLE EOT 1 (10 04 01): ESC/POS answers its status. Star discards an undefined DLE code and a control code, as
    two independent programs rely on; should one answer a byte to EOT, it fits no language. TSPL and ZPL as
    above (unchecked).

ESC ACK SOH goes first because its answer has the strongest signature. Languages still to come need Star
excluded (`prints_on`): TSPL's 1B 21 3F prints "?" on Star and sets a character style on ESC/POS, which
1B 21 00 behind it takes back. ZPL's ~HS is plain text to ESC/POS, which would swallow it as the dots of a
character of its own, 1B 26 03 20 20 01 in front, and forget it by 1B 40 behind (both unchecked on clones).
No query may hold one of the bytes that drive a drawer on Star (07, 19, 1A, 1C).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from console.domain.words import Words, say
from console.drivers.codecs import escpos, star
from console.drivers.codecs.replies import GARBAGE, Parser

NAMES: dict[str, Words] = {
    "escpos": say("ESC/POS"),
    "star": say("Star"),
    "tspl": say("TSPL (labels)"),
    "zpl": say("ZPL (labels)"),
    "text": say("another printer language"),
}


@dataclass(frozen=True, slots=True)
class Query:
    """One way to recognise a printer's language.

    `known` tells an answer in this language. `answered_always`: every working printer of this language
    answers, so silence excludes it; ESC/POS has many that never answer. `prints_on`: languages on which the
    request would come out as text; it is only sent once each of these is excluded.
    """

    language: str
    request: bytes
    known: Callable[[bytes], bool]
    answered_always: bool
    prints_on: frozenset[str] = frozenset()
    sure: Literal["documented", "probed", "guess"] = "probed"


def _holds(parser: Callable[[], Parser], *kinds: str) -> Callable[[bytes], bool]:
    def known(data: bytes) -> bool:
        found = {reply.kind for reply in parser().feed(data)}
        return not found.isdisjoint(kinds) and GARBAGE not in found

    return known


QUERIES = (  # in the order of asking
    Query("star", star.STATUS_REQUEST, _holds(star.ReplyParser, star.Kind.STATUS), answered_always=True),
    Query(
        "escpos",
        escpos.status_request(1),
        _holds(escpos.ReplyParser, escpos.Kind.REALTIME),
        answered_always=False,
    ),
)


def spoken(data: bytes) -> str | None:
    """Whose answer `data` is: a language of `QUERIES`, `text` for readable lines, None if nobody can tell."""
    if language := next((query.language for query in QUERIES if query.known(data)), None):
        return language
    text = data.strip(b"\r\n\x02\x03")
    readable = bool(text) and all(0x20 <= byte < 0x7F or byte in b"\r\n" for byte in text)
    return "text" if readable and len(data) >= 4 else None
