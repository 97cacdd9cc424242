"""How often a drawer was opened, as sentences."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from console.domain.drawer import Opens
from console.domain.words import Words, say, say_many

_WEEK = 7  # days
HONEST = say(
    "Only what this program saw while it ran. It does not see who opened the drawer,"
    " nor opens while it was off."
)
SHORT = say(
    "Its printer is asked now and then, so opens of a few seconds may be missed;"
    " with the printer's line kept open (Settings) none is."
)


def honest(held: bool) -> tuple[Words, ...]:
    """How far the counts go; `held` says that the printer tells every change by itself."""
    return (HONEST,) if held else (HONEST, SHORT)


def opens_rows(days: Mapping[date, Opens], today: date) -> list[tuple[Words, Words]]:
    """Today, yesterday and the last seven days, each with what was seen."""
    week = [days.get(today - timedelta(days=back), Opens()) for back in range(_WEEK)]
    whole = Opens(
        sum(each.seen for each in week), sum(each.by_us for each in week), sum(each.failed for each in week)
    )
    rows = ((say("Today so far"), week[0]), (say("Yesterday"), week[1]), (say("Last 7 days"), whole))
    return [(name, opens_line(opens)) for name, opens in rows]


def opens_line(opens: Opens) -> Words:
    """“12 opens, 3 of this program's pulses, 1 in vain”."""
    seen = say_many("{count} open", "{count} opens", opens.seen)
    if not opens.by_us:
        return seen
    pulses = say_many("{count} pulse from here", "{count} pulses from here", opens.by_us)
    if not opens.failed:
        return say("{seen} · {pulses}", seen=seen, pulses=pulses)
    return say("{seen} · {pulses}, {failed} in vain", seen=seen, pulses=pulses, failed=opens.failed)
