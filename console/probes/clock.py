"""A second source of time: a wrong clock and a bad certificate look the same to TLS."""

from __future__ import annotations

from datetime import UTC
from email.utils import parsedate_to_datetime
from time import monotonic

import h11

from console.domain.evidence import Evidence
from console.domain.ports import Clock
from console.domain.words import say
from console.probes import http, tls
from console.probes.notes import ask

_SECONDS = 3.0
_TOLERANCE = 300.0  # seconds


def compare(dial: tls.Dial, host: str, host_header: str, clock: Clock, seconds: float = _SECONDS) -> Evidence:
    """Signs clock.agrees or clock.differs, by the Date header (RFC 9110, 6.6.1); neither when there is none.

    Nothing secret is sent: the certificate was not believed.
    """
    asked = ask(clock, "clock.http_date")
    headers = [("Host", host_header), ("User-Agent", http.AGENT), ("Connection", "close")]
    request = h11.Request(method="HEAD", target="/", headers=headers)
    try:
        with tls.unverified(dial, host, seconds) as line:
            response = http.exchange(line, request, monotonic() + seconds)
        theirs = parsedate_to_datetime(response.headers["date"])
    except (OSError, KeyError, ValueError, h11.RemoteProtocolError) as error:
        meaning = say("{host} did not say what time it is, so the clock could not be compared", host=host)
        return asked.saw(type(error).__name__, meaning)
    if theirs.tzinfo is None:
        theirs = theirs.replace(tzinfo=UTC)
    offset = (clock.now() - theirs).total_seconds()
    facts = {"clock_offset": f"{offset:.0f}", "their_time": theirs.isoformat()}
    if abs(offset) <= _TOLERANCE:
        return asked.saw(
            facts["clock_offset"],
            say("This computer's clock agrees with {host}", host=host),
            "clock.agrees",
            **facts,
        )
    meaning = say(
        "This computer's clock and that of {host} differ by {minutes} minutes",
        host=host,
        minutes=round(abs(offset) / 60),
    )
    return asked.saw(facts["clock_offset"], meaning, "clock.differs", **facts)
