"""The signs that printers of every language show, and their meaning in words."""

from __future__ import annotations

from collections.abc import Collection

from console.domain.words import Words, say

MEANINGS: dict[str, Words] = {
    "status.online": say("online"),
    "status.offline": say("offline: it takes no print jobs now"),
    "status.waiting_recovery": say("waiting to be put online again"),
    "status.feed_pressed": say("the FEED button is pressed"),
    "status.drawer_high": say("drawer contact high"),
    "status.drawer_low": say("drawer contact low"),
    "status.cover_open": say("cover open"),
    "status.cover_closed": say("cover closed"),
    "status.feeding": say("paper is being fed by the FEED button"),
    "status.paper_stop": say("printing stopped because the paper ran out"),
    "status.error": say("an error has occurred"),
    "status.no_offline_cause": say("nothing stops it"),
    "status.mechanical": say("mechanical error"),
    "status.cutter_error": say("cutter error"),
    "status.unrecoverable": say("an error that only switching off can clear"),
    "status.auto_recoverable": say("print head too hot; it recovers by itself"),
    "status.no_error": say("no error"),
    "status.paper_near_end": say("paper nearly used up"),
    "status.paper_end": say("no paper"),
    "status.paper_present": say("paper present"),
    "status.mark_missing": say("the black mark on the paper was not found"),
    "status.overflow": say("more came in than it could take, and part of it is lost"),
    "status.command_error": say("a command came that it does not understand"),
    "status.printing": say("printing"),
    "status.paused": say("paused by its PAUSE button"),
    "status.ribbon_end": say("no ribbon"),
    "status.ribbon_near_end": say("ribbon nearly used up"),
    "status.label_jam": say("label jam, or no gap found between labels"),
    "status.gap_not_found": say("no gap or black mark found"),
    "status.label_waiting": say("a printed label waits to be taken"),
    "status.calibration_needed": say("the label sensor needs calibrating"),
    "status.head_dirty": say("the print head wants cleaning"),
    "status.head_worn": say("the print head is worn"),
}
TROUBLES = frozenset(
    {
        "status.offline",
        "status.waiting_recovery",
        "status.cover_open",
        "status.paper_stop",
        "status.error",
        "status.mechanical",
        "status.cutter_error",
        "status.unrecoverable",
        "status.auto_recoverable",
        "status.paper_end",
        "status.mark_missing",
        "status.paused",
        "status.ribbon_end",
        "status.label_jam",
        "status.gap_not_found",
        "status.label_waiting",
    }
)
"""Signs with which nothing is printed until somebody acts or the head has cooled down."""

FLAWS = frozenset(
    {"status.garbage", "status.wrong_protocol", "status.late", "status.half_reply", "status.unrecognised"}
)
"""Signs of answers that cannot be trusted."""

HARMLESS = frozenset(
    {
        "status.printing",
        "status.paper_near_end",
        "status.ribbon_near_end",
        "status.calibration_needed",
        "status.head_dirty",
        "status.head_worn",
    }
)
"""Signs with which a label printer prints on."""

WELL = frozenset({"status.online", "status.no_offline_cause", "status.no_error"})
"""Signs that together say: nothing stops it from printing."""


def with_health(signs: Collection[str]) -> frozenset[str]:
    """The troubles that a label printer told in one whole answer, and what it proves beside them."""
    proven = set(WELL) if HARMLESS.issuperset(signs) else set[str]()
    if "status.cover_open" not in signs:
        proven.add("status.cover_closed")
    if "status.paper_end" not in signs:
        proven.add("status.paper_present")
    return frozenset(proven.union(signs))


def meaning(signs: Collection[str]) -> Words:
    """A list in words of everything that `signs` say, graver things first."""
    known = sorted(
        (sign for sign in signs if sign in MEANINGS), key=lambda sign: (sign not in TROUBLES, sign)
    )
    words = MEANINGS[known[0]]
    for sign in known[1:]:
        words = say("{first}; {second}", first=words, second=MEANINGS[sign])
    return words
