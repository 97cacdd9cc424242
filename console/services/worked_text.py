"""What changed since a backend last worked, for people and for their provider."""

from __future__ import annotations

from datetime import datetime

from console.domain.words import say
from console.services.language import Language
from console.services.times import clock_time
from console.services.worked import Worked

NAMES = {
    "setup": say("Address in Settings"),
    "interface": say("Network card"),
    "address": say("Own address"),
    "router": say("Router"),
    "dns": say("DNS server"),
    "names": say("Backend address"),
}


def worked_lines(worked: Worked, now: datetime, language: Language) -> list[str]:
    """When it last worked, then one line for each value that is another one now."""
    text, at = language.text, clock_time(worked.at, now, language)
    if not worked.changed:
        return [text(say("It last worked at {time}; nothing of these has changed since", time=at))]
    return [
        text(say("It last worked at {time}. Different since:", time=at)),
        *(
            text(say("{name}: {before} → {now}", name=NAMES[each.name], before=each.before, now=each.now))
            for each in worked.changed
        ),
    ]
