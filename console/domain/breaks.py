"""Where a person saw the printed pattern break: which dots these are, and whether codes can avoid them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import NamedTuple

from console.domain.errors import BadInput
from console.domain.head import PITCH, Head, numbers
from console.domain.words import say

FINGER = 4  # dots to either side that a tap, or a number read off by eye, may be wrong
MOST_SPOTS = 24  # more is no head with a few dead dots
_MOST_BETWEEN = 4 * PITCH  # dots from one number to the other: "192-240"
QR_SIDES = ((21, 14), (25, 26), (29, 42), (33, 62), (37, 84))  # modules, bytes with error correction M


class Look(StrEnum):
    """What the person says of it."""

    LINE = "line"  # thin and white, at the same place on the whole page
    PATCH = "patch"  # wider, or pale, and not everywhere
    CLEANED = "cleaned"  # the line is still there after the head was cleaned


class Span(NamedTuple):
    """Dot columns from `first` to `last`, both among them; the dead ones are somewhere inside."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Breaks:
    """Where the pattern breaks, from left to right, and how it looks."""

    spans: tuple[Span, ...]
    look: Look


class Code(NamedTuple):
    """A code of `modules` across, with the dots of a module: first as it is printed now, then smaller."""

    name: str
    modules: int
    sizes: tuple[int, ...]


class Place(StrEnum):
    """Where a code misses every dead dot."""

    CENTRE = "centre"
    LEFT = "left"
    RIGHT = "right"
    MOVED = "moved"
    NOWHERE = "nowhere"


class Room(NamedTuple):
    """How `code` can be printed: `size` dots a module, moved by `mm` from the centre (left is negative)."""

    code: Code
    place: Place
    size: int
    mm: float = 0.0

    @property
    def smaller(self) -> bool:
        """Whether its modules must be smaller than now."""
        return self.size != self.code.sizes[0]


def tapped(columns: Iterable[int], head: Head) -> tuple[Span, ...]:
    """What taps on the drawn pattern mean: each column with a finger's uncertainty, neighbours as one."""
    return _merged((Span(each - FINGER, each + FINGER) for each in columns), head)


def read_numbers(text: str, head: Head) -> tuple[Span, ...]:
    """What a person typed: printed numbers, others between them, or two with a dash; "" means none.

    A printed number stands for its whole diagonal. BadInput for anything else, or too many.
    """
    words = re.split(r"[\s,;，；、]+", re.sub(r"\s*[-–—~～]\s*", "-", text.strip()))
    if words == [""]:
        return ()
    if len(words) > MOST_SPOTS:
        raise BadInput(say("At most {most} places can be named", most=MOST_SPOTS))
    return _merged((_read(each, head) for each in words), head)


def rooms(head: Head, spans: Sequence[Span], codes: Iterable[Code]) -> tuple[Room, ...]:
    """For each code that fits on the paper at all, the least change that lets it miss `spans`.

    A code's white edges may lie over dead dots, and beside the paper's own, so only its modules count.
    """
    return tuple(_room(head, spans, each) for each in codes if each.modules * each.sizes[0] <= head.dots)


def page_codes(code: str) -> tuple[Code, ...]:
    """The codes of a test page whose one-time code is `code`, as they are printed on it: centred.

    ISO/IEC 15420 (EAN-13: 95 modules), ISO/IEC 15417 (Code 128: 11 a character, start, check and stop 35).
    """
    side = next(side for side, room in QR_SIDES if len(code) <= room)
    return (
        Code("QR", side, (6, 5, 4, 3)),
        Code("EAN-13", 95, (3, 2)),
        Code("Code 128", 11 * len(code) + 35, (2,)),
    )


def _read(word: str, head: Head) -> Span:
    found = re.fullmatch(r"(\d{1,4})(?:-(\d{1,4}))?", word)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (head.dots, 0)
    if not first <= last < head.dots or last - first > _MOST_BETWEEN:
        raise BadInput(
            say(
                '"{value}" is no place on the pattern: a number from 0 to {last}, or two such as 192-240',
                value=word[:20],
                last=head.dots - 1,
            )
        )
    if found and found[2]:
        return Span(first, last)
    if first in numbers(head.dots):
        return Span(first, first + PITCH - 1)
    return Span(first - FINGER, first + FINGER)


def _merged(spans: Iterable[Span], head: Head) -> tuple[Span, ...]:
    merged: list[Span] = []
    for first, last in sorted(Span(max(0, a), min(head.dots - 1, b)) for a, b in spans):
        if merged and first <= merged[-1].last + 1:
            merged[-1] = Span(merged[-1].first, max(last, merged[-1].last))
        else:
            merged.append(Span(first, last))
    return tuple(merged)


def _room(head: Head, spans: Sequence[Span], code: Code) -> Room:
    for size in code.sizes:
        width = code.modules * size
        spare = head.dots - width
        places = ((Place.CENTRE, spare // 2), (Place.LEFT, 0), (Place.RIGHT, spare))
        for place, at in places:
            if _misses(spans, at, width):
                return Room(code, place, size)
        if shifts := list(_shifts(head, spans, width)):
            return Room(code, Place.MOVED, size, min(shifts, key=abs))
    return Room(code, Place.NOWHERE, code.sizes[-1])


def _misses(spans: Iterable[Span], at: int, width: int) -> bool:
    return all(last < at or first >= at + width for first, last in spans)


def _shifts(head: Head, spans: Sequence[Span], width: int) -> Iterable[float]:
    """The least move from the centre into each gap between two spans, in mm, whole ones where they fit."""
    centre = (head.dots - width) // 2
    for left, right in pairwise(spans):
        first, last = left.last + 1, right.first - width
        if first > last:
            continue
        dots = first - centre if first > centre else last - centre  # the centre itself is taken
        exact = dots / head.dots_per_mm
        for step in (1, 10):  # nobody sets less than a tenth of a mm
            mm = math.copysign(math.ceil(abs(exact) * step) / step, exact)
            if first <= centre + mm * head.dots_per_mm <= last:
                yield mm
                break
