"""Times as people say them."""

from __future__ import annotations

from datetime import datetime

from console.domain.words import Words, say, say_many
from console.services.language import Language

_WEEKDAYS = (say("Mon"), say("Tue"), say("Wed"), say("Thu"), say("Fri"), say("Sat"), say("Sun"))
_MONTHS = (
    say("Jan"), say("Feb"), say("Mar"), say("Apr"), say("May"), say("Jun"),
    say("Jul"), say("Aug"), say("Sep"), say("Oct"), say("Nov"), say("Dec"),
)  # fmt: skip


def duration(seconds: float, language: Language) -> str:
    """“2 s”, “4 min”, “3 h 20 min”, “5 days”; rounded down, never negative."""
    return language.text(_duration(seconds))


def _duration(seconds: float) -> Words:
    whole = max(0, int(seconds))
    if whole < 60:
        return say("{seconds} s", seconds=whole)
    if whole < 3600:
        return say("{minutes} min", minutes=whole // 60)
    if whole < 86400:
        hours, minutes = whole // 3600, whole % 3600 // 60
        return (
            say("{hours} h {minutes} min", hours=hours, minutes=minutes)
            if minutes
            else say("{hours} h", hours=hours)
        )
    return say_many("{count} day", "{count} days", whole // 86400)


def ago(when: datetime, now: datetime, language: Language) -> str:
    """“just now”, “2 s ago”, “4 min ago”; both times aware, a time to come counts as now."""
    seconds = (now - when).total_seconds()
    if seconds < 1:
        return language.text(say("just now"))
    return language.text(say("{duration} ago", duration=_duration(seconds)))


def clock_time(when: datetime, now: datetime, language: Language) -> str:
    """“09:28” today, “yesterday 21:58”, else with month and day; in the time zone of `now`."""
    local = when.astimezone(now.tzinfo)
    time = f"{local:%H:%M}"
    days = (now.date() - local.date()).days
    if days == 0:
        return time
    if days == 1:
        return language.text(say("yesterday {time}", time=time))
    return language.text(
        say("{month} {day}, {time}", month=_MONTHS[local.month - 1], day=local.day, time=time)
    )


def date(when: datetime, language: Language) -> str:
    """“Sun, Nov 22” / “11月22日 周日”."""
    return language.text(
        say(
            "{weekday}, {month} {day}",
            weekday=_WEEKDAYS[when.weekday()],
            month=_MONTHS[when.month - 1],
            day=when.day,
        )
    )


def exact(when: datetime, now: datetime | None = None) -> str:
    """Date and time to the second with the offset, for hovering and support; in the time zone of `now`."""
    local = when.astimezone(now.tzinfo) if now else when
    return local.isoformat(sep=" ", timespec="seconds")
