"""What a person saw on the printed pattern, and what follows from it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from console.domain.breaks import Breaks, Look, Place, Room, Span, page_codes, rooms
from console.domain.head import Head
from console.domain.selftest import SelftestResult
from console.domain.words import Words, say

LOOKS = {
    Look.LINE: say("A thin white line that runs down the whole page"),
    Look.PATCH: say("A wider patch, or pale print"),
    Look.CLEANED: say("A thin white line that is still there after the head was cleaned"),
}
_PLACES = {
    Place.CENTRE: say("in the middle"),
    Place.LEFT: say("aligned to the left"),
    Place.RIGHT: say("aligned to the right"),
}
_CODES = {"QR": say("QR code"), "EAN-13": say("EAN-13"), "Code 128": say("Code 128")}


def seen_words(head: Head, breaks: Breaks) -> Words:
    """The person's answer as a piece of evidence."""
    return say(
        "Seen by a person: {look}; {where}",
        look=LOOKS[breaks.look],
        where=all_places(head, breaks.spans),
    )


def all_places(head: Head, spans: tuple[Span, ...]) -> Words:
    """Every place in one sentence."""
    words = place(head, spans[0])
    for each in spans[1:]:
        words = say("{first}; {second}", first=words, second=place(head, each))
    return words


def place(head: Head, span: Span) -> Words:
    """The dots of one place, and where that is on the paper."""
    return say(
        "About dots {first} to {last}, {left} to {right} mm from the left edge of the print",
        first=span.first,
        last=span.last,
        left=f"{head.mm(span.first):.0f}",
        right=f"{head.mm(span.last + 1):.0f}",
    )


def head_rows(result: SelftestResult) -> Iterator[tuple[Words, Words]]:
    """Name and value of all that follows from the marked places; nothing where none were marked."""
    if result.head is None or result.breaks is None:
        return
    for span in result.breaks.spans:
        yield say("Broken at"), place(result.head, span)
    yield say("How it looks"), LOOKS[result.breaks.look]
    yield say("Who says so"), say("Seen by a person")
    for room in rooms(result.head, result.breaks.spans, page_codes(result.code)):
        yield _CODES[room.code.name], room_words(room)


def room_words(room: Room) -> Words:
    """How the code is printed from now on; it stands in the middle of the line today."""
    if room.place is Place.NOWHERE:
        return say("No room beside the broken dots: the head must be cleaned, then replaced")
    if room.smaller:
        return say(
            "Still fits with smaller modules ({size} dots each): print it {where}",
            size=room.size,
            where=_where(room),
        )
    if room.place is Place.CENTRE:
        return say("Not touched, it stays as it is")
    return say("Still fits: print it {where}", where=_where(room))


def _where(room: Room) -> Words:
    if room.place is Place.MOVED:
        mm = f"{abs(room.mm):g}"
        return say("{mm} mm further left", mm=mm) if room.mm < 0 else say("{mm} mm further right", mm=mm)
    return _PLACES[room.place]
