"""What is different since a backend last worked: kept at every success, told while it does not work."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.check import LightChange
from console.domain.findings import Finding
from console.domain.ports import Settings
from console.domain.profile import StoreProfile
from console.domain.subjects import NETWORK, Subject
from console.domain.worked import Changed, Look, changes, look_of
from console.services.board import Board

_EVERY = timedelta(minutes=5)  # a success is written down again, however little has changed


@dataclass(frozen=True, slots=True)
class Worked:
    """When a backend worked last, and what of its connection has changed since."""

    at: datetime
    changed: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class _Kept:
    at: datetime
    look: Look


def urls_of(profile: StoreProfile) -> Mapping[Subject, str]:
    """The address of each backend in the profile."""
    return {Subject("backend", each.name): each.url for each in profile.backend}


class LastWorked:
    """Follows the board; `urls` are the backends' addresses, `noted` outlives the program."""

    def __init__(self, board: Board, urls: Mapping[Subject, str], noted: Settings) -> None:
        self._board = board
        self._urls = urls
        self._noted = noted
        self._kept = {subject: kept for subject in urls if (kept := self._read(subject)) is not None}
        self._written = dict(self._kept)
        board.subscribe(self._heard)

    def of(self, subject: Subject) -> Worked | None:
        """What is known of a backend that does not work now; None where it works, or never did."""
        kept = self._kept.get(subject)
        finding = self._board.finding(subject)
        if kept is None or _works(finding):
            return None
        return Worked(kept.at, changes(kept.look, self._look(subject, finding)))

    def _heard(self, change: LightChange) -> None:
        subject = change.finding.subject
        if subject not in self._urls or not _works(change.finding):
            return
        now = self._kept[subject] = _Kept(change.at, self._look(subject, change.finding))
        before = self._written.get(subject)
        if before is None or before.look != now.look or now.at - before.at >= _EVERY:
            self._written[subject] = now
            self._noted.put(_name(subject), json.dumps({"at": now.at.isoformat(), **now.look}))

    def _look(self, subject: Subject, finding: Finding) -> Look:
        return look_of(self._board.finding(NETWORK), finding, self._urls[subject])

    def _read(self, subject: Subject) -> _Kept | None:
        try:
            look = json.loads(self._noted.get(_name(subject), ""))
            at = datetime.fromisoformat(look.pop("at"))
        except (ValueError, KeyError, AttributeError, TypeError):  # nothing yet, or somebody else wrote it
            return None
        sound = at.tzinfo is not None and all(isinstance(each, str) for each in look.values())
        return _Kept(at, look) if sound else None


def _works(finding: Finding) -> bool:
    return any("http.expected" in each.signs for each in finding.evidence)


def _name(subject: Subject) -> str:
    return f"worked {subject}"
