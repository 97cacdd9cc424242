"""Findings, their words and times as the database keeps them: the language is chosen when they are read."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from console.domain.evidence import Evidence
from console.domain.findings import Finding
from console.domain.words import Words


def plain_words(words: Words) -> dict[str, Any]:
    """Source text, values by name (words within words likewise), and the plural where there is one."""
    values = {name: plain_words(value) if isinstance(value, Words) else value for name, value in words.values}
    plain: dict[str, Any] = {"text": words.text, "values": values}
    return plain if words.many is None else {**plain, "many": words.many}


def plain_evidence(evidence: Evidence) -> dict[str, Any]:
    """One question and its answer; the time in RFC 3339, with offset."""
    return {
        "probe": evidence.probe,
        "result": evidence.result,
        "meaning": plain_words(evidence.meaning),
        "at": evidence.at.isoformat(),
        "seconds": evidence.seconds,
        "signs": sorted(evidence.signs),
        "facts": dict(evidence.facts),
    }


def finding_row(finding: Finding) -> dict[str, Any]:
    """The columns that a finding fills, in a check and in a change of light."""
    return {
        "subject": str(finding.subject),
        "light": finding.light.value,
        "cause": finding.cause,
        "blocked_by": None if finding.blocked_by is None else str(finding.blocked_by),
        "distinguish": finding.distinguish,
        "candidates": json.dumps(
            [{"cause": each.cause, "weight": each.weight} for each in finding.candidates]
        ),
        "evidence": json.dumps([plain_evidence(each) for each in finding.evidence]),
    }


def instant_text(at: datetime) -> str:
    """An aware time in UTC as `tables.Instant` keeps it: SQLite knows no times, and this sorts as they do."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")


def instant(text: str) -> datetime:
    """The time that `instant_text` wrote."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
