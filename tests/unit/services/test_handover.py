"""The note for support holds everything that support would otherwise ask back."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from console import __version__
from console.domain.diagnosis import Candidate
from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.lights import Light
from console.domain.subjects import NETWORK, Subject
from console.domain.words import say
from console.services.handover import handover
from console.services.language import Language

NOW = datetime(2026, 11, 22, 9, 32, tzinfo=ZoneInfo("Asia/Shanghai"))
ORDERS = Subject("backend", "orders")
EVIDENCE = Evidence("tls.203.0.113.7:443", "certificate has expired", say("Refused"), NOW, 0.042, frozenset())
FINDING = Finding(
    ORDERS,
    Light.FAULT,
    (Candidate("tls.expired", 0.57), Candidate("clock.wrong", 0.41)),
    (EVIDENCE,),
    "second_clock",
)


def note(
    finding: Finding, code: str = "en", since: datetime | None = NOW - timedelta(minutes=4)
) -> list[str]:
    return handover("Market Street", "Orders", finding, since, NOW, Language(code)).splitlines()


def test_it_says_who_what_since_when_and_why() -> None:
    language = Language("en")
    lines = note(FINDING)
    assert lines[0] == f'Tillkeeper {__version__}, store "Market Street"'
    assert lines[1] == "Trouble: Orders (backend:orders)"
    assert lines[2] == f"State: Fault · {language.cause('tls.expired').title}"
    assert lines[3] == "Since: 2026-11-22 09:28:00+08:00 (4 min)"
    assert f"- {language.cause('clock.wrong').title} (clock.wrong, 41%)" in lines
    assert language.test("second_clock") in lines
    assert (
        "- 2026-11-22 09:32:00+08:00  Refused  [tls.203.0.113.7:443 → certificate has expired, 42 ms]"
        in lines
    )
    assert lines[-1] == "Written: 2026-11-22 09:32:00+08:00"


def test_what_is_not_known_is_left_out() -> None:
    lines = note(Finding(ORDERS, Light.UNKNOWN), since=None)
    assert lines[2] == "State: Unknown"
    assert len(lines) == 4


def test_a_silenced_subject_says_whom_it_waits_for() -> None:
    finding = Finding(ORDERS, Light.UNKNOWN, (Candidate("link.no_carrier", 0.9),), blocked_by=NETWORK)
    assert note(finding)[2] == "State: Unknown · Waiting for the store network"


def test_it_speaks_the_shops_language() -> None:
    assert note(FINDING, "zh_CN")[1] == "问题：Orders（backend:orders）"
