"""What may be asked of a printer whose language is not known, and how its answers are told apart.

A query may neither print, cut, feed, open a drawer, switch off nor leave a setting behind on a printer of any
language, also on one that hears and never answers. What each does elsewhere:

ESC ACK SOH (1B 06 01): Star answers its status. ESC/POS discards an undefined ESC code and a control code.
DLE EOT 1 (10 04 01): ESC/POS answers its status. Star discards an undefined DLE code and a control code
    ("Exception processing" of its manuals); should one answer a byte to EOT, it fits no language.
ESC ! ? (1B 21 3F): TSPL answers one byte. It sets a style on ESC/POS and prints "?" on Star.
~HS ~HQES: ZPL answers; newer ones may leave ~HS unanswered in trouble. Plain text to ESC/POS and Star.
TSPL takes all these bytes into the line that it is about to read, so once it has answered, a line end follows
    (`afterwards`). ZPL passes over what stands outside a format (both unchecked).

ESC ACK SOH goes first because its answer has the strongest signature. The label languages come last and only
where nothing was heard: Star always answers, and who answers anything is neither TSPL nor ZPL. What is left
are ESC/POS printers that never answer, so what is text to them goes inside `unheard`, whose shells are:

ESC = 2, ESC = 0 … ESC = 1: deselected, ESC/POS ignores all but realtime requests. Manuals let n be 1-3 (Epson
    TM-H5000), 0-1 (SNBC BT-UR056), 0-3 (Citizen CBM-820) or anything with bit 0 counting (Epson TM-U950,
    Microcom 814M); one of the two fits each of them. With 1-3 a customer display behind the printer would
    show the text. Should the line break in between, the next query selects the printer again.
ESC & 3 SP SP x … ESC ? SP: where ESC = is not known, the dots of a character of its own, x columns of 3
    bytes, which is forgotten again (Epson, Sinocan P11, Woosim Porti, TP POS58; impact printers take 2 bytes
    a column and would print the text). A picture downloaded by GS * is lost then.
ESC ! NUL: the plain style again, where neither is known (unchecked: no manual of such a clone was found; the
    text would stand in its next line).
CAN: Star forgets its line and its settings. Only a Star that nobody hears, by a broken wire, gets so far: no
    command of Star's swallows three free bytes and is harmless to ESC/POS too. ESC/POS is still deselected.

What remains: a silent clone that knows neither shell; a silent printer in a picture that broke off 7 to 57
bytes before its end (the first 6 bytes asked hold no text); printers for paper (PCL, PostScript) that nobody
knows as such, for where one is known nothing of this is sent (`drivers.printer.office`). So the label
languages are asked once in a while only, and never where the language is known (`detection.Wary`).

No query holds a line end or a byte that drives a drawer on Star (07, 19, 1A, 1C).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from console.domain.words import Words, say
from console.drivers.codecs import escpos, star, tspl, zpl
from console.drivers.codecs.replies import GARBAGE, Parser

NAMES: dict[str, Words] = {
    "escpos": say("ESC/POS"),
    "star": say("Star"),
    "tspl": say("TSPL (labels)"),
    "zpl": say("ZPL (labels)"),
    "text": say("another printer language"),
}
_SELECT, _DESELECT = b"\x1b=\x01", b"\x1b=\x02\x1b=\x00"
_PLAIN_STYLE = b"\x1b!\x00"


@dataclass(frozen=True, slots=True)
class Query:
    """One way to recognise a printer's language.

    `known` tells an answer in this language; `signed`, that no other language's answer looks so.
    `answered_always`: every working printer of this language answers, so silence excludes it; ESC/POS has
    many that never answer. `prints_on`: languages on which the request would come out as text; it is only
    sent once each of these is excluded, and where nothing at all was heard. `afterwards` is sent once this
    language has answered.
    """

    language: str
    request: bytes
    known: Callable[[bytes], bool]
    answered_always: bool
    prints_on: frozenset[str] = frozenset()
    signed: bool = True
    afterwards: bytes = b""
    sure: Literal["documented", "probed", "guess"] = "probed"


def unheard(request: bytes) -> bytes:
    """`request`, at most 18 bytes, in the shells that keep it off a receipt printer's paper (see above)."""
    columns = -(-len(request) // 3)
    dots = request.ljust(columns * 3, b"\0")
    return _SELECT + _DESELECT + b"\x1b&\x03  %c%b\x1b? \0\x18" % (columns, dots) + _SELECT


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
    Query(
        "tspl",
        unheard(tspl.STATUS + _PLAIN_STYLE),
        lambda data: len(data) == 1 and tspl.is_status(data[0]),
        answered_always=False,
        prints_on=frozenset({"star"}),
        signed=False,
        afterwards=b"\r\n",
    ),
    Query(
        "zpl",
        unheard(zpl.HOST_STATUS + zpl.ERRORS),
        _holds(zpl.ReplyParser, zpl.Kind.STATUS, zpl.Kind.ERRORS),
        answered_always=False,
        prints_on=frozenset({"star"}),
    ),
)
BY_LANGUAGE = {query.language: query for query in QUERIES}


def spoken(data: bytes) -> str | None:
    """Whose answer `data` is: a language of `QUERIES`, `text` for readable lines, None if nobody can tell.

    A language without a signature is not recognised here.
    """
    if language := next((query.language for query in QUERIES if query.signed and query.known(data)), None):
        return language
    text = data.strip(b"\r\n\x02\x03")
    readable = bool(text) and all(0x20 <= byte < 0x7F or byte in b"\r\n" for byte in text)
    return "text" if readable and len(data) >= 4 else None
