"""The JSON documents that others script against (contract: JSON shapes)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from console.domain.breaks import page_codes, rooms
from console.domain.check import CheckResult, LightChange
from console.domain.discovery import Found
from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.recording import What
from console.domain.recovery import Recovery
from console.domain.selftest import SelftestResult
from console.domain.subjects import Subject
from console.services.head_text import room_words
from console.services.language import Language
from console.services.replay import Replayed
from console.services.sentences import summary, title_of

Document = dict[str, Any]


def check_document(
    result: CheckResult,
    name: Callable[[Subject], str],
    language: Language,
    before_restart: str | None = None,
) -> Document:
    """`tillkeeper.check/1`: times RFC 3339 with offset, durations in seconds.

    `before_restart` is what advice to restart the till is preceded by.
    """
    return {
        "schema": "tillkeeper.check/1",
        "store": result.store,
        "started": _time(result.started),
        "seconds": round(result.seconds, 3),
        "overall": result.overall.value,
        "summary": summary(result.findings, name, language, result.full),
        "findings": [_finding(each, language, before_restart) for each in result.findings],
    }


def selftest_document(
    result: SelftestResult, language: Language, before_restart: str | None = None
) -> Document:
    """`tillkeeper.selftest/1`; `before_restart` as for a check."""
    finding = result.finding
    return {
        "schema": "tillkeeper.selftest/1",
        "subject": str(finding.subject),
        "level": result.level.value,
        "passed": result.passed,
        "grade": result.proof.grade.value if result.proof else None,
        "grade_reason": language.text(result.proof.reason) if result.proof else None,
        "cause": finding.cause,
        "candidates": _candidates(finding),
        "advice": _advice(finding, language, before_restart),
        "identity": dict(result.identity),
        "counters": dict(result.counters),
        "print_head": _print_head(result, language),
        "figures": dict(result.figures),
        "evidence": [_evidence(each, language) for each in finding.evidence],
        "seconds": round(result.seconds, 3),
    }


def recover_document(finding: Finding, how: Recovery, language: Language) -> Document:
    """`tillkeeper.recover/1`: what was asked for, and the finding afterwards."""
    return {"schema": "tillkeeper.recover/1", "how": how.value, **_finding(finding, language, None)}


def light_document(change: LightChange) -> Document:
    """One line of `watch --json` (contract: event "light")."""
    finding = change.finding
    return {
        "at": _time(change.at),
        "event": "light",
        "subject": str(finding.subject),
        "light": finding.light.value,
        "previous": change.previous.value if change.previous else None,
        "cause": finding.cause,
        "blocked_by": str(finding.blocked_by) if finding.blocked_by else None,
    }


def replay_document(replayed: Replayed) -> Document:
    """`tillkeeper.replay/1`: the self-test of today, where it departs, and every event with its meaning."""
    recording, language = replayed.exchange.recording, replayed.language
    header = recording.header
    return {
        "schema": "tillkeeper.replay/1",
        "subject": header.subject,
        "address": header.address,
        "protocol": header.protocol,
        "program": header.program,
        "started": _time(header.started),
        "level": header.level,
        "whole": recording.whole,
        "then": replayed.then,
        "same": replayed.same,
        "departures": [
            {"at": round(each.at, 6), "meaning": language.text(each.words)} for each in replayed.departures
        ],
        "selftest": selftest_document(replayed.result, language) if replayed.result else None,
        "exchange": [
            {
                "at": round(event.at, 6),
                "event": event.what.value,
                "line": event.line or None,
                "bytes": event.data.hex(" ") if event.what in (What.SENT, What.HEARD) else None,
                "meaning": language.join(meaning),
            }
            for event, meaning in zip(recording.events, replayed.exchange.meanings, strict=True)
        ],
    }


def discover_document(found: Sequence[Found], seconds: float) -> Document:
    """What a search came upon, with a ready profile entry each."""
    keys = ("kind", "address", "identity", "sure", "entry")
    return {
        "found": [{key: getattr(each, key) for key in keys} for each in found],
        "seconds": round(seconds, 3),
    }


def _finding(finding: Finding, language: Language, before_restart: str | None) -> Document:
    return {
        "subject": str(finding.subject),
        "light": finding.light.value,
        "cause": finding.cause,
        "candidates": _candidates(finding),
        "title": title_of(finding, language),
        "advice": _advice(finding, language, before_restart),
        "distinguish": language.test(finding.distinguish) if finding.distinguish else None,
        "blocked_by": str(finding.blocked_by) if finding.blocked_by else None,
        "evidence": [_evidence(each, language) for each in finding.evidence],
    }


def _print_head(result: SelftestResult, language: Language) -> Document | None:
    """Where a person saw the printed pattern break: dot columns and mm, and how each code can be printed."""
    head, breaks = result.head, result.breaks
    if head is None or breaks is None:
        return None
    return {
        "source": "person",
        "look": breaks.look.value,
        "dots": head.dots,
        "columns": [list(span) for span in breaks.spans],
        "mm": [[round(head.mm(first), 1), round(head.mm(last + 1), 1)] for first, last in breaks.spans],
        "codes": [
            {
                "code": room.code.name,
                "place": room.place.value,
                "mm": room.mm,
                "module_dots": room.size,
                "advice": language.text(room_words(room)),
            }
            for room in rooms(head, breaks.spans, page_codes(result.code))
        ],
    }


def _candidates(finding: Finding) -> list[Document]:
    return [{"cause": each.cause, "weight": each.weight} for each in finding.candidates]


def _advice(finding: Finding, language: Language, before_restart: str | None) -> list[str]:
    return list(language.cause(finding.cause).steps(before_restart)) if finding.cause else []


def _evidence(evidence: Evidence, language: Language) -> Document:
    return {
        "probe": evidence.probe,
        "result": evidence.result,
        "meaning": language.text(evidence.meaning),
        "at": _time(evidence.at),
        "seconds": round(evidence.seconds, 4),
    }


def _time(when: datetime) -> str:
    return when.isoformat(timespec="milliseconds")
